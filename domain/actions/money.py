"""What moves money: credits that give back, compensation, transfers, standing debits."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from domain.actions.base import Action, Amount, Currency, Ref

TransferRail = Literal["upi", "imps", "neft", "rtgs", "internal"]


class ProvisionalCredit(Action):
    """Shadow reversal: credit the disputed amount while the bank investigates."""

    effect: ClassVar[Any] = "MONEY"
    action: Literal["provisional_credit"] = "provisional_credit"
    account: str
    transaction: str
    leg: Literal["principal"] = "principal"
    dispute: str
    amount_minor: int = Field(gt=0)
    currency: str

    def effect_key(self) -> str:
        return f"provisional_credit:{self.transaction}:{self.leg}"


class RefundFee(Action):
    """Give a fee back, whole or in part, with its GST. One refund for each fee that was charged."""

    effect: ClassVar[Any] = "MONEY"
    action: Literal["refund_fee"] = "refund_fee"
    account: Ref
    fee: Ref
    amount_minor: Amount
    currency: Currency

    def effect_key(self) -> str:
        return f"refund_fee:{self.fee}"


class ReverseDuplicateDebit(Action):
    """Give back a payment that was taken twice. `transaction` is the second one, `original` the one that stays."""

    effect: ClassVar[Any] = "MONEY"
    action: Literal["reverse_duplicate_debit"] = "reverse_duplicate_debit"
    account: Ref
    transaction: Ref
    original: Ref
    amount_minor: Amount
    currency: Currency

    def effect_key(self) -> str:
        return f"reverse_duplicate_debit:{self.transaction}"


class PayTatCompensation(Action):
    """Pay the daily compensation for a failed payment that came back late (section C)."""

    effect: ClassVar[Any] = "MONEY"
    action: Literal["pay_tat_compensation"] = "pay_tat_compensation"
    account: Ref
    transaction: Ref
    amount_minor: Amount
    currency: Currency

    def effect_key(self) -> str:
        return f"pay_tat_compensation:{self.transaction}"


class PayFraudCompensation(Action):
    """Pay the small-value compensation for a fraudulent payment, once in a lifetime (B-24)."""

    effect: ClassVar[Any] = "MONEY"
    action: Literal["pay_fraud_compensation"] = "pay_fraud_compensation"
    account: Ref
    transaction: Ref
    dispute: Ref
    amount_minor: Amount
    currency: Currency

    def effect_key(self) -> str:
        return f"pay_fraud_compensation:{self.transaction}"


class Transfer(Action):
    """Move the customer's money to a payee on file or to another account of theirs. `reference` makes it happen once."""

    effect: ClassVar[Any] = "MONEY"
    action: Literal["transfer"] = "transfer"
    account: Ref
    payee: Ref
    transfer_rail: TransferRail
    amount_minor: Amount
    currency: Currency
    reference: Ref

    def effect_key(self) -> str:
        return f"transfer:{self.reference}"


class DebitMandate(Action):
    """Take one debit of a standing mandate; proposed by a job of the bank, never by a chat (D-03)."""

    effect: ClassVar[Any] = "MONEY"
    action: Literal["debit_mandate"] = "debit_mandate"
    account: Ref
    mandate: Ref
    amount_minor: Amount
    currency: Currency
    reference: Ref

    def effect_key(self) -> str:
        return f"debit_mandate:{self.mandate}:{self.reference}"
