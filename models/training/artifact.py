"""The adapter and its model card, written whole or not at all: the same material, plan and machine give the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from models.adapter import MARK_BYTES, Adapter, mark
from models.config import ModelConfig
from models.text_encoder import TextEncoder
from models.training.adapt import Say, states_of, train
from models.training.course import Plan
from models.training.material import Material

ADAPTER_FILE, CARD_FILE = "adapter.safetensors", "model-card.md"


@dataclass(frozen=True, slots=True)
class Trained:
    """An adapter and its digest."""

    adapter: Adapter
    sha256: str


def make(material: Material, config: ModelConfig, plan: Plan, say: Say) -> Trained:
    """Adapt the configured encoder. Raises Unavailable when its weights cannot be had."""
    encoder = TextEncoder(replace(config, adapter=False))
    say(f"{len(material.texts)} texts of {len(material.sets)} labels")
    states = states_of(encoder, material.texts, plan.first)
    facts: dict[str, Any] = {
        "encoder": encoder.identity.name,
        "encoder_sha256": encoder.identity.sha256,
        "plan": asdict(plan),
        "sources": material.card(),
    }
    seen = np.array(sorted({mark(text) for text in material.texts}), dtype=np.uint64)
    adapter = Adapter(plan.first, train(encoder, material, states, plan, say), seen, facts)
    return Trained(adapter, hashlib.sha256(adapter.to_bytes()).hexdigest())


def write(trained: Trained, folder: Path) -> None:
    """Write adapter and card into a folder, each replacing what was there. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ((ADAPTER_FILE, trained.adapter.to_bytes()), (CARD_FILE, card(trained).encode())):
        partial = folder / f"{name}.part"
        partial.write_bytes(content)
        partial.replace(folder / name)


def card(trained: Trained) -> str:
    """What the artifact is, from what, for what, and what it cannot do."""
    facts, plan = trained.adapter.facts, trained.adapter.facts["plan"]
    lines = [
        "# Adapter for a bank's messages",
        "",
        f"Low-rank corrections (rank {plan['rank']}) of the layers from {plan['first']} up of `{facts['encoder']}` "
        f"(SHA-256 `{facts['encoder_sha256']}`), loaded onto the packaged weights when the encoder starts. Written by `tellergate train`.",
        "",
        f"SHA-256 of `{ADAPTER_FILE}`: `{trained.sha256}`",
        "",
        "## Trained on",
        "",
        "| source | rows | labels | SHA-256 of the file | licence | by |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {each['name']} | {each['rows']} | {each['labels']} | `{each['sha256']}` | {each['licence']} | {each['attribution']} |"
        for each in facts["sources"]
    ]
    lines += [
        "",
        f"None of the text is in the file; of each text it keeps {8 * MARK_BYTES} bits of a digest, so that a classifier fitted on the same "
        "rows knows that it cannot measure itself on them.",
        "",
        "## How",
        "",
        "Cosine softmax over the labels, Adam, the running mean of all steps; every draw from one seed. "
        + ", ".join(f"{name} {value}" for name, value in sorted(plan.items()))
        + ".",
        "",
        "## Limits",
        "",
        "- English one-line queries to a card and app bank; it learned nothing of Hindi, Hinglish or long messages, which the unadapted half of "
        "the vector and the wording still read.",
        "- The labels of BANKING77 are known to be wrong in places (Ying and Thomas 2022); some of that is learned too.",
        "- It sorts messages. It decides nothing: the gate does.",
        "- Figures, and how they were measured: `docs/models.md`.",
    ]
    return "\n".join(lines) + "\n"
