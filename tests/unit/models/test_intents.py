"""The classifier on the shipped utterances, with the encoder's twin: what it reads, how far it may be believed, what it does without help."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from domain.errors import BadInput, Unavailable
from models.intents import CACHE_PREFIX, IntentClassifier, fit_classifier
from models.lexical import LexicalEncoder
from models.parsers.text import fold
from models.phonetic import skeleton
from models.port import EMBED_SECONDS, ModelIdentity, Vectors
from models.utterances import load_utterances

FOLDER = Path(__file__).parents[3] / "graphs" / "utterances"
MAIN = {"balance", "dispute", "block_card", "human", "login_problem"}
LABELS = MAIN | {"greeting", "thanks", "goodbye", "who_are_you", "cancel", "affirm", "deny", "repeat", "other"}


class CountingEncoder(LexicalEncoder):
    """The twin, counting texts; `down` makes it unavailable."""

    def __init__(self) -> None:
        self.texts, self.down = 0, False

    async def embed(self, texts: Sequence[str], *, deadline_s: float = EMBED_SECONDS) -> Vectors:
        if self.down:
            raise Unavailable("model_unavailable")
        self.texts += len(texts)
        return await super().embed(texts, deadline_s=deadline_s)


class OtherEncoder(CountingEncoder):
    async def encoder_identity(self) -> ModelIdentity:
        return ModelIdentity("other", "1")


@pytest.fixture(scope="module")
def classifier() -> IntentClassifier:
    utterances = load_utterances(FOLDER)
    return IntentClassifier(utterances, LexicalEncoder(), None)


#: A few wishes, for what does not depend on how many there are: a fit grows with the cube of the examples.
FEW = """
balance: {en: [what is my balance, how much money is left, show my balance], hi: [बैलेंस कितना है], hinglish: [balance kitna hai]}
block_card: {en: [block my card, I lost my card, stop my debit card], hi: [मेरा कार्ड बंद करो], hinglish: [card block karo]}
other: {en: [tell me a joke, play some music, who won the match], hi: [मौसम कैसा है], hinglish: [gaana sunao]}
"""


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A folder of utterances that is fitted in no time."""
    folder = tmp_path / "utterances"
    folder.mkdir()
    (folder / "few.yaml").write_text(FEW, encoding="utf-8")
    return folder


def test_that_every_label_has_examples_in_three_ways_of_speaking() -> None:
    items = load_utterances(FOLDER).items
    assert {item.intent for item in items} == LABELS
    for intent in LABELS:
        own = [item for item in items if item.intent == intent]
        assert {item.language for item in own} == {"en", "hi", "hinglish"}
        assert len(own) >= 120, intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("mera blance kitna hai", "balance"),
        ("balance kitna bacha hai mere khate mein", "balance"),
        ("खाते में कितने रुपये बचे हैं", "balance"),
        ("5000 rs kat gaye maine nahi kiye", "dispute"),
        ("I never made this transaction", "dispute"),
        ("मेरे पैसे दो बार कट गए", "dispute"),
        ("i lost my debit card", "block_card"),
        ("मेरा कार्ड गुम गया", "block_card"),
        ("login nahi ho pa raha app me", "login_problem"),
        ("please let me talk to a real person", "human"),
        ("weather in Pune today", "other"),
        ("I want to open a fixed deposit", "other"),
        ("namaste ji", "greeting"),
    ],
)
def test_that_a_new_wording_is_read(classifier: IntentClassifier, text: str, intent: str) -> None:
    reading = classifier.read(text, None)
    assert (reading.intent, reading.degraded) == (intent, True)
    assert reading.ranking[0][1] >= reading.ranking[1][1]


def test_that_confidence_means_what_it_says(classifier: IntentClassifier) -> None:
    measured = classifier.calibration
    assert measured.accuracy >= 0.78  # left out one by one, by wording alone
    assert measured.error <= 0.08
    assert measured.covered >= 0.45


def test_that_a_text_like_nothing_known_is_out_of_scope(classifier: IntentClassifier) -> None:
    assert not any(classifier.read(text, None).in_scope for text in ("", "   ", "...", "ξένος κόσμος"))
    for text in ("98765", "qzx wvk jjj"):
        reading = classifier.read(text, None)
        assert not reading.in_scope
        assert reading.similarity < classifier.calibration.floor


