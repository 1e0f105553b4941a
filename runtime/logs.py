"""Structured logs. No customer text, no secrets, no tokens, no personal data: events carry ids and codes.

The text of an exception may quote what a customer wrote (a value that did not validate, a parameter of a statement), so an
exception is logged by its kind and its place in the code.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

from agents.personal import hide_all
from domain.errors import TellergateError

#: Keys whose values never reach a log, whoever passes them.
REFUSED = frozenset({"text", "token", "secret", "value", "password", "otp", "pin", "cvv", "prompt", "authorization"})

#: Keys that are set here and hold times and levels.
SAFE = frozenset({"timestamp", "level"})

#: Nothing that is hidden has fewer digits, but for addresses.
FEWEST_DIGITS = 4

#: How much of an exception is logged: innermost frames, and errors it came from.
MAX_FRAMES, MAX_CAUSES = 12, 4


def _drop_refused(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in REFUSED.intersection(event):
        event[key] = "[not logged]"
    return event


def _hide_personal(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A last net: an id or a code is none of these, so whatever looks like a card, phone or account number got here by mistake."""
    for key, value in event.items():
        if isinstance(value, str) and key not in SAFE and ("@" in value or sum(map(str.isdigit, value)) >= FEWEST_DIGITS):
            event[key] = hide_all(value)
    return event


def _place_of_exception(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put kinds and places of an exception and of its causes where its text would be."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    chain: list[str] = []
    while error is not None and len(chain) < MAX_CAUSES:
        frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
        code = f" {error.code}" if isinstance(error, TellergateError) else ""
        chain.append("\n".join([f"{type(error).__name__}{code}", *(f"  {f.filename}:{f.lineno} {f.name}" for f in frames)]))
        error = error.__cause__ or error.__context__
    if chain:
        event["exception"] = "\nfrom ".join(chain)
    return event


def configure(level: str, form: str) -> None:
    """Set up structlog once, at start."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _drop_refused,
            _hide_personal,
            _place_of_exception,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        # Looked up at each line: whoever puts another stream in its place for a while leaves nothing behind that is closed.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
