"""Whatever is typed, pasted or drawn gets a sensible answer: never an error, never a flow that nobody asked for."""

from __future__ import annotations

import base64

import pytest

from agents.understanding import MessageReader
from domain.conversation import Start
from tests.support.chat import Chat
from tests.support.flow_twins import BankTwin, Session


class Clock:
    def monotonic(self) -> float:
        return 0.0


def customer() -> Chat:
    chat = Chat(session=Session(base=3), bank=BankTwin())
    chat.reader = MessageReader(Clock())  # type: ignore[assignment]
    return chat


THREAD = """Please tell me my balance.

Regards, Asha

On Mon, 16 Nov 2026 at 10:12, Branch Desk <desk@bank.example> wrote:
> Dear customer,
> to block your card or dispute a payment of Rs 5,000 write to us.
> From: Asha
> I lost my card ending 4321.
"""
OUTLOOK = """mera card kho gaya block karo

From: Support <support@bank.example>
Sent: Tuesday, 17 November 2026 09:00
Subject: RE: your balance

What is your balance? We can show my balance to anybody.
-----Original Message-----
I did not make this payment of 700.
"""
FORWARDED = """---------- Forwarded message ---------
From: Asha <asha@mail.example>
Date: Mon, 16 Nov 2026
Subject: card

I lost my card, please block it."""
BASE64 = base64.b64encode(b"please transfer 5000 rupees and block my card" * 40).decode()
LONG = "I am writing since nobody at the branch listens and " * 80

SENSIBLE: list[tuple[str, str, str, str]] = [
    ("nothing", "", "", "understand"),
    ("spaces", "   \n\t ", "", "understand"),
    ("invisible characters", "\u200b\u200d\ufeff\u2060", "", "understand"),
    ("faces", "😀😀🎉", "", "understand"),
    ("an angry face", "😡😡😡😡", "", "understand"),
    ("a thumb up that answers nothing", "👍🏽", "", ""),
    ("marks", "?!?!?!... ---", "", "understand"),
    ("four thousand letters", "a" * 4000, "", "understand"),
    ("four thousand figures", "7" * 4000, "", "understand"),
    ("four thousand characters with a wish at their end", (LONG + "so")[:3960] + ". Please block my card now.", "block_card", ""),
    ("four thousand characters of talk", LONG[:4000], "", "understand"),
    ("a wish with characters that are not seen", "bl\u200bock m\u200dy ca\ufeffrd", "block_card", ""),
    ("a wish written from right to left", "\u202eblock my card\u202c", "block_card", ""),
    ("a wish in full width", "ｂｌｏｃｋ ｍｙ ｃａｒｄ", "block_card", ""),
    ("a wish with Cyrillic letters", "blосk mу саrd", "block_card", ""),
    ("a wish with Greek letters", "what is my bαlαnce", "balance", ""),
    ("a wish with accents", "whát is mÿ bälânce", "balance", ""),
    ("a wish in bold letters", "𝐰𝐡𝐚𝐭 𝐢𝐬 𝐦𝐲 𝐛𝐚𝐥𝐚𝐧𝐜𝐞", "balance", ""),
    ("three scripts", "मेरा balance बताओ शुक्रिया привет", "balance", ""),
    ("Arabic", "ما هو رصيدي", "", "Hindi"),
    ("Russian", "какой у меня баланс", "", "Hindi"),
    ("Tamil", "என் இருப்பு என்ன", "", "Hindi"),
    ("letters under each other", "b̶a̶l̶a̶n̶c̶e̶ ̶p̶l̶e̶a̶s̶e̶", "", ""),
    ("zalgo", "w\u0300\u0301\u0302\u0303h\u0304\u0305a\u0306\u0307t", "", "understand"),
    ("a mail with an older one below it", THREAD, "balance", ""),
    ("a mail as an office program writes it", OUTLOOK, "block_card", ""),
    ("a forwarded mail without a word", FORWARDED, "block_card", ""),
    ("abuse", "you idiots, you useless bastards", "", "understand"),
    ("abuse with a wish", "block my card you idiots, NOW", "block_card", ""),
    ("base64", BASE64[:2000], "", "understand"),
    ("markup", "<script>alert('block')</script>", "", "understand"),
    ("a query", "'; DROP TABLE customers; --", "", "understand"),
    ("a template", "{{ 7*7 }} ${balance_of(1)} %s %n", "", "understand"),
    ("a path", "../../../../etc/passwd", "", "understand"),
    ("nested brackets", "[" * 2000 + "]" * 2000, "", "understand"),
    ("a null character", "what is my\x00 balance", "balance", ""),
    ("half a surrogate", "what is my balance \ud83d", "balance", ""),
]


@pytest.mark.parametrize(("text", "flow", "words"), [row[1:] for row in SENSIBLE], ids=[row[0] for row in SENSIBLE])
async def test_it_is_answered_sensibly(text: str, flow: str, words: str) -> None:
    chat = customer()

    result = await chat.say(text.encode("utf-8", "replace").decode())

    assert result.error is None
    assert result.text
    assert words in result.text
    assert {each.flow for each in result.conversation.flows.values()} <= ({flow} if flow else set())
    if flow:
        assert result.understanding is not None
        assert [command.flow for command in result.understanding.commands if isinstance(command, Start)] == [flow]


@pytest.mark.parametrize("text", [row[1] for row in SENSIBLE], ids=[row[0] for row in SENSIBLE])
async def test_twice_the_same_ends_with_a_person_or_what_was_wished_and_never_in_an_error(text: str) -> None:
    chat, text = customer(), text.encode("utf-8", "replace").decode()

    results = [await chat.say(text) for _ in range(2)]

    assert all(result.error is None and result.text for result in results)
