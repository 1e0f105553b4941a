"""Reads, identity and records: bound to one subject, in the contract's words."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from domain.errors import Conflict, TooFast
from domain.proposals import Proposal
from tests.support.gate_house import CREDIT, START
from tools.bank_client import BankClient
from tools.executor import Executor
from tools.identity import SubjectIdentity, Verified
from tools.reads import SubjectReads
from tools.receipts import OPERATIONS, differences
from tools.records import SubjectRecords


class Core:
    """Answers from a table of (method, path) and keeps what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.seen: list[httpx.Request] = []

    def answering(self, method: str, path: str, body: Any, status: int = 200) -> Core:
        self.answers[(method, path)] = (status, body)
        return self

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        status, body = self.answers[(request.method, request.url.raw_path.split(b"?")[0].decode())]
        return httpx.Response(status, json=body)

    def client(self) -> BankClient:
        return BankClient("http://core", credential="c", timeout_s=5, transport=httpx.MockTransport(self))


def subject(purpose: str) -> str:
    return f"token-for-{purpose}"


async def test_a_read_names_its_purpose_and_never_a_customer() -> None:
    core = Core().answering("GET", "/transactions", {"transactions": [{"id": "T1"}]})
    found = await SubjectReads(core.client(), subject).transactions(since=date(2026, 3, 1), amount_minor=5)
    assert found == [{"id": "T1"}]
    request = core.seen[0]
    assert request.headers["X-Subject-Token"] == "token-for-transactions"
    assert dict(request.url.params) == {"since": "2026-03-01", "amount_minor": "5", "limit": "50"}


async def test_an_id_with_a_slash_stays_one_segment() -> None:
    core = Core().answering("GET", "/transactions/a%2F..%2Fb", {"id": "x"})
    assert await SubjectReads(core.client(), subject).transaction("a/../b") == {"id": "x"}


async def test_an_otp_is_sent_for_a_purpose() -> None:
    sent = {"challenge": "otp_1", "expires_at": "2026-03-02T09:05:00Z", "sent_to": "******4321"}
    core = Core().answering("POST", "/identity/otp", sent, 201)
    challenge = await SubjectIdentity(core.client(), subject).send_otp("disclose_balance", {})
    assert (challenge.id, challenge.kind, challenge.sent_to) == ("otp_1", "otp", "******4321")
    assert challenge.expires_at.isoformat() == "2026-03-02T09:05:00+00:00"


@pytest.mark.parametrize(("status", "code", "kind"), [(429, "otp_sends_used", TooFast), (409, "otp_factor_cooling", Conflict)])
async def test_refusals_of_an_otp_keep_their_code(status: int, code: str, kind: type[Exception]) -> None:
    core = Core().answering("POST", "/identity/otp", {"code": code}, status)
    with pytest.raises(kind, match=code):
        await SubjectIdentity(core.client(), subject).send_otp("disclose_balance", {})


async def test_a_code_is_checked_at_the_bank() -> None:
    core = Core().answering("POST", "/identity/otp/otp_1/verify", {"result": "wrong", "tries_left": 2, "assertion": None})
    assert await SubjectIdentity(core.client(), subject).verify("otp_1", "123456") == Verified("wrong", 2, None)


async def test_a_security_answer_goes_to_its_own_place() -> None:
    core = Core().answering("POST", "/identity/questions/q_1/verify", {"result": "ok", "tries_left": 3, "assertion": "jws"})
    checked = await SubjectIdentity(core.client(), subject).verify("q_1", "Blue", "security_answer")
    assert checked == Verified("ok", 3, "jws")


async def test_a_check_without_an_answer_is_unavailable_and_an_unknown_challenge_expired() -> None:
    gone = Core().answering("POST", "/identity/otp/otp_1/verify", {"code": "not_found"}, 404)
    assert (await SubjectIdentity(gone.client(), subject).verify("otp_1", "123456")).result == "expired"
    down = Core().answering("POST", "/identity/otp/otp_1/verify", {}, 503)
    assert (await SubjectIdentity(down.client(), subject).verify("otp_1", "123456")).result == "unavailable"


class Trail:
    """Records that keep audit entries of notes and notices."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, dict[str, Any]]] = []

    async def effect(self, tenant: str, kind: str, body: dict[str, Any]) -> None:
        self.entries.append((kind, body))


async def test_notes_notices_and_alerts_are_keyed_and_on_the_trail_without_their_fields() -> None:
    core = Core()
    for path in ("/crm/notes", "/notifications", "/fraud/alerts"):
        core.answering("POST", path, {}, 201)
    trail, bank = Trail(), core.client()
    executor = Executor(
        authority=None,  # type: ignore[arg-type]
        records=trail,  # type: ignore[arg-type]
        bank=lambda _: bank,
        subject=lambda tenant, customer, purpose: f"{tenant}/{customer}/{purpose}",
    )
    records = SubjectRecords(executor, "demo", "C001")
    await records.note("k1", "dispute_opened", {"reference": "DSP-1"})
    await records.notify("k2", "dispute_opened", {"reference": "DSP-1"})
    await records.alert_fraud("k3", "T1", "customer_denies")
    assert [request.headers["Idempotency-Key"] for request in core.seen] == ["k1", "k2", "k3"]
    assert core.seen[0].headers["X-Subject-Token"] == "demo/C001/note"
    assert [kind for kind, _ in trail.entries] == ["note", "notice", "fraud_alert"]
    assert "DSP-1" not in str(trail.entries)


def credit() -> Proposal:
    return Proposal(
        tenant="demo", id="prp_1", action="provisional_credit", arguments=CREDIT.arguments(), effect_key=CREDIT.effect_key(),
        customer="C001", conversation=None, flow_instance=None, proposer="assistant", origin="case", state="executing",
        created_at=START, expires_at=START,
    )  # fmt: skip


RECEIPT = {
    "operation": "prp_1",
    "action": "provisional_credit",
    "account": "A1",
    "amount_minor": 500_000,
    "currency": "INR",
    "type": "provisional_credit",
    "effect": CREDIT.effect_key(),
    "approval_jti": "apr_1",
    "terms": {"disputed_transaction": "T1", "dispute": "DSP-1"},
}


def test_a_receipt_that_says_what_was_approved_has_no_differences() -> None:
    assert differences(credit(), RECEIPT, {"apr_0", "apr_1"}) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("operation", "prp_2"),
        ("action", "credit"),
        ("account", "A2"),
        ("amount_minor", 500_001),
        ("amount_minor", 500_000.0),
        ("amount_minor", True),
        ("currency", "USD"),
        ("type", "credit"),
        ("effect", "provisional_credit:T2:principal"),
        ("approval_jti", "apr_9"),
        ("terms.dispute", "DSP-2"),
        ("terms.disputed_transaction", None),
    ],
)
def test_each_field_of_a_receipt_counts(field: str, value: Any) -> None:
    name, _, inner = field.partition(".")
    receipt = dict(RECEIPT) | ({name: RECEIPT[name] | {inner: value}} if inner else {name: value})  # type: ignore[operator]
    assert differences(credit(), receipt, {"apr_1"}) == (field,)
    missing = {key: content for key, content in RECEIPT.items() if key != name}
    assert name in {each.partition(".")[0] for each in differences(credit(), missing, {"apr_1"})}


def test_every_action_that_acts_has_an_operation() -> None:
    from domain.actions import ACTIONS

    assert set(OPERATIONS) == {name for name, action in ACTIONS.items() if action.effect != "READ"}
