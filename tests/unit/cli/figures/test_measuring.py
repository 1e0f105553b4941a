"""Figures on reading: outcomes of messages, several labels at once, and the parts of the public sets that are used."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cli.figures import corpora
from cli.figures.ablation import Read, outcome
from cli.figures.several import Labels, SeveralLabels, cross_validated
from cli.figures.spoken import Spoken, read_spoken
from domain.conversation import CannotHandle, Clarify, Command, Start, Understanding
from domain.errors import BadInput
from models.lexical import LexicalEncoder

BLIND = Path(__file__).parents[4] / "tests" / "data" / "nlu" / "blind-utterances.yaml"


def read(*rows: tuple[str, str, Command]) -> Read:
    messages = tuple(Spoken("…", meant, "en" if at % 2 else "hi") for at, (meant, _, _) in enumerate(rows))
    readings = tuple(Understanding(commands=(command,), intent=said, confidence=1, reader="parser") for _, said, command in rows)
    return Read(messages, readings, tuple(float(at) for at in range(len(rows))))


def test_a_message_is_right_asked_back_or_wrong() -> None:
    found = read(
        ("balance", "balance", Start(flow="balance")),
        ("dispute", "unclear", Clarify(options=("dispute",))),
        ("other", "other", CannotHandle(reason="out_of_scope")),
        ("other", "balance", Start(flow="balance")),
        ("human", "other", CannotHandle(reason="out_of_scope")),
    )

    summed = outcome(found)

    assert (summed.count, summed.right, summed.asked, summed.wrong) == (5, 0.4, 0.4, pytest.approx(0.2))
    assert (summed.p50_ms, summed.p95_ms) == (2.0, 3.8)
    assert (outcome(found.of("en")).count, outcome(found.of("hi")).right) == (2, pytest.approx(2 / 3))


def test_messages_by_another_hand_are_read_with_their_languages() -> None:
    found = read_spoken(BLIND)

    assert {message.language for message in found} == {"en", "hi", "hinglish"}
    assert all("/" not in message.intent for message in found)
    assert len(found) > 1_000


def test_labelled_csv_files_are_messages_too(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("text,category\nhello,greeting\n", encoding="utf-8")

    assert read_spoken(path) == (Spoken("hello", "greeting"),)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "labelled_empty"),
        ("- a\n- b", "labelled_row_invalid"),
        ("a: [b]", "labelled_row_invalid"),
        ("a: {en: [1]}", "labelled_row_invalid"),
        ("a: {en: [", "labelled_unreadable"),
    ],
)
def test_files_that_are_no_messages_are_told(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "rows.yaml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(BadInput) as raised:
        read_spoken(path)

    assert raised.value.code == code


async def several() -> Labels:
    cards = [f"my card number {n} is lost" for n in range(8)]
    fees = [f"why was a fee of {n} rupees charged" for n in range(8)]
    both = [f"my card {n} is lost and why was a fee charged" for n in range(8)]
    texts = (*cards, *fees, *both)
    sets = (*[frozenset({"card"})] * 8, *[frozenset({"fee"})] * 8, *[frozenset({"card", "fee"})] * 8)
    return Labels(texts, sets, tuple(n % 4 for n in range(24)), await LexicalEncoder().embed(texts))


async def test_every_label_of_a_message_is_said() -> None:
    rows = await several()
    new = ("I lost my card", "a fee was charged", "lost my card, and why the fee that was charged")

    said = SeveralLabels(rows).read(new, await LexicalEncoder().embed(new))

    assert said == [{"card"}, {"fee"}, {"card", "fee"}]


async def test_folds_that_are_fitted_on_are_not_measured() -> None:
    rows = await several()
    assert cross_validated(rows, [[0, 1], [2, 3]]) == (1.0, 1.0)

    shuffled = Labels(
        rows.texts, tuple(np.random.default_rng(1).permutation(np.array(rows.labels, dtype=object))), rows.folds, rows.vectors
    )
    assert cross_validated(shuffled, [[0, 1], [2, 3]])[0] < 0.85


def test_public_sets_are_parted_by_their_own_splits(tmp_path: Path) -> None:
    clinc = [
        {"text": f"{split} {number}", "intent": "oos" if split.startswith("oos") else f"intent{number % 2}", "split": split}
        for split in ("train", "val", "oos_train", "oos_val")
        for number in range(4)
    ]
    (tmp_path / "clinc150_banking" / "dev").mkdir(parents=True)
    (tmp_path / "clinc150_banking" / "dev" / "train_val.jsonl").write_text("\n".join(map(json.dumps, clinc)), encoding="utf-8")

    shown, hidden = corpora.clinc150(tmp_path)

    assert {text.split()[0] for text in shown.train.texts} == {"train", "oos_train"}
    assert {text.split()[0] for text in hidden.train.texts} == {"train"}
    assert shown.test == hidden.test
    assert set(shown.test.labels) == {"intent0", "intent1", "oos"}


def test_a_fifth_of_every_category_is_measured_and_never_fitted_on(tmp_path: Path) -> None:
    (tmp_path / "banking77" / "dev").mkdir(parents=True)
    lines = [f"text {number},{'ab'[number % 2]}" for number in range(40)]
    (tmp_path / "banking77" / "dev" / "train.csv").write_text("\n".join(["text,category", *lines]), encoding="utf-8")

    (split,) = corpora.banking77(tmp_path)

    assert sorted(split.test.labels) == ["a"] * 4 + ["b"] * 4
    assert not set(split.train.texts) & set(split.test.texts)
    assert len(split.train) + len(split.test) == 40


def test_sets_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    assert [*corpora.banking77(tmp_path), *corpora.clinc150(tmp_path), *corpora.near_and_far(tmp_path)] == []
    assert corpora.nlupp(tmp_path) == []
