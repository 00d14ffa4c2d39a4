"""Logging that can't leak: structured lines of ids and fixed words, exceptions by type and place only.

A database error quotes the row that failed and a task failure quotes its arguments, so exception messages, request
bodies, arguments and local variables never reach a log.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Any

import structlog
from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def describe(exc_info: ExcInfo) -> str:
    """Return the exception's type, its causes' types and the places passed, without any message or value."""
    parts = []
    seen: BaseException | None = exc_info[1]
    while seen is not None:
        places = [f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in traceback.extract_tb(seen.__traceback__)]
        parts.append(f"{type(seen).__module__}.{type(seen).__qualname__} at {' > '.join(places[-12:]) or 'unknown'}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return " | caused by ".join(parts[:5])


def _no_messages(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace exception information by its description, and a task's own words by its name and id."""
    record: logging.LogRecord | None = event.get("_record")
    exc_info = event.pop("exc_info", None)
    if exc_info is True and record is not None:
        exc_info = record.exc_info
    if isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    if isinstance(exc_info, tuple) and exc_info[1] is not None:
        event["exception"] = describe(exc_info)  # type: ignore[arg-type]
    if record is not None and record.name.startswith("celery.") and exc_info:
        data = record.args if isinstance(record.args, dict) else getattr(record, "data", None) or {}
        event["event"] = "task failed"
        event["task"] = str(data.get("name", ""))
        event["task_id"] = str(data.get("id", ""))
    if record is not None and record.name.startswith("django.request") and record.args:
        event["event"] = "request failed" if exc_info else str(event["event"]).split("?", 1)[0]
    event.pop("stack_info", None)
    return event


def configuration(*, json: bool, level: str) -> dict[str, Any]:
    """Return the ``logging`` configuration: one line an event on stderr, JSON in production."""
    shared: list[Any] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _no_messages,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    render = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared[:-1],
        "processors": [_no_messages, structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.db.backends": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "kombu.connection": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
        },
    }


class SilentReporterFilter(SafeExceptionReporterFilter):
    """Never shows posted values, local variables or settings in an error report."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Return True: the filter is on whatever DEBUG says."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """Return nothing instead of what was posted."""
        return {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> Any:
        """Return nothing instead of the frame's variables."""
        return []
