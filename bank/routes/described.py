"""How routes describe themselves in the OpenAPI document: the schema of the answer, the credentials, the refusals."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path as PathParameter

from bank import schemas, schemas_service, schemas_writes

Path = Annotated[str, PathParameter(pattern=r"^[A-Za-z0-9_.:-]{1,128}$")]

_PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_MISSING: dict[int | str, dict[str, Any]] = {
    404: _PROBLEM | {"description": "Not there, or not the subject's, or no credentials: always the same body."}
}
_INPUT: dict[int | str, dict[str, Any]] = {400: _PROBLEM | {"description": "The request cannot be read."}}
_BIG: dict[int | str, dict[str, Any]] = {
    413: _PROBLEM | {"description": "The body is larger than a request of this kind can be."}
}
_ONCE: dict[int | str, dict[str, Any]] = {
    409: _PROBLEM | {"description": "idempotency_conflict, idempotency_in_progress, or a state that does not allow it."}
}
_APPROVAL: dict[int | str, dict[str, Any]] = {
    401: _PROBLEM | {"description": "approval_missing, _malformed, _key_unknown, _signature, _audience, _expired"},
    403: _PROBLEM | {"description": "approval_tenant, _proposal, _action, _arguments, _effect, _customer, _assertion"},
    409: _PROBLEM
    | {"description": "approval_used, effect_exists, idempotency_conflict, idempotency_in_progress, or the state of the books."},
}
#: Answers that are about no customer.
FOR_THE_SERVICE = frozenset({"Events", "Executions", "Branches"})
_SCHEMAS = (schemas, schemas_service, schemas_writes)
SERVICE: dict[str, list[str]] = {"service": []}
SUBJECT: dict[str, list[str]] = {"service": [], "subject": []}
APPROVED: dict[str, list[str]] = {"service": [], "subject": [], "approval": [], "key": []}
KEYED: dict[str, list[str]] = {"service": [], "subject": [], "key": []}

SECURITY_SCHEMES: dict[str, Any] = {
    "service": {"type": "http", "scheme": "bearer", "description": "The service credential."},
    "subject": {"type": "apiKey", "in": "header", "name": "X-Subject-Token", "description": "Signed token: whom the call is about."},
    "approval": {"type": "apiKey", "in": "header", "name": "X-Approval-Token", "description": "Signed, single-use permission for exactly this call."},
    "key": {"type": "apiKey", "in": "header", "name": "Idempotency-Key", "description": "The proposal's id."},
}  # fmt: skip


def _route(name: str, status: int, responses: dict[int | str, dict[str, Any]], security: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "status_code": status,
        "response_model": next(getattr(each, name) for each in _SCHEMAS if hasattr(each, name)),
        "responses": responses | _INPUT | _MISSING | ({} if security is SERVICE or security is SUBJECT else _BIG),
        "openapi_extra": {"security": [security]},
    }


def described(name: str) -> dict[str, Any]:
    """A read."""
    return _route(name, 200, {}, SERVICE if name in FOR_THE_SERVICE else SUBJECT)


def approved(name: str, status: int) -> dict[str, Any]:
    """A write that needs an approval."""
    return _route(name, status, _APPROVAL, APPROVED)


def keyed(name: str) -> dict[str, Any]:
    """A record or notice."""
    return _route(name, 201, _ONCE, KEYED)


def checked(name: str, status: int = 200) -> dict[str, Any]:
    """An identity check."""
    refusals: dict[int | str, dict[str, Any]] = {
        409: _PROBLEM | {"description": "otp_factor_cooling, otp_no_mobile, no_security_questions"},
        429: _PROBLEM | {"description": "otp_sends_used, questions_used"},
    }
    return _route(name, status, refusals if status == 201 else {}, SUBJECT)