async def test_that_without_the_encoder_it_reads_by_wording(few: Path) -> None:
    encoder = CountingEncoder()
    classifier = await IntentClassifier.load(few, encoder)
    assert not (await classifier.classify("what is my balance")).degraded
    encoder.down = True
    reading = await classifier.classify("what is my balance")
    assert (reading.intent, reading.degraded) == ("balance", True)


async def test_that_it_starts_without_the_encoder_too(few: Path) -> None:
    encoder = CountingEncoder()
    encoder.down = True
    classifier = await IntentClassifier.load(few, encoder)
    assert (await classifier.classify("block my card")).intent == "block_card"


async def test_that_embeddings_are_computed_once_for_an_encoder_and_its_files(few: Path, tmp_path: Path) -> None:
    encoder, cache = CountingEncoder(), tmp_path / "cache"
    await IntentClassifier.load(few, encoder, cache)
    computed = encoder.texts
    await IntentClassifier.load(few, encoder, cache)
    assert computed == 15
    assert encoder.texts == computed
    await IntentClassifier.load(few, OtherEncoder(), cache)
    assert len(list(cache.glob(f"{CACHE_PREFIX}*.npy"))) == 1


@pytest.mark.parametrize("damage", [b"", b"not an array", None], ids=["empty", "garbage", "another shape"])
async def test_that_a_damaged_cache_is_made_anew(few: Path, tmp_path: Path, damage: bytes | None) -> None:
    encoder = CountingEncoder()
    await IntentClassifier.load(few, encoder, tmp_path)
    path = next(tmp_path.glob("*.npy"))
    if damage is None:
        np.save(path, np.zeros((3, 3), dtype=np.float32))
    else:
        path.write_bytes(damage)
    before = encoder.texts
    await IntentClassifier.load(few, encoder, tmp_path)
    assert encoder.texts == 2 * before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("- a list", "intents with their languages"),
        ("balance: [a, b]", "balance has other keys"),
        ("balance: {fr: [solde]}", "balance has other keys"),
        ("balance: {en: [5]}", "balance.en is not a list of short texts"),
        ("balance: {en: [one]}\ndispute: {en: [One]}", "stands under balance too"),
        ("balance: {en: [", "is not YAML"),
    ],
)
def test_that_a_broken_file_is_named_with_its_fault(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "flow.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match="utterances_invalid: flow.yaml") as refused:
        load_utterances(tmp_path)
    assert reason in refused.value.detail


def test_that_no_utterances_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="utterances_invalid"):
        load_utterances(tmp_path)


@pytest.mark.parametrize(
    "words",
    [
        "balance बैलेंस bailens",
        "paise पैसे paisa",
        "card कार्ड",
        "block ब्लॉक",
        "nahi नहीं nahin nhi",
        "account अकाउंट",
        "phone फोन",
        "password पासवर्ड",
    ],
)
def test_that_one_word_in_two_scripts_sounds_the_same(words: str) -> None:
    assert len({skeleton(fold(word)) for word in words.split()}) == 1


async def test_that_any_labelled_texts_can_be_fitted() -> None:
    texts = [
        "where is my card",
        "my card has not come",
        "card delivery date",
        "top up failed",
        "my top up did not work",
        "top-up error",
    ]
    labels = ["arrival"] * 3 + ["top_up"] * 3
    background = ["tell me a joke", "who won the cricket match", "play some music"]
    classifier = await fit_classifier(
        [*texts, *background], [*labels, *["oos"] * len(background)], LexicalEncoder(), out_of_scope="oos"
    )
    said = await classifier.predict(["has my card been sent, where is it", "why did the top up fail", "tell me who won"])
    assert said.best[:2] == ("arrival", "top_up")
    assert said.labels[2] == "oos"
    assert said.best[2] in {"arrival", "top_up"}
    assert said.in_scope[2] < min(said.in_scope[:2])
    assert ((said.confidence >= 0) & (said.confidence <= 1)).all()


async def test_that_texts_without_a_label_each_are_refused() -> None:
    with pytest.raises(BadInput, match="utterances_invalid"):
        await fit_classifier(["one", "two"], ["a"], LexicalEncoder())
