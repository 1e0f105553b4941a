"""A world in which every key is used, each value one of a kind where it can be."""

FULL = """\
world: 1
tenant: full
bank: {name: Full Demo Bank, helpline: 1800-000-0777}
now: "2026-11-25T11:30:00+05:30"
zone: Asia/Kolkata
currency: INR
branches:
  - {id: BR-F, name: Branch of Everything, city: Allpur, closed_saturdays: [1, 5], weekly_off: [fri], holidays: [{day: "2026-12-19", name: Day of All}]}
customers:
  - id: CUS-F
    name: Full Demo
    about: Has one of everything.
    language: hi
    date_of_birth: "1961-02-03"
    segment: senior
    kind: sole_proprietor
    home_branch: BR-F
    deceased_on: "2026-11-21"
    kyc: {risk: high, due: "2026-01-17", notices: 3}
    contacts:
      - {kind: mobile, value: "+910000000999", changed_at: -401d}
      - {kind: sim, value: SIM of Full, changed_at: -402d}
      - {kind: email, value: full@example.invalid, changed_at: -403d}
      - {kind: address, value: 12 Lane of Everything, changed_at: -462d}
    devices:
      - {id: DEV-F, name: Full's tablet, registered_at: -404d, last_seen: -405m, location: Devicepur, key: true, app_version: 7.7.7}
    security_questions:
      - {id: q-full, question: What is everything called?, answer: the-hidden-answer}
    login:
      password_changed_at: -406d
      pin_changed_at: -407d
      lock: {id: LOCK-463, kind: legal, since: -408m, until: +409m}
      attempts:
        - {at: -410m, result: wrong_otp, device: unknown:attempt-full, location: Attemptpur}
    limits:
      - {rail: imps, per_transaction: INR 411.11, per_day: INR 412.12}
  - {id: CUS-M, name: Minor Demo, home_branch: BR-F, date_of_birth: "2016-06-06"}
accounts:
  - id: ACC-F
    number: "990000004130"
    type: overdraft
    product: Everything Account
    currency: INR
    opening: INR 41400.14
    ownership: {mode: minor_guardian, holders: [CUS-M], guardian: CUS-F}
    status: active
    opened: "2017-04-15"
    credit_limit: INR 4160.16
    average_balance: INR 4170.17
    dues: INR 464.64
    us_regulation: reg_z
    cycle_day: 17
    freezes:
      - {kind: police, since: -418m, amount: INR 419.19, authority: Police of Allpur, reference: FRZ/420, cause: cause-four-two-one}
    liens:
      - {id: LIEN-F, kind: tax, amount: INR 422.22, since: -423m, authority: Revenue of Allpur, reference: LIEN/424}
  - {id: ACC-D, number: "990000004250", type: deposit, product: Sleeping Deposit, opening: INR 426.26, ownership: {holders: [CUS-F]}, opened: "2017-04-27", status: dormant, dormant_since: "2024-04-28"}
cards:
  - {id: CARD-F, account: ACC-F, holder: CUS-F, last4: "4290", kind: prepaid, network: mastercard, status: hotlisted, block_reason: stolen, blocked_at: -430m, block: BLOCK-465, expires: 2031-04}
holds:
  - {id: HOLD-F, account: ACC-F, card: CARD-F, amount: INR 432.32, reason: car_rental, merchant: Hold Merchant, placed_at: -433m, expires_at: +434m, state: voided}
transactions:
  - {id: TXN-F, account: ACC-F, card: CARD-F, at: -435m, value_date: "2026-11-04", amount: INR -436.36, kind: purchase, rail: card_ecom, counterparty: Shop of Everything,
     remark: remark-four-three-seven, merchant_category: "4380", merchant_verified: true, status: posted, reference: REF-439, device: unknown:txn-full, location: Paypur,
     authenticated_by: biometric, payee: {name: Payee of Everything, handle: everything@demo, added_at: -440m, name_match: false},
     payee_ref: PAYEE-F, mandate: MANDATE-F, cross_border: true, expected_delivery: "2026-11-22", alerted: true, alert_at: -434m,
     findings: {statement_on: "2026-11-23", written_confirmation: overdue, error_outcome: no_error, access_device_lost: true, business_days_to_notice: 466,
     loss_before_2bd: INR 467.67, sca_used: true, payer_conduct: gross_negligence, instrument_lost: true, loss_detectable: true, loss_after_notice: true,
     fraud_reported: true, payee_initiated: true}}
  - {id: TXN-FEE, account: ACC-F, at: -434m, amount: INR -468.68, kind: fee, rail: internal, counterparty: Full Demo Bank}
  - {id: TXN-R, account: ACC-F, at: -441m, amount: INR -442.42, kind: transfer, rail: rtgs, counterparty: Taken Back, status: reversed}
  - {id: TXN-B, account: ACC-F, at: -440m, amount: INR 442.42, kind: reversal, rail: internal, counterparty: Taken Back, reversal_of: TXN-R}
  - {id: TXN-X, account: ACC-F, at: -443m, amount: INR -444.44, kind: transfer, rail: upi, counterparty: Never Arrived, status: failed, debited: true}
  - {id: TXN-N, account: ACC-F, at: -443m, amount: INR -445.45, kind: transfer, rail: upi, counterparty: Never Left, status: failed, debited: false, alerted: false}
  - {id: TXN-C, account: ACC-F, at: -446m, amount: INR 436.36, kind: provisional_credit, rail: internal, counterparty: Full Demo Bank}
rails:
  - {transaction: TXN-X, state: deemed, beneficiary_credited: false, settlement: unsettled, updated_at: -447m, reversal_due: "2026-11-29", response_code: U448, reversal: queued, tcc_ret: ret, failure_cause: system, delay_at: other_bank}
loans:
  - {id: LOAN-F, customer: CUS-F, account: ACC-F, type: gold, principal: INR 449.49, outstanding: INR 450.50, emi: INR 451.51, rate_bp: 4520, tenure_months: 454, paid_months: 453, next_due: "2026-12-05", status: overdue}
cases:
  - {reference: DSP-455, customer: CUS-F, transaction: TXN-F, dispute_type: wrong_amount, amount: INR 436.35, opened_at: -400m, status: withdrawn, provisional_credit: TXN-C}
fraud:
  - {transaction: TXN-F, fault: customer, score_bp: 4560, reasons: [reason-457], as_of: -458m, missing: false, recovered: INR 469.69}
  - {transaction: TXN-R, fault: unknown, missing: true}
events:
  - {at: -459m, kind: contact.changed, customer: CUS-F, subject: subject-past}
  - {at: +460m, kind: reset.completed, customer: CUS-F, subject: subject-future}
tariff:
  - {kind: card_replacement, amount: INR 470.70, waived_for: [word-471], once_per: quarter}
fees:
  - {id: FEE-F, transaction: TXN-FEE, kind: late_payment, tax: true, refund: {amount: INR 462.72, at: -433m, error: true, by_person: true}}
limits:
  - {account: ACC-F, card: CARD-F, kind: card_contactless, value: INR 473.73, cap: INR 474.74, version: 475}
payees:
  - {id: PAYEE-F, customer: CUS-F, name: Payee on File, handle: file@demo, account: ACC-D, added_at: -476m, name_match: close, merchant_category: "4770", merchant_verified: true}
mandates:
  - {id: MANDATE-F, account: ACC-F, creditor: Creditor of Everything, category: fastag, max: INR 478.78, proposed_max: INR 479.79, status: withdrawn, registered_at: -480m, next_debit: "2026-12-08", notice_at: -481m, skip_next: true}
complaints:
  - {reference: CMP-482, customer: CUS-F, category: credit_bureau, about: MSG-483, opened_at: -484m, status: closed}
fraud_reports:
  - {reference: FRD-485, customer: CUS-F, kind: impersonation, about: MSG-486, at: -487m, ncrp_at: -488m}
chargebacks:
  - {reference: CBK-489, case: DSP-455, raised_at: -490m, status: declined}
compensations:
  - {kind: tat, transaction: TXN-X, customer: CUS-F, amount: INR 491.91, at: -492m}
closures:
  - {reference: CLS-493, customer: CUS-F, account: ACC-D, reason: moving_bank, requested_at: -494m, status: done}
"""
