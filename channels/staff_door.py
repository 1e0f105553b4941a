"""Who calls a staff route: a bearer token, a permission that the route names, and a limit on how fast anybody may try to sign in.

Tokens travel in the Authorization header only; there is no cookie, so no other page can send one.
"""

from __future__ import annotations

from fastapi import Request

from domain.errors import Forbidden, TooFast, Unauthenticated
from domain.staff import PERMISSIONS, Person
from runtime.limits import TokenBuckets
from runtime.staff.identity import StaffIdentity


class Needs:
    """A route's dependency: the person who calls, once they are known to have `permission`.

    Raises Unauthenticated `session_unknown`, Forbidden `permission_missing`.
    """

    def __init__(self, identity: StaffIdentity, permission: str) -> None:
        if permission not in PERMISSIONS:
            raise ValueError(f"no permission {permission}")
        self._identity = identity
        self.permission = permission

    async def __call__(self, request: Request) -> Person:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("session_unknown")
        person = await self._identity.person(token)
        if not person.may(self.permission):
            raise Forbidden("permission_missing", self.permission)
        return person


class SignInPace:
    """How fast one network address may try to sign in: checking a password is dear, and guessing should be slow."""

    def __init__(self, buckets: TokenBuckets) -> None:
        self._buckets = buckets

    async def __call__(self, request: Request) -> None:
        """Raises TooFast."""
        wait = self._buckets.take(f"sign-in:{request.client.host if request.client else ''}")
        if wait > 0:
            raise TooFast("too_fast", retry_after=max(1, round(wait)))
