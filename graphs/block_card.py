"""Block a card: find it, block it, say how to undo it."""

from __future__ import annotations

from langgraph.graph import END, START

from graphs.drawing import EXECUTE_SECONDS, Flow, calls, new_flow, thinks, waits
from graphs.nodes import block_card as nodes
from graphs.nodes.endings import ENDED, add_endings

SCHEMA_VERSION = 1


def build_block_card() -> Flow:
    """The picture of blocking a card; node names are contract, since paused conversations resume at them."""
    flow = new_flow()
    found = {"clear": "block_cards", "several": "ask_which", "already": "already_blocked", "none": "no_card"}
    calls(flow, "find_cards", nodes.find_cards, found)
    thinks(flow, "no_card", nodes.no_card)
    thinks(flow, "already_blocked", nodes.already_blocked)
    thinks(flow, "ask_which", nodes.ask_which)
    waits(flow, "await_which")
    thinks(flow, "read_which", nodes.read_which, {"chosen": "block_cards", "other": "find_cards"} | ENDED)
    blocks = {"blocked": "after_block", "not_blocked": "not_blocked"}
    calls(flow, "block_cards", nodes.block_cards, blocks, seconds=EXECUTE_SECONDS, failing="not_blocked", drawn=False)
    thinks(flow, "after_block", nodes.after_block)
    thinks(flow, "not_blocked", nodes.not_blocked)
    flow.add_edge(START, "find_cards")
    flow.add_edge("ask_which", "await_which")
    flow.add_edge("await_which", "read_which")
    for last in ("no_card", "already_blocked", "after_block", "not_blocked"):
        flow.add_edge(last, END)
    add_endings(flow, "block_card", "fraud")
    return flow
