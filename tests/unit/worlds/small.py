"""A world just large enough to break in every way."""

SMALL = """\
world: 1
bank: {name: Test Demo Bank}
now: "2026-11-25T11:30:00+05:30"
branches:
  - {id: BR, name: Main, city: Namunapur, holidays: [{day: "2026-12-25", name: Christmas}]}
customers:
  - id: C1
    name: One Demo
    date_of_birth: "2015-05-05"
    home_branch: BR
    contacts: [{kind: mobile, value: "+910000000001", changed_at: -9d}]
    devices: [{id: D1, name: phone, registered_at: -90d, last_seen: -1h}]
    security_questions: [{id: q, question: Which town?, answer: top-secret-answer}]
    login: {attempts: [{at: -1h, result: ok, device: D1}]}
  - {id: C2, name: Two Demo, home_branch: BR, devices: [{id: D2, name: phone, registered_at: -90d}]}
accounts:
  - {id: A1, number: "990000000001", type: savings, product: Basic, opening: INR 900.00, ownership: {holders: [C1]}, opened: "2020-01-01"}
  - {id: A2, number: "990000000002", type: credit_card, product: Card, opening: INR -50.00, ownership: {holders: [C2]}, opened: "2020-01-01", credit_limit: INR 500.00}
cards:
  - {id: K1, account: A1, holder: C1, last4: "0001", expires: 2029-01}
  - {id: K2, account: A2, holder: C2, last4: "0002", kind: credit, expires: 2029-01}
holds:
  - {id: H1, account: A1, card: K1, amount: INR 100.00, reason: hotel, merchant: Inn, placed_at: -1d, expires_at: +2d}
transactions:
  - {id: T1, account: A1, card: K1, at: -2d 14:30, amount: INR -200.00, kind: purchase, rail: card_pos, counterparty: Shop}
  - {id: T2, account: A1, at: -1d, amount: INR -50.00, kind: transfer, rail: upi, counterparty: Shop, device: unknown:x}
  - {id: T3, account: A2, card: K2, at: -1d, amount: INR -20.00, kind: purchase, rail: card_ecom, counterparty: Web Shop}
routines:
  - {id: R1, account: A1, amounts: [INR 10.00, INR 20.00], kind: salary, rail: neft, counterparty: Work, time: "09:00", monthly: 1}
rails:
  - {transaction: T2, state: settled, updated_at: -1d}
loans:
  - {id: L1, customer: C2, type: gold, principal: INR 100.00, outstanding: INR 50.00, emi: INR 10.00, rate_bp: 900, tenure_months: 12, paid_months: 6}
cases:
  - {reference: DSP-1, customer: C1, transaction: T1, dispute_type: unauthorised, amount: INR 200.00, opened_at: -1d}
fraud:
  - {transaction: T1, fault: unknown, score_bp: 100}
events:
  - {at: +1d, kind: hold.expired, customer: C1}
"""


def line_of(text: str, part: str) -> int:
    """The line, from 1, on which `part` first stands."""
    return text[: text.index(part)].count("\n") + 1
