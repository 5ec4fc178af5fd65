"""The WSGI entry point, for granian, gunicorn and the like."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deterrence_kb.settings")

application = get_wsgi_application()
