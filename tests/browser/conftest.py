"""Chromium, and a fake chat service of its own for each test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.visitor import Visitor
from tests.support.fake_chat import FakeChat, create_app

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 10_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a module. It must be gone before asynchronous tests run: its driver keeps a loop running in this thread."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def fake() -> FakeChat:
    return FakeChat()


@pytest.fixture
def address(fake: FakeChat) -> Iterator[str]:
    with serving(create_app(fake)) as base:
        yield base


class serving:
    """An ASGI app behind a port of its own, in a thread, until the block ends."""

    def __init__(self, app: Any) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="error", access_log=False, ws="websockets-sansio", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._listener.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visitor]]:
    """Opens the demonstration page as a visitor; afterwards nothing may have gone wrong in the page or left this machine."""
    contexts = []
    troubles: list[str] = []

    def go(width: int = 1100, height: int = 800, path: str = "/demo-bank/", **options: Any) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        watch(page, address, troubles)
        page.goto(address + path)
        return Visitor(page)

    yield go
    for context in contexts:
        context.close()
    assert troubles == []


def watch(page: Page, address: str, troubles: list[str]) -> None:
    own = (address, address.replace("http", "ws", 1))
    page.on("pageerror", lambda error: troubles.append(f"page error: {error}"))
    page.on("request", lambda request: None if request.url.startswith(own) else troubles.append(f"went outside: {request.url}"))
    page.on("console", lambda said: troubles.append(f"console: {said.text}") if "Content Security Policy" in said.text else None)
