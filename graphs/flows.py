"""The flows there are: which graph, which replies, which wishes start it. A new flow is one more line here and its own files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.conversation import Language
from graphs import balance, block_card, dispute
from graphs.drawing import Flow


@dataclass(frozen=True, slots=True)
class FlowSpec:
    """One flow. `schema_version` changes with its state or waiting nodes; `team` takes over where a person is needed."""

    name: str
    build: Callable[[], Flow]
    schema_version: int
    replies: str
    intents: tuple[str, ...]
    team: str
    title: Mapping[Language, str]
    #: Flows without it can be started by somebody who has not signed in.
    needs_customer: bool = True


FLOWS: dict[str, FlowSpec] = {
    spec.name: spec
    for spec in (
        FlowSpec(
            name="balance",
            build=balance.build_balance,
            schema_version=balance.SCHEMA_VERSION,
            replies="balance",
            intents=("balance",),
            team="support",
            title={"en": "your balance", "hi": "आपके बैलेंस"},
        ),
        FlowSpec(
            name="dispute",
            build=dispute.build_dispute,
            schema_version=dispute.SCHEMA_VERSION,
            replies="dispute",
            intents=("dispute",),
            team="fraud",
            title={"en": "the payment you asked about", "hi": "उस भुगतान"},
        ),
        FlowSpec(
            name="block_card",
            build=block_card.build_block_card,
            schema_version=block_card.SCHEMA_VERSION,
            replies="block_card",
            intents=("block_card",),
            team="fraud",
            title={"en": "your card", "hi": "आपके कार्ड"},
        ),
    )
}
#: Which flow a wish starts.
FLOW_OF_INTENT: dict[str, str] = {intent: spec.name for spec in FLOWS.values() for intent in spec.intents}
