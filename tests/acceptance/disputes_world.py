"""A world of many customers who each did not make one payment: one conversation each, nothing shared."""

from __future__ import annotations

from pathlib import Path

HEAD = """world: 1
tenant: demo
bank: {name: Kill Test Bank, helpline: 1800-000-0000}
now: "2026-11-25T11:30:00+05:30"
zone: Asia/Kolkata
currency: INR
branches:
  - {id: BR-1, name: Lakeside, city: Bengaluru}
"""
PERSON = """  - id: {id}
    name: Person {n} Demo
    about: Did not make a payment of ₹5,000.
    date_of_birth: "1990-01-01"
    home_branch: BR-1
    contacts:
      - {{kind: mobile, value: "+9100000{n:05d}", changed_at: -700d}}
      - {{kind: sim, value: SIM {n}, changed_at: -300d}}
      - {{kind: email, value: k{n}@example.invalid, changed_at: -700d}}
    devices:
      - {{id: D-{n}, name: Phone {n}, registered_at: -100d, last_seen: -8h, location: Bengaluru, key: true, app_version: 5.2.1}}
    security_questions:
      - {{id: school, question: What was the name of your first school?, answer: demo school}}
      - {{id: city, question: In which town were you born?, answer: namunapur}}
    login: {{password_changed_at: -90d, pin_changed_at: -150d}}
"""
ACCOUNT = """  - {{id: A-{n}, number: "98{n:010d}", type: savings, product: Savings, opening: INR 80000.00, ownership: {{holders: [{id}]}}, opened: "2017-06-01"}}
"""
CARD = """  - {{id: C-{n}, account: A-{n}, holder: {id}, last4: "{last4}", network: rupay, expires: 2028-02}}
"""
PAYMENT = """  - {{id: T-{n}, account: A-{n}, card: C-{n}, at: -1d 19:42, amount: INR -5000.00, kind: purchase, rail: card_ecom, counterparty: MegaMart,
     merchant_category: "5411", merchant_verified: false, reference: "63291{n:07d}", device: unknown:android-{n}, location: Surat,
     authenticated_by: none, alert_at: -1d 19:43}}
"""
FAULT = """  - {{transaction: T-{n}, fault: third_party}}
"""
AMOUNT_MINOR = 500_000
WORDS = "I didn't make this ₹5000 payment at MegaMart yesterday"
ANSWERS = {"school": "demo school", "town": "namunapur"}


def customer(number: int) -> str:
    return f"K{number:04d}"


def write_world(path: Path, count: int) -> Path:
    """One account, one card and a payment of ₹5,000 from an unknown device yesterday, for each customer."""

    def all_of(form: str) -> str:
        return "".join(form.format(n=n, id=customer(n), last4=f"{1000 + n % 9000}") for n in range(count))

    lists = [("customers", PERSON), ("accounts", ACCOUNT), ("cards", CARD), ("transactions", PAYMENT), ("fraud", FAULT)]
    text = HEAD + "".join(f"{name}:\n{all_of(form)}" for name, form in lists)
    path.write_text(text, encoding="utf-8")
    return path
