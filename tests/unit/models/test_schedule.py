"""Continuous batching without a model: who is computed when, what is kept, and how calls end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pytest

from domain.errors import BadInput, Unavailable
from models.llama_calls import BatchRow, Event, Failed, Finished, NoRoom, Piece
from models.llama_schedule import BITE_TOKENS, PREFIXES, PROMPTS, Schedule
from models.port import Vectors

VOCABULARY = 64
END = 0
PREFIX = list(range(10, 20))


class FakeGrammar:
    """Allows one letter over and over; of `42+43+44.` the letters after the plus signs are certain after each choice, a dot ends it."""

    def __init__(self, text: str) -> None:
        self._token, *self._certain = map(int, text.rstrip(".").split("+"))
        self._over, self.freed = text.endswith("."), False
        self._chosen = False

    def pick(self, logits: Vectors) -> int | None:
        return self._token

    def accept(self, token: int) -> None:
        assert token == self._token
        self._chosen = True

    def certain(self) -> tuple[tuple[int, ...], bool]:
        return (tuple(self._certain), self._over) if self._chosen else ((), False)

    def free(self) -> None:
        self.freed = True


class FakeEngine:
    """Says the letters after the prompt's last token, one a step, and then that it is over; keeps book of every sequence."""

    batch_tokens = 512
    context_tokens = 4096

    def __init__(self, answers: int = 3) -> None:
        self._answers = answers
        self.sequences: defaultdict[int, list[int]] = defaultdict(list)
        self.batches: list[list[BatchRow]] = []
        self.grammars: list[FakeGrammar] = []
        self.abort_next = False
        self.full = False
        self._prompts: dict[int, int] = {}

    def grammar(self, text: str) -> FakeGrammar:
        if text == "bad":
            raise BadInput("grammar_invalid")
        self.grammars.append(FakeGrammar(text))
        return self.grammars[-1]

    def decode(self, rows: list[BatchRow], should_abort: Callable[[], bool] | None) -> bool:
        assert 0 < len(rows) <= self.batch_tokens
        if self.full:
            raise NoRoom
        if self.abort_next:
            self.abort_next = False
            assert should_abort is not None
            return False
        for row in rows:
            assert row.position == len(self.sequences[row.sequence]), "positions follow each other"
            self.sequences[row.sequence].append(row.token)
        self.batches.append(rows)
        return True

    def logits(self, index: int) -> Vectors:
        row = self.batches[-1][index]
        assert row.wanted
        logits = np.zeros(VOCABULARY, dtype=np.float32)
        said = self.sequences[row.sequence][-self._answers :]
        over = len(said) == self._answers and all(token >= 40 for token in said)
        logits[END if over else max(40, row.token + 1)] = 1.0
        return logits

    def share(self, source: int, target: int, tokens: int) -> None:
        assert not self.sequences[target]
        self.sequences[target] = self.sequences[source][:tokens]

    def drop(self, sequence: int) -> None:
        self.sequences.pop(sequence, None)

    def length(self, sequence: int) -> int:
        return len(self.sequences[sequence])

    def piece(self, token: int) -> bytes:
        return bytes([97 + token - 40])

    def ends(self, token: int) -> bool:
        return token == END


class Desk:
    """A schedule with a clock that is turned by hand."""

    def __init__(self, answers: int = 3, sequences: int = 4, queue: int = 16, max_prompt_tokens: int = 1000) -> None:
        self.engine, self.now = FakeEngine(answers), 0.0
        self.schedule = Schedule(
            self.engine, lambda: self.now, sequences=sequences, queue=queue, max_prompt_tokens=max_prompt_tokens
        )

    def submit(
        self,
        call: int,
        rest: int = 5,
        prefix: list[int] | None = None,
        deadline: float = 10.0,
        tokens: int = 20,
        grammar: str | None = None,
    ) -> None:
        start = PREFIX if prefix is None else prefix
        self.schedule.submit(call, start, [30] * rest, max_tokens=tokens, deadline=deadline, grammar=grammar)

    def finish(self) -> list[Event]:
        events: list[Event] = []
        for _ in range(500):
            if self.schedule.idle:
                return events
            events += self.schedule.step()
        raise AssertionError("it never ends")


def ends(events: list[Event]) -> dict[int, str]:
    """call id → text or error code"""
    return {
        event.id: event.text if isinstance(event, Finished) else event.code for event in events if not isinstance(event, Piece)
    }


def test_that_pieces_make_up_the_answer() -> None:
    desk = Desk()
    desk.submit(1)
    events = desk.finish()
    assert "".join(event.text for event in events if isinstance(event, Piece)) == "abc"
    assert ends(events) == {1: "abc"}


def test_that_an_answer_is_cut_at_its_limit() -> None:
    desk = Desk()
    desk.submit(1, tokens=2)
    finished = [event for event in desk.finish() if isinstance(event, Finished)]
    assert [(each.text, each.finish, each.tokens) for each in finished] == [("ab", "length", 2)]


