"""What must hold in every scene, each checked on the end state of both databases and on what went over the wires.

A check returns what is wrong, and how much it looked at: a cell in which there was nothing to look at proves nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from domain.clock import from_micros
from runtime.reconcile import GRACE_US
from tests.matrix.audit import trail_flaws
from tests.matrix.books import Books, Operation
from tests.matrix.scene import Said, Scene
from tests.matrix.wire import Sent


class Seen(NamedTuple):
    wrong: list[str]
    looked_at: int


def no_double_spend(scene: Scene, books: Books) -> Seen:
    """One wish, one effect: no two movements about the same thing, no two operations with the same inputs, and the books add up."""
    wrong = list(books.flaws)
    for (kind, account, about), n in Counter((m.kind, m.account, m.about) for m in books.moves).items():
        if n > 1:
            wrong.append(f"{n} movements of kind {kind} on {account} for {about}")
    done = Counter((each.action, each.inputs) for each in books.operations.values())
    wrong += [f"{action} was done {n} times with the same inputs" for (action, _), n in done.items() if n > 1]
    if scene.promised is not None:
        low, high = scene.promised
        if not low <= books.effects() <= high:
            wrong.append(f"{books.effects()} effects where {low} to {high} were promised")
    return Seen(wrong, len(books.operations) + len(scene.journal.sent) + (scene.promised == (0, 0)))


def nothing_unauthorised(scene: Scene, books: Books) -> Seen:
    """Each operation used an approval that our record minted on an approving decision, for a customer who had said so in time."""
    wrong = []
    for move in books.moves:
        if move.operation not in books.operations:
            wrong.append(f"posting {move.posting} has no operation")
    for done in books.operations.values():
        wrong += [f"{done.action} {done.key}: {each}" for each in _unauthorised(scene, books, done)]
    return Seen(wrong, len(books.operations) + scene.struck)


def _unauthorised(scene: Scene, books: Books, done: Operation) -> list[str]:
    approval = None if done.jti is None else books.approvals.get(done.jti)
    if approval is None or approval["proposal"] != done.key:
        return ["no approval on our record"]
    wrong = []
    decisions = books.decisions.get(done.key, [])
    if not any(d["at"] == approval["minted_at"] and _lets_pass(scene, done, d) for d in decisions):
        wrong.append("no approving decision when it was minted")
    minted = from_micros(approval["minted_at"])
    proposal = books.proposals[done.key]
    if proposal["proposer"] == "assistant" and not any(_covers(said, scene, proposal, minted) for said in scene.said):
        wrong.append("the customer had not said so, or not in time")
    if done.key in scene.closed:
        wrong.append("it ran although it was not to run any more")
    if done.at >= approval["expires_at"]:
        wrong.append("the approval had expired at the bank")
    if done.customer != proposal["customer"]:
        wrong.append("it was done for another customer")
    return wrong


def _lets_pass(scene: Scene, done: Operation, decision: dict[str, Any]) -> bool:
    return decision["verdict"] == "approve" or (decision["verdict"] == "human" and done.key in scene.signed)


def _covers(said: Said, scene: Scene, proposal: dict[str, Any], minted: Any) -> bool:
    """Whether these words cover the proposal: its very arguments, or the dispute whose payment is credited."""
    arguments = proposal["arguments"]
    same = said.arguments == arguments
    if not same and arguments["action"] == "provisional_credit" and said.arguments["action"] == "open_dispute":
        same = all(said.arguments[name] == arguments[name] for name in ("transaction", "amount_minor", "currency"))
    in_time = said.at <= minted and (said.until is None or minted < said.until or proposal["id"] in scene.signed)
    return same and in_time and said.customer == proposal["customer"]


def exactly_the_confirmed(scene: Scene, books: Books) -> Seen:
    """What happened is, word for word, something the customer agreed to: amount, account, currency, payment, card."""
    wrong = []
    agreed = [said.arguments for said in scene.said] + scene.staff_wishes
    for move in books.moves:
        if not any(_is_move(move, each, books) for each in agreed):
            wrong.append(f"{move.amount_minor} {move.currency} on {move.account} ({move.about}) was never agreed to")
    for row in books.disputes:
        names = ("transaction", "dispute_type", "amount_minor", "currency")
        if not any(each["action"] == "open_dispute" and all(each[n] == row[n] for n in names) for each in agreed):
            wrong.append(f"the dispute {row['reference']} is not what was agreed to")
    for card in books.blocked:
        if not any(each["action"] == "block_card" and each["card"] == card for each in agreed):
            wrong.append(f"nobody asked for card {card} to be blocked")
    return Seen(wrong, books.effects() + scene.struck)


def _is_move(move: Any, arguments: dict[str, Any], books: Books) -> bool:
    """Whether a movement is what these arguments ask for; a dispute's yes covers the credit of its payment, to its account."""
    if arguments.get("amount_minor") != move.amount_minor or arguments.get("currency") != move.currency:
        return False
    if arguments["action"] == "provisional_credit":
        return bool(arguments["account"] == move.account and move.about == f"Dispute {arguments['dispute']}")
    if arguments["action"] == "open_dispute":
        rows = [row for row in books.disputes if move.about == f"Dispute {row['reference']}"]
        return any(row["transaction"] == arguments["transaction"] and row["account"] == move.account for row in rows)
    return False


