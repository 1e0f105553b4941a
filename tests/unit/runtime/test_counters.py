"""Counters belong to the customer: what is under way elsewhere counts, whichever conversation or channel it came from."""

from __future__ import annotations

import pytest

from domain.actions import Action, RefundFee, Transfer, parse_action
from runtime.storage.limits import reserve
from runtime.storage.proposals import load
from runtime.verdicts import NEEDS_CONSENT
from runtime.weighing import COUNTED
from tests.support.gate_house import ASHA, RAVI, TENANT, GateHouse

REFUND = RefundFee(account="A1", fee="F1", amount_minor=40_000, currency="INR")
TRANSFER = Transfer(account="A1", payee="P1", transfer_rail="upi", amount_minor=700_000, currency="INR", reference="r1")
CASES = [
    (REFUND, REFUND.model_copy(update={"fee": "F2"}), {"goodwill_refunds_12m": 1, "refunds_90d_minor": 40_000}),
    (
        TRANSFER,
        TRANSFER.model_copy(update={"reference": "r2"}),
        {"transfers_24h_minor": 700_000, "rail_24h_minor": 700_000, "payee_24h_minor": 700_000},
    ),
]


@pytest.mark.parametrize(("first", "second", "added"), CASES)
async def test_what_another_conversation_has_reserved_counts_for_the_next_proposal(
    house: GateHouse, first: Action, second: Action, added: dict[str, int]
) -> None:
    name = first.arguments()["action"]
    house.core.facts = {who: {name: dict.fromkeys(added, 5)} for who in (ASHA, RAVI)}
    outcome = await house.gate(conversation="cnv_1").propose(first, node="n", visit=0)
    house.db.write_now(lambda connection: reserve(connection, load(connection, TENANT, outcome.proposal).proposal, 0))
    house.sign_in("ses_2")
    await house.gate(conversation="cnv_2", flow="flw_2", session="ses_2").propose(second, node="n", visit=0)
    facts = house.rules.asked[-1]
    assert {fact: facts[fact].value for fact in added} == {fact: 5 + extra for fact, extra in added.items()}
    house.sign_in("ses_3", RAVI)
    other = parse_action(
        second.arguments() | {"account": "A9"} | ({"fee": "F9"} if name == "refund_fee" else {"reference": "r9"})
    )
    await house.gate(RAVI, conversation="cnv_3", flow="flw_3", session="ses_3").propose(other, node="n", visit=0)
    assert {fact: house.rules.asked[-1][fact].value for fact in added} == dict.fromkeys(added, 5)


def test_every_action_that_moves_money_or_changes_something_asks_for_a_yes_except_a_card_block() -> None:
    assert "block_card" not in NEEDS_CONSENT
    assert {"transfer", "change_limit", "refund_fee", "unblock_card", "open_dispute"} <= NEEDS_CONSENT
    assert not {"disclose_balance", "open_complaint", "report_fraud"} & NEEDS_CONSENT
    assert COUNTED.keys() <= {*NEEDS_CONSENT}
