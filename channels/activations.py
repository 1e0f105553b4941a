"""Rules over REST: what runs and waits, putting files up, signing."""

# Annotations are evaluated here, not kept as text: those of the routes name permissions made inside functions.
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict

from channels.staff import Digest, Reason
from channels.staff_door import Needs
from domain.staff import Person
from runtime.staff.desk import StaffDesk


class NewActivation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["pack", "policy"]
    effective_from: AwareDatetime | None = None
    reason: Reason


class ActivationWord(BaseModel):
    model_config = ConfigDict(extra="forbid")

    value: Literal["approve", "refuse"]
    digest: Digest
    reason: Reason


def activation_routes(desk: StaffDesk) -> APIRouter:
    """`/v1/activations…`, as `docs/staff.md` shows them."""
    router = APIRouter(prefix="/v1", tags=["rules"])
    read, propose, activate = (Needs(desk.identity, name) for name in ("activations.read", "policy.propose", "policy.activate"))

    @router.get("/activations")
    async def known(person: Annotated[Person, Depends(read)]) -> dict[str, Any]:
        return await desk.activations.list()

    @router.post("/activations", status_code=201)
    async def put_up(body: NewActivation, person: Annotated[Person, Depends(propose)]) -> dict[str, Any]:
        begins: datetime | None = body.effective_from
        return await desk.activations.propose(person, body.kind, begins, body.reason)

    @router.post("/activations/{activation}/sign-off")
    async def sign_off(activation: str, body: ActivationWord, person: Annotated[Person, Depends(activate)]) -> dict[str, Any]:
        return await desk.activations.sign_off(person, activation, body.value, body.digest, body.reason)

    return router
