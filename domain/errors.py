"""The one error tree. Every error has a stable code; text of an exception never reaches a customer.

TellergateError
├── BadInput            400  the caller sent something that cannot be read
├── Unauthenticated     401  no or broken credentials
├── Forbidden           403  known caller, not allowed
├── NotFound            404  nothing there that this caller may see
├── Conflict            409  true at another state: repeated key, used approval, stale version
├── TooLarge            413
├── TooFast             429  retry after a while
├── Unavailable         503  a part we need is down; nothing was done
├── OutcomeUnknown      504  sent, no answer: ask, never repeat blindly
└── Broken              500  a promise of our own code does not hold
"""

from __future__ import annotations

from typing import Any, ClassVar


class TellergateError(Exception):
    """Base of all errors. `code` is the contract; `detail` is for staff and logs and holds no customer text or secret."""

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "internal"

    def __init__(self, code: str | None = None, detail: str = "", **extra: Any) -> None:
        self.code = code or self.default_code
        self.detail = detail
        self.extra = extra
        super().__init__(f"{self.code}: {detail}" if detail else self.code)

    def problem(self) -> dict[str, Any]:
        """RFC 9457 `application/problem+json` body."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.code.replace("_", " "),
            "status": self.status,
            "code": self.code,
        }
        if self.detail:
            body["detail"] = self.detail
        return body | self.extra


class BadInput(TellergateError):
    status, default_code = 400, "bad_input"


class Unauthenticated(TellergateError):
    status, default_code = 401, "unauthenticated"


class Forbidden(TellergateError):
    status, default_code = 403, "forbidden"


class NotFound(TellergateError):
    status, default_code = 404, "not_found"


class Conflict(TellergateError):
    status, default_code = 409, "conflict"


class TooLarge(TellergateError):
    status, default_code = 413, "too_large"


class TooFast(TellergateError):
    status, default_code = 429, "too_fast"


class Unavailable(TellergateError):
    status, default_code = 503, "unavailable"


class OutcomeUnknown(TellergateError):
    status, default_code = 504, "outcome_unknown"


class Broken(TellergateError):
    status, default_code = 500, "internal"