def test_that_calls_decode_together() -> None:
    desk = Desk()
    for call in range(4):
        desk.submit(call)
    assert ends(desk.finish()) == dict.fromkeys(range(4), "abc")
    assert max(len({row.sequence for row in batch}) for batch in desk.engine.batches) == 4


def test_that_a_call_joins_while_another_decodes_and_delays_it_by_a_bite_at_most() -> None:
    desk = Desk(answers=9)
    desk.submit(1)
    desk.schedule.step()
    desk.submit(2, rest=300)
    desk.schedule.step()
    joined = desk.engine.batches[-1]
    assert len({row.sequence for row in joined}) == 2
    assert len(joined) == 1 + BITE_TOKENS
    assert ends(desk.finish()) == {1: "abcdefghi", 2: "abcdefghi"}


def test_that_more_calls_than_sequences_wait_their_turn() -> None:
    desk = Desk(sequences=2)
    for call in range(7):
        desk.submit(call)
    assert list(ends(desk.finish())) == list(range(7))


def test_that_a_prefix_is_computed_once_for_calls_that_come_together() -> None:
    desk = Desk()
    for call in range(4):
        desk.submit(call)
    finished = [event for event in desk.finish() if isinstance(event, Finished)]
    assert sorted(each.timings.reused_tokens for each in finished) == [0, len(PREFIX), len(PREFIX), len(PREFIX)]
    assert sum(row.token in PREFIX for batch in desk.engine.batches for row in batch) == len(PREFIX)


def test_that_a_warm_prefix_serves_later_calls_and_the_oldest_makes_room() -> None:
    desk = Desk()
    prefixes = [[10 + number] * 10 for number in range(PREFIXES + 1)]
    for call, prefix in enumerate([*prefixes, prefixes[-1], prefixes[0]]):
        desk.submit(call, prefix=prefix)
        finished = [event for event in desk.finish() if isinstance(event, Finished)][0]
        assert finished.timings.reused_tokens == (10 if call == len(prefixes) else 0)


def test_that_a_prompt_that_comes_again_is_kept_as_a_whole_from_its_second_time_on() -> None:
    desk = Desk()
    reused = []
    for call in range(4):
        desk.submit(call, rest=12)
        reused += [event.timings.reused_tokens for event in desk.finish() if isinstance(event, Finished)]
    assert reused == [0, len(PREFIX), len(PREFIX) + 11, len(PREFIX) + 11]
    assert len(desk.engine.batches[-3]) == 1, "only the last token is computed anew, for the choice after it"


def test_that_a_prompt_that_comes_once_leaves_nothing_behind() -> None:
    desk = Desk()
    for call in range(5):
        desk.submit(call, rest=12 + call)
    desk.finish()
    assert [text for text in desk.engine.sequences.values() if text] == [PREFIX]


