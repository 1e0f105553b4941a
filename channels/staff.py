"""Staff over REST: signing in and out, the second factor, what waits for a person, and proposals of staff."""

# Annotations are evaluated here, not kept as text: those of the routes name permissions made inside functions.
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from channels.staff_door import Needs, SignInPace
from domain.actions import Action, parse_action
from domain.errors import BadInput
from domain.staff import ROLES, Person
from runtime.limits import TokenBuckets
from runtime.staff.approvals import Word
from runtime.staff.desk import StaffDesk
from runtime.staff.proposing import Wish

_Code = Annotated[str, Field(pattern=r"^\d{6}$")]
Reason = Annotated[str, Field(min_length=3, max_length=500)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignIn(_Body):
    name: str = Field(max_length=64)
    password: str = Field(max_length=256)
    code: str = Field(max_length=12)


class SecondFactor(_Body):
    code: _Code


class SignOffWord(_Body):
    value: Literal["approve", "refuse"]
    digest: Digest
    reason: Reason


class StaffWish(_Body):
    action: dict[str, Any]
    customer: str = Field(min_length=1, max_length=64)
    reason: Reason
    key: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")


def staff_routes(desk: StaffDesk, buckets: TokenBuckets) -> APIRouter:
    """`/v1/staff/…`, `/v1/approvals…` and `/v1/proposals`, as `docs/staff.md` shows them."""
    router = APIRouter(prefix="/v1", tags=["staff"])
    _session_routes(router, desk, SignInPace(buckets))
    _approval_routes(router, desk)
    return router


def _session_routes(router: APIRouter, desk: StaffDesk, pace: SignInPace) -> None:
    own = Needs(desk.identity, "session.own")

    @router.post("/staff/login", dependencies=[Depends(pace)])
    async def login(body: SignIn) -> dict[str, Any]:
        signed = await desk.identity.sign_in(body.name, body.password, body.code)
        return {"token": signed.token, "expires_at": signed.expires_at.isoformat()} | _person(signed.person)

    @router.post("/staff/logout")
    async def logout(person: Annotated[Person, Depends(own)]) -> dict[str, str]:
        await desk.identity.sign_out(person)
        return {"status": "signed_out"}

    @router.post("/staff/second-factor")
    async def second_factor(body: SecondFactor, person: Annotated[Person, Depends(own)]) -> dict[str, str]:
        return {"second_factor_at": (await desk.identity.second_factor(person, body.code)).isoformat()}

    @router.get("/staff/me")
    async def me(person: Annotated[Person, Depends(own)]) -> dict[str, Any]:
        return _person(person)


def _approval_routes(router: APIRouter, desk: StaffDesk) -> None:
    read, sign, make = (Needs(desk.identity, name) for name in ("approvals.read", "approvals.sign", "proposals.make"))

    @router.get("/approvals")
    async def waiting(person: Annotated[Person, Depends(read)]) -> dict[str, Any]:
        return {"approvals": await desk.approvals.waiting(person)}

    @router.get("/approvals/{proposal}")
    async def show(proposal: str, person: Annotated[Person, Depends(read)]) -> dict[str, Any]:
        return await desk.approvals.show(person, proposal)

    @router.post("/approvals/{proposal}/sign-off")
    async def sign_off(proposal: str, body: SignOffWord, person: Annotated[Person, Depends(sign)]) -> dict[str, Any]:
        return await desk.approvals.sign_off(person, proposal, Word(body.value, body.digest, body.reason))

    @router.post("/proposals", status_code=201)
    async def propose(body: StaffWish, person: Annotated[Person, Depends(make)]) -> dict[str, Any]:
        outcome = await desk.proposals.propose(person, Wish(_action(body.action), body.customer, body.reason, body.key))
        return outcome.model_dump(mode="json")


def _action(arguments: dict[str, Any]) -> Action:
    """Raises BadInput `action_invalid` with the place."""
    try:
        return parse_action(arguments)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise BadInput("action_invalid", place) from error


def _person(person: Person) -> dict[str, Any]:
    permissions = sorted({each for role in person.roles if role in ROLES for each in ROLES[role].permissions})
    return {
        "name": person.name,
        "roles": sorted(person.roles),
        "permissions": permissions,
        "second_factor_at": person.second_factor_at.isoformat(),
    }
