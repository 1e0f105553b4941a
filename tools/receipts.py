"""What a receipt must say, word for word, before an effect counts as the one that was approved."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from domain.proposals import Proposal

Arguments = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """How an action reaches the core: where it is posted, and which of the receipt's fields must equal which argument."""

    path: Callable[[Arguments], str]
    fields: tuple[str, ...]
    fixed: tuple[tuple[str, Any], ...] = ()


def _card_path(verb: str) -> Callable[[Arguments], str]:
    return lambda arguments: f"/cards/{quote(arguments['card'], safe='')}/{verb}"


#: Every action that an approval can be for; an action that is missing here cannot be executed.
OPERATIONS: dict[str, Operation] = {
    "provisional_credit": Operation(
        lambda _: "/transaction", ("action", "account", "amount_minor", "currency"), (("type", "provisional_credit"),)
    ),
    "open_dispute": Operation(lambda _: "/disputes", ("transaction", "dispute_type", "amount_minor", "currency")),
    "block_card": Operation(_card_path("block"), ("card",)),
}


def differences(proposal: Proposal, receipt: dict[str, Any], approvals: Set[str]) -> tuple[str, ...]:
    """The names of fields in which a receipt is not what was approved; empty when it is. A missing field differs.

    `approvals` are the ids of the approvals minted for this proposal: the core names the one it used.
    """
    operation = OPERATIONS[proposal.action]
    expected = {name: proposal.arguments[name] for name in operation.fields} | dict(operation.fixed)
    expected["effect"] = proposal.effect_key
    wrong = [name for name, value in expected.items() if not _same(receipt.get(name), value)]
    if receipt.get("approval_jti") not in approvals:
        wrong.append("approval_jti")
    if not isinstance(receipt.get("operation"), str):
        wrong.append("operation")
    return tuple(sorted(wrong))


def _same(found: Any, expected: Any) -> bool:
    """Equal in value and in type: 1 is not True, 500 is not 500.0."""
    return type(found) is type(expected) and found == expected
