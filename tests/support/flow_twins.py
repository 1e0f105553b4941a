"""Twins of everything a flow reaches: a bank with one customer's things, a gate with simple rules, a reader of keywords.

They keep what happened, so that a test asserts the end state: what was disclosed, blocked, registered, credited, noted, sent.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.actions import Action
from domain.conversation import (
    Affirm,
    Answer,
    AskHuman,
    Cancel,
    CannotHandle,
    Chitchat,
    Correct,
    Deny,
    Repeat,
    Start,
    Understanding,
)
from domain.decisions import Decision, Declaration, Obligation
from domain.errors import Conflict, NotFound, TooFast, Unavailable
from domain.ids import derived_id
from domain.ports import Challenge, ReadingContext
from domain.proposals import Outcome, consent_digest

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
ZONE = "Asia/Kolkata"


@dataclass
class Session:
    """The signed-in session whose level the bank's checks raise."""

    base: int = 2
    otp: bool = False
    answers: bool = False

    def level(self) -> int:
        if self.base == 0:
            return 0
        return 3 if self.otp and (self.base >= 2 or self.answers) else self.base


def account(identifier: str = "A1", **changes: Any) -> dict[str, Any]:
    """A balance item as the bank gives it."""
    item: dict[str, Any] = {
        "account": identifier,
        "number_masked": "XX1234",
        "type": "savings",
        "product": "Everyday",
        "currency": "INR",
        "ledger_minor": 5_000_000,
        "held_minor": 0,
        "lien_minor": 0,
        "credit_limit_minor": 0,
        "status": "active",
        "version": 1,
        "as_of": NOW.isoformat(),
        "ownership": "sole",
        "holds": [],
        "freezes": [],
    } | changes
    item.setdefault("available_minor", item["ledger_minor"] - item["held_minor"] - item["lien_minor"])
    return item


def hold(amount_minor: int, merchant: str = "HOTEL DEMO PALACE") -> dict[str, Any]:
    return {
        "id": "H1",
        "amount_minor": amount_minor,
        "reason": "hotel",
        "merchant": merchant,
        "placed_at": NOW.isoformat(),
        "expires_at": (NOW + timedelta(days=3)).isoformat(),
        "state": "pending",
    }


def payment(identifier: str, amount_minor: int, merchant: str, days_ago: int = 1, **changes: Any) -> dict[str, Any]:
    """A debit as the bank gives it; `amount_minor` is its size."""
    at = NOW - timedelta(days=days_ago)
    return {
        "id": identifier,
        "account": "A1",
        "card": "K1",
        "card_last4": "4455",
        "at": at.isoformat(),
        "value_date": at.date().isoformat(),
        "amount_minor": -amount_minor,
        "currency": "INR",
        "kind": "purchase",
        "rail": "card_ecom",
        "counterparty": merchant,
        "remark": "words of others",
        "merchant_category": "5999",
        "status": "posted",
        "reference": f"RRN{identifier}",
        "device": "D1",
        "location": "Pune",
        "disputed": False,
        "dispute": None,
        "reversal_of": None,
    } | changes


