"""What several tests of the command line share."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.intents import IntentClassifier
from models.lexical import LexicalEncoder
from models.utterances import load_utterances


@pytest.fixture(scope="session")
def wording_classifier() -> IntentClassifier:
    """The shipped utterances by wording alone: what reads without a model, trained once."""
    return IntentClassifier(load_utterances(Path(__file__).parents[3] / "graphs" / "utterances"), LexicalEncoder(), None)
