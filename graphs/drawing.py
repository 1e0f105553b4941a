"""How a node may stand in a flow's picture: it thinks, it calls, or it waits; and where its named branches lead."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from inspect import signature
from typing import Any, Protocol

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
#: Where a node goes whose call failed, and the label of that edge.
TROUBLE = "trouble"
ON_ERROR = "on error"
#: Name of a branch to the node it leads to.
Branches = Mapping[str, str]


def new_flow() -> Flow:
    return StateGraph(FlowState, context_schema=FlowPorts)


def thinks(flow: Flow, name: str, node: Thinking | Calling, to: Branches | None = None) -> None:
    """Add a node that only works on what is already known; it may look at the ports' plain values, never call one.

    With `to` it decides: the `branch` in its update names where to go on. Raises ValueError for two branches to one node.
    """
    flow.add_node(name, deciding(name, node, to), destinations=_drawn(to) or None)


def calls(
    flow: Flow,
    name: str,
    node: Calling,
    to: Branches | None = None,
    *,
    seconds: float | None = None,
    failing: str = TROUBLE,
    drawn: bool = True,
) -> None:
    """Add a node that calls a port. It has a time limit, and any failure leads to the node `failing` with a code in the facts.

    `drawn=False` where `failing` is a plain successor anyway: a second edge would hide the first one in the picture.
    """

    async def on_error(state: FlowState, error: NodeError) -> Command[str]:
        # A dict returned here would end the branch in silence; a Command goes on.
        return Command(goto=failing, update={"facts": {"failed_node": error.node, "failed_code": code_of(error.error)}})

    handler: Any = on_error  # the library's types do not know handlers that take the error
    ends = _drawn(to) | ({failing: ON_ERROR} if drawn else {})
    flow.add_node(
        name,
        deciding(name, node, to),
        timeout=READ_SECONDS if seconds is None else seconds,
        error_handler=handler,
        destinations=ends or None,
    )


def deciding(name: str, node: Any, to: Branches | None) -> Any:
    """The node's body, going where its update's `branch` says. A conditional edge would do the same 0.4 ms slower."""
    if to is None:
        return node
    if len(set(to.values())) < len(to):
        raise ValueError(f"{name}: two branches to one node; only one of them would be drawn")
    if "runtime" in signature(node).parameters:

        async def decide_with_ports(state: Any, runtime: Runtime[Any]) -> Command[str]:
            update = await node(state, runtime=runtime)
            return Command(goto=to[update["branch"]], update=update)

        return decide_with_ports

    async def decide(state: Any) -> Command[str]:
        update = await node(state)
        return Command(goto=to[update["branch"]], update=update)

    return decide


def _drawn(to: Branches | None) -> dict[str, str]:
    """The named branches as the drawing wants them: target to label."""
    return {target: label for label, target in (to or {}).items()}


def waits(flow: Flow, name: str) -> None:
    """Add a node that does nothing but wait; the node before it worked out `ask`, the one after it acts on `answer`."""
    flow.add_node(name, wait)


async def wait(state: FlowState) -> Update:
    """Stop until an answer comes. Nothing may stand before `interrupt`: on resume the node runs again from its top."""
    return {"answer": interrupt(state["ask"]), "ask": None, "say": None}


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
