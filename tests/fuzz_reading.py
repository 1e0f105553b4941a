"""The slowest text to read: a seeded run of hostile texts through everything that reads a message without a model.

python -m tests.fuzz_reading [--seconds 60] [--seed 0]

For masking, screening, the parsers, plain wishes and the whole reader it prints the slowest text that was found, its time, and how many
times longer that is than an ordinary message and than ordinary talk of the same length. Slow texts are tried again (best of five) and varied.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from time import monotonic, process_time

from agents.masking import mask
from agents.personal import find_personal
from agents.screen import is_hinglish, language_of, screen
from agents.understanding import MessageReader
from agents.values_said import said_values
from agents.wishes import wishes
from domain.conversation import Ask, Say
from domain.ports import ReadingContext
from models.parsers.answers import read_answer
from models.parsers.values import read_values
from tests.support.hostile_texts import LONGEST, ORDINARY, Hostile, drawn, fixed

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
WHICH = Ask(kind="text", slot="claim", prompt=Say(template="dispute.which_payment"))
CONTEXT = ReadingContext(NOW, "Asia/Kolkata", "en", WHICH, "dispute", 1.0)
#: Times a suspect is read again; the quickest counts, so that a busy machine makes nothing slow.
AGAIN = 5
#: Suspects of each stage that are varied.
KEPT = 6
#: So many texts apart, a slow one is varied.
VARIED_EVERY = 5


class _Clock:
    def monotonic(self) -> float:
        return 0.0


def _read(text: str) -> None:
    """The reader without classifier and model does not wait for anything, so its coroutine ends at the first step."""
    reading = MessageReader(_Clock()).understand(text, CONTEXT)  # type: ignore[arg-type]
    try:
        reading.send(None)
    except StopIteration:
        return
    raise AssertionError("the reader waited for something")


def _screening(text: str) -> None:
    screen(text)
    language_of(text, "en")
    is_hinglish(text)


def _parsing(text: str) -> None:
    read_values(text, now=NOW, zone="Asia/Kolkata")
    read_answer(text)
    said_values(text, CONTEXT, about_payment=True)


def everything(text: str) -> None:
    """What happens to a message before any model is asked."""
    _read(mask(text, open_purpose="otp", recent=[text[-200:], text[:200]]).text)


STAGES: dict[str, Callable[[str], object]] = {
    "masking": lambda text: mask(text, recent=[text[-200:], text[:200]]),
    "personal data": find_personal,
    "screening": _screening,
    "parsers": _parsing,
    "wishes": wishes,
    "everything": everything,
}


def seconds(stage: str, text: str, times: int = 1) -> float:
    """Seconds of processor time to read a text, the quickest of so many tries."""
    took = []
    for _ in range(times):
        began = process_time()
        STAGES[stage](text)
        took.append(process_time() - began)
    return min(took)


def ordinary(stage: str) -> tuple[float, float]:
    """Seconds for an ordinary message, and for ordinary talk as long as a message may be."""
    long = " ".join(ORDINARY * 9)[:LONGEST]
    return median(seconds(stage, text, AGAIN) for text in ORDINARY), seconds(stage, long, AGAIN)


@dataclass(frozen=True, slots=True)
class Slow:
    """A slow text of one stage."""

    seconds: float
    text: Hostile


def slowest(texts: Iterator[Hostile], stages: list[str], until: float, seed: int) -> dict[str, list[Slow]]:
    """The slowest texts of each stage among these and variations of them."""
    rng = random.Random(seed)
    found: dict[str, list[Slow]] = {stage: [] for stage in stages}
    count = 0
    for text in texts:
        count += 1
        for stage in stages:
            for tried in (
                text,
                *([_varied(rng.choice(found[stage]).text, rng)] if found[stage] and count % VARIED_EVERY == 0 else []),
            ):
                worst = found[stage]
                took = seconds(stage, tried.text)
                if len(worst) == KEPT and took <= worst[-1].seconds:
                    continue
                took = min(took, seconds(stage, tried.text))
                worst.append(Slow(took, tried))
                worst.sort(key=lambda slow: -slow.seconds)
                del worst[KEPT:]
        if monotonic() > until:
            break
    print(f"{count} texts")
    return found


def _varied(text: Hostile, rng: random.Random) -> Hostile:
    """A part of the text doubled, cut out, or moved to another place."""
    start, size = rng.randrange(len(text.text) or 1), rng.randint(1, 400)
    part, rest = text.text[start : start + size], text.text[:start] + text.text[start + size :]
    place = rng.randrange(len(rest) + 1)
    varied = rng.choice((text.text[:start] + part * 3 + text.text[start:], rest, rest[:place] + part + rest[place:]))
    return Hostile(varied[:LONGEST], f"{text.recipe}, varied")


def _all(seed: int) -> Iterator[Hostile]:
    yield from fixed()
    yield from drawn(seed)


def main() -> None:
    """Run and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--seed", type=int, default=0)
    arguments = asked.parse_args()
    everything(ORDINARY[-1])  # lists and patterns are loaded
    found = slowest(_all(arguments.seed), list(STAGES), monotonic() + arguments.seconds, arguments.seed)
    print(f"{'stage':14} {'slowest':>9} {'ordinary':>9} {'times':>6} {'long talk':>9} {'times':>6}   text")
    for stage, slow in found.items():
        usual, long = ordinary(stage)
        worst = max((Slow(seconds(stage, each.text.text, AGAIN), each.text) for each in slow), key=lambda each: each.seconds)
        print(
            f"{stage:14} {worst.seconds * 1e3:6.1f} ms {usual * 1e3:6.2f} ms {worst.seconds / usual:6.0f} {long * 1e3:6.1f} ms "
            f"{worst.seconds / long:6.1f}   {len(worst.text.text)} characters: {worst.text.recipe[:110]}"
        )


if __name__ == "__main__":
    main()
