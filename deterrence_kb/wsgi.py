"""The WSGI entry point, for granian, gunicorn and the like."""

import os
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deterrence_kb.settings")
os.environ.setdefault("STATEMENT_SECONDS", "30")  # of a server: a reader has gone by then. Commands take their time


class _Utf8Request(WSGIRequest):
    """A request whose address and form are read as UTF-8, whatever charset its Content-Type names: by one that is none
    for text, such as hex, Django would fail before anything of ours could answer."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


application = get_wsgi_application()
application.request_class = _Utf8Request
