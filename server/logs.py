"""How the server logs: lines for people, or JSON for machines. URLs appear without their query strings."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any


class JSONLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's time, level, logger, message and, of an error, its trace."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def logging_config(style: str) -> dict[str, Any]:
    """Django's LOGGING for `text` or `json`, to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"},
            "json": {"()": JSONLines},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": style}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            # 4xx are the client's affair, and answered; only what is ours is worth a line.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "wireloom": {"level": "INFO"},
        },
    }
