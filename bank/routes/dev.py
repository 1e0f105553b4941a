"""Sandbox aids: a picker of customers, sign-in tokens, phones, the clock, faults, the state as JSON. Absent outside a sandbox."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bank import sandbox, seeding
from bank.access import credentials_of
from bank.call import Call, rfc3339
from bank.config import BankConfig
from bank.faults import MAX_SECONDS, SILENCE_S, Fault, Faults
from bank.replies import answer
from bank.routes.described import Path
from bank.serving import Desk
from bank.worlds.loader import build_world
from domain.clock import to_micros
from domain.errors import BadInput


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TokenOrder(Asked):
    """`amr`: pwd (knowledge), hwk (registered device key), bio (inherence)."""

    amr: list[Literal["pwd", "hwk", "bio"]] = ["pwd"]
    device: Annotated[str | None, Field(max_length=64)] = None


class ClockOrder(Asked):
    """Exactly one of the two. Time moves forward only."""

    advance_s: Annotated[float | None, Field(ge=0, le=3660 * 86_400)] = None
    set: AwareDatetime | None = None


class FaultOrder(Asked):
    """`endpoint`: method and path template, such as `POST /transaction`; without a method, any."""

    endpoint: Annotated[str, Field(pattern=r"^([A-Z]+ )?/[a-z_/{}-]*$", max_length=80)]
    kind: Literal["slow", "fail", "succeed_without_answering"]
    seconds: Annotated[float | None, Field(ge=0, le=MAX_SECONDS)] = None
    times: Annotated[int, Field(ge=1, le=10_000)] = 1


def dev_routes(desk: Desk, config: BankConfig, faults: Faults) -> APIRouter:
    router = APIRouter(prefix="/dev")
    database = config.database

    async def look(request: Request, query: Any) -> Response:
        tenant = credentials_of(request).tenant
        return answer(await database.read(lambda connection: query(desk.call(connection, tenant))))

    @router.get("/customers")
    async def customers(request: Request) -> Response:
        """Whom a demo page can sign in."""
        return await look(request, sandbox.customers)

    @router.post("/token/{customer}")
    async def token(request: Request, customer: Path, body: TokenOrder | None = None) -> Response:
        """What the bank's own app would sign for this customer."""
        order = body or TokenOrder()
        return await look(
            request, lambda call: sandbox.session_token(call, customer, list(order.amr), order.device, config.app_key)
        )

    @router.get("/phone/{customer}")
    async def phone(request: Request, customer: Path) -> Response:
        """What this customer's phone has received."""
        return await look(request, lambda call: sandbox.phone(call, customer))

    @router.get("/clock")
    async def clock(request: Request) -> Response:
        """Business time here, and how far it is ahead of the wall's."""
        return await look(request, lambda call: _time(call, config))

    @router.post("/clock")
    async def move_clock(request: Request, body: ClockOrder) -> Response:
        """Move business time forward; what comes due happens at once."""
        tenant = credentials_of(request).tenant
        if (body.advance_s is None) == (body.set is None):
            raise BadInput("bad_input", "give advance_s or set")
        return answer(
            await database.write(
                lambda connection: _time(
                    sandbox.move_clock(desk.call(connection, tenant), desk, _target(body.set), body.advance_s), config
                )
            )
        )

    @router.post("/faults", status_code=201)
    async def order_fault(request: Request, body: FaultOrder) -> Response:
        """Make an endpoint slow, failing, or silent after it did its work, for the next `times` calls."""
        silent = body.kind == "succeed_without_answering"
        seconds = body.seconds if body.seconds is not None else SILENCE_S if silent else 1.0
        tenant = credentials_of(request).tenant
        faults.order(tenant, Fault(body.endpoint, body.kind, seconds, body.times))
        return answer({"standing": len(faults.standing(tenant))}, 201)

    @router.delete("/faults")
    async def clear_faults(request: Request) -> Response:
        """Forget all orders."""
        faults.clear(credentials_of(request).tenant)
        return answer({"standing": 0})

    @router.post("/world", status_code=201)
    async def make_world(request: Request, body: dict[str, Any]) -> Response:
        """Make this tenant's bank from a world (its YAML as JSON). 409 `tenant_exists`; 400 `world_invalid` says what is wrong."""
        tenant = credentials_of(request).tenant
        world = build_world(body | {"tenant": tenant})
        await database.write(lambda connection: seeding.seed(connection, world, config))
        return answer({"tenant": tenant, "now": rfc3339(to_micros(world.now))}, 201)

    @router.delete("/world")
    async def drop_world(request: Request) -> Response:
        """Remove this tenant's bank with everything in it."""
        tenant = credentials_of(request).tenant
        await database.write(lambda connection: seeding.drop(connection, tenant))
        return answer({"tenant": tenant})

    @router.get("/export")
    async def export(request: Request) -> Response:
        """The business state, for graders: balances, holds, cards, payments, disputes, operations, and whether the books add up."""
        return await look(request, sandbox.export)

    return router


def _target(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)


def _time(call: Call, config: BankConfig) -> dict[str, Any]:
    return {"now": rfc3339(call.now), "offset_us": call.now - config.clock.wall()}
