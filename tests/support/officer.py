"""A member of staff at a served service: hired behind its back with a quick hash, speaking REST as an officer's page would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from runtime.clocks import OffsetClock
from runtime.keys import secret
from runtime.staff.desk import KEY_FILE
from runtime.staff.proofs import Passwords, SecretBox, fresh_key
from runtime.staff.users import Users
from tests.support.service import LiveService
from tests.support.staff_room import PASSWORD, QUICK, app_code


@dataclass
class Officer:
    """`call` sends with the officer's token; `code` is what their authenticator shows, one step later each time."""

    live: LiveService
    name: str
    uri: str
    token: str = ""
    codes: int = field(default=0)

    def code(self) -> str:
        """Each of three calls within one half minute gets a code of its own: of the step before, this one, the next."""
        self.codes += 1
        return app_code(self.uri, datetime.now(UTC) + timedelta(seconds=30 * (self.codes - 2)))

    async def sign_in(self) -> Officer:
        body = {"name": self.name, "password": PASSWORD, "code": self.code()}
        status, answer = await call(self.live, "POST", "/v1/staff/login", body)
        assert status == 200, answer
        self.token = answer["token"]
        return self

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        return await call(self.live, method, path, body, token=self.token)


def hire(live: LiveService, name: str, *roles: str) -> Officer:
    box = SecretBox(secret(live.service.settings.keys_dir / KEY_FILE, fresh_key))
    users = Users(live.database, "demo", box, Passwords(QUICK), OffsetClock())
    return Officer(live, name, users.add(name, roles, PASSWORD))


async def call(live: LiveService, method: str, path: str, body: Any = None, *, token: str = "") -> tuple[int, Any]:
    """Status and body of one REST call."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(base_url=live.base, trust_env=False, verify=False, timeout=10) as http:
        answer = await http.request(method, path, json=body, headers=headers)
        return answer.status_code, answer.json()
