"""What every ChatModel keeps to: the scripted twin, an OpenAI-compatible endpoint, and the local model in its own process."""

from __future__ import annotations

import asyncio

import pytest

from domain.errors import BadInput, Unavailable
from models.port import Prompt, Shot
from tests.contract.models.conftest import Bench, EndpointBench

PROMPT = Prompt("You answer in a few words.", "What colour is the sky?", (Shot("What colour is grass?", "Grass is green."),))
BLUE = "The sky is blue on a clear day."


async def test_that_an_answer_says_what_it_took_and_who_gave_it(bench: Bench) -> None:
    bench.next(BLUE)
    completion = await bench.model.complete(PROMPT, max_tokens=24, deadline_s=10)
    assert completion.text.strip()
    assert 0 < completion.tokens <= 24
    assert completion.finish in ("stop", "length")
    assert completion.model == await bench.model.chat_identity()
    assert completion.model.name


async def test_that_pieces_make_up_the_text_in_order(bench: Bench) -> None:
    bench.next(BLUE)
    pieces: list[str] = []
    completion = await bench.model.complete(PROMPT, max_tokens=24, deadline_s=10, on_text=pieces.append)
    assert "".join(pieces) == completion.text
    assert len(pieces) > 1


async def test_that_the_same_prompt_gives_the_same_text(bench: Bench) -> None:
    bench.next(BLUE)
    bench.next(BLUE)
    first = await bench.model.complete(PROMPT, max_tokens=12, deadline_s=10)
    await asyncio.sleep(0)
    assert (await bench.model.complete(PROMPT, max_tokens=12, deadline_s=10)).text[:4] == first.text[:4]


async def test_that_the_answer_stops_at_the_limit(bench: Bench) -> None:
    bench.next("one two three four five")
    completion = await bench.model.complete(Prompt("Count.", "Count from one to fifty."), max_tokens=2, deadline_s=10)
    assert (completion.tokens, completion.finish) == (2, "length")


async def test_that_a_grammar_holds(bench: Bench) -> None:
    bench.next("maybe")
    grammar = 'root ::= "perhaps" | "maybe" | "surely"'
    completion = await bench.model.complete(PROMPT, grammar=grammar, max_tokens=8, deadline_s=10)
    assert completion.text in ("perhaps", "maybe", "surely")


async def test_that_a_grammar_that_is_none_is_refused(bench: Bench) -> None:
    bench.next("never said")
    with pytest.raises(BadInput, match="grammar_invalid"):
        await bench.model.complete(PROMPT, grammar="root ::= [", max_tokens=8, deadline_s=10)


async def test_that_a_prompt_that_is_too_long_is_refused(bench: Bench) -> None:
    bench.next("never said")
    with pytest.raises(BadInput, match="prompt_too_long"):
        await bench.model.complete(Prompt("s", "word " * 4000), max_tokens=8, deadline_s=10)


async def test_that_time_that_is_over_is_said_in_time(bench: Bench) -> None:
    bench.next(BLUE, slow_s=5)
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(Unavailable, match="model_timeout"):
        await bench.model.complete(Prompt("Count slowly.", "Count to ten thousand."), max_tokens=500, deadline_s=0.15)
    assert loop.time() - began < 1.0


async def test_that_a_cancelled_call_leaves_the_model_usable(bench: Bench) -> None:
    bench.next(BLUE, slow_s=5)
    bench.next(BLUE)
    task = asyncio.create_task(bench.model.complete(Prompt("Count.", "Count to ten thousand."), max_tokens=500, deadline_s=20))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await bench.model.complete(PROMPT, max_tokens=8, deadline_s=10)).text


async def test_that_calls_at_once_each_get_their_answer(bench: Bench) -> None:
    for _ in range(8):
        bench.next("yes")
    calls = [bench.model.complete(PROMPT, grammar='root ::= "yes" | "no"', max_tokens=4, deadline_s=20) for _ in range(8)]
    assert {completion.text for completion in await asyncio.gather(*calls)} <= {"yes", "no"}


@pytest.mark.parametrize(("status", "code"), [(429, "model_busy"), (503, "model_unavailable"), (400, "model_unavailable")])
async def test_that_an_endpoints_refusal_has_our_code(endpoint_bench: EndpointBench, status: int, code: str) -> None:
    endpoint_bench.endpoint.status = status
    with pytest.raises(Unavailable, match=code):
        await endpoint_bench.model.complete(PROMPT, deadline_s=5)


async def test_that_an_endpoint_is_asked_as_documented(endpoint_bench: EndpointBench) -> None:
    endpoint_bench.next(BLUE)
    await endpoint_bench.model.complete(PROMPT, grammar='root ::= "x"', max_tokens=9, deadline_s=5)
    asked = endpoint_bench.endpoint.asked[0]
    assert [message["role"] for message in asked["messages"]] == ["system", "user", "assistant", "user"]
    assert (asked["model"], asked["max_tokens"], asked["temperature"], asked["grammar"]) == ("shared-8b", 9, 0, 'root ::= "x"')
