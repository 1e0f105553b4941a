"""Everything that may be proposed, as closed typed models. `arguments()` is exactly what the core bank is asked to do.

Each belongs to one of four classes (`effect`). What the arguments say is frozen with the proposal and carried to the core; who
may have it done, and on which facts, is the gate's business alone. Rows in brackets are those of the banking rules.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Union

from pydantic import Field, TypeAdapter

from domain.actions.base import Action, DisputeType
from domain.actions.cases import CloseAccount, OpenComplaint, OpenDispute, RaiseChargeback
from domain.actions.disclosures import DiscloseBalance, DiscloseStatement, DiscloseTransactions
from domain.actions.money import (
    DebitMandate,
    PayFraudCompensation,
    PayTatCompensation,
    ProvisionalCredit,
    RefundFee,
    ReverseDuplicateDebit,
    Transfer,
)
from domain.actions.protection import BlockCard, HotlistCard, ReportFraud, SendResetLink, UnblockCard, UnlockLogin
from domain.actions.settings import ChangeLimit, ChangeMandate

#: Never refused for want of authentication, for a risk score, an hour or a mode (row A-03); they disclose nothing.
Protective = frozenset({"block_card", "open_dispute", "open_complaint", "report_fraud"})
#: Every action there is, in the order of the documents.
_ALL: tuple[type[Action], ...] = (
    DiscloseBalance, DiscloseTransactions, DiscloseStatement, BlockCard, HotlistCard, UnblockCard, OpenDispute, OpenComplaint,
    ReportFraud, RaiseChargeback, ProvisionalCredit, RefundFee, ReverseDuplicateDebit, PayTatCompensation, PayFraudCompensation,
    UnlockLogin, SendResetLink, ChangeLimit, CloseAccount, Transfer, ChangeMandate, DebitMandate,
)  # fmt: skip
ACTIONS: dict[str, type[Action]] = {kind.model_fields["action"].default: kind for kind in _ALL}
_any_action: Any = Annotated[Union[_ALL], Field(discriminator="action")]  # noqa: UP007
_adapter: TypeAdapter[Any] = TypeAdapter(_any_action)


def parse_action(arguments: dict[str, Any]) -> Action:
    """Rebuild an action from its stored arguments. Raises pydantic.ValidationError for anything unknown."""
    action: Action = _adapter.validate_json(json.dumps(arguments))
    return action


__all__ = [
    "ACTIONS",
    "Action",
    "BlockCard",
    "ChangeLimit",
    "ChangeMandate",
    "CloseAccount",
    "DebitMandate",
    "DiscloseBalance",
    "DiscloseStatement",
    "DiscloseTransactions",
    "DisputeType",
    "HotlistCard",
    "OpenComplaint",
    "OpenDispute",
    "PayFraudCompensation",
    "PayTatCompensation",
    "Protective",
    "ProvisionalCredit",
    "RaiseChargeback",
    "RefundFee",
    "ReportFraud",
    "ReverseDuplicateDebit",
    "SendResetLink",
    "Transfer",
    "UnblockCard",
    "UnlockLogin",
    "parse_action",
]
