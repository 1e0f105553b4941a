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


class DisputeReceipt(Answer):
    operation: str
    action: str
    dispute: str
    transaction: str
    dispute_type: str
    amount_minor: Minor
    currency: str
    effect: str
    approval_jti: str
    at: Time


class CardReceipt(Answer):
    operation: str
    action: str
    card: str
    status: str
    effect: str
    approval_jti: str
    at: Time


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
