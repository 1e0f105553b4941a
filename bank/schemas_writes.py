"""The answers of writes and checks, as closed models beside those of reads in `bank.schemas`."""

from __future__ import annotations

from typing import Any, Literal

from bank.schemas import Answer, Day, Minor, Time


class Receipt(Answer):
    """`balance_minor` and `version` are the account's after it; `posting` and `transaction` are null for a hold."""

    operation: str
    posting: str | None
    action: str
    account: str
    amount_minor: Minor
    currency: str
    type: str
    value_date: Day
    balance_minor: Minor
    version: int
    effect: str
    approval_jti: str
    transaction: str | None
    at: Time
    terms: dict[str, Any]


class Done(Answer):
    """What every receipt that is no posting ends with."""

    operation: str
    action: str
    effect: str
    approval_jti: str
    at: Time


class DisputeReceipt(Done):
    dispute: str
    transaction: str
    dispute_type: str
    amount_minor: Minor
    currency: str


class ComplaintReceipt(Done):
    complaint: str
    category: str
    reference: str


class FraudReceipt(Done):
    report: str
    kind: str
    reference: str


class ChargebackReceipt(Done):
    chargeback: str
    network: str
    transaction: str
    dispute: str
    dispute_type: str
    amount_minor: Minor
    currency: str


class ClosureReceipt(Done):
    """`checklist` names what stands in the way; people close the account."""

    closure: str
    account: str
    reason: str
    checklist: list[str]


class CardReceipt(Done):
    """`block` names the block that stands after it, or was lifted; `replacement` says that a new card was ordered."""

    card: str
    status: str
    reason: str | None = None
    block: str | None = None
    replacement: str | None = None


class UnlockReceipt(Done):
    lock: str
    status: str


class ResetLinkReceipt(Done):
    """The link itself is in the message alone."""

    link: str
    contact: str
    reference: str
    sent_to: str
    expires_at: Time


class LimitReceipt(Done):
    """`version` is the one that was changed, `version_new` the one that stands now."""

    account: str
    card: str | None
    limit_kind: str
    limit_new_minor: Minor
    limit_old_minor: Minor
    currency: str
    version: int
    version_new: int


class MandateReceipt(Done):
    mandate: str
    mandate_operation: str
    reference: str
    status: str


class NoteReceipt(Answer):
    note: str


class NoticeReceipt(Answer):
    template: str
    messages: int


class AlertReceipt(Answer):
    alert: str
    transaction: str


class OtpSent(Answer):
    challenge: str
    expires_at: Time
    sent_to: str


class QuestionAsked(Answer):
    challenge: str
    question: str
    expires_at: Time


class Checked(Answer):
    """`assertion` is the bank's signed word for `ok`."""

    result: Literal["ok", "wrong", "locked", "expired"]
    tries_left: int
    assertion: str | None
