"""Every write of the contract: refused without a live approval for exactly this call, done once with one, its receipt what was approved."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bank import schemas_writes
from domain import actions as do
from domain.actions import ACTIONS, Action
from domain.canonical import digest_of
from domain.proposals import Proposal
from tests.support.bank import Teller
from tests.support.bank_world import ASHA, RAVI
from tools.receipts import OPERATIONS, differences

Ready = Callable[[Teller], Awaitable[Action]]
INR = {"currency": "INR"}


def at_once(action: Action) -> Ready:
    async def ready(_teller: Teller) -> Action:
        return action

    return ready


def once_disputed(make: Callable[[str], Action]) -> Ready:
    """The action about the dispute of T1, which is opened first."""

    async def ready(teller: Teller) -> Action:
        opened = await teller.do("/disputes", ASHA, DISPUTE)
        body = opened.json()
        return make(body["dispute"] if opened.status_code == 201 else body["first"]["dispute"])

    return ready


async def once_blocked(teller: Teller) -> Action:
    blocked = await teller.do("/cards/K1/block", ASHA, do.BlockCard(card="K1", reason="lost"))
    return do.UnblockCard(card="K1", block=blocked.json()["block"])


DISPUTE = do.OpenDispute(transaction="T1", dispute_type="unauthorised", amount_minor=500_000, **INR)
#: Every action of the gate that the core carries out, ready to be done for Asha.
WRITES: dict[str, Ready] = {
    "open_dispute": at_once(DISPUTE),
    "raise_chargeback": once_disputed(
        lambda ref: do.RaiseChargeback(transaction="T1", dispute=ref, dispute_type="unauthorised", amount_minor=500_000, **INR)
    ),
    "provisional_credit": once_disputed(
        lambda ref: do.ProvisionalCredit(account="A1", transaction="T1", dispute=ref, amount_minor=500_000, **INR)
    ),
    "pay_fraud_compensation": once_disputed(
        lambda ref: do.PayFraudCompensation(account="A1", transaction="T1", dispute=ref, amount_minor=425_000, **INR)
    ),
    "refund_fee": at_once(do.RefundFee(account="A1", fee="F1", amount_minor=11_800, **INR)),
    "reverse_duplicate_debit": at_once(
        do.ReverseDuplicateDebit(account="A1", transaction="T6", original="T5", amount_minor=70_000, **INR)
    ),
    "pay_tat_compensation": at_once(do.PayTatCompensation(account="A1", transaction="T4", amount_minor=30_000, **INR)),
    "transfer": at_once(
        do.Transfer(account="A1", payee="P1-UPI", transfer_rail="upi", amount_minor=5_000, reference="t1", **INR)
    ),
    "debit_mandate": at_once(do.DebitMandate(account="A1", mandate="M1", amount_minor=50_000, reference="d1", **INR)),
    "open_complaint": at_once(do.OpenComplaint(category="fees", reference="T7")),
    "report_fraud": at_once(do.ReportFraud(kind="payment", reference="T1")),
    "close_account": at_once(do.CloseAccount(account="A1", reason="charges")),
    "block_card": at_once(do.BlockCard(card="K1", reason="suspected_fraud")),
    "hotlist_card": at_once(do.HotlistCard(card="K1", reason="stolen")),
    "unblock_card": once_blocked,
    "unlock_login": at_once(do.UnlockLogin(lock="LOCK-1")),
    "send_reset_link": at_once(do.SendResetLink(contact="email", reference="r1")),
    "change_limit": at_once(
        do.ChangeLimit(account="A1", limit_kind="upi", limit_new_minor=9_000_000, version=1, **INR)
    ),
    "change_mandate": at_once(do.ChangeMandate(mandate="M1-NEW", mandate_operation="register", reference="c1")),
}  # fmt: skip
#: What each leaves on the statement of A1, minor units.
MOVED = {
    "provisional_credit": 500_000, "pay_fraud_compensation": 425_000, "refund_fee": 11_800, "reverse_duplicate_debit": 70_000,
    "pay_tat_compensation": 30_000, "transfer": -5_000, "debit_mandate": -50_000,
}  # fmt: skip
A1 = 1_390_000


def path_of(action: Action) -> str:
    arguments = action.arguments()
    return OPERATIONS[arguments["action"]].path(arguments)


def late(teller: Teller) -> dict[str, int]:
    at = int(teller.now.timestamp()) - 61
    return {"iat": at, "exp": at + 60}


REFUSED: dict[str, tuple[int, Callable[[Teller, Action], str]]] = {
    "approval_missing": (401, lambda teller, action: ""),
    "approval_key_unknown": (401, lambda teller, action: teller.approval(ASHA, action, "p1", key=Ed25519PrivateKey.generate())),
    "approval_audience": (401, lambda teller, action: teller.approval(ASHA, action, "p1", aud="tellergate")),
    "approval_tenant": (403, lambda teller, action: teller.approval(ASHA, action, "p1", tenant="other")),
    "approval_expired": (401, lambda teller, action: teller.approval(ASHA, action, "p1", **late(teller))),
    "approval_proposal": (403, lambda teller, action: teller.approval(ASHA, action, "p2")),
    "approval_action": (403, lambda teller, action: teller.approval(ASHA, action, "p1", act="debit")),
    "approval_arguments": (
        403,
        lambda teller, action: teller.approval(ASHA, action, "p1", args=digest_of({"other": "arguments"})),
    ),
    "approval_effect": (403, lambda teller, action: teller.approval(ASHA, action, "p1", effect="other:effect")),
    "approval_customer": (403, lambda teller, action: teller.approval(RAVI, action, "p1")),
}


async def approved_routes(teller: Teller) -> set[str]:
    document = (await teller.http.get("/openapi.json")).json()
    return {
        path for path, methods in document["paths"].items() if "approval" in (methods.get("post", {}).get("security") or [{}])[0]
    }


async def test_every_route_that_needs_an_approval_and_every_executable_action_is_tried_here(teller: Teller) -> None:
    tried = {re.sub(r"/cards/[^/]+/", "/cards/{card}/", path_of(await ready(teller))) for ready in WRITES.values()}
    assert tried == await approved_routes(teller)
    assert WRITES.keys() == OPERATIONS.keys() == {name for name, kind in ACTIONS.items() if kind.effect != "READ"}


@pytest.mark.parametrize("name", WRITES)
async def test_without_a_live_approval_for_exactly_this_call_nothing_happens(teller: Teller, name: str) -> None:
    action = await WRITES[name](teller)
    before = await teller.export()
    for code, (status, token) in REFUSED.items():
        answer = await teller.do(path_of(action), ASHA, action, proposal="p1", token=token(teller, action))
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    after = await teller.export()
    assert after["audit"]["entries"] == before["audit"]["entries"] + len(REFUSED)
    assert after | {"audit": None} == before | {"audit": None}


@pytest.mark.parametrize("name", WRITES)
async def test_with_one_it_happens_once_and_the_receipt_says_what_was_approved(teller: Teller, name: str) -> None:
    action = await WRITES[name](teller)
    path, token = path_of(action), teller.approval(ASHA, action, "p1", jti="the-one")
    done = await teller.do(path, ASHA, action, proposal="p1", token=token)
    assert done.status_code in (200, 201), done.text
    _form(path).model_validate(done.json())
    assert differences(_proposal(teller, action), done.json(), {"the-one"}) == ()
    replay = await teller.do(path, ASHA, action, proposal="p1", token=token)
    assert (replay.json(), replay.headers["idempotent-replay"]) == (done.json(), "true")
    used = await teller.do(path, ASHA, action, proposal="p1-again", token=token)
    assert used.json()["code"] in ("approval_used", "approval_proposal")
    asked = (await teller.get("/operations/p1", ASHA)).json()
    assert (asked["state"], asked["result"]) == ("found", done.json())
    state = await teller.export()
    assert state["accounts"]["A1"]["ledger_minor"] == A1 + MOVED.get(name, 0)
    assert (state["ledger"]["sum"], state["ledger"]["unexplained_balances"]) == ({"INR": 0}, [])
    told = (await teller.get("/executions", None)).json()["executions"]
    assert ("the-one", "p1", name) in [(each["approval"], each["proposal"], each["action"]) for each in told]


@pytest.mark.parametrize("name", [name for name in WRITES if name not in ("report_fraud", "send_reset_link", "open_complaint")])
async def test_a_second_approval_for_the_same_effect_does_nothing_more(teller: Teller, name: str) -> None:
    action = await WRITES[name](teller)
    assert (await teller.do(path_of(action), ASHA, action)).status_code in (200, 201)
    again = await teller.do(path_of(action), ASHA, action)
    assert (again.status_code, again.json()["code"]) == (409, "effect_exists")
    assert (await teller.export())["accounts"]["A1"]["ledger_minor"] == A1 + MOVED.get(name, 0)


@pytest.mark.parametrize(
    "name", ["refund_fee", "open_complaint", "hotlist_card", "unlock_login", "send_reset_link", "change_limit", "close_account"]
)
async def test_of_50_approvals_at_once_one_is_done(teller: Teller, name: str) -> None:
    action = await WRITES[name](teller)
    answers = await asyncio.gather(*(teller.do(path_of(action), ASHA, action) for _ in range(50)))
    assert sorted({each.status_code for each in answers}) in ([200, 409], [201, 409])
    assert sum(each.status_code < 300 for each in answers) == 1
    assert len((await teller.export())["operations"]) == 1


THEIRS: list[tuple[Action, Action]] = [
    (do.RefundFee(account="A2", fee="F2", amount_minor=1, **INR), do.RefundFee(account="A9", fee="F9", amount_minor=1, **INR)),
    (do.RefundFee(account="A1", fee="F2", amount_minor=1, **INR), do.RefundFee(account="A1", fee="F9", amount_minor=1, **INR)),
    (do.HotlistCard(card="K2", reason="lost"), do.HotlistCard(card="K9", reason="lost")),
    (do.UnlockLogin(lock="LOCK-2"), do.UnlockLogin(lock="LOCK-9")),
    (do.CloseAccount(account="A2", reason="other"), do.CloseAccount(account="A9", reason="other")),
    (
        do.ChangeLimit(account="A2", limit_kind="upi", limit_new_minor=0, version=1, **INR),
        do.ChangeLimit(account="A9", limit_kind="upi", limit_new_minor=0, version=1, **INR),
    ),
    (
        do.ChangeMandate(mandate="M2", mandate_operation="withdraw", reference="x"),
        do.ChangeMandate(mandate="M9", mandate_operation="withdraw", reference="x"),
    ),
    (
        do.Transfer(account="A1", payee="P2", transfer_rail="imps", amount_minor=1, reference="x", **INR),
        do.Transfer(account="A1", payee="P9", transfer_rail="imps", amount_minor=1, reference="x", **INR),
    ),
    (
        do.DebitMandate(account="A1", mandate="M2", amount_minor=1, reference="x", **INR),
        do.DebitMandate(account="A1", mandate="M9", amount_minor=1, reference="x", **INR),
    ),
    (
        do.PayTatCompensation(account="A1", transaction="T2", amount_minor=1, **INR),
        do.PayTatCompensation(account="A1", transaction="T9", amount_minor=1, **INR),
    ),
]


@pytest.mark.parametrize(("theirs", "nowhere"), THEIRS, ids=lambda action: action.effect_key())
async def test_another_customers_thing_is_refused_like_one_that_is_not_there(
    teller: Teller, theirs: Action, nowhere: Action
) -> None:
    answers = [await teller.do(path_of(each), ASHA, each) for each in (theirs, nowhere)]
    assert answers[0].status_code in (403, 409)
    assert [answers[0].status_code, answers[0].json()] == [answers[1].status_code, answers[1].json()]


def _form(path: str) -> Any:
    forms = {
        "/transaction": "Receipt", "/disputes": "DisputeReceipt", "/chargebacks": "ChargebackReceipt", "/complaints": "ComplaintReceipt",
        "/fraud/reports": "FraudReceipt", "/closures": "ClosureReceipt", "/logins/unlock": "UnlockReceipt",
        "/reset-links": "ResetLinkReceipt", "/limits": "LimitReceipt", "/mandates": "MandateReceipt",
    }  # fmt: skip
    return getattr(schemas_writes, forms.get(path, "CardReceipt"))


def _proposal(teller: Teller, action: Action) -> Proposal:
    arguments = action.arguments()
    return Proposal(
        id="p1",
        tenant=teller.tenant,
        customer=ASHA,
        conversation="c",
        flow_instance=None,
        action=arguments["action"],
        arguments=arguments,
        effect_key=action.effect_for(ASHA),
        proposer="assistant",
        origin="case",
        state="executing",
        created_at=teller.now,
        expires_at=teller.now,
    )


@pytest.mark.parametrize(
    "action",
    [
        do.ReportFraud(kind="payment", reference="T1"),
        do.OpenComplaint(category="fees", reference="T1"),
        do.SendResetLink(contact="mobile", reference="ask-1"),
    ],
    ids=lambda action: str(action.arguments()["action"]),
)
async def test_a_reference_that_another_customer_named_first_is_still_the_owners(teller: Teller, action: Action) -> None:
    answers = [await teller.do(path_of(action), customer, action) for customer in (RAVI, ASHA)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert (await teller.do(path_of(action), ASHA, action)).json()["code"] == "effect_exists"
