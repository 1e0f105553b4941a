"""Chat models and encoders of every kind, for one suite each. What needs the local model is marked `model`."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from models.client import ModelClient
from models.config import ModelConfig
from models.lexical import LexicalEncoder
from models.openai_client import OpenAIChatModel
from models.port import ChatModel, Encoder
from models.scripted import ScriptedChatModel, Slow

ROOT = Path(__file__).parents[3]
TOO_LONG_CHARS = 6000


@pytest.fixture(scope="session")
def model_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelConfig]:
    """A running model server with the packaged models; both workers are ready."""
    config = ModelConfig(data_dir=tmp_path_factory.mktemp("model"))
    command = [sys.executable, "-m", "models.serve", config.to_json()]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        asyncio.run(_ready(config))
        yield config
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0


async def _ready(config: ModelConfig) -> None:
    client = ModelClient(config.socket_path)
    async with asyncio.timeout(60):
        while not config.socket_path.exists():
            await asyncio.sleep(0.02)
        await client.chat_identity()
        await client.encoder_identity()
    await client.close()


@pytest.fixture
async def client(model_config: ModelConfig) -> AsyncIterator[ModelClient]:
    client = ModelClient(model_config.socket_path)
    yield client
    await client.close()


class Bench(Protocol):
    """A chat model under test, and a way to have a twin or double prepared for the next call."""

    model: ChatModel

    def next(self, text: str, *, slow_s: float = 0.0) -> None:
        """What a model without a mind of its own shall answer next."""


class RealBench:
    def __init__(self, model: ChatModel) -> None:
        self.model = model

    def next(self, text: str, *, slow_s: float = 0.0) -> None: ...


class TwinBench:
    def __init__(self) -> None:
        self.model = self._twin = ScriptedChatModel()

    def next(self, text: str, *, slow_s: float = 0.0) -> None:
        self._twin.enqueue(Slow(text, slow_s) if slow_s else text)


class Endpoint:
    """A tiny OpenAI-compatible server: it streams queued answers word by word and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, float]] = []
        self.asked: list[dict[str, Any]] = []
        self.status = 200

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length"))
            body = json.loads(await reader.readexactly(length))
            self.asked.append(body)
            await self._answer(body, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, body: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        chars = sum(len(message["content"]) for message in body["messages"])
        if self.status != 200:
            await self._refuse(writer, self.status, "no")
        elif chars > TOO_LONG_CHARS:
            await self._refuse(writer, 400, "request exceeds the available context size")
        elif body.get("grammar", "").count("[") != body.get("grammar", "").count("]"):
            await self._refuse(writer, 400, "failed to parse grammar")
        else:
            await self._stream(body, chars, writer)

    async def _stream(self, body: dict[str, Any], chars: int, writer: asyncio.StreamWriter) -> None:
        text, slow_s = self.answers.pop(0)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
        await asyncio.sleep(slow_s)
        words = text.split(" ")
        for index, word in enumerate(words[: body["max_tokens"]]):
            self._event(writer, {"choices": [{"delta": {"content": word if not index else f" {word}"}, "finish_reason": None}]})
        finish = "length" if len(words) > body["max_tokens"] else "stop"
        self._event(writer, {"choices": [{"delta": {}, "finish_reason": finish}]})
        used = min(len(words), body["max_tokens"])
        self._event(writer, {"choices": [], "usage": {"prompt_tokens": chars // 4, "completion_tokens": used}})
        writer.write(b"data: [DONE]\n\n")
        await writer.drain()

    @staticmethod
    def _event(writer: asyncio.StreamWriter, event: dict[str, Any]) -> None:
        writer.write(f"data: {json.dumps(event)}\n\n".encode())

    @staticmethod
    async def _refuse(writer: asyncio.StreamWriter, status: int, message: str) -> None:
        body = json.dumps({"error": {"message": message}}).encode()
        writer.write(f"HTTP/1.1 {status} No\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
        await writer.drain()


class EndpointBench:
    def __init__(self, model: OpenAIChatModel, endpoint: Endpoint) -> None:
        self.model, self.endpoint = model, endpoint

    def next(self, text: str, *, slow_s: float = 0.0) -> None:
        self.endpoint.answers.append((text, slow_s))


@pytest.fixture
async def endpoint_bench() -> AsyncIterator[EndpointBench]:
    endpoint = Endpoint()
    server = await asyncio.start_server(endpoint.handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/v1/", trust_env=False) as http:
        yield EndpointBench(OpenAIChatModel(http, "shared-8b"), endpoint)


@pytest.fixture(params=["scripted twin", "openai endpoint", pytest.param("local model", marks=pytest.mark.model)])
def bench(request: pytest.FixtureRequest) -> Bench:
    if request.param == "scripted twin":
        return TwinBench()
    if request.param == "openai endpoint":
        found: EndpointBench = request.getfixturevalue("endpoint_bench")
        return found
    return RealBench(request.getfixturevalue("client"))


@pytest.fixture(params=["lexical twin", pytest.param("local encoder", marks=pytest.mark.model)])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "lexical twin":
        return LexicalEncoder()
    found: ModelClient = request.getfixturevalue("client")
    return found
