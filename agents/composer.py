"""From things to say to checked words: template first, a model's wording where it helps, and the grounding check before anything goes out.

The default is that a model chooses the opening sentence from a grammar of courtesies (`opening`); a model of 3B and more may reword
the whole (`reword`). Whatever goes wrong — model down, late, or wrong — the template is the reply, at once.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from agents.claims import claims
from agents.fact_grammar import fact_grammar
from agents.grounding import Ground, check
from agents.personas import persona as persona_named
from agents.problems import Problem
from agents.prompt_files import grammar, prompt_file
from agents.replies import ReplyBook
from agents.wordlists import sentences
from domain.clock import SystemClock
from domain.conversation import Language, Say
from domain.errors import TellergateError
from domain.ports import Composed
from models.port import ChatModel, Completion, Prompt

Mode = Literal["off", "opening", "reword"]
#: Seconds a wording may take at most, whatever the turn has left: at 0.9 the first sentence has to be out, the template's if need be.
MAX_PHRASE_S = 0.8
#: Less than this is not worth asking for.
MIN_PHRASE_S = 0.1
MAX_OPENING_TOKENS = 28
MAX_REWORD_TOKENS = 200
BETWEEN = "\n\n"
#: How much of what comes next the model sees when it chooses an opening.
SHOWN_NEXT = 160


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be worded: one of the things to say, its template's text, and the text before and after it."""

    ground: Ground
    before: str
    kept: str
    after: str
    prompt: Prompt
    grammar: str
    label: str
    max_tokens: int

    @property
    def grounds(self) -> list[Ground]:
        return [self.ground]


class Composer:
    """The ReplyComposer. `model=None` or mode `off` means templates only; a wording never takes longer than `longest_s` seconds."""

    def __init__(
        self,
        book: ReplyBook,
        clock: SystemClock,
        model: ChatModel | None = None,
        mode: Mode = "opening",
        *,
        longest_s: float = MAX_PHRASE_S,
    ) -> None:
        self._book, self._clock, self._model, self._mode, self._longest_s = book, clock, model, mode, longest_s

    def render(self, say: Say, language: Language) -> str:
        """The template's own words. Raises Broken `reply_unknown`, `reply_fact_missing`, `reply_not_rendered`."""
        return self._book.render(say, language)

    async def compose(
        self,
        says: list[Say],
        *,
        language: Language,
        persona: str,
        budget_s: float,
        on_sentence: Callable[[str], None] | None = None,
    ) -> Composed:
        """One reply for all of `says`. `on_sentence` gets whole checked sentences as they are certain; the result stands over them.

        `detail` tells what became of the wording: `mode`, `reason` (accepted, rejected, no_opening, language, off, no_model, budget, or the
        error's code), `problems`, `ms`, `tokens`, `model`, `prompt`, `replies`.
        """
        texts = [self._book.render(say, language) for say in says]
        template = BETWEEN.join(text for text in texts if text)
        detail: dict[str, Any] = {"accepted": False, "reason": "", "mode": self._mode, "replies": self._book.digest[:12]}
        task = self._task(says, texts, language, persona, budget_s, detail)
        if task is None or self._model is None:
            return Composed(template, "template", detail)
        started = self._clock.monotonic()
        text = await self._worded(self._model, task, min(budget_s, self._longest_s), on_sentence, detail)
        detail["ms"] = round((self._clock.monotonic() - started) * 1000, 1)
        if text is None:
            return Composed(template, "template", detail)
        detail |= {"accepted": True, "reason": "accepted"}
        return Composed(text, "model", detail)

    def _task(
        self, says: list[Say], texts: list[str], language: Language, persona: str, budget_s: float, detail: dict[str, Any]
    ) -> _Task | None:
        """What to ask the model for, or None with the reason in `detail`."""
        if self._mode == "off" or self._model is None:
            detail["reason"] = "off" if self._mode == "off" else "no_model"
        elif language != "en":
            detail["reason"] = "language"
        elif budget_s < MIN_PHRASE_S:
            detail["reason"] = "budget"
        else:
            build = self._opening if self._mode == "opening" else self._reword
            for place, say in enumerate(says):
                # Words of others enter no prompt: an opening is chosen without them, and a text that quotes them is not reworded.
                quotes = self._mode == "reword" and "“" in texts[place]
                if say.phrase and self._book.get(say.template).phrase and texts[place] and not quotes:
                    task = build(say, texts, place, persona)
                    if task is not None:
                        detail["prompt"] = task.label
                        return task
            detail["reason"] = "no_opening" if self._mode == "opening" else "word_for_word"
        return None

    def _ground(self, say: Say, text: str, persona: str) -> Ground:
        reply = self._book.get(say.template)
        unsaid = tuple(pattern for pattern in persona_named(persona).never_says if not pattern.search(text))
        return Ground(text, say.facts, tuple(dict.fromkeys((*reply.must, *say.must))), (*reply.never, *unsaid))

    def _opening(self, say: Say, texts: list[str], place: int, persona: str) -> _Task | None:
        reply = self._book.get(say.template)
        if reply.opening is None:
            return None
        text, file = texts[place], prompt_file("lead")
        kept = text[len(sentences(text)[0]) :].lstrip(" ") if reply.opens_with_it else text
        return _Task(
            ground=self._ground(say, text, persona),
            before=BETWEEN.join(filter(None, texts[:place])),
            kept=kept,
            after=BETWEEN.join(filter(None, texts[place + 1 :])),
            prompt=file.ask(f"Next: {_without_facts(kept or BETWEEN.join(texts[place + 1 :]))}"),
            grammar=grammar(persona_named(persona).grammar, reply.opening),
            label=file.label,
            max_tokens=MAX_OPENING_TOKENS,
        )

    def _reword(self, say: Say, texts: list[str], place: int, persona: str) -> _Task:
        text, file = texts[place], prompt_file("reword")
        return _Task(
            ground=self._ground(say, text, persona),
            before=BETWEEN.join(filter(None, texts[:place])),
            kept="",
            after=BETWEEN.join(filter(None, texts[place + 1 :])),
            prompt=file.ask(f"Voice: {persona_named(persona).voice}. Message: {text}"),
            grammar=fact_grammar(text, say.facts.values()),
            label=file.label,
            max_tokens=MAX_REWORD_TOKENS,
        )

    async def _worded(
        self, model: ChatModel, task: _Task, budget_s: float, on_sentence: Callable[[str], None] | None, detail: dict[str, Any]
    ) -> str | None:
        """The checked reply with the model's wording in it, or None."""
        hearing = _Hearing(task.grounds, task.before, on_sentence)
        try:
            done = await hearing.listen(model, task, budget_s)
        except TellergateError as error:
            detail["reason"] = error.code
            return None
        if done is not None:
            detail |= {"tokens": done.tokens, "model": done.model.sha256[:12] or done.model.name}
        wording = hearing.text.strip()
        problems = list(hearing.problems)
        if not problems and not wording:
            problems = [Problem("empty")]
        if not problems and (done is None or done.finish != "stop"):
            problems = [Problem("too_long")]
        whole = f"{wording} {task.kept}".strip() if task.kept else wording
        problems = problems or list(check(whole, task.grounds, "en"))
        if problems:
            detail |= {"reason": "rejected", "problems": sorted({problem.kind for problem in problems})}
            return None
        hearing.finish(task.kept, task.after)
        return BETWEEN.join(filter(None, (task.before, whole, task.after)))


