"""What is served and claimed in a world, as rows: tariff and fees, limits, payees, mandates, complaints, chargebacks, compensations."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from bank import case_tables as cases
from bank import service_tables as service
from bank.ledger.tables import effects
from bank.networks import network_of, other_side
from bank.tables import disputes as disputes_table
from bank.worlds.models import World
from domain.clock import to_micros

Rows = dict[sa.Table, list[dict[str, Any]]]


def service_rows(world: World) -> Rows:
    """All rows of `bank.service_tables` and `bank.case_tables` for a world, and its disputes."""
    return _charged(world) | _set(world) | _claimed(world) | _disputed(world)


def _charged(world: World) -> Rows:
    lines = {item.id: item for item in world.transactions}
    users = {account.id: account.users for account in world.accounts}
    tariff = [
        {
            "kind": rate.kind,
            "amount_minor": rate.amount.minor,
            "currency": rate.amount.currency,
            "waived_for": json.dumps(list(rate.waived_for)),
            "once_per": rate.once_per,
        }
        for rate in world.tariff
    ]
    fees = [
        {
            "id": fee.id,
            "account": lines[fee.transaction].account,
            "transaction": fee.transaction,
            "kind": fee.kind,
            "amount_minor": abs(lines[fee.transaction].amount.minor),
            "currency": lines[fee.transaction].amount.currency,
            "charged_us": to_micros(lines[fee.transaction].at),
            "is_tax": fee.tax,
        }
        for fee in world.fees
    ]
    refunds = [
        {
            "fee": fee.id,
            "customer": users[lines[fee.transaction].account][0],
            "amount_minor": fee.refund.amount.minor,
            "currency": fee.refund.amount.currency,
            "error": fee.refund.error,
            "by_person": fee.refund.by_person,
            "at_us": to_micros(fee.refund.at),
        }
        for fee in world.fees
        if fee.refund
    ]
    return {service.tariff: tariff, service.fees: fees, service.fee_refunds: refunds}


def _set(world: World) -> Rows:
    limits = [
        {
            "account": limit.account,
            "card": limit.card or "",
            "kind": limit.kind,
            "value_minor": limit.value.minor,
            "cap_minor": limit.cap.minor,
            "currency": limit.value.currency,
            "version": limit.version,
        }
        for limit in world.limits
    ]
    payees = [
        {
            "id": payee.id,
            "customer": payee.customer,
            "name": payee.name,
            "handle": payee.handle,
            "account": payee.account,
            "added_us": to_micros(payee.added_at),
            "name_match": payee.name_match,
            "merchant_category": payee.merchant_category,
            "merchant_verified": payee.merchant_verified,
        }
        for payee in world.payees
    ]
    mandates = [
        {
            "id": mandate.id,
            "account": mandate.account,
            "creditor": mandate.creditor,
            "category": mandate.category,
            "max_minor": mandate.max.minor,
            "proposed_max_minor": mandate.proposed_max.minor if mandate.proposed_max else None,
            "currency": mandate.max.currency,
            "status": mandate.status,
            "registered_us": to_micros(mandate.registered_at) if mandate.registered_at else None,
            "next_debit": mandate.next_debit.isoformat() if mandate.next_debit else None,
            "notice_us": to_micros(mandate.notice_at) if mandate.notice_at else None,
            "skip_next": mandate.skip_next,
        }
        for mandate in world.mandates
    ]
    return {service.use_limits: limits, service.payees: payees, service.mandates: mandates}


def _claimed(world: World) -> Rows:
    complaints = [
        {
            "reference": complaint.reference,
            "customer": complaint.customer,
            "category": complaint.category,
            "about": complaint.about,
            "status": complaint.status,
            "opened_us": to_micros(complaint.opened_at),
        }
        for complaint in world.complaints
    ]
    reports = [
        {
            "reference": report.reference,
            "customer": report.customer,
            "kind": report.kind,
            "about": report.about,
            "reported_us": to_micros(report.at),
            "ncrp_us": to_micros(report.ncrp_at) if report.ncrp_at else None,
        }
        for report in world.fraud_reports
    ]
    paid = [
        {
            "kind": each.kind,
            "transaction": each.transaction,
            "customer": each.customer,
            "amount_minor": each.amount.minor,
            "currency": each.amount.currency,
            "at_us": to_micros(each.at),
        }
        for each in world.compensations
    ]
    closures = [
        {
            "reference": closure.reference,
            "customer": closure.customer,
            "account": closure.account,
            "reason": closure.reason,
            "checklist": "[]",
            "status": closure.status,
            "requested_us": to_micros(closure.requested_at),
        }
        for closure in world.closures
    ]
    return {
        cases.complaints: complaints,
        cases.fraud_reports: reports,
        cases.compensations: paid,
        cases.closures: closures,
        cases.chargebacks: _chargebacks(world),
    }


def _disputed(world: World) -> Rows:
    accounts = {item.id: item.account for item in world.transactions}
    disputes = [
        {
            "reference": case.reference,
            "customer": case.customer,
            "account": accounts[case.transaction],
            "transaction": case.transaction,
            "dispute_type": case.dispute_type,
            "amount_minor": case.amount.minor,
            "currency": case.amount.currency,
            "status": case.status,
            "opened_us": to_micros(case.opened_at),
            "credit": case.provisional_credit,
        }
        for case in world.cases
    ]
    credited = [
        {
            "effect": f"provisional_credit:{case.transaction}:principal",
            "operation": f"world:{case.reference}",
            "at_us": to_micros(case.opened_at),
        }
        for case in world.cases
        if case.provisional_credit
    ]
    return {disputes_table: disputes, effects: credited}


def _chargebacks(world: World) -> list[dict[str, Any]]:
    disputes = {case.reference: case for case in world.cases}
    lines = {item.id: item for item in world.transactions}
    networks = {card.id: card.network for card in world.cards}
    rows = []
    for claim in world.chargebacks:
        dispute = disputes[claim.case]
        line = lines[dispute.transaction]
        handle = line.payee.handle if line.payee else None
        rows.append(
            {
                "reference": claim.reference,
                "customer": dispute.customer,
                "account": line.account,
                "transaction": line.id,
                "dispute": dispute.reference,
                "network": network_of(line.rail, networks.get(line.card or "")),
                "payee": other_side(handle, line.counterparty),
                "amount_minor": dispute.amount.minor,
                "currency": dispute.amount.currency,
                "status": claim.status,
                "raised_us": to_micros(claim.raised_at),
            }
        )
    return rows
