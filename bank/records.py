"""RECORD and NOTICE: notes in the CRM, messages on request, fraud alerts. Keyed and audited, no approval, no free text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bank import audit, messages, people
from bank.access import Subject
from bank.call import Call
from bank.replies import Reply
from bank.tables import crm_notes, fraud_alerts
from bank.transactions import find
from domain.canonical import canonical_json
from domain.errors import BadInput, NotFound

MAX_FIELDS = 20
MAX_VALUE = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def note(call: Call, subject: Subject, kind: str, fields: Mapping[str, str]) -> Reply:
    """Keep a note. Raises BadInput `note_fields` for names or values out of form (values hold at most 200 characters)."""
    require_names({kind: "", **fields}, "note_fields")
    identifier = call.ids.new("nte")
    call.insert(
        crm_notes,
        id=identifier,
        customer=subject.customer,
        at_us=call.now,
        kind=kind,
        fields=canonical_json(dict(fields)).decode(),
    )
    audit.append(call, "note", {"note": identifier, "customer": subject.customer, "kind": kind})
    return Reply({"note": identifier}, 201)


def notice(call: Call, subject: Subject, template: str, fields: Mapping[str, str]) -> Reply:
    """Send one of the bank's templates to the contacts on file. Raises BadInput `template_unknown`, `template_fields`."""
    customer = people.row_of(call, subject.customer)
    if customer is None:
        raise NotFound
    sent = messages.notify(call, subject, customer, template, fields)
    audit.append(call, "notice", {"customer": subject.customer, "template": template, "messages": sent})
    return Reply({"template": template, "messages": sent}, 201)


def fraud_alert(call: Call, subject: Subject, transaction: str, reason: str) -> Reply:
    """Tell the fraud desk about one of the subject's payments. Raises NotFound for another's, BadInput `alert_reason`."""
    require_names({reason: ""}, "alert_reason")
    if find(call, subject, transaction) is None:
        raise NotFound
    alert = call.ids.new("fra")
    call.insert(fraud_alerts, id=alert, customer=subject.customer, transaction=transaction, at_us=call.now, reason=reason)
    audit.append(call, "fraud_alert", {"alert": alert, "customer": subject.customer, "transaction": transaction})
    return Reply({"alert": alert, "transaction": transaction}, 201)


def require_names(fields: Mapping[str, str], code: str) -> None:
    """Raise BadInput unless names are plain snake_case words and values short single lines."""
    if len(fields) > MAX_FIELDS:
        raise BadInput(code, "too many")
    for name, value in fields.items():
        if not _NAME.fullmatch(name) or len(value) > MAX_VALUE or not value.isprintable():
            raise BadInput(code)