class _Hearing:
    """Listens to a model, checks each whole sentence, passes it on, and stops the model at the first one that fails."""

    def __init__(self, grounds: list[Ground], before: str, on_sentence: Callable[[str], None] | None) -> None:
        self.text = ""
        self.problems: tuple[Problem, ...] = ()
        self._grounds, self._before, self._tell = grounds, before, on_sentence
        self._checked = 0
        self._failed = asyncio.Event()

    async def listen(self, model: ChatModel, task: _Task, budget_s: float) -> Completion | None:
        asked = asyncio.ensure_future(
            model.complete(task.prompt, grammar=task.grammar, max_tokens=task.max_tokens, deadline_s=budget_s, on_text=self._hear)
        )
        failed = asyncio.ensure_future(self._failed.wait())
        try:
            await asyncio.wait({asked, failed}, return_when=asyncio.FIRST_COMPLETED, timeout=budget_s + MIN_PHRASE_S)
            if not asked.done():
                self.problems = self.problems or (Problem("too_long"),)
                return None
            done = asked.result()
        finally:
            for future in (asked, failed):
                future.cancel()
            await asyncio.gather(asked, failed, return_exceptions=True)
        self.text = done.text
        self._check(final=True)
        return done

    def _hear(self, piece: str) -> None:
        if not self.problems:
            self.text += piece
            self._check(final=False)

    def _check(self, *, final: bool) -> None:
        """Check the sentences that are whole by now: an end mark with a space after it, or the end of the text."""
        while not self.problems and (
            match := _WHOLE.match(self.text, self._checked) or (final and _REST.match(self.text, self._checked))
        ):
            sentence = match.group()
            self._checked = match.end()
            self.problems = check(sentence.strip(), self._grounds, "en", whole=False)
            if self.problems:
                self._failed.set()
                return
            self._say(sentence.strip() + " ")

    def _say(self, text: str) -> None:
        if self._tell is None:
            return
        if self._before:
            self._tell(self._before + BETWEEN)
            self._before = ""
        self._tell(text)

    def finish(self, kept: str, after: str) -> None:
        """The template's own sentences that follow the wording."""
        if self._tell is not None:
            rest = kept + (BETWEEN + after if after else "")
            for sentence in sentences(rest.strip(" ")):
                self._tell(sentence)


_WHOLE = re.compile(r"\s*[^.!?]*(?:[.!?](?!\s)[^.!?]*)*[.!?]+(?=\s)")
_REST = re.compile(r"\s*\S.*", re.DOTALL)


def _without_facts(text: str) -> str:
    """What comes next, for the model's ear only: no figures, nothing that others wrote, and short."""
    bare = re.sub(r"“[^”]*”", "", text)
    words = [
        word for word in bare.split() if not any(claim.kind != "number" for claim in claims(word)) and not re.search(r"\d", word)
    ]
    return " ".join(words)[:SHOWN_NEXT]
