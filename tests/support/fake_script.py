"""What the fake chat says to which words: enough of a balance and a dispute to play the widget, and one reply for each oddity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from domain.frames import Author, Card, Delta, MessageOut, Option, QuickReply, RequestClosed, RequestOut, Status, Thinking
from tests.support.fake_conversation import Conversation

ASSISTANT = Author(kind="assistant", name="Assistant")
RIGHT_CODE = "482913"
DIGEST = "9f2c41d07be35a86c1f0e4d29b7a6358d4c1b0a9f8e7d6c5b4a39281706f5e4d"

TRANSACTIONS = (
    Option(value="t1", title="₹5,000.00 · MegaMart", detail="21 Nov 2026 · card XX4410"),
    Option(value="t2", title="₹1,250.00 · City Cabs", detail="20 Nov 2026 · card XX4410"),
    Option(value="none", title="None of these"),
)
CONFIRM_ROWS = (
    ("Payment", "₹5,000.00 to “MegaMart”"),
    ("Date", "21 Nov 2026, 18:42"),
    ("Reason", "I did not make it"),
    ("Card", "XX4410, will be blocked"),
)
BALANCE_CARD = Card(
    kind="balance",
    title="Savings account XX1234",
    rows=(("Available", "₹38,200.00"), ("Held: Hotel Lotus Demo", "₹6,800.00"), ("Total", "₹45,000.00")),
    note="As of 22 Nov 2026, 14:05. The hold is released on 25 Nov 2026 at the latest.",
)
CASE_CARD = Card(
    kind="case",
    title="Dispute DSP-2026-000147",
    rows=(("Payment", "₹5,000.00"), ("Provisional credit", "₹5,000.00"), ("Decision by", "20 Feb 2027")),
)
HTML_TEXT = '<img src=x onerror="window.hacked=1"><b>not bold</b> & <script>window.hacked=1</script>'
QUOTED_TEXT = "The payment reads “<b>URGENT</b> call +91…” in the sender’s own words."


@dataclass
class Script:
    """Plays one conversation. `seconds` is how long a request stays open; `tries` counts wrong codes."""

    talk: Conversation
    now: Callable[[], object]
    seconds: int = 300
    codes: list[str] = field(default_factory=list)
    on_code: Callable[[], None] = lambda: None

    def message(self, text: str) -> None:
        words = text.lower()
        for needle, reply in self.replies().items():
            if needle in words:
                reply()
                return
        self.say(f"You wrote {len(text)} characters.")

    def replies(self) -> dict[str, Callable[[], None]]:
        return {
            "balance": self.ask_code,
            "recognise": self.ask_payment,
            "dispute": self.ask_payment,
            "many": self.ask_many,
            "question": lambda: self.request("secret", "What is the name of your first school?", purpose="security_answer"),
            "file": lambda: self.request("file", "Please send a photo of the receipt."),
            "expire": lambda: self.request("secret", "Enter the code.", purpose="otp", seconds=2),
            "html": lambda: self.say(
                HTML_TEXT, cards=(Card(kind="notice", title="<i>title</i>", rows=(("<u>a</u>", "<b>b</b>"),)),)
            ),
            "quote": lambda: self.say(QUOTED_TEXT),
            "person": self.hand_over,
            "close": lambda: self.talk.add(lambda seq: Status(seq=seq, state="closed")),
            "slow": self.speak_slowly,
            "again": lambda: self.ask_again("secret", "Enter the code.", purpose="otp"),
            "think": lambda: self.talk.passing(Thinking(stage="bank")),
            "silence": lambda: None,
        }

    def say(
        self, text: str, cards: tuple[Card, ...] = (), quick: tuple[QuickReply, ...] = (), author: Author = ASSISTANT
    ) -> None:
        self.talk.passing(Thinking(stage="understand"))
        self.talk.add(
            lambda seq: MessageOut(
                seq=seq, turn=f"turn-{seq}", author=author, text=text, cards=cards, quick_replies=quick, at=self.at()
            )
        )

    def at(self):  # type: ignore[no-untyped-def]
        return self.now()

    def request(self, kind: str, prompt: str, *, seconds: int | None = None, **more: object) -> None:
        expires = self.at() + timedelta(seconds=seconds or self.seconds)
        self.talk.add(
            lambda seq: RequestOut(seq=seq, id=f"req-{seq}", kind=kind, prompt=prompt, expires_at=expires, **more)  # type: ignore[arg-type]
        )

    def ask_again(self, kind: str, prompt: str, **more: object) -> None:
        """A question that was interrupted is withdrawn and put once more."""
        for frame in [frame for frame in self.talk.record if frame.type == "request"]:  # type: ignore[attr-defined]
            self.talk.add(lambda seq, frame=frame: RequestClosed(seq=seq, id=frame.id, reason="cancelled"))  # type: ignore[misc]
        self.say("I still need the code.")
        self.request(kind, prompt, **more)  # type: ignore[arg-type]

    def ask_code(self) -> None:
        self.say("I can show you that. To be sure it is you, I have sent a one-time code to your mobile ending 42.")
        self.on_code()
        self.request("secret", "Enter the 6-digit code from the SMS.", purpose="otp")

    def ask_payment(self) -> None:
        self.say("I am sorry to hear that. I found these recent payments.")
        self.request("choice", "Which payment do you mean?", options=TRANSACTIONS)

    def ask_many(self) -> None:
        options = tuple(Option(value=f"b{n}", title=f"Branch {n}", detail=f"{n} km away") for n in range(1, 8))
        self.request("choice", "Which branch is nearest to you?", options=options)

    def speak_slowly(self) -> None:
        turn = "turn-slow"
        self.talk.passing(Thinking(stage="compose"))
        self.talk.passing(Delta(turn=turn, text="Your dispute is registered."))
        self.talk.passing(Delta(turn=turn, text="We decide within 90 days."))

    def hand_over(self) -> None:
        self.say("I am handing you over to a colleague. Nothing you told me is lost.")
        self.talk.add(lambda seq: Status(seq=seq, state="queued", position=2))

    def agent_joins(self) -> None:
        self.talk.add(lambda seq: Status(seq=seq, state="agent", agent="Priya Demo"))
        self.say("Hello, I am Priya. I have read what you wrote.", author=Author(kind="agent", name="Priya Demo"))

    def answer(self, frame: dict[str, object], request: RequestOut) -> None:
        self.talk.add(lambda seq: RequestClosed(seq=seq, id=request.id, reason="answered"))
        kind = frame["type"]
        if kind == "secret":
            self.code_entered(str(frame["value"]))
        elif kind == "choice" and str(frame["value"]).startswith("t"):
            self.request("confirm", "Shall I register this dispute?", rows=CONFIRM_ROWS, digest=DIGEST)
        elif kind == "confirm" and frame["value"] is True:
            self.say("It is registered, and the amount is credited to your account for now.", cards=(CASE_CARD,))
        else:
            self.say("All right, nothing was done.")

    def code_entered(self, value: str) -> None:
        self.codes.append(value)
        if value != RIGHT_CODE:
            self.say("That code was not right. You have 2 tries left.")
            self.request("secret", "Enter the 6-digit code from the SMS.", purpose="otp")
            return
        quick = (
            QuickReply(title="Recent payments", text="Show my recent payments"),
            QuickReply(title="Why a hold?", text="Why is there a hold?"),
        )
        self.say("Thank you. You can use ₹38,200.00 of ₹45,000.00; a hotel holds the rest.", cards=(BALANCE_CARD,), quick=quick)
