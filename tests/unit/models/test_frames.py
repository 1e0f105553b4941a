"""Frames between processes, and what a client may ask for."""

from __future__ import annotations

import asyncio
import socket
import threading
from pathlib import Path

import numpy as np
import pytest

from domain.errors import BadInput
from models.config import ModelConfig
from models.framing import MAX_FRAME_BYTES, Frame, FrameError, FrameSocket, pack, pack_vectors, read_frame, unpack_vectors
from models.port import Prompt, Shot
from models.wire import MAX_TEXTS, checked_request, complete_frame


async def stream(*chunks: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    for chunk in chunks:
        reader.feed_data(chunk)
    reader.feed_eof()
    return reader


async def test_that_frames_come_back_as_they_went() -> None:
    frame = {"id": 1, "text": "₹ नमस्ते 😀"}
    packed = pack(frame) + pack({"id": 2})
    reader = await stream(packed[:3], packed[3:9], packed[9:])
    assert [await read_frame(reader), await read_frame(reader), await read_frame(reader)] == [frame, {"id": 2}, None]


async def test_that_a_frame_cut_off_is_the_end() -> None:
    assert await read_frame(await stream(pack({"id": 1})[:-1])) is None


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x02[]", b"\x00\x00\x00\x02{]", b"\x00\x00\x00\x01\xff"])
async def test_that_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        await read_frame(await stream(data))


def test_that_a_frame_that_is_too_large_is_not_sent() -> None:
    with pytest.raises(FrameError):
        pack({"text": "x" * MAX_FRAME_BYTES})


def test_that_a_worker_waits_for_frames_and_sees_the_end() -> None:
    ours, theirs = socket.socketpair()
    line = FrameSocket(ours)
    assert line.receive(0) == []
    data = pack({"id": 1}) + pack({"id": 2}) + pack({"id": 3})
    sender = threading.Thread(target=lambda: [theirs.sendall(bytes([byte])) for byte in data] and theirs.close())
    sender.start()
    got: list[Frame] = []
    while not line.closed:
        got += line.receive(None)
    sender.join()
    ours.close()
    assert [frame["id"] for frame in got] == [1, 2, 3]


def test_that_sending_to_nobody_is_the_end_and_no_fault() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    line = FrameSocket(ours)
    line.send({"id": 1})
    assert line.closed
    ours.close()


def test_that_vectors_come_back_bit_for_bit() -> None:
    vectors = np.random.default_rng(1).standard_normal((3, 384)).astype(np.float32)
    assert np.array_equal(unpack_vectors(pack_vectors(vectors)), vectors)


@pytest.mark.parametrize(
    "value", [{}, {"shape": [2, 2], "f32": "AAAA"}, {"shape": [1, 1], "f32": "?"}, {"shape": None, "f32": ""}]
)
def test_that_what_is_no_vectors_is_refused(value: Frame) -> None:
    with pytest.raises(FrameError):
        unpack_vectors(value)


def asked(**changes: object) -> Frame:
    prompt = Prompt("system", "user", (Shot("a", "b"),))
    return complete_frame(prompt, grammar=None, max_tokens=8, deadline_s=1.0, stream=False, call_id=7) | changes


def test_that_a_right_request_passes_as_it_is() -> None:
    assert checked_request(asked()) == asked()


@pytest.mark.parametrize(
    "frame",
    [
        {},
        {"op": "complete", "id": "7"},
        {"op": "dance", "id": 7, "deadline_s": 1.0},
        asked(deadline_s=0),
        asked(deadline_s="soon"),
        asked(deadline_s=float("nan")),
        asked(max_tokens=0),
        asked(max_tokens=True),
        asked(grammar=5),
        asked(prompt="hello"),
        asked(prompt={"system": "s", "user": 5, "shots": []}),
        asked(prompt={"system": "s", "user": "u", "shots": [["a"]]}),
        asked(prompt={"system": "s", "user": "u", "shots": "ab"}),
        {"op": "embed", "id": 7, "deadline_s": 1.0, "texts": []},
        {"op": "embed", "id": 7, "deadline_s": 1.0, "texts": "abc"},
        {"op": "embed", "id": 7, "deadline_s": 1.0, "texts": ["x"] * (MAX_TEXTS + 1)},
        {"op": "ready", "id": 7, "deadline_s": 1.0, "worker": "coffee"},
    ],
)
def test_that_a_wrong_request_is_refused_before_it_reaches_a_worker(frame: Frame) -> None:
    with pytest.raises(BadInput, match="bad_request"):
        checked_request(frame)


def test_that_a_huge_prompt_is_too_long() -> None:
    with pytest.raises(BadInput, match="prompt_too_long"):
        checked_request(asked(prompt={"system": "s" * 70_000, "user": "u", "shots": []}))


def test_that_the_config_survives_the_way_to_a_process(tmp_path: Path) -> None:
    config = ModelConfig(data_dir=tmp_path, llama_path=tmp_path / "m.gguf", threads=3)
    assert ModelConfig.from_json(config.to_json()) == config
