"""The demonstration page's routes: pick a fictional customer, sign in as them, look at their phone. Demo profile only."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from runtime.sandbox import SandboxAids


class TokenFor(BaseModel):
    model_config = ConfigDict(extra="forbid")

    customer: str = Field(max_length=64)
    amr: list[str] | None = Field(default=None, max_length=4)


def demo_routes(aids: SandboxAids, bank_name: str) -> APIRouter:
    """`/demo/…`, as the page in `web/static/demo` calls them."""
    router = APIRouter(prefix="/demo", tags=["sandbox aids"])

    @router.get("/customers")
    async def customers() -> Any:
        return {"bank": bank_name} | await aids.customers()

    @router.post("/token")
    async def token(body: TokenFor) -> Any:
        return await aids.token(body.customer, body.amr)

    @router.get("/phone/{customer}")
    async def phone(customer: str) -> Any:
        return await aids.phone(customer)

    return router
