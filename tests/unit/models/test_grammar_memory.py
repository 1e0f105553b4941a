"""Grammars remembered: certain text costs no choice, choices are those of the grammar, and what was made for one reply is not kept."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.errors import BadInput
from models.grammar_memory import CLOSED_BYTES, GrammarMemory, HeldGrammar, Tokens

END = 0
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ .,"
WORDS = ("card", " is", " blocked", " now", " safe", "the", " the", "block", "ed")
PIECES = [b"", *(letter.encode() for letter in LETTERS), *(word.encode() for word in WORDS)]


class ToyVocabulary:
    """Letters, and some words that are tokens of their own; a text is cut greedily from the left."""

    size = len(PIECES)
    end = END

    @property
    def singles(self) -> dict[int, int] | None:
        return {piece[0]: token for token, piece in enumerate(PIECES) if len(piece) == 1}

    def starting_with(self, byte: int) -> Tokens:
        return np.array([token for token, piece in enumerate(PIECES) if piece[:1] == bytes([byte])], dtype=np.int32)

    def piece(self, token: int) -> bytes:
        return PIECES[token]

    def tokens_of_text(self, text: str) -> list[int]:
        rest, tokens = text.encode(), []
        while rest:
            token = max(
                (each for each, piece in enumerate(PIECES) if piece and rest.startswith(piece)), key=lambda t: len(PIECES[t])
            )
            tokens.append(token)
            rest = rest[len(PIECES[token]) :]
        return tokens


class ToyWalker:
    """A grammar that is a list of sentences, and a book of how often it was asked."""

    def __init__(self, sentences: tuple[str, ...], asked: list[int], said: bytes = b"") -> None:
        self.sentences, self.asked, self.said = sentences, asked, said

    def allowed(self, tokens: Tokens) -> NDArray[np.bool_]:
        self.asked.append(len(tokens))
        return np.array([self._may(int(token)) for token in tokens])

    def _may(self, token: int) -> bool:
        if token == END:
            return self.said.decode() in self.sentences
        after = self.said + PIECES[token]
        return bool(PIECES[token]) and any(sentence.encode().startswith(after) for sentence in self.sentences)

    def accept(self, token: int) -> None:
        self.said += PIECES[token]

    def copy(self) -> ToyWalker:
        return ToyWalker(self.sentences, self.asked, self.said)

    def free(self) -> None: ...


class Desk:
    """A memory of grammars written as sentences between bars."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.compiled: list[str] = []
        self.memory = GrammarMemory(ToyVocabulary(), self._compile)

    def _compile(self, text: str) -> ToyWalker:
        if not text:
            raise BadInput("grammar_invalid")
        self.compiled.append(text)
        return ToyWalker(tuple(text.split("|")), self.asked)

    def say(self, text: str, liking: str) -> tuple[str, int]:
        """The answer of a model that likes the tokens of `liking` best, in their order; and how many choices it was asked for."""
        held, said, choices = self.memory.open(text), "", 0
        while True:
            certain, over = held.certain()
            said += b"".join(PIECES[token] for token in certain).decode()
            if over:
                return said, choices
            logits = np.zeros(len(PIECES), dtype=np.float32)
            logits[END] = 0.5
            for place, letter in enumerate(liking):
                for token, piece in enumerate(PIECES):
                    if piece.decode().strip().startswith(letter):
                        logits[token] = len(liking) - place + len(piece) / 100
            token, choices = held.pick(logits), choices + 1
            assert token is not None
            if token == END:
                return said, choices
            held.accept(token)
            said += PIECES[token].decode()


def certain(held: HeldGrammar) -> tuple[str, bool]:
    tokens, over = held.certain()
    return b"".join(PIECES[token] for token in tokens).decode(), over


def test_that_an_answer_without_alternatives_needs_no_choice() -> None:
    assert Desk().say("the card is safe.", liking="") == ("the card is safe.", 0)


def test_that_only_the_places_of_choice_are_chosen_at() -> None:
    desk = Desk()
    assert desk.say("the card is blocked now.|the card is safe now.", liking="s") == ("the card is safe now.", 1)
    assert desk.say("the card is blocked now.|the card is safe now.", liking="b") == ("the card is blocked now.", 1)


def test_that_the_last_token_before_a_choice_is_left_to_the_model() -> None:
    """Of "the card" the model may go on with " is" or " blocked"; it is not held to a lone space first."""
    held = Desk().memory.open("the card is now.|the card blocked.")
    assert certain(held) == ("the card", False)


def test_that_an_answer_that_may_end_or_go_on_is_the_models_choice() -> None:
    desk = Desk()
    assert desk.say("the card|the card is safe", liking="c")[0] == "the card"
    assert desk.say("the card|the card is safe", liking="ci")[0] == "the card is safe"


def test_that_a_choice_is_made_among_what_the_grammar_allows_only() -> None:
    held = Desk().memory.open("card|block")
    logits = np.arange(len(PIECES), dtype=np.float32)
    picked = held.pick(logits)
    assert picked is not None
    assert PIECES[picked] in {b"card", b"block"}


def test_that_a_known_grammar_is_not_asked_again() -> None:
    desk = Desk()
    text = "the card is blocked.|the card is safe.|block the card now."
    answers = [desk.say(text, liking) for liking in ("b", "b", "b")]
    desk.asked.clear()
    assert desk.say(text, "b") == answers[0]
    assert desk.asked == []
    assert len(desk.compiled) == 2, "kept from the second call on"


def test_that_a_grammar_of_one_reply_is_not_kept() -> None:
    desk = Desk()
    for amount in "abcdef":
        desk.say(f"the card {amount}.", liking="")
    held = desk.memory.open("the card a.")
    assert len(desk.compiled) == 7
    assert certain(held) == ("the card a.", True)


def test_that_a_free_choice_is_the_best_token_that_is_allowed() -> None:
    """More beginnings than are worth listing: the best token is tried, then the likely ones."""
    held = Desk().memory.open("|".join(letter * 3 for letter in LETTERS[: CLOSED_BYTES + 2]))
    logits = np.zeros(len(PIECES), dtype=np.float32)
    logits[PIECES.index(b"card")], logits[PIECES.index(b"d")] = 9.0, 5.0
    assert held.certain() == ((), False)
    assert held.pick(logits) == PIECES.index(b"d")


def test_that_a_dead_end_is_over() -> None:
    held = Desk().memory.open("card")
    held.accept(PIECES.index(b"b"))
    assert held.certain() == ((), True)


def test_that_a_broken_grammar_is_refused_and_not_remembered() -> None:
    desk = Desk()
    for _ in range(3):
        with pytest.raises(BadInput, match="grammar_invalid"):
            desk.memory.open("")
