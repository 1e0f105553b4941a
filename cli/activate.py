"""`tellergate policy activate …`: put rules up, sign them, see what runs. Speaks to the running service as a member of staff."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from cli.address import Address, address_in_force
from cli.output import clear_errors, emit
from domain.errors import TellergateError, Unavailable

if TYPE_CHECKING:
    import httpx

activate_app = typer.Typer(no_args_is_help=True, help="Put changed rules into force: a digest, a time, two persons.")
Who = Annotated[str, typer.Option("--as", help="Your name; password and code are asked for.")]
Stdin = Annotated[bool, typer.Option("--stdin", help="Read password and code from the first two lines of standard input.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the activation.")]


@activate_app.command("propose")
@clear_errors
def propose(
    kind: Annotated[str, typer.Argument(help="pack or policy")],
    who: Who,
    reason: Reason,
    effective_from: Annotated[
        str | None, typer.Option("--from", help="From when on, ISO with zone; at once if left out.")
    ] = None,
    address: Address = None,
    stdin: Stdin = False,
) -> None:
    """Put up what lies on the service's disk; prints the digest to sign."""
    body = {"kind": kind, "reason": reason} | ({"effective_from": effective_from} if effective_from else {})
    with _signed_in(address, who, stdin) as http:
        emit(_answer(http.post("/v1/activations", json=body)))


@activate_app.command("list")
@clear_errors
def known(who: Who, address: Address = None, stdin: Stdin = False) -> None:
    """What runs, what waits, who has signed."""
    with _signed_in(address, who, stdin) as http:
        emit(_answer(http.get("/v1/activations")))


@activate_app.command("sign-off")
@clear_errors
def sign_off(
    activation: Annotated[str, typer.Argument(help="The activation's id.")],
    digest: Annotated[str, typer.Option("--digest", help="The digest that you have checked.")],
    who: Who,
    reason: Reason,
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse it instead; that ends it.")] = False,
    address: Address = None,
    stdin: Stdin = False,
) -> None:
    """Give one of the two sign-offs."""
    body = {"value": "refuse" if refuse else "approve", "digest": digest, "reason": reason}
    with _signed_in(address, who, stdin) as http:
        emit(_answer(http.post(f"/v1/activations/{quote(activation, safe='')}/sign-off", json=body)))


@contextmanager
def _signed_in(address: str | None, name: str, from_stdin: bool) -> Iterator[httpx.Client]:
    """A client with a session of its own, ended afterwards."""
    import httpx

    password, code = _proofs(from_stdin)
    try:
        with httpx.Client(base_url=address or address_in_force(), timeout=30, trust_env=False) as http:
            told = _answer(http.post("/v1/staff/login", json={"name": name, "password": password, "code": code}))
            http.headers["authorization"] = f"Bearer {told['token']}"
            try:
                yield http
            finally:
                http.post("/v1/staff/logout")
    except httpx.HTTPError as error:
        raise Unavailable("server_unreachable", f"{address}: no service answers") from error


def _proofs(from_stdin: bool) -> tuple[str, str]:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n"), sys.stdin.readline().strip()
    password: str = typer.prompt("Password", hide_input=True)
    code: str = typer.prompt("Code")
    return password, code


def _answer(response: httpx.Response) -> dict[str, Any]:
    """The body, or the service's own error under its own code."""
    body: dict[str, Any] = response.json() if response.headers.get("content-type", "").find("json") >= 0 else {}
    if response.status_code >= 300:
        raise TellergateError(str(body.get("code", "unavailable")), str(body.get("detail", "")))
    return body
