"""Staff at the real service over REST: who gets in, what each route asks for, and a dispute credit from chat to signature to posting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute

from channels.staff_door import Needs
from domain.staff import PERMISSIONS, ROLES
from runtime.storage import staff_tables as t
from tests.support.officer import Officer, call, hire
from tests.support.service import LiveService
from tests.support.staff_room import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="module")
#: The only staff route without a permission: it is how one gets one.
OPEN = {"/v1/staff/login"}


def staff_routes(live: LiveService) -> list[tuple[APIRoute, list[str]]]:
    """Every route below /v1 but the open one, with the permissions it names."""
    routes = [route for route in _all(live.app.routes) if route.path.startswith("/v1/") and route.path not in OPEN]
    assert len(routes) >= 7
    return [(r, [each.call.permission for each in r.dependant.dependencies if isinstance(each.call, Needs)]) for r in routes]


def _all(routes: list[Any]) -> Iterator[APIRoute]:
    """Routes of the app and of the routers it includes."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        yield from _all(getattr(getattr(route, "original_router", None), "routes", []))


async def test_every_staff_route_names_one_permission_and_answers_401_and_403(fresh: LiveService) -> None:
    nobody = await hire(fresh, "nobody", "auditor").sign_in()
    fresh.change("UPDATE staff_user SET roles = '[]' WHERE tenant = 'demo' AND name = 'nobody'")
    seen = set()
    for route, permissions in staff_routes(fresh):
        assert len(permissions) == 1, f"{route.path} names {permissions}"
        seen.add(permissions[0])
        path = route.path.replace("{", "").replace("}", "")
        for method in route.methods:
            for token, status, code in (
                ("", 401, "session_unknown"),
                ("made-up", 401, "session_unknown"),
                (nobody.token, 403, "permission_missing"),
            ):
                answered, body = await call(fresh, method, path, {}, token=token)
                assert (answered, body["code"]) == (status, code), f"{method} {path}"
    assert seen <= PERMISSIONS.keys() - {"approvals.read_all"}  # that one widens a list; no route asks for it


async def test_each_role_passes_exactly_the_routes_of_its_permissions(fresh: LiveService) -> None:
    tokens = {role: await hire(fresh, role.replace("_", "-"), role).sign_in() for role in list(ROLES)[-3:]}
    for route, (permission,) in staff_routes(fresh):
        for role, officer in tokens.items():
            if route.path == "/v1/staff/logout":
                continue
            status, body = await officer.call(next(iter(route.methods)), route.path.replace("{", "").replace("}", ""), {})
            refused = (status, body.get("code")) == (403, "permission_missing")
            assert refused != (permission in ROLES[role].permissions), f"{role} at {route.path}: {status} {body}"


@pytest.mark.process  # seconds; the long half has the time
async def test_a_wrong_sign_in_says_nothing_and_the_eleventh_in_a_row_has_to_wait(fresh: LiveService) -> None:
    meera = hire(fresh, "meera", "auditor")
    answers = set()
    for name, password in (("meera", "wrong password!"), ("nobody", PASSWORD), ("", "")):
        status, body = await call(fresh, "POST", "/v1/staff/login", {"name": name, "password": password, "code": "000000"})
        answers.add((status, body["code"], "detail" in body))
    assert answers == {(401, "sign_in_failed", False)}
    await meera.sign_in()
    statuses = []
    for _ in range(8):
        status, _ = await call(fresh, "POST", "/v1/staff/login", {"name": "x", "password": "y", "code": "z"})
        statuses.append(status)
    assert statuses[-1] == 429


async def test_signing_out_ends_the_token_and_a_second_factor_is_used_once(fresh: LiveService) -> None:
    meera = await hire(fresh, "meera", "disputes_officer").sign_in()
    code = meera.code()
    assert (await meera.call("POST", "/v1/staff/second-factor", {"code": code}))[0] == 200
    status, body = await meera.call("POST", "/v1/staff/second-factor", {"code": code})
    assert (status, body["code"]) == (403, "second_factor_wrong")
    assert (await meera.call("GET", "/v1/staff/me"))[1]["permissions"] == sorted(ROLES["disputes_officer"].permissions)
    await meera.call("POST", "/v1/staff/logout")
    assert (await meera.call("GET", "/v1/staff/me"))[0] == 401


async def asked_by_staff(live: LiveService, officer: Officer, **change: Any) -> tuple[int, Any]:
    action = {"action": "block_card", "card": "K-001", "reason": "suspected_fraud"} | change
    wish = {"action": action, "customer": "C001", "reason": "A letter came in.", "key": "letter-1"}
    return await officer.call("POST", "/v1/proposals", wish)


async def test_staff_block_a_card_through_the_same_gate_and_bad_actions_are_named(fresh: LiveService) -> None:
    meera = await hire(fresh, "meera", "operations").sign_in()
    status, body = await asked_by_staff(fresh, meera, reason="because")
    assert (status, body["code"]) == (400, "action_invalid")
    status, body = await asked_by_staff(fresh, meera)
    assert (status, body["state"]) == (201, "succeeded")
    assert (await fresh.export())["cards"]["K-001"]["status"].startswith("blocked")
    assert (await asked_by_staff(fresh, meera))[1]["proposal"] == body["proposal"]


async def test_secrets_of_staff_are_stored_and_logged_nowhere(fresh: LiveService) -> None:
    meera = await hire(fresh, "meera", "operations").sign_in()
    secret = meera.uri.split("secret=")[1].split("&")[0]
    for text in (PASSWORD, meera.token, secret):
        assert text.encode() not in fresh.stored_bytes() and text not in fresh.log()
    assert fresh.database.read_now(lambda c: c.execute(sa.select(t.staff_user.c.roles)).scalar_one()) == ["operations"]
