"""What an invariant demands of one action of one pack: under this premise, this conclusion, for all facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from domain.actions import ACTIONS, Protective
from policy.packs import Pack
from policy.verification.semantics import Situation
from policy.verification.terms import Facts, Term, Variable, facts


@dataclass(frozen=True, slots=True)
class Claim:
    """`premise` implies `conclusion`, whatever the facts.

    Attributes:
        about: what is claimed, where an invariant makes several claims about one action; often a rule or a row of the documents.
        situations: one decision, or two that differ in what the premise says; a counter-example shows the answer of each.
        exists: not a claim for all facts but that there are facts for which premise and conclusion hold.
    """

    action: str
    about: str
    premise: Term
    conclusion: Term
    situations: tuple[Situation, ...]
    exists: bool = False


class Subject:
    """A pack under proof: every action's situation, made once.

    Attributes:
        law: the pack whose law layer the pack may not soften: the shipped one of the same name, or itself.
    """

    def __init__(self, pack: Pack, law: Pack | None = None, actions: Iterable[str] = ACTIONS) -> None:
        self.pack, self.law = pack, law or pack
        self.actions = tuple(actions)
        self._situations: dict[str, Situation] = {}

    def situation(self, action: str) -> Situation:
        if action not in self._situations:
            self._situations[action] = Situation(self.pack, action)
        return self._situations[action]

    def unprotective(self) -> tuple[str, ...]:
        return tuple(action for action in self.actions if action not in Protective)

    def approvable(self, action: str) -> bool:
        """Whether some rule approves the action; where none does, nothing has to be shown about approvals of it."""
        return any(rule.text.verdict == "approve" for rule in self.pack.by_action[action])

    def acts(self) -> tuple[str, ...]:
        """Actions that move money or change an account and are not protective."""
        return tuple(action for action in self.unprotective() if ACTIONS[action].effect in ("MONEY", "ACCOUNT"))

    def knowing(self, actions: Iterable[str], *names: str) -> tuple[str, ...]:
        """Of these actions the approvable ones that are decided on all of these facts."""
        return tuple(
            action
            for action in actions
            if action in self.actions and self.approvable(action) and set(names) <= set(self.situation(action).facts.variables)
        )


def twin(of: Situation, *, values: Iterable[str] = (), usable: bool = False) -> Situation:
    """The same action on facts that are the same except the values of `values` and, where `usable`, which facts are at hand."""
    fresh = facts(of.facts.variables, "'").variables
    changed = set(values)
    mixed = {
        name: Variable(v.spec, fresh[name].value if name in changed else v.value, fresh[name].usable if usable else v.usable)
        for name, v in of.facts.variables.items()
    }
    return Situation(of.pack, of.action, over=Facts(mixed, of.facts.today))


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that has to hold of every pack. `rows` names where the documents ask for it."""

    name: str
    says: str
    rows: str
    claims: Callable[[Subject], Iterable[Claim]] = field(repr=False)


def by_name(invariants: Iterable[Invariant]) -> Mapping[str, Invariant]:
    return {invariant.name: invariant for invariant in invariants}
