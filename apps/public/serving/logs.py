"""Log lines for people, or for programs: every one with the request that caused it, none with who asked or for what."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="")


class OfRequest(logging.Filter):
    """Gives each line the number of the request that is being answered; ``-`` outside of one."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True


def logging_settings(level: str, form: str) -> dict[str, Any]:
    """Django's LOGGING: everything to stderr, as lines for people or as JSON objects, one to a line."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"of_request": {"()": "apps.public.serving.logs.OfRequest"}},
        "formatters": {
            "line": {"format": "{asctime} {levelname} {request_id} {name}: {message}", "style": "{"},
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "{levelname}{name}{message}{request_id}",
                "style": "{",
                "rename_fields": {"levelname": "level", "name": "logger", "request_id": "request"},
                "timestamp": "time",
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form, "filters": ["of_request"]}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django says which address was not found or refused, and an address may hold what somebody looked for.
        "loggers": {"django.request": {"level": "ERROR"}},
    }
