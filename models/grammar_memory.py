"""Grammars remembered: what may follow a text under a grammar is worked out once, not at every token of every call.

The grammars here are mostly closed: a few hundred sentences, a dozen words. After most texts only some tokens may follow, and often
one stretch of text is certain. Certain text costs no choice: its tokens go through the model together with the next one, and an
answer that can only end is over without a step for its end. Pure of llama.cpp, which stands behind `Walker` and `Vocabulary`.

- What may follow depends on the text so far alone, not on how it was cut into tokens, so texts are the keys.
- Of certain text the last token is left to the model, unless the answer ends there: "how " is " how" and the beginning of what follows.
- A grammar with much freedom (a line of any text) is not remembered: the best token is tried, then the likely ones, then all.
- A grammar is kept from its second call on, under its digest: one that is made for a single reply, with a customer's figures in it,
  is gone with its call.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.port import Vectors

Tokens: TypeAlias = NDArray[np.int32]

#: Grammars kept, the least recently used goes first; digests of grammars seen once; texts remembered for each.
GRAMMARS = 32
SEEN = 256
TEXTS = 4_000
#: With more first bytes or tokens than this to choose from, a choice is free and not worth remembering.
CLOSED_BYTES = 24
CLOSED_TOKENS = 1_024
#: Bytes looked ahead for certain text.
CERTAIN_BYTES = 160
#: How many of the most likely tokens are tried before all are; the best allowed one is the same either way.
LIKELY = 64


class Walker(Protocol):
    """A compiled grammar as it stands after the tokens accepted so far."""

    def allowed(self, tokens: Tokens) -> NDArray[np.bool_]: ...
    def accept(self, token: int) -> None: ...
    def copy(self) -> Walker: ...
    def free(self) -> None: ...


class Vocabulary(Protocol):
    """Tokens and their bytes. `singles` has a token of one byte for each byte that tokens begin with; None where one lacks."""

    size: int
    end: int

    @property
    def singles(self) -> dict[int, int] | None: ...
    def starting_with(self, byte: int) -> Tokens: ...
    def piece(self, token: int) -> bytes: ...
    def tokens_of_text(self, text: str) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class Following:
    """What may follow a text: certain tokens first, whether the answer is over after them, else the tokens to choose from.

    Without certain tokens and without choices the choice is free.
    """

    certain: tuple[int, ...] = ()
    over: bool = False
    choices: Tokens | None = None

    @property
    def free(self) -> bool:
        return not self.certain and not self.over and self.choices is None


def following(walker: Walker, vocabulary: Vocabulary) -> Following:
    """Look at what `walker` allows next; it is left as it was."""
    singles = vocabulary.singles
    if singles is None:
        return Following()
    possible, may_end = _next_bytes(walker, singles, vocabulary.end)
    if not possible:
        return Following(over=True)
    if len(possible) == 1 and not may_end:
        certain, over = _certain(walker, vocabulary, singles, possible[0])
        if certain:
            return Following(certain, over)
    if len(possible) > CLOSED_BYTES:
        return Following()
    tokens = np.concatenate([vocabulary.starting_with(byte) for byte in possible])
    choices = tokens[walker.allowed(tokens)]
    if may_end:
        choices = np.append(choices, np.int32(vocabulary.end))
    return Following(choices=choices) if len(choices) <= CLOSED_TOKENS else Following()


def _next_bytes(walker: Walker, singles: dict[int, int], end: int) -> tuple[list[int], bool]:
    allowed = walker.allowed(np.array([*singles.values(), end], dtype=np.int32))
    return [byte for byte, possible in zip(singles, allowed[:-1], strict=True) if possible], bool(allowed[-1])


def _certain(walker: Walker, vocabulary: Vocabulary, singles: dict[int, int], first: int) -> tuple[tuple[int, ...], bool]:
    """The tokens of the text that must follow, which begins with the byte `first`, and whether it ends the answer."""
    text, possible, may_end = bytearray(), [first], False
    ahead = walker.copy()
    while len(possible) == 1 and not may_end and len(text) < CERTAIN_BYTES:
        text.append(possible[0])
        ahead.accept(singles[possible[0]])
        possible, may_end = _next_bytes(ahead, singles, vocabulary.end)
    ahead.free()
    tokens, over = vocabulary.tokens_of_text(text.decode("utf-8", "ignore")), not possible
    spelt = b"".join(map(vocabulary.piece, tokens))
    if not over:
        tokens = tokens[:-1]
    return (tuple(tokens), over) if spelt == bytes(text) else ((), False)


class _Entry:
    """One grammar: compiled and untouched, and what is known of it."""

    def __init__(self, start: Walker, *, keep: bool) -> None:
        self.start, self.keep = start, keep
        self.known: dict[bytes, Following] = {}


class GrammarMemory:
    """Compiled grammars and what is known of them. `compile` raises BadInput `grammar_invalid`."""

    def __init__(self, vocabulary: Vocabulary, compile: Callable[[str], Walker]) -> None:
        self._vocabulary, self._compile = vocabulary, compile
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    def open(self, text: str) -> HeldGrammar:
        """A grammar for one call, at its start. Raises BadInput `grammar_invalid`."""
        digest = hashlib.sha256(text.encode()).digest()
        entry = self._entries.get(digest)
        if entry is None:
            entry = _Entry(self._compile(text), keep=digest in self._seen)
            if entry.keep:
                self._entries[digest] = entry
                _keep_newest(self._entries, GRAMMARS)
        else:
            self._entries.move_to_end(digest)
        self._seen[digest] = None
        _keep_newest(self._seen, SEEN)
        return HeldGrammar(entry, self._vocabulary)


def _keep_newest(table: OrderedDict[bytes, Any], most: int) -> None:
    while len(table) > most:
        table.popitem(last=False)


class HeldGrammar:
    """One call's place in a grammar. It touches the compiled grammar only where nothing is remembered."""

    def __init__(self, entry: _Entry, vocabulary: Vocabulary) -> None:
        self._entry, self._vocabulary = entry, vocabulary
        self._text, self._tokens = b"", list[int]()
        self._walker: Walker | None = None
        self._walked = 0

    def certain(self) -> tuple[tuple[int, ...], bool]:
        """Accept the tokens that must come next and name them; and whether the answer is over after them."""
        here = self._here()
        for token in here.certain:
            self.accept(token)
        return here.certain, here.over

    def pick(self, logits: Vectors) -> int | None:
        """The most likely token that the grammar allows, or None at a dead end."""
        choices = self._here().choices
        if choices is not None:
            return int(choices[logits[choices].argmax()]) if len(choices) else None
        best, walker = int(logits.argmax()), self._live()
        if walker.allowed(np.array([best], dtype=np.int32))[0]:
            return best
        likely = np.argpartition(logits, -min(LIKELY, len(logits)))[-LIKELY:].astype(np.int32)
        found = self._best(walker, likely, logits)
        return found if found is not None else self._best(walker, np.arange(len(logits), dtype=np.int32), logits)

    def accept(self, token: int) -> None:
        self._tokens.append(token)
        self._text += self._vocabulary.piece(token)

    def free(self) -> None:
        if self._walker is not None:
            self._walker.free()
            self._walker = None

    def _best(self, walker: Walker, tokens: Tokens, logits: Vectors) -> int | None:
        kept = tokens[walker.allowed(tokens)]
        return int(kept[logits[kept].argmax()]) if len(kept) else None

    def _here(self) -> Following:
        known = self._entry.known.get(self._text)
        if known is None:
            known = following(self._live(), self._vocabulary)
            if self._entry.keep and not known.free and len(self._entry.known) < TEXTS:
                self._entry.known[self._text] = known
        return known

    def _live(self) -> Walker:
        """The compiled grammar at this place; made and moved on only when it is asked."""
        if self._walker is None:
            self._walker, self._walked = self._entry.start.copy(), 0
        for token in self._tokens[self._walked :]:
            self._walker.accept(token)
        self._walked = len(self._tokens)
        return self._walker
