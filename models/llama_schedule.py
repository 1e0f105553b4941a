"""Continuous batching: calls of several conversations advance together, one batch a step, and new ones join while others decode.

Pure of llama.cpp: it drives an `Engine`, so that its rules are tested without a model.

- A call's prompt has a prefix (system text and shots) and a rest. The first call with a prefix computes it, then shares its cells
  with a warm sequence; later calls begin there and compute only the rest. A prompt that comes a second time word for word (the opening
  of a common reply) is kept as a whole. The least recently used makes room.
- A step takes one token of each decoding call and fills up with prompt tokens; while somebody decodes, prompts come in small bites.
- A deadline is looked at between steps, and inside a step while prompts are computed.
- Sampling is greedy. What a grammar makes certain is not sampled: its tokens go through the model in one batch with the next choice.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Literal

from domain.errors import BadInput, TellergateError, Unavailable
from models.llama_calls import BatchRow, Call, Engine, Event, Failed, Finished, NoRoom, Piece
from models.port import Timings
from models.warm_texts import WarmTexts

#: Prompt tokens in a step while others decode: about 0.1 s, the pause that a running answer may notice.
BITE_TOKENS = 96
#: Warm prefixes kept beside the working sequences.
PREFIXES = 4
#: Whole prompts kept, and how many are remembered by their hash to know a repeated one.
PROMPTS = 24
#: Sequences that an engine needs beside the working ones.
WARM_SEQUENCES = PREFIXES + PROMPTS
SEEN = 256
#: What is shorter than this is computed faster than it is looked after.
WARM_TOKENS = 8
#: A lone call's certain tokens are computed together from this many on. Rows of two and three cost as much as three to four single
#: ones: for one row llama.cpp streams the weights, for more it takes a kernel that waits for each stretch of them.
TOGETHER = 4


class Schedule:
    """Who is computed next. `step` does one batch and returns what there is to tell; `idle` says that there is nothing to do."""

    def __init__(self, engine: Engine, clock: Callable[[], float], *, sequences: int, queue: int, max_prompt_tokens: int) -> None:
        self._engine, self._clock = engine, clock
        self._queue_limit, self._max_prompt = queue, max_prompt_tokens
        self._free = list(range(sequences))
        self._waiting: list[Call] = []
        self._active: list[Call] = []
        self._prefixes = WarmTexts(engine, range(sequences, sequences + PREFIXES))
        self._prompts = WarmTexts(engine, range(sequences + PREFIXES, sequences + WARM_SEQUENCES))
        self._seen: OrderedDict[int, None] = OrderedDict()

    @property
    def idle(self) -> bool:
        return not self._waiting and not self._active

    def submit(
        self, call_id: int, prefix: list[int], rest: list[int], *, max_tokens: int, deadline: float, grammar: str | None
    ) -> None:
        """Queue a call. Raises BadInput `prompt_too_long`, Unavailable `model_busy` when too many wait."""
        tokens = prefix + rest
        if len(tokens) > self._max_prompt or len(tokens) + max_tokens > self._engine.context_tokens:
            raise BadInput("prompt_too_long", f"{len(tokens)} tokens, at most {self._max_prompt}")
        if len(self._waiting) >= self._queue_limit:
            raise Unavailable("model_busy")
        call = Call(call_id, tokens, len(prefix), max_tokens, deadline, grammar, self._clock())
        call.prompt = call.asked = len(tokens)
        call.key, call.whole = tuple(prefix), tuple(tokens[:-1])
        call.repeated = self._came_before(hash(call.whole))
        self._waiting.append(call)

    def cancel(self, call_id: int) -> None:
        """Forget a call, whatever its stage; unknown ids are fine, since answers and cancellations cross."""
        self._waiting = [call for call in self._waiting if call.id != call_id]
        for call in [call for call in self._active if call.id == call_id]:
            self._release(call)

    def step(self) -> list[Event]:
        """One batch. Raises RuntimeError when the engine is beyond repair."""
        events = self._expire()
        events += self._admit()
        rows, wanted = self._plan()
        if not rows:
            return events
        prefilling = [call for call in self._active if call.done < call.asked]
        limit = min((call.deadline for call in prefilling), default=None)
        should_abort = None if limit is None else (lambda: self._clock() > limit)
        try:
            finished = self._engine.decode(rows, should_abort)
        except NoRoom:
            return [*events, self._fail(self._active[-1], "model_busy")]
        if not finished:
            return events + self._expire() + self._inconsistent()
        computed = Counter(row.sequence for row in rows)
        for call in self._active:
            call.done += computed[call.sequence]
        self._keep_warm()
        for call, index in wanted:
            events += self._sample(call, index)
        return events

    def _expire(self) -> list[Event]:
        now = self._clock()
        late = [call for call in self._waiting if call.deadline <= now]
        self._waiting = [call for call in self._waiting if call.deadline > now]
        events: list[Event] = [Failed(call.id, "model_timeout") for call in late]
        return events + [self._fail(call, "model_timeout") for call in list(self._active) if call.deadline <= now]

    def _inconsistent(self) -> list[Event]:
        """After an aborted batch: calls whose sequence is not as long as we think cannot go on."""
        return [
            self._fail(call, "model_unavailable")
            for call in list(self._active)
            if self._engine.length(call.sequence) != call.done
        ]

    def _admit(self) -> list[Event]:
        """Give free sequences to waiting calls, oldest first; one whose prefix is just being computed waits for it."""
        events: list[Event] = []
        for call in list(self._waiting):
            if not self._free:
                break
            building = {other.key for other in self._active if other.done < other.prefix}
            if call.key in building or not self._make_room(call):
                continue
            self._waiting.remove(call)
            try:
                call.grammar = None if call.grammar_text is None else self._engine.grammar(call.grammar_text)
            except TellergateError as error:
                events.append(Failed(call.id, error.code))
                continue
            call.sequence, call.admitted = self._free.pop(), self._clock()
            call.done = call.reused = self._prompts.begin(call.whole, call.sequence) or self._prefixes.begin(
                call.key, call.sequence
            )
            self._active.append(call)
            events += self._say(call, ())
            call.asked = len(call.tokens)
        return events

    def _make_room(self, call: Call) -> bool:
        """Whether the cells suffice for this call beside all others, after giving up warm texts of nobody active."""
        need = call.cells + sum(other.cells for other in self._active)
        needed = {text for other in (*self._active, call) for text in (other.key, other.whole)}
        while need + self._prefixes.cells + self._prompts.cells > self._engine.context_tokens:
            if not (self._prompts.give_up_one(needed) or self._prefixes.give_up_one(needed)):
                return not self._active
        return True

    def _plan(self) -> tuple[list[BatchRow], list[tuple[Call, int]]]:
        """The rows of the next batch, and which of them end in a choice of token."""
        rows: list[BatchRow] = []
        wanted: list[tuple[Call, int]] = []
        answering = [call for call in self._active if call.done >= call.asked]
        for call in answering:
            self._add(call, len(call.tokens) - call.done, rows, wanted)
        if len(self._active) == 1 and len(rows) < TOGETHER:
            del rows[1:]
            wanted = wanted if wanted and wanted[0][1] == 0 else []
        room = min(self._engine.batch_tokens - len(rows), BITE_TOKENS if rows else self._engine.batch_tokens)
        for call in self._active:
            if call.done < call.asked:
                room -= self._add(call, room, rows, wanted)
        return rows, wanted

    def _add(self, call: Call, most: int, rows: list[BatchRow], wanted: list[tuple[Call, int]]) -> int:
        """Up to `most` of a call's tokens that are not computed yet; after the last one a choice is due. Returns how many."""
        until = min(len(call.tokens), call.done + most)
        for position in range(call.done, until):
            last = position == len(call.tokens) - 1
            if last:
                wanted.append((call, len(rows)))
            rows.append(BatchRow(call.tokens[position], position, call.sequence, last))
        return until - call.done

    def _keep_warm(self) -> None:
        """Keep a prefix that has just been computed, and a prompt that is known to come again."""
        for call in self._active:
            if call.prefix >= WARM_TOKENS and call.done >= call.prefix:
                self._prefixes.keep(call.key, call.sequence, call.prefix)
            if call.repeated and len(call.whole) - call.prefix >= WARM_TOKENS and call.done >= call.prompt:
                self._prompts.keep(call.whole, call.sequence, len(call.whole) - call.prefix)

    def _came_before(self, prompt: int) -> bool:
        known = prompt in self._seen
        self._seen[prompt] = None
        self._seen.move_to_end(prompt)
        if len(self._seen) > SEEN:
            self._seen.popitem(last=False)
        return known

    def _sample(self, call: Call, index: int) -> list[Event]:
        logits = self._engine.logits(index)
        token = int(logits.argmax()) if call.grammar is None else call.grammar.pick(logits)
        if token is None or self._engine.ends(token):
            return self._finish(call, "stop")
        if call.grammar is not None:
            call.grammar.accept(token)
        return self._say(call, (token,))

    def _say(self, call: Call, chosen: tuple[int, ...]) -> list[Event]:
        """Add what was chosen to the answer, and what the grammar makes certain after it; end the call where it is over."""
        certain, over = call.grammar.certain() if call.grammar is not None else ((), False)
        tokens = (*chosen, *certain)
        said = tokens[: call.max_tokens - call.answer]
        text = "".join(call.decoder.decode(self._engine.piece(token)) for token in said)
        if said and not call.answer:
            call.first_token = self._clock()
        call.tokens += said
        call.answer += len(said)
        call.text += text
        events: list[Event] = [Piece(call.id, text)] if text else []
        if over and len(said) == len(tokens):
            return events + self._finish(call, "stop")
        return events + self._finish(call, "length") if call.answer >= call.max_tokens else events

    def _finish(self, call: Call, finish: Literal["stop", "length"]) -> list[Event]:
        if not call.answer:
            call.first_token = self._clock()
        tail = call.decoder.decode(b"", True)
        timings = Timings(
            queue_s=call.admitted - call.arrived,
            prefill_s=call.first_token - call.admitted,
            decode_s=self._clock() - call.first_token,
            prompt_tokens=call.prompt,
            reused_tokens=call.reused,
        )
        self._release(call)
        events: list[Event] = [Piece(call.id, tail)] if tail else []
        return [*events, Finished(call.id, call.text + tail, call.answer, finish, timings)]

    def _fail(self, call: Call, code: str) -> Failed:
        self._release(call)
        return Failed(call.id, code)

    def _release(self, call: Call) -> None:
        self._active.remove(call)
        self._engine.drop(call.sequence)
        self._free.append(call.sequence)
        if call.grammar is not None:
            call.grammar.free()
            call.grammar = None
