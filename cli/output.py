"""What a command prints: text for people, one JSON object as the last line where the output is measured."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pydantic import ValidationError

from domain.errors import TellergateError

P = ParamSpec("P")
T = TypeVar("T")


def emit(value: Any) -> None:
    """One JSON object on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def fail(code: str, detail: str) -> None:
    sys.stderr.write(f"tellergate: {code}: {detail}\n" if detail else f"tellergate: {code}\n")


def clear_errors(command: Callable[P, T]) -> Callable[P, T]:
    """One clear line and exit code 2 for bad input, never a traceback."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except TellergateError as error:
            fail(error.code, error.detail)
        except ValidationError as error:
            first = error.errors()[0]
            fail("bad_input", f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}")
        except FileNotFoundError as error:
            fail("file_not_found", str(error.filename))
        raise SystemExit(2)

    return wrapped
