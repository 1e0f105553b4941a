"""The four ways a node may stand in a flow's picture: it thinks, it calls, it waits, or it decides a named branch."""

from __future__ import annotations

from collections.abc import Awaitable, Hashable, Mapping
from typing import Any, Protocol, cast

from langgraph.errors import NodeError
from langgraph.graph import StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from domain.errors import TellergateError
from graphs.state import FlowPorts, FlowState

Update = dict[str, Any]
#: What `StateGraph` is for our flows.
Flow = StateGraph[FlowState, FlowPorts, FlowState, FlowState]


class Thinking(Protocol):
    """A node's body that works on the state alone."""

    def __call__(self, state: FlowState) -> Awaitable[Update]: ...


class Calling(Protocol):
    """A node's body that reaches the ports, or needs to know whom it speaks to."""

    def __call__(self, state: FlowState, *, runtime: Runtime[FlowPorts]) -> Awaitable[Update]: ...


#: A node that reads from the bank is cut off after this long; the customer hears of it.
READ_SECONDS = 6.0
#: A node that has something executed: longer than the executor's own limit, so that an answer on its way is not thrown away.
EXECUTE_SECONDS = 20.0
#: Where a node goes whose call failed.
TROUBLE = "trouble"


def new_flow() -> Flow:
    return StateGraph(FlowState, context_schema=FlowPorts)


def thinks(flow: Flow, name: str, node: Thinking | Calling) -> None:
    """Add a node that only works on what is already known; it may look at the ports' plain values, never call one."""
    flow.add_node(name, cast(Calling, node))


def calls(
    flow: Flow, name: str, node: Calling, *, seconds: float = READ_SECONDS, failing: str = TROUBLE, drawn: bool = True
) -> None:
    """Add a node that calls a port. It has a time limit, and any failure leads to the node `failing` with a code in the facts.

    `drawn=False` where `failing` is the plain successor anyway: a second edge would hide the first one in the picture.
    """

    async def on_error(state: FlowState, error: NodeError) -> Command[str]:
        # A dict returned here would end the branch in silence; a Command goes on.
        return Command(goto=failing, update={"facts": {"failed_node": error.node, "failed_code": code_of(error.error)}})

    handler: Any = on_error  # the library's types do not know handlers that take the error
    flow.add_node(name, node, timeout=seconds, error_handler=handler, destinations={failing: "on error"} if drawn else None)


def waits(flow: Flow, name: str) -> None:
    """Add a node that does nothing but wait; the node before it worked out `ask`, the one after it acts on `answer`."""
    flow.add_node(name, wait)


async def wait(state: FlowState) -> Update:
    """Stop until an answer comes. Nothing may stand before `interrupt`: on resume the node runs again from its top."""
    return {"answer": interrupt(state["ask"]), "ask": None, "say": None}


async def taken(state: FlowState) -> str:
    return state["branch"]


def decides(flow: Flow, source: str, targets: Mapping[str, str]) -> None:
    """Draw the named branches of a node that sets `branch`. Raises ValueError for two branches to one node."""
    if len(set(targets.values())) < len(targets):
        raise ValueError(f"{source}: two branches to one node; only one of them would be drawn")
    named: dict[Hashable, str] = dict(targets.items())
    flow.add_conditional_edges(source, taken, named)


def code_of(error: BaseException) -> str:
    """The stable code of a failure; never its text."""
    if isinstance(error, TellergateError):
        return error.code
    return "node_timeout" if type(error).__name__ == "NodeTimeoutError" else "internal"


def count(state: FlowState, node: str) -> int:
    """How often `node` has run to completion."""
    return state.get("visits", {}).get(node, 0)


def counted(state: FlowState, node: str) -> dict[str, int]:
    """The update that counts this visit."""
    return {node: count(state, node) + 1}