def test_that_kept_prompts_make_room_for_the_latest() -> None:
    desk = Desk()
    for call in range(2 * PROMPTS + 4):
        desk.submit(call, rest=12 + call // 2)
        desk.finish()
    assert sum(len(text) > len(PREFIX) for text in desk.engine.sequences.values()) == PROMPTS


def test_that_a_prompt_over_the_limit_is_refused_before_it_reaches_the_engine() -> None:
    desk = Desk(max_prompt_tokens=50)
    with pytest.raises(BadInput, match="prompt_too_long"):
        desk.submit(1, rest=41)
    assert desk.engine.batches == []


def test_that_a_prompt_larger_than_a_batch_is_computed_in_several() -> None:
    desk = Desk(max_prompt_tokens=2000)
    desk.submit(1, rest=1500)
    assert ends(desk.finish()) == {1: "abc"}


def test_that_a_full_queue_is_busy() -> None:
    desk = Desk(queue=1)
    desk.submit(1)
    with pytest.raises(Unavailable, match="model_busy"):
        desk.submit(2)


def test_that_deadlines_end_waiting_and_running_calls() -> None:
    desk = Desk(answers=100, sequences=1)
    desk.submit(1, deadline=1.0, tokens=200)
    desk.submit(2, deadline=2.0)
    desk.schedule.step()
    desk.now = 3.0
    assert ends(desk.finish()) == {1: "model_timeout", 2: "model_timeout"}
    assert desk.engine.length(0) == 0


def test_that_an_aborted_batch_ends_only_the_late_call() -> None:
    desk = Desk()
    desk.submit(1, rest=100, deadline=1.0)
    desk.submit(2, prefix=[11] * 10, deadline=9.0)
    desk.engine.abort_next = True
    desk.now = 0.5
    events = desk.schedule.step()
    desk.now = 2.0
    assert ends(events + desk.finish()) == {1: "model_timeout", 2: "abc"}


def test_that_a_cancelled_call_frees_its_sequence_at_once() -> None:
    desk = Desk(answers=100, sequences=1)
    desk.submit(1, tokens=200)
    desk.submit(2, tokens=3)
    desk.schedule.step()
    desk.schedule.cancel(1)
    desk.schedule.cancel(99)
    assert ends(desk.finish()) == {2: "abc"}


def test_that_a_grammar_decides_and_is_freed() -> None:
    desk = Desk()
    desk.submit(1, tokens=4, grammar="42")
    assert ends(desk.finish()) == {1: "cccc"}
    assert desk.engine.grammars[0].freed


def test_that_eight_conversations_with_secrets_of_their_own_never_mix() -> None:
    """One prefix for all, prompts of unlike length, joining and leaving at unlike times: each answer follows from its own prompt."""
    desk = Desk(answers=4, sequences=8)
    secrets, events = {call: 41 + call for call in range(16)}, list[Event]()
    for call, secret in secrets.items():
        desk.schedule.submit(call, PREFIX, [30] * (3 * call) + [secret], max_tokens=2 + call % 2, deadline=10.0, grammar=None)
        if call % 5 == 2:
            events += desk.schedule.step()
    assert ends(events + desk.finish()) == {
        call: "".join(chr(97 + secret + place - 39) for place in range(2 + call % 2)) for call, secret in secrets.items()
    }


def test_that_a_sequence_is_empty_when_the_next_conversation_gets_it() -> None:
    desk = Desk(sequences=1)
    for call, secret in enumerate((41, 45, 49)):
        desk.schedule.submit(call, PREFIX, [secret], max_tokens=3, deadline=10.0, grammar=None)
    desk.finish()
    asked = [[row.token for row in batch if row.token in (41, 45, 49)] for batch in desk.engine.batches]
    assert [tokens for tokens in asked if tokens] == [[41], [45], [49]]
    assert desk.engine.length(0) == 0


def test_that_certain_tokens_are_computed_in_one_batch_with_the_next_choice() -> None:
    desk = Desk()
    desk.submit(1, tokens=10, grammar="42+43+44+45+46")
    assert ends(desk.finish()) == {1: "cdefgcdefg"}
    assert [len(batch) for batch in desk.engine.batches] == [len(PREFIX) + 5, 5]
    assert [row.wanted for row in desk.engine.batches[-1]] == [False] * 4 + [True]


def test_that_a_lone_calls_few_certain_tokens_are_computed_one_by_one_and_together_with_others() -> None:
    desk = Desk()
    desk.submit(1, tokens=4, grammar="42+43")
    desk.finish()
    assert [len(batch) for batch in desk.engine.batches[1:]] == [1, 1]
    for call in (2, 3):
        desk.submit(call, tokens=4, grammar="42+43")
    desk.engine.batches.clear()
    assert ends(desk.finish()) == {2: "cdcd", 3: "cdcd"}
    assert len(desk.engine.batches[-1]) == 4


def test_that_an_answer_that_is_certain_to_its_end_takes_no_further_step() -> None:
    desk = Desk()
    desk.submit(1, tokens=10, grammar="42+43+44.")
    finished = [event for event in desk.finish() if isinstance(event, Finished)]
    assert [(each.text, each.finish, each.tokens) for each in finished] == [("cde", "stop", 3)]
    assert len(desk.engine.batches) == 1


def test_that_certain_text_is_cut_at_the_limit_too() -> None:
    desk = Desk()
    desk.submit(1, tokens=2, grammar="42+43+44.")
    finished = [event for event in desk.finish() if isinstance(event, Finished)]
    assert [(each.text, each.finish, each.tokens) for each in finished] == [("cd", "length", 2)]


def test_that_a_bad_grammar_ends_its_call_and_no_other() -> None:
    desk = Desk()
    desk.submit(1, grammar="bad")
    desk.submit(2)
    assert ends(desk.finish()) == {1: "grammar_invalid", 2: "abc"}


def test_that_full_cells_end_the_youngest_call() -> None:
    desk = Desk()
    desk.submit(1)
    desk.schedule.step()
    desk.submit(2)
    desk.engine.full = True
    events = desk.schedule.step()
    desk.engine.full = False
    assert ends(events) == {2: "model_busy"}
    assert ends(desk.finish()) == {1: "abc"}


def test_that_calls_are_admitted_only_while_their_cells_suffice() -> None:
    desk = Desk(max_prompt_tokens=4000)
    desk.submit(1, rest=1500, tokens=600)
    desk.submit(2, rest=1500, prefix=[11] * 10, tokens=600)
    desk.schedule.step()
    assert len({row.sequence for row in desk.engine.batches[-1]}) == 1
    assert ends(desk.finish()) == {1: "abc", 2: "abc"}


def test_that_a_character_of_several_tokens_comes_out_whole() -> None:
    desk = Desk()
    letters = iter(["é".encode()[:1], "é".encode()[1:], b"!"])
    desk.engine.piece = lambda token: next(letters)  # type: ignore[method-assign]
    desk.submit(1)
    events = desk.finish()
    assert [event.text for event in events if isinstance(event, Piece)] == ["é", "!"]


def test_that_failures_are_told_once() -> None:
    desk = Desk()
    desk.submit(1, deadline=0.0)
    assert [event for event in desk.finish() if isinstance(event, Failed)] == [Failed(1, "model_timeout")]