def doubt_stops(scene: Scene, books: Books) -> Seen:
    """What was sent is not sent again, under any key, until the bank refused it or said after its expiry that it has nothing."""
    wrong, looked_at = [], 0
    by_effect: dict[str, list[Sent]] = defaultdict(list)
    for sent in scene.journal.sent:
        by_effect[sent.effect].append(sent)
    for effect, calls in by_effect.items():
        looked_at += sum(call.answered is None or not call.refused for call in calls)
        for earlier, later in zip(calls, calls[1:], strict=False):
            if not earlier.refused and not _certainly_nothing(scene, earlier, later):
                wrong.append(f"{effect} was sent again (call {later.n}) while call {earlier.n} was in doubt or done")
    return Seen(wrong, looked_at)


def _certainly_nothing(scene: Scene, earlier: Sent, later: Sent) -> bool:
    over = int(earlier.claims["exp"]) * 1_000_000 + GRACE_US
    return any(
        asked.key == earlier.key and asked.state == "not_found" and asked.bank_now >= over and earlier.n < asked.n < later.n
        for asked in scene.journal.asked
    )


def unknown_asks_the_bank(scene: Scene, books: Books) -> Seen:
    """Whatever was in doubt was asked for by its key, and in the end our record says of every proposal what the bank says."""
    wrong = []
    doubted = [name for name, kinds in books.entries.items() if name and "proposal.unknown" in kinds]
    for name in doubted:
        asked = any(each.key == name for each in scene.journal.asked)
        if not asked and not scene.bank_mute:
            wrong.append(f"{name} was unknown and the bank was not asked")
    for name, row in books.proposals.items():
        happened = name in books.operations
        if row["state"] in ("executing", "unknown"):
            if not scene.bank_mute:
                wrong.append(f"{name} is still {row['state']}")
        elif row["state"] == "succeeded" and not happened:
            wrong.append(f"{name} succeeded for us, and the bank knows nothing of it")
        elif row["state"] not in ("succeeded", "frozen") and happened:
            wrong.append(f"{name} is {row['state']} for us, and the bank did it")
    wrong += [
        f"the bank did {key}, and we have no proposal"
        for key in books.operations
        if key not in books.proposals and key not in scene.outsiders
    ]
    return Seen(wrong, len(doubted))


def all_on_the_trail(scene: Scene, books: Books) -> Seen:
    """Every state, approval and answer has its entry, an execution has it before it is sent, and the linked chain verifies."""
    wrong = []
    for name, row in books.proposals.items():
        kinds = books.entries.get(name, [])
        states = [kind.removeprefix("proposal.") for kind in kinds if kind.removeprefix("proposal.") in _STATES]
        if not states or states[-1] != row["state"]:
            wrong.append(f"{name} is {row['state']}, its last entry says {states[-1:] or 'nothing'}")
        minted = sum(each["proposal"] == name for each in books.approvals.values())
        if minted != kinds.count("proposal.executing"):
            wrong.append(f"{name} has {minted} approvals and {kinds.count('proposal.executing')} entries about them")
        answers = sum(each["proposal"] == name for each in books.consents)
        if answers != kinds.count("proposal.consent"):
            wrong.append(f"{name} has {answers} answers and {kinds.count('proposal.consent')} entries about them")
    for sent in scene.journal.sent:
        if sent.claims["jti"] not in books.approvals and sent.key not in scene.outsiders:
            wrong.append(f"call {sent.n} went out under an approval that is not on record")
    wrong += trail_flaws(scene)
    return Seen(wrong, sum(map(len, books.entries.values())))


_STATES = frozenset(
    {
        "decided", "awaiting_consent", "awaiting_step_up", "awaiting_human", "executing", "unknown", "succeeded", "failed",
        "never_arrived", "frozen", "refused", "cancelled",
    }
)  # fmt: skip

INVARIANTS: dict[str, Callable[[Scene, Books], Seen]] = {
    "no_double_spend": no_double_spend,
    "nothing_unauthorised": nothing_unauthorised,
    "exactly_the_confirmed": exactly_the_confirmed,
    "doubt_stops": doubt_stops,
    "unknown_asks_the_bank": unknown_asks_the_bank,
    "all_on_the_trail": all_on_the_trail,
}
