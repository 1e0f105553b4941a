"""What each receipt of an approved call ends with, and how its audit entry begins."""

from __future__ import annotations

from typing import Any

from bank import audit
from bank.call import Call, rfc3339
from bank.replies import Approved


def receipt(call: Call, approved: Approved, **more: Any) -> dict[str, Any]:
    """The arguments as they were asked for, what came of them, and which approval it was."""
    proof = {"effect": approved.claims.effect, "approval_jti": approved.claims.jti, "at": rfc3339(call.now)}
    return {"operation": approved.operation} | approved.action.arguments() | more | proof


def trail(call: Call, approved: Approved, kind: str, **what: Any) -> None:
    """The audit entry of a change or record that is no posting."""
    named = {"customer": approved.subject.customer, "operation": approved.operation, "approval": approved.claims.jti}
    audit.append(call, kind, what | named)
