"""A bank's own policy for a pack: its numbers in the place of ours, in a file of the bank's own.

    pack: in-rbi
    version: 4
    limits: {P_CREDIT_CASE: 800000}

Law stays as it is: only numbers that rules of layer bank name can be set, and the strictest answer of all layers wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field, ValidationError

from policy.documents import Document, Where
from policy.rules import Part


class PolicyText(Part):
    """The file as it is written."""

    pack: str
    version: int = Field(ge=1)
    limits: dict[str, int] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class BankPolicy:
    """A bank's numbers by name; whether the pack has them is checked when both are put together."""

    pack: str
    version: int
    limits: Mapping[str, int]


def parse_bank_policy(document: Document, pack: str) -> BankPolicy:
    """Raises BadInput `pack_invalid` with file, line and reason; also for a policy of another pack."""
    try:
        text = PolicyText.model_validate(document.data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where: Where = tuple(first["loc"])
        raise document.refusal(where, f"{'.'.join(map(str, where)) or 'the file'}: {first['msg']}") from error
    if text.pack != pack:
        raise document.refusal(("pack",), f"this is a policy for {text.pack}, not for {pack}")
    return BankPolicy(text.pack, text.version, text.limits)
