"""Takes the screenshots that README and docs show, from the real service: `python -m tests.browser.pictures`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.acceptance.process import ROOT, Server
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE_MS
from tests.browser.test_real_service import answer, go_through
from tests.browser.visitor import Visitor

IMAGES = ROOT / "docs" / "images"
WIDE = {"width": 1280, "height": 860}
NARROW = {"width": 360, "height": 740}


def main() -> None:
    """Balance in the light, a dispute to its confirmation and its end in the dark, Hindi on a small screen."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "data")
        server.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            balance(browser, server.base)
            dispute(browser, server.base)
            small(browser, server.base)
        finally:
            browser.close()
            server.stop()


def visitor(browser: Browser, base: str, size: dict[str, int], scheme: str) -> Visitor:
    context = browser.new_context(viewport=size, color_scheme=scheme, timezone_id="Asia/Kolkata", reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(base)
    return Visitor(page)


def balance(browser: Browser, base: str) -> None:
    meera = visitor(browser, base, WIDE, "light").signed_in("Meera Demo").says("What is my balance?")
    go_through(meera)
    meera.page.screenshot(path=IMAGES / "chat-balance.png")


def dispute(browser: Browser, base: str) -> None:
    asha = (
        visitor(browser, base, WIDE, "dark").signed_in("Asha Demo").says("I didn't make this ₹5000 payment at MegaMart yesterday")
    )
    request = asha.chat.locator(".request:not(.done)")
    asked = asha.chat.locator(".request")
    for number in range(12):
        asked.nth(number).wait_for()
        if request.get_by_role("button", name="Yes, go ahead").count():
            break
        answer(asha, request)
    asha.page.wait_for_timeout(1600)  # the phone is looked at every 1.5 s
    asha.page.screenshot(path=IMAGES / "chat-confirm.png")
    asha.button("Yes, go ahead").click()
    asha.log.get_by_text("Your reference is").wait_for()
    asha.page.wait_for_timeout(1600)
    asha.page.screenshot(path=IMAGES / "chat-dispute.png")


def small(browser: Browser, base: str) -> None:
    kiran = visitor(browser, base, NARROW, "light")
    kiran.page.get_by_role("radio", name="Kiran Namuna").check()
    kiran.page.get_by_role("button", name="Sign in and chat").click()
    field = kiran.chat.get_by_role("textbox").first
    field.fill("मेरा बैलेंस कितना है?")
    field.press("Enter")
    kiran.chat.locator(".request").wait_for()
    kiran.chat.screenshot(path=IMAGES / "chat-small.png")


if __name__ == "__main__":
    main()
