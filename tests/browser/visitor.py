"""A visitor of the demonstration page: the few things people do there, by what they see and not by how it is built."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect


class Visitor:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.chat = page.locator("tellergate-chat")
        self.log = page.get_by_role("log")

    @property
    def composer(self) -> Locator:
        return self.chat.get_by_role("textbox", name="Your message")

    def signed_in(self, name: str = "Asha Demo") -> Visitor:
        self.page.get_by_role("radio", name=name).check()
        self.page.get_by_role("button", name="Sign in and chat").click()
        self.is_connected()
        return self

    def anonymous(self) -> Visitor:
        self.page.get_by_role("button", name="Stay anonymous").click()
        self.is_connected()
        return self

    def is_connected(self) -> None:
        expect(self.chat).to_have_attribute("state", "ready")

    def says(self, text: str) -> Visitor:
        self.composer.fill(text)
        self.composer.press("Enter")
        return self

    def reads(self, text: str, times: int = 1) -> Visitor:
        expect(self.log.get_by_text(text)).to_have_count(times)
        return self

    def button(self, name: str) -> Locator:
        return self.chat.locator(".panel").get_by_role("button", name=name).last

    @property
    def banner(self) -> Locator:
        return self.chat.locator(".banner")

    def request(self, title: str) -> Locator:
        return self.chat.get_by_role("group", name=title)

    @property
    def code(self) -> Locator:
        return self.chat.get_by_label("One-time code")

    def focused(self) -> str:
        """Role-like words for what has the keyboard: a label, a text, or the tag."""
        return str(
            self.page.evaluate(
                """() => {
                  let node = document.activeElement;
                  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
                  const named = node.getAttribute("aria-label") ?? node.labels?.[0]?.textContent;
                  const by = node.getAttribute("aria-labelledby")?.split(" ").map((id) => node.getRootNode().getElementById(id)?.textContent).join(" ");
                  return (named ?? by ?? node.textContent.trim()) || node.tagName;
                }"""
            )
        )

    def everything_kept(self) -> str:
        """All that the page holds: text, attributes and field values through the shadow roots, and both storages."""
        return str(
            self.page.evaluate(
                """() => {
                  const parts = [JSON.stringify({ ...sessionStorage }), JSON.stringify({ ...localStorage }), document.cookie, location.href];
                  const walk = (root) => {
                    for (const node of root.querySelectorAll("*")) {
                      for (const attribute of node.attributes) parts.push(attribute.value);
                      if ("value" in node) parts.push(String(node.value));
                      if (node.shadowRoot) walk(node.shadowRoot);
                    }
                    parts.push(root.textContent);
                  };
                  walk(document);
                  return parts.join("\\n");
                }"""
            )
        )

    def entries(self) -> list[str]:
        """Texts of the conversation from top to bottom, without labels and times."""
        texts = self.chat.locator(".entries .text, .entries .prompt").all_text_contents()
        return [text.strip() for text in texts]

    def stored(self) -> dict[str, Any]:
        raw = self.page.evaluate("Object.entries(sessionStorage).find(([key]) => key.startsWith('tellergate-chat'))?.[1] ?? '{}'")
        found: dict[str, Any] = json.loads(raw)
        return found
