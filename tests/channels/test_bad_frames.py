"""Whatever a client sends, it is answered or refused with a code; the socket never breaks and the conversation goes on."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import websockets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.acceptance.client import FROM_SERVER, Chat
from tests.support.service import LiveService

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: Codes with which a socket may close on a bad frame: a bad token, a frame too large.
EXPECTED = {4401, 4413}
FRAME_TYPES = (
    "auth",
    "message",
    "choice",
    "secret",
    "confirm",
    "file",
    "typing",
    "rate",
    "ping",
    "ready",
    "ack",
    "nudge",
    "claimed",
    "",
)
FIELDS = ("type", "id", "text", "request", "value", "digest", "token", "resume", "stars", "handle", "seq", "author")

texts = st.text(st.characters(codec=None), max_size=40)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(10**400, 10**401), st.floats(), texts, st.sampled_from(["x", "req_1"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6
)
frames = st.fixed_dictionaries(
    {"type": st.sampled_from(FRAME_TYPES) | values},
    optional={name: st.sampled_from(["x", "req_1", "cnv_1"]) | values for name in FIELDS if name != "type"},
)


@pytest.mark.process  # seconds; the long half has the time
@pytest.mark.parametrize("signed_in", [True, False])
async def test_no_frame_breaks_a_socket(live: LiveService, signed_in: bool, caplog: pytest.LogCaptureFixture) -> None:
    sockets = _Sockets(live, await Chat(live.base, "C012").token() if signed_in else None)
    loop = asyncio.get_running_loop()

    @settings(max_examples=80, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(frame=frames | values)
    def throw(frame: Any) -> None:
        asyncio.run_coroutine_threadsafe(sockets.throw(json.dumps(frame)), loop).result(10)

    await asyncio.to_thread(throw)
    await sockets.close()

    assert "broken" not in live.log()
    assert not caplog.records


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "\x00",
        "nul",
        '{"type":"ping"',
        '{"type":"ping"} {}',
        "\ufeff" + '{"type":"ping"}',
        '{"type":"message","id":"\\ud800","text":"a"}',
        '{"type":"dance","id":"\\ud800"}',
        '{"type":"message","id":"ü","text":1}',
        '{"type":"message","id":"x","text":NaN}',
        '{"type":"rate","stars":' + "9" * 5000 + "}",
        '{"type":"message","id":"x","text":"' + "\\u0000" * 20 + '"',
        "[" * 20_000 + "]" * 20_000,
        '{"type":"auth"}',
        '{"type":"ping","type":"dance"}',
    ],
)
async def test_text_that_is_no_frame_gets_an_error_and_no_more(live: LiveService, raw: str) -> None:
    customer = await live.chat("C012").connect()

    await customer.send_raw(raw)
    await customer.until(customer.errors, timeout=5)

    assert customer.errors()[0] in ("frame_malformed", "frame_unknown")
    assert (await customer.say("hello"))["text"]


@pytest.mark.parametrize(
    "text", ["\u0000", "a\u0000b", "\u200b", "🙂" * 2000, "\u202e\u2066", "ह" * 4000, "\r\n\t x", "'; DROP TABLE message; --"]
)
async def test_any_text_of_letters_that_exist_is_taken_and_kept_as_it_is(live: LiveService, text: str) -> None:
    customer = await live.chat("C012").connect()

    await customer.say(text)

    assert [f["text"] for f in customer.frames if f["type"] == "message" and f["id"]] == [text]


@pytest.mark.parametrize(
    "query",
    ["conversation=%00", "conversation=a%20b", "conversation=%F0%9F%99%82", "after=%00", "after=1e3", "after=", "after=1.5"],
)
async def test_a_query_that_cannot_be_read_is_refused_at_once(live: LiveService, query: str) -> None:
    async with websockets.connect(f"{live.socket_address}?{query}") as socket:
        frame = json.loads(await asyncio.wait_for(socket.recv(), 5))
        await asyncio.wait_for(socket.wait_closed(), 5)

    assert (frame["code"], socket.close_code) == ("query_malformed", 1008)


class _Sockets:
    """A client that throws frames at the service and opens a new socket when one was closed, as it may be."""

    def __init__(self, live: LiveService, token: str | None) -> None:
        self._address, self._token = live.socket_address, token
        self._socket: Any = None

    async def throw(self, raw: str) -> None:
        if self._socket is None:
            self._socket = await websockets.connect(self._address, max_size=2**22)
            await self._socket.send(json.dumps({"type": "auth", "token": self._token} if self._token else {"type": "ping"}))
        try:
            await self._socket.send(raw)
            await self._socket.send('{"type":"ping"}')
            async with asyncio.timeout(5):
                while True:
                    frame = json.loads(await self._socket.recv())
                    FROM_SERVER[frame["type"]].validate(frame)
                    if frame["type"] == "pong":
                        return
        except websockets.ConnectionClosed as closed:
            assert closed.rcvd is not None and closed.rcvd.code in EXPECTED, f"closed with {closed.rcvd} after {raw!r}"
            self._socket = None

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
