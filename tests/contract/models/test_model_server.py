"""The model server with the real models: its workers may die at any moment, and only the calls they had are lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import Unavailable
from models.client import ModelClient
from models.config import ModelConfig
from models.keeper import ModelServerKeeper, ensure_model_server
from models.port import Prompt

pytestmark = pytest.mark.model

SHORT = Prompt("You answer in a few words.", "What colour is the sky?")
LONG_ANSWER = Prompt("You tell very long stories.", "Tell me about the sea, and never stop.")
#: Some 1,400 tokens of prompt that no call has warmed: a second and more of prefill.
LONG_PROMPT = Prompt("Summarise. " + "The ship sailed on and on over the wide grey sea. " * 110, "Go on.")


@pytest.fixture
async def watched(client: ModelClient) -> AsyncIterator[ModelClient]:
    """The client, with both workers ready before and after."""
    await client.chat_identity()
    yield client
    await client.chat_identity()
    await client.encoder_identity()


async def pid_of(client: ModelClient, worker: str) -> int:
    pid: int = (await client.health())["workers"][worker]["pid"]
    return pid


async def test_that_sigsegv_in_mid_decode_fails_the_call_at_once_and_the_next_one_succeeds(watched: ModelClient) -> None:
    speaking, loop = asyncio.Event(), asyncio.get_running_loop()
    call = asyncio.create_task(
        watched.complete(LONG_ANSWER, max_tokens=400, deadline_s=30, on_text=lambda _piece: speaking.set())
    )
    await speaking.wait()
    died = loop.time()
    os.kill(await pid_of(watched, "llama"), signal.SIGSEGV)
    with pytest.raises(Unavailable, match="model_unavailable"):
        await call
    assert loop.time() - died < 1.0
    assert (await watched.complete(SHORT, max_tokens=8, deadline_s=15)).text
    assert (await watched.health())["workers"]["llama"]["restarts"] >= 1


async def test_that_sigsegv_in_prefill_fails_the_call_at_once_and_the_next_one_succeeds(watched: ModelClient) -> None:
    loop = asyncio.get_running_loop()
    spoken: list[str] = []
    call = asyncio.create_task(watched.complete(LONG_PROMPT, max_tokens=8, deadline_s=30, on_text=spoken.append))
    await asyncio.sleep(0.1)
    pid = await pid_of(watched, "llama")
    died = loop.time()
    os.kill(pid, signal.SIGSEGV)
    with pytest.raises(Unavailable, match="model_unavailable"):
        await call
    assert loop.time() - died < 1.0
    assert spoken == []
    assert (await watched.complete(SHORT, max_tokens=8, deadline_s=15)).text


async def test_that_a_dead_encoder_comes_back_and_the_chat_model_does_not_notice(watched: ModelClient) -> None:
    chat = await pid_of(watched, "llama")
    os.kill(await pid_of(watched, "encoder"), signal.SIGKILL)
    with contextlib.suppress(Unavailable):  # what reaches it before its death is seen is lost with it
        await watched.embed(["hello"], deadline_s=15)
    assert (await watched.embed(["hello"], deadline_s=15)).shape == (1, 768)
    assert await pid_of(watched, "llama") == chat


async def test_that_a_deadline_in_prefill_is_kept_and_others_are_not_touched(watched: ModelClient) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    late = asyncio.create_task(watched.complete(LONG_PROMPT, max_tokens=8, deadline_s=0.15))
    other = asyncio.create_task(watched.complete(SHORT, max_tokens=8, deadline_s=20))
    with pytest.raises(Unavailable, match="model_timeout"):
        await late
    assert loop.time() - began < 0.9
    assert (await other).text


async def test_that_a_known_system_text_is_not_computed_again(watched: ModelClient) -> None:
    system = "You are the assistant of a bank in a town by the sea. You answer in one short sentence. " * 5
    first = await watched.complete(Prompt(system, "Hello?"), max_tokens=4, deadline_s=20)
    again = await watched.complete(Prompt(system, "And what about the weather?"), max_tokens=4, deadline_s=20)
    assert first.timings.reused_tokens == 0
    assert again.timings.reused_tokens > 90
    assert again.timings.prefill_s < first.timings.prefill_s


async def test_that_health_tells_names_digests_and_states(watched: ModelClient, model_config: ModelConfig) -> None:
    workers = (await watched.health())["workers"]
    assert {name: worker["state"] for name, worker in workers.items()} == {"llama": "ready", "encoder": "ready"}
    assert workers["llama"]["model"].startswith("SmolLM2-135M-Instruct")
    assert all(len(worker["sha256"]) == 64 for worker in workers.values())
    assert stat.S_IMODE(os.stat(model_config.socket_path).st_mode) == 0o600


async def test_that_bytes_that_are_no_frame_cost_only_their_own_connection(
    watched: ModelClient, model_config: ModelConfig
) -> None:
    reader, writer = await asyncio.open_unix_connection(model_config.socket_path)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    assert (await watched.embed(["still here"])).shape == (1, 768)


async def test_that_no_second_server_starts_on_one_folder(watched: ModelClient, model_config: ModelConfig) -> None:
    assert await ensure_model_server(model_config) is None


async def test_that_a_keeper_starts_a_server_and_another_when_it_dies(tmp_path: Path) -> None:
    """Without a chat model, which is slow to load; in a folder too deep for a socket's name."""
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    config = ModelConfig(data_dir=deep, llama=False)
    keeper = ModelServerKeeper(config)
    await keeper.start()
    client = ModelClient(config.socket_path)
    try:
        first = (await client.health())["pid"]
        workers = await pid_of(client, "encoder")
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(20):
            while True:
                try:
                    second = (await client.health())["pid"]
                    break
                except Unavailable:
                    await asyncio.sleep(0.05)
        assert second != first
        async with asyncio.timeout(10):  # a worker that is still loading sees the end of its server a little later
            while Path(f"/proc/{workers}").exists() and _state(workers) != "Z":
                await asyncio.sleep(0.05)
        assert (await client.embed(["hello"], deadline_s=20)).shape == (1, 768)
        with pytest.raises(Unavailable, match="model_unavailable"):
            await client.complete(SHORT, deadline_s=5)
    finally:
        await client.close()
        await keeper.close()
    assert not config.socket_path.exists()
    assert not Path(f"/proc/{second}").exists()


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0]


async def test_that_a_client_without_a_server_says_so_at_once(tmp_path: Path) -> None:
    client = ModelClient(tmp_path / "model.sock")
    with pytest.raises(Unavailable, match="model_unavailable"):
        await client.embed(["hello"])
    with pytest.raises(Unavailable, match="model_unavailable"):
        await client.complete(SHORT, deadline_s=5)
    await client.close()
