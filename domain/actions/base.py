"""What all actions have in common: closed typed arguments, a class of effect, one effect key."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

#: An id of the core, or of ours where the docstring says so.
Ref = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
Amount = Annotated[int, Field(gt=0, le=10**13)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
DisputeType = Literal[
    "unauthorised", "duplicate", "wrong_amount", "not_received", "failed_transfer", "subscription", "wrong_payee"
]


class Action(BaseModel):
    """Base of all actions. Unknown keys are errors; values are frozen once made."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    #: READ needs no approval at the core; RECORD needs a key; MONEY and ACCOUNT need an approval.
    effect: ClassVar[Literal["READ", "RECORD", "MONEY", "ACCOUNT"]]

    def arguments(self) -> dict[str, Any]:
        """The plain JSON arguments, `action` included; the digest an approval carries is over these."""
        return self.model_dump(mode="json")

    #: Whether what the key names is the customer's own word (a message, an asking) and not a thing of the core that has owners.
    #: Then two customers may each have the effect, and nobody who names another's reference takes it from them.
    per_customer: ClassVar[bool] = False

    def effect_key(self) -> str:
        """What the effect is, seen from the arguments alone."""
        raise NotImplementedError

    def effect_for(self, customer: str) -> str:
        """The one effect this action may have in the world; unique among open or succeeded proposals and at the bank."""
        return f"{self.effect_key()}@{customer}" if self.per_customer else self.effect_key()