@dataclass
class BankTwin:
    """Reads about one customer. `down` names methods that fail, `slow` those that hang for ever; `asked` counts calls."""

    accounts: list[dict[str, Any]] = field(default_factory=lambda: [account()])
    payments: list[dict[str, Any]] = field(default_factory=list)
    suspicious: set[str] = field(default_factory=set)
    known_devices: list[str] = field(default_factory=lambda: ["D1"])
    registered: list[dict[str, Any]] = field(default_factory=list)
    cards_held: list[str] = field(default_factory=lambda: ["4455"])
    card_status: str = "active"
    #: of single cards, by id
    card_states: dict[str, str] = field(default_factory=dict)
    card_kinds: dict[str, str] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)

    async def _answer(self, name: str) -> None:
        self.asked[name] += 1
        if name in self.slow:
            await asyncio.sleep(3600)
        if name in self.down:
            raise Unavailable("bank_unavailable")

    async def profile(self) -> dict[str, Any]:
        await self._answer("profile")
        return {"name": "Asha Demo"}

    async def balances(self) -> dict[str, Any]:
        await self._answer("balances")
        return {"as_of": NOW.isoformat(), "balances": [dict(item) for item in self.accounts]}

    async def transactions(
        self, *, since: date | None = None, until: date | None = None, amount_minor: int | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        await self._answer("transactions")
        found = []
        for item in self.payments:
            on = datetime.fromisoformat(item["at"]).date()
            in_time = (since is None or on >= since) and (until is None or on <= until)
            if in_time and (amount_minor is None or abs(item["amount_minor"]) == amount_minor):
                found.append(dict(item))
        return found[:limit]

    async def transaction(self, transaction: str) -> dict[str, Any]:
        await self._answer("transaction")
        for item in self.payments:
            if item["id"] == transaction:
                return dict(item)
        raise NotFound

    async def cards(self) -> list[dict[str, Any]]:
        await self._answer("cards")
        return [
            {
                "id": f"K{n}",
                "number_masked": f"XX{last4}",
                "status": self.card_states.get(f"K{n}", self.card_status),
                "kind": self.card_kinds.get(f"K{n}", "debit"),
                "account": "A1",
            }
            for n, last4 in enumerate(self.cards_held, start=1)
        ]

    async def devices(self) -> list[dict[str, Any]]:
        await self._answer("devices")
        return [{"id": device} for device in self.known_devices]

    async def logins(self) -> list[dict[str, Any]]:
        await self._answer("logins")
        return []

    async def fraud(self, transaction: str) -> dict[str, Any]:
        await self._answer("fraud")
        device = next(item["device"] for item in self.payments if item["id"] == transaction)
        known = None if device is None else device in self.known_devices
        return {"transaction": transaction, "suspicious": transaction in self.suspicious, "score_bp": 100, "known_device": known}

    async def disputes(self) -> list[dict[str, Any]]:
        await self._answer("disputes")
        return list(self.registered)


@dataclass
class IdentityTwin:
    """Codes and questions. `refuses` is raised instead of sending; `cooling` is a SIM changed today."""

    session: Session
    cooling: bool = False
    no_questions: bool = False
    sends_left: int = 3
    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    asked: int = 0

    async def send_otp(self, purpose: str, binding: dict[str, str]) -> Challenge:
        if self.cooling:
            raise Conflict("otp_factor_cooling")
        if self.sends_left == 0:
            raise TooFast("otp_sends_used")
        self.sends_left -= 1
        self.sent.append((purpose, dict(binding)))
        return Challenge(f"otp_{len(self.sent)}", "otp", NOW + timedelta(minutes=5), sent_to="XXXXXX1234")

    async def ask_security_question(self) -> Challenge:
        if self.no_questions:
            raise Conflict("no_security_questions")
        self.asked += 1
        return Challenge(f"qst_{self.asked}", "security_answer", NOW + timedelta(minutes=5), question="Your first school?")


@dataclass
class RecordsTwin:
    notes: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    notices: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    alerts: dict[str, str] = field(default_factory=dict)
    down: bool = False

    async def note(self, key: str, kind: str, fields: dict[str, str]) -> None:
        self._up()
        self.notes[key] = (kind, fields)

    async def notify(self, key: str, template: str, fields: dict[str, str]) -> None:
        self._up()
        self.notices[key] = (template, fields)

    async def alert_fraud(self, key: str, transaction: str, reason: str) -> None:
        self._up()
        self.alerts[key] = transaction

    def _up(self) -> None:
        if self.down:
            raise Unavailable("bank_unavailable")


@dataclass
class Row:
    """One frozen proposal of the twin."""

    action: Action
    outcome: Outcome
    effect: str


#: What the rules say: the action and the session's level in, verdict and level out.
Rules = Callable[[Action, int], tuple[str, int | None, str]]


def usual_rules(action: Action, level: int) -> tuple[str, int | None, str]:
    """As the shipped pack in the cases tested here: telling and crediting need AL3, protecting and registering do not."""
    if action.arguments()["action"] in {"disclose_balance", "disclose_transactions", "provisional_credit"} and level < 3:
        return "step_up", 3, "stronger_sign_in"
    return "approve", None, "approved"


@dataclass
class GateTwin:
    """The gate over a dictionary. `receipts` overrides how an execution ends: `unknown`, `failed`, `down`."""

    session: Session
    rules: Rules = usual_rules
    endings: dict[str, str] = field(default_factory=dict)
    bank: BankTwin | None = None
    rows: dict[str, Row] = field(default_factory=dict)
    #: what moved or changed something, and what was only told
    executed: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    consents: list[tuple[str, str, bool]] = field(default_factory=list)
    instance: str = ""
    #: whether the yes to a dispute covers the credit of the same payment
    covers: bool = True

    async def propose(self, action: Action, *, node: str, visit: int, declarations: tuple[Declaration, ...] = ()) -> Outcome:
        identifier = derived_id("prp", self.instance, node, str(visit))
        if identifier in self.rows:
            if self.rows[identifier].action != action:
                raise Conflict("proposal_changed")
            return self.rows[identifier].outcome
        held = {"failed", "refused", "cancelled"}
        for row in self.rows.values():
            if action.effect != "READ" and row.effect == action.effect_key() and row.outcome.state not in held:
                return row.outcome
        digest = consent_digest("demo", identifier, action.arguments(), "C001")
        first = Outcome(proposal=identifier, state="proposed", decision=None, digest=digest)
        self.rows[identifier] = Row(action, first, action.effect_key())
        return self._judge(identifier)

    def _judge(self, identifier: str) -> Outcome:
        row = self.rows[identifier]
        name = row.action.arguments()["action"]
        verdict, level, reason = self.rules(row.action, self.session.level())
        decision = Decision(
            verdict=verdict,  # type: ignore[arg-type]
            level=level,
            customer_reason=reason,
            obligations=OWED.get(name, ()),
            facts_digest="f",
            pack="in-rbi",
            pack_digest="p",
            decided_at=NOW,
        )
        agreed = {self.rows[proposal].action.arguments()["action"] for proposal, _, value in self.consents if value}
        covered = name == "provisional_credit" and "open_dispute" in agreed and self.covers
        asks = name == "open_dispute" or (name == "provisional_credit" and not covered)
        approved = "awaiting_consent" if asks else "decided"
        state = {"approve": approved, "step_up": "awaiting_step_up", "human": "awaiting_human", "deny": "refused"}[verdict]
        row.outcome = row.outcome.model_copy(update={"state": state, "decision": decision})
        return row.outcome

    async def decide(self, proposal: str) -> Outcome:
        return self._judge(proposal)

    async def consent(self, proposal: str, *, digest: str, request: str, value: bool) -> Outcome:
        row = self.rows[proposal]
        if digest != row.outcome.digest:
            raise Conflict("consent_digest")
        if (proposal, request, value) in self.consents:
            return row.outcome
        if row.outcome.state not in {"awaiting_consent", "decided"}:
            raise Conflict("proposal_state")
        self.consents.append((proposal, request, value))
        row.outcome = row.outcome.model_copy(update={"state": "decided" if value else "cancelled"})
        return row.outcome

    async def execute(self, proposal: str) -> Outcome:
        row = self.rows[proposal]
        name = row.action.arguments()["action"]
        ending = self.endings.get(name, "done")
        if ending == "down":
            raise Unavailable("bank_unavailable")
        if row.outcome.state != "decided":
            return row.outcome
        if ending != "done":
            row.outcome = row.outcome.model_copy(update={"state": ending})
            return row.outcome
        (self.told if row.action.effect == "READ" else self.executed).append(name)
        receipt = dict(row.action.arguments())
        if name == "open_dispute":
            receipt["dispute"] = f"DSP-261122-{len(self.executed):06d}"
            if self.bank is not None:
                self.bank.registered.append({"reference": receipt["dispute"], "transaction": receipt["transaction"]})
        row.outcome = row.outcome.model_copy(update={"state": "succeeded", "receipt": receipt})
        return row.outcome

    async def status(self, proposal: str) -> Outcome:
        return self.rows[proposal].outcome

    def states(self, name: str) -> list[str]:
        """The states of all proposals of one action, in the order of their making."""
        return [row.outcome.state for row in self.rows.values() if row.action.arguments()["action"] == name]


OWED: dict[str, tuple[Obligation, ...]] = {
    "open_dispute": (
        Obligation(kind="advise_helpline", to="customer", rule="T1"),
        Obligation(kind="ombudsman_from", due=NOW + timedelta(days=30), to="customer", rule="T2"),
    ),
    "provisional_credit": (
        Obligation(kind="shadow_reversal", due=NOW + timedelta(days=14), to="customer", rule="T3"),
        Obligation(kind="decide_liability", due=NOW + timedelta(days=90), to="customer", rule="T4"),
    ),
}

_AMOUNT = re.compile(r"(?:₹|rs\.? ?)?(\d{1,3}(?:,\d{2,3})+|\d{3,7})(?!\d)", re.IGNORECASE)
_AT = re.compile(r"\b(?:at|to) ([A-Z]\w+)")
_WISHES: tuple[tuple[str, str], ...] = (
    ("block_card", r"block (?:my|the) (?:\w+ )?card"),
    ("dispute", r"dispute|did ?n.t make|not make|शिकायत|मैंने नहीं|maine nahi"),
    ("balance", r"balance|बैलेंस|kitna paisa"),
    ("login", r"log ?in|sign in"),
)


class UnderstanderTwin:
    """Reads keywords, amounts, `yesterday` and `at Name`. Deterministic; the real readers have tests of their own."""

    def __init__(self) -> None:
        self.down = False

    async def understand(self, text: str, context: ReadingContext) -> Understanding:
        if self.down:
            raise Unavailable("reader_unavailable")
        low = text.casefold()
        slots = self._slots(text, context)
        commands: list[Any] = []
        if re.search(r"\bhuman\b|person|एजेंट", low):
            commands.append(AskHuman())
        if re.fullmatch(r"(cancel|stop|रद्द करें).*", low):
            commands.append(Cancel())
        if re.search(r"\brepeat\b|say that again", low):
            commands.append(Repeat())
        commands += [Start(flow=flow) for flow, pattern in _WISHES if re.search(pattern, low)]
        if re.match(r"(no\b|nahi\b|नहीं)", low):
            commands.append(Deny())
        if re.match(r"(yes|ok|haan|हाँ)\b", low):
            commands.append(Affirm())
        if re.match(r"actually\b", low):
            commands += [Correct(slot=name, value=value) for name, value in slots.items()]
        for kind in ("thanks", "goodbye", "greeting"):
            if re.search({"thanks": r"thank|धन्यवाद", "goodbye": r"\bbye", "greeting": r"^(hi|hello|नमस्ते)\b"}[kind], low):
                commands.append(Chitchat(kind=kind))
        language = "hi" if re.search(r"[\u0900-\u097f]", text) else "en"
        intent = next((c.flow for c in commands if isinstance(c, Start)), "other" if "weather" in low else "unknown")
        return Understanding(
            commands=tuple(commands) or (CannotHandle(),),
            intent=intent,
            confidence=0.9,
            reader="parser",
            slots=slots,
            language=language,
            flags=("distress",) if "end it all" in low else (),
        )

    def _slots(self, text: str, context: ReadingContext) -> dict[str, Any]:
        slots: dict[str, Any] = {}
        if found := re.search(r"ending (?:in )?(\d{4})", text):
            slots["last4"] = found.group(1)
        elif found := _AMOUNT.search(text):
            slots |= {"amount_minor": int(found.group(1).replace(",", "")) * 100, "currency": "INR"}
        if re.search(r"yesterday|\bkal\b|कल", text):
            slots["date"] = (context.now - timedelta(days=1)).date().isoformat()
        if "last week" in text:
            slots["date"] = (context.now - timedelta(days=7)).date().isoformat()
        if found := _AT.search(text):
            slots["merchant"] = found.group(1)
        if re.search(r"did ?n.t make|not make|मैंने नहीं|maine nahi", text):
            slots["dispute_type"] = "unauthorised"
        if "twice" in text:
            slots["dispute_type"] = "duplicate"
        return slots


def secret(result: str, tries_left: int | None = None) -> Answer:
    return Answer(kind="secret", result=result, tries_left=tries_left)
