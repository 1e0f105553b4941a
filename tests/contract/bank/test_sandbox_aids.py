"""What testers are given: a picker, sign-in tokens, a clock that moves forward, faults, worlds of their own."""

from __future__ import annotations

import jwt

from tests.support.bank import Teller
from tests.support.bank_world import ASHA, world_mapping


async def test_the_picker_lists_customers_and_signs_them_in(teller: Teller) -> None:
    listed = (await teller.dev("GET", "/customers")).json()["customers"]
    assert [each["id"] for each in listed] == ["C1", "C2", "C3", "C4"]
    given = (await teller.dev("POST", f"/token/{ASHA}", {"amr": ["pwd", "hwk"]})).json()
    said = jwt.decode(given["token"], options={"verify_signature": False, "verify_exp": False})
    assert (said["iss"], said["aud"], said["sub"], said["device"]) == ("sandbox-bank-app", "tellergate", ASHA, "D1")
    assert said["exp"] - said["iat"] == 900
    assert (await teller.dev("POST", "/token/nobody")).status_code == 404
    assert (await teller.dev("GET", "/phone/nobody")).status_code == 404


async def test_the_clock_moves_forward_only(teller: Teller) -> None:
    before = (await teller.dev("GET", "/clock")).json()["now"]
    assert before == "2026-11-25T06:00:00Z"
    assert (await teller.dev("POST", "/clock", {"set": "2026-11-25T07:00:00Z"})).json()["now"] == "2026-11-25T07:00:00Z"
    back = await teller.dev("POST", "/clock", {"set": "2026-11-25T06:30:00Z"})
    assert (back.status_code, back.json()["code"]) == (400, "clock_backwards")
    for body in ({}, {"advance_s": -1}, {"advance_s": 1, "set": "2026-11-26T00:00:00Z"}, {"set": "2026-11-26T00:00:00"}):
        assert (await teller.dev("POST", "/clock", body)).status_code == 400


async def test_a_tenant_is_seeded_once_and_gone_when_dropped(teller: Teller) -> None:
    again = await teller.dev("POST", "/world", world_mapping())
    assert (again.status_code, again.json()["code"]) == (409, "tenant_exists")
    assert (await teller.dev("DELETE", "/world")).status_code == 200
    assert (await teller.get("/balance", ASHA)).status_code == 404
    assert (await teller.dev("POST", "/world", world_mapping())).status_code == 201
    broken = await teller.http.post("/other-bank/dev/world", json={"world": 1})
    assert (broken.status_code, broken.json()["code"]) == (400, "world_invalid")


async def test_notices_take_known_templates_with_fields_in_form_and_own_things(teller: Teller) -> None:
    async def code(template: str, **fields: str) -> str:
        body = {"template": template, "fields": fields}
        answer = await teller.post("/notifications", ASHA, body, Idempotency_Key=teller.fresh("n"))
        return str(answer.json().get("code", answer.status_code))

    assert await code("dispute_opened", dispute="DSP-1", transaction="T1", due="2026-12-10") == "201"
    text = (await teller.phone(ASHA))[0]["text"]
    assert "DSP-1" in text and "₹5,000.00" in text and "10.12.2026" in text
    assert await code("nonsense") == "template_unknown"
    assert await code("otp", code="123456", purpose="step_up") == "template_unknown"
    assert await code("dispute_opened") == "template_fields"
    assert await code("dispute_opened", dispute="DSP-1", note="Call 12345") == "template_fields"
    assert await code("dispute_opened", dispute="call me at http://x") == "template_fields"
    assert await code("dispute_opened", dispute="DSP-1", transaction="T2") == "template_fields"
    assert await code("card_blocked", card="K2") == "template_fields"
