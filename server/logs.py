"""How the server logs: lines for people, or JSON for machines. URLs appear without their query strings."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

SERVER = "wireloom.server"


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


def as_line(sentence: str) -> str:
    """`sentence` as a line of the style that WIRELOOM_LOG names, also when no settings could be read."""
    if os.environ.get("WIRELOOM_LOG", "").strip() != "json":
        return sentence
    return JSONLines().format(logging.LogRecord(SERVER, logging.CRITICAL, "", 0, sentence, None, None))


def take_everything() -> None:
    """Bring to the loggers what is printed past them otherwise: warnings, and errors that nobody caught."""
    logging.captureWarnings(True)
    logger = logging.getLogger(SERVER)

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        logger.critical("An error that nobody caught.", exc_info=(kind, error, trace))

    def uncaught_in_thread(caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            uncaught(caught.exc_type, caught.exc_value, caught.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread


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
