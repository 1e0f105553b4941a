"""One-time passwords and security questions: few tries, few sends, nothing on a fresh SIM, nothing stored in clear."""

from __future__ import annotations

from typing import Any

import jwt

from bank import schemas_writes
from domain.canonical import digest_of
from tests.support.bank import Teller
from tests.support.bank_world import ASHA, KABIR, MEERA, RAVI

SEND = {"purpose": "disclose_balance", "binding": {}}


async def send(teller: Teller, customer: str = ASHA, **body: Any) -> dict[str, Any]:
    answer = await teller.post("/identity/otp", customer, SEND | body)
    assert answer.status_code == 201, answer.text
    schemas_writes.OtpSent.model_validate(answer.json())
    sent: dict[str, Any] = answer.json()
    return sent


async def check(teller: Teller, challenge: str, code: str, customer: str = ASHA) -> dict[str, Any]:
    answer = await teller.post(f"/identity/otp/{challenge}/verify", customer, {"code": code})
    assert answer.status_code == 200, answer.text
    schemas_writes.Checked.model_validate(answer.json())
    checked: dict[str, Any] = answer.json()
    return checked


async def code_of(teller: Teller, customer: str = ASHA) -> str:
    return str((await teller.phone(customer))[-1]["text"])[:6]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_a_right_code_gives_the_banks_word_for_who_and_what(teller: Teller) -> None:
    binding = {"digest": "d" * 64}
    sent = await send(teller, binding=binding)
    assert sent["sent_to"] == "XXXXXX0001"
    checked = await check(teller, sent["challenge"], await code_of(teller))
    said = jwt.decode(checked["assertion"], options={"verify_signature": False})
    assert (said["sub"], said["challenge"], said["factor"], said["tenant"]) == (ASHA, sent["challenge"], "sms_otp", teller.tenant)
    assert said["binding"] == digest_of(binding)


async def test_a_code_works_once_and_a_new_one_replaces_the_old(teller: Teller) -> None:
    first = await send(teller)
    old = await code_of(teller)
    second = await send(teller)
    assert (await check(teller, first["challenge"], old))["result"] == "expired"
    code = await code_of(teller)
    assert (await check(teller, second["challenge"], code))["result"] == "ok"
    assert (await check(teller, second["challenge"], code))["result"] == "expired"


async def test_three_wrong_codes_lock_and_the_right_one_comes_too_late(teller: Teller) -> None:
    sent = await send(teller)
    code = await code_of(teller)
    results = [await check(teller, sent["challenge"], wrong(code)) for _ in range(3)]
    assert [(each["result"], each["tries_left"]) for each in results] == [("wrong", 2), ("wrong", 1), ("locked", 0)]
    assert (await check(teller, sent["challenge"], code)) == {"result": "locked", "tries_left": 0, "assertion": None}


async def test_a_code_lives_five_minutes(teller: Teller) -> None:
    sent = await send(teller)
    code = await code_of(teller)
    await teller.advance(300)
    assert (await check(teller, sent["challenge"], code))["result"] == "expired"


async def test_three_sends_in_half_an_hour_and_then_a_wait(teller: Teller) -> None:
    for _ in range(3):
        await send(teller)
    fourth = await teller.post("/identity/otp", ASHA, SEND)
    assert (fourth.status_code, fourth.json()["code"]) == (429, "otp_sends_used")
    assert int(fourth.headers["retry-after"]) == fourth.json()["retry_after"] <= 1801
    await teller.advance(1801)
    await send(teller)


async def test_no_code_is_sent_to_a_sim_that_is_a_few_hours_old(teller: Teller) -> None:
    early = await teller.post("/identity/otp", MEERA, SEND)
    assert (early.status_code, early.json()["code"]) == (409, "otp_factor_cooling")
    assert await teller.phone(MEERA) == []
    await teller.advance(22 * 3600)
    await send(teller, MEERA)


async def test_without_a_mobile_there_is_no_code(teller: Teller) -> None:
    answer = await teller.post("/identity/otp", KABIR, SEND)
    assert (answer.status_code, answer.json()["code"]) == (409, "otp_no_mobile")


async def test_the_sms_is_in_the_customers_language_and_takes_no_words_from_a_binding(teller: Teller) -> None:
    await send(teller, RAVI, binding={"code": "000000", "bank": "Evil", "helpline": "666", "payee": "call 9999999999 now <b>"})
    text = (await teller.phone(RAVI))[-1]["text"]
    assert "वन-टाइम पासवर्ड" in text and "Test Demo Bank" in text
    assert "Evil" not in text and "9999999999" not in text and "<" not in text and not text.startswith("000000")


async def test_another_customers_challenge_does_not_exist(teller: Teller) -> None:
    sent = await send(teller)
    code = await code_of(teller)
    theirs = await teller.post(f"/identity/otp/{sent['challenge']}/verify", RAVI, {"code": code})
    nowhere = await teller.post("/identity/otp/otp_none/verify", RAVI, {"code": code})
    assert (theirs.status_code, theirs.text) == (404, nowhere.text)
    assert (await check(teller, sent["challenge"], code))["result"] == "ok"


async def test_security_answers_are_compared_without_regard_to_case_and_spaces(teller: Teller) -> None:
    async def ask() -> dict[str, Any]:
        answer = await teller.post("/identity/questions", ASHA, {})
        assert answer.status_code == 201, answer.text
        schemas_writes.QuestionAsked.model_validate(answer.json())
        asked: dict[str, Any] = answer.json()
        return asked

    answers = {"First school?": "  lotus   SCHOOL ", "First pet?": "MOTI"}
    first = await ask()
    for asked in (first, await ask()):
        checked = await teller.post(
            f"/identity/questions/{asked['challenge']}/verify", ASHA, {"answer": answers[asked["question"]]}
        )
        expected = "expired" if asked is first else "ok"
        assert checked.json()["result"] == expected
    third = await ask()
    assert third["question"] == first["question"]
    answer = await teller.post("/identity/questions", ASHA, {})
    assert (answer.status_code, answer.json()["code"]) == (429, "questions_used")


async def test_an_otp_cannot_be_checked_as_a_question(teller: Teller) -> None:
    sent = await send(teller)
    answer = await teller.post(f"/identity/questions/{sent['challenge']}/verify", ASHA, {"answer": await code_of(teller)})
    assert answer.status_code == 404


async def test_who_has_no_questions_is_told_so(teller: Teller) -> None:
    answer = await teller.post("/identity/questions", KABIR, {})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_security_questions")
