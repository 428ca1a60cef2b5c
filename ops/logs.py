"""Logs in JSON, one event a line, without personal data."""

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

TOKEN = re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{8,}")  # no word boundary: in addresses it follows "bot"
LONG_NUMBER = re.compile(r"(?<![\w-])\+?\d[\d\s()-]{8,}\d(?![\w-])")
ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}\.[^\s@<>]+")
KEPT = frozenset({"timestamp", "level", "logger", "update", "event_id"})


def scrub(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Hide what looks like a token, a long number (СНИЛС, passport, phone, policy) or a mail address in any text.

    The product logs ids and names of events alone; this stands behind it, for libraries and for mistakes.
    """
    return {name: value if name in KEPT else _scrubbed(value) for name, value in event.items()}


def _scrubbed(value: object) -> object:
    if isinstance(value, str):
        return ADDRESS.sub("‹mail›", LONG_NUMBER.sub("‹number›", TOKEN.sub("‹token›", value)))
    if isinstance(value, int | float | bool) or value is None:
        return value
    return _scrubbed(str(value))


def set_up(level: str) -> None:
    """Send structlog and the standard library's logging to stderr as JSON."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            scrub,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in (
        "aiogram.event",
        "aiogram.dispatcher",
        "httpx",
        "uvicorn",
        "uvicorn.access",
        "aiosqlite",
        "mail.log",
        "alembic",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It calls every getter's exception an error, a locked record too. What nobody answers is logged where updates are seen through.
    logging.getLogger("aiogram_dialog.window").setLevel(logging.CRITICAL)
