"""What a receipt must say, word for word, before an effect counts as the one that was approved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from domain.proposals import Proposal

Arguments = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """How an action reaches the core, and what its receipt has to say.

    Attributes:
        path: where it is posted.
        equal: field of the receipt (dots lead inside) → the argument it must equal.
        fixed: field of the receipt → the values it may have.
    """

    path: Callable[[Arguments], str]
    equal: Mapping[str, str]
    fixed: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def _same_names(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _money(kind: str, *names: str, **terms: str) -> Operation:
    """A movement: what moved, on which account, and in `terms` what it was for. `kind` is what the core books it as."""
    said = {f"terms.{name}": argument for name, argument in terms.items()} | {f"terms.{name}": name for name in names}
    return Operation(
        lambda _: "/transaction", _same_names("action", "account", "amount_minor", "currency") | said, {"type": (kind,)}
    )


def _kept(path: str, *names: str, **fixed: tuple[Any, ...]) -> Operation:
    """A record or a change: every argument comes back as it was given."""
    return Operation(lambda _: path, _same_names("action", *names), fixed)


def _card(what: str, *names: str, **fixed: tuple[Any, ...]) -> Operation:
    return Operation(
        lambda arguments: f"/cards/{quote(arguments['card'], safe='')}/{what}", _same_names("action", "card", *names), fixed
    )


#: Every action that an approval can be for; an action that is missing here cannot be executed.
OPERATIONS: dict[str, Operation] = {
    "provisional_credit": _money("provisional_credit", "dispute", disputed_transaction="transaction"),
    "refund_fee": _money("refund", "fee"),
    "reverse_duplicate_debit": _money("reversal", "original", reversal_of="transaction"),
    "pay_tat_compensation": _money("compensation", compensated_transaction="transaction"),
    "pay_fraud_compensation": _money("compensation", "dispute", compensated_transaction="transaction"),
    "transfer": _money("transfer", "payee", "transfer_rail"),
    "debit_mandate": _money("bill", "mandate"),
    "open_dispute": _kept("/disputes", "transaction", "dispute_type", "amount_minor", "currency"),
    "raise_chargeback": _kept("/chargebacks", "transaction", "dispute", "dispute_type", "amount_minor", "currency"),
    "open_complaint": _kept("/complaints", "category", "reference"),
    "report_fraud": _kept("/fraud/reports", "kind", "reference"),
    "close_account": _kept("/closures", "account", "reason"),
    # A card that did not work anyway stays as it was; what it must not be is active.
    "block_card": _card("block", status=("blocked_own", "blocked_bank", "hotlisted", "expired")),
    "hotlist_card": _card("hotlist", "reason", status=("hotlisted",)),
    "unblock_card": _card("unblock", "block", status=("active",)),
    "unlock_login": _kept("/logins/unlock", "lock", status=("unlocked",)),
    "send_reset_link": _kept("/reset-links", "contact", "reference"),
    "change_limit": _kept("/limits", "account", "card", "limit_kind", "limit_new_minor", "currency", "version"),
    "change_mandate": _kept("/mandates", "mandate", "mandate_operation", "reference", status=("active", "withdrawn")),
}


def differences(proposal: Proposal, receipt: dict[str, Any], approvals: Set[str]) -> tuple[str, ...]:
    """The names of fields in which a receipt is not what was approved; empty when it is. A missing field differs.

    `approvals` are the ids of the approvals minted for this proposal: the core names the one it used.
    """
    operation = OPERATIONS[proposal.action]
    allowed = {name: (proposal.arguments[argument],) for name, argument in operation.equal.items()} | dict(operation.fixed)
    allowed |= {"operation": (proposal.id,), "effect": (proposal.effect_key,), "approval_jti": tuple(approvals)}
    return tuple(sorted(name for name, values in allowed.items() if not _is_one_of(_field(receipt, name), values)))


def _field(receipt: dict[str, Any], name: str) -> Any:
    value: Any = receipt
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _is_one_of(found: Any, allowed: tuple[Any, ...]) -> bool:
    """Equal in value and in type: 1 is not True, 500 is not 500.0."""
    return any(type(found) is type(each) and found == each for each in allowed)
