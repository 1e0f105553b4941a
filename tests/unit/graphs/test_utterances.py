"""The example utterances: enough of them in each way of speaking, and no text that teaches two wishes at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from graphs.flows import FLOW_OF_INTENT
from models.parsers.text import fold
from models.utterances import LANGUAGES, load_utterances

ITEMS = load_utterances(Path(__file__).parents[3] / "graphs" / "utterances").items
LEAST = 40
#: Similarity (0–100) from which two texts teach the same.
NEAR = 90
#: One word turns their meaning round; no distance of letters tells them apart.
OPPOSITES = {frozenset({"ok thanks", "no thanks"})}


def test_every_wish_has_forty_examples_in_each_of_three_ways_of_speaking() -> None:
    counted = Counter((item.intent, item.language) for item in ITEMS)
    intents = {item.intent for item in ITEMS}

    assert set(FLOW_OF_INTENT) <= intents
    assert {key: counted[key] for intent in intents for language in LANGUAGES if counted[key := (intent, language)] < LEAST} == {}


def test_no_two_wishes_share_a_text_that_reads_alike() -> None:
    plain = [fold(item.text).strip(" .!?।,") for item in ITEMS]
    alike = np.argwhere(np.triu(process.cdist(plain, plain, scorer=fuzz.ratio, score_cutoff=NEAR), 1))
    pairs = {frozenset({plain[one], plain[other]}) for one, other in alike if ITEMS[one].intent != ITEMS[other].intent}

    assert pairs <= OPPOSITES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_is_that_of_the_language(language: str) -> None:
    devanagari = {
        item.text for item in ITEMS if item.language == language and any("\u0900" <= char <= "\u097f" for char in item.text)
    }
    everything = {item.text for item in ITEMS if item.language == language}

    assert devanagari == (everything if language == "hi" else set())
