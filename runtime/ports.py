"""What one turn may reach, bound to its customer, session and conversation: built anew for every turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.clock import BusinessClock
from domain.errors import Unauthenticated
from graphs.runner import Graph, GraphFlowRunner, compile_flows
from graphs.state import FlowInstance, FlowPorts, TurnPorts
from runtime.asker import Asker
from runtime.gate import BoundGate, GateParts
from runtime.journal import Journal
from runtime.protective import ProtectedGate
from runtime.settings import Settings
from runtime.speech import Speech
from runtime.subjects import SubjectMinter
from runtime.turns import TurnScope
from tools.bank_client import BankClient
from tools.executor import Executor
from tools.identity import SubjectIdentity
from tools.reads import Subject, SubjectReads
from tools.records import SubjectRecords


@dataclass(frozen=True, slots=True)
class TurnAdapters:
    """Everything that turns share; `ports` binds it to one of them."""

    tenant: str
    bank: BankClient
    subjects: SubjectMinter
    executor: Executor
    gate: GateParts
    journal: Journal
    speech: Speech
    clock: BusinessClock
    settings: Settings
    graphs: Mapping[str, Graph] = field(default_factory=compile_flows)

    def ports(self, scope: TurnScope) -> TurnPorts:
        """The ports of one turn: flows run on the turn's own saver, reads speak for the turn's own session."""
        runner = GraphFlowRunner(self.graphs, scope.saver, lambda instance: self._flow_ports(scope, instance))
        return TurnPorts(
            understander=self.speech.understander,
            composer=self.speech.composer,
            flows=runner,
            now=self.clock.now,
            new_id=scope.new_id,
            stage=scope.stage,
            on_sentence=scope.on_sentence if self.speech.phrases else None,
            deadline_s=self.settings.turn_budget_s,
        )

    def _flow_ports(self, scope: TurnScope, instance: FlowInstance) -> FlowPorts:
        view, session = scope.work.view, scope.session
        subject = self._subject(scope)
        asker = Asker(
            tenant=self.tenant,
            customer=view.customer,
            conversation=view.id,
            flow_instance=instance.id,
            auth_session=session.id if session else None,
        )
        return FlowPorts(
            bank=SubjectReads(self.bank, subject),
            identity=SubjectIdentity(self.bank, subject),
            gate=ProtectedGate(BoundGate(self.gate, asker, stage=scope.stage_job), asker, self.gate, self.journal),
            records=SubjectRecords(self.executor, self.tenant, view.customer or ""),
            now=self.clock.now,
            zone=view.zone,
            language=view.language,
            customer=view.customer,
            customer_name=view.name,
            conversation=view.id,
            flow_instance=instance.id,
            level=lambda: session.level(self.clock.now()) if session is not None else 0,
        )

    def _subject(self, scope: TurnScope) -> Subject:
        if scope.session is None:
            return _nobody
        return self.subjects.for_session(scope.session, scope.work.view.id)


def _nobody(_purpose: str) -> Any:
    raise Unauthenticated("customer_unknown", "nobody is signed in")
