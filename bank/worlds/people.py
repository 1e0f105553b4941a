"""Who banks here and where: branches with their calendars, customers with what identifies them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from bank.worlds.part import DeviceRef, Id, LockKind, Part, Rail, Text, Weekday
from bank.worlds.values import Amount, Day, Instant


class Bank(Part):
    name: Text
    helpline: Text = "1800-000-0000"


class Holiday(Part):
    day: Day
    name: Text


class Branch(Part):
    """A branch with its calendar; a customer's working days are those of the home branch."""

    id: Id
    name: Text
    city: Text
    #: which Saturdays of a month are closed (RBI: second and fourth)
    closed_saturdays: tuple[Annotated[int, Field(ge=1, le=5, strict=True)], ...] = (2, 4)
    weekly_off: tuple[Weekday, ...] = ("sun",)
    holidays: tuple[Holiday, ...] = ()


class Contact(Part):
    """A way to reach a customer. `sim` is the SIM behind the mobile number: its value is only a label, its change date matters.
    `address` is the postal one, where cards are sent."""

    kind: Literal["mobile", "email", "sim", "address"]
    value: Text
    changed_at: Instant


class Device(Part):
    """A device the customer registered; `key` says that it holds a registered signing key."""

    id: Id
    name: Text
    registered_at: Instant
    last_seen: Instant | None = None
    location: Text | None = None
    key: StrictBool = False
    app_version: Text | None = None


class SecurityQuestion(Part):
    """The bank keeps only a salted hash of the answer."""

    id: Id
    question: Text
    answer: Annotated[Text, Field(repr=False)]


class LoginAttempt(Part):
    at: Instant
    result: Literal["ok", "wrong_password", "wrong_otp", "locked", "device_refused"]
    device: DeviceRef | None = None
    location: Text | None = None


class Lock(Part):
    """Why somebody cannot log in. `until` is null where a person has to lift it; without an id it is called LOCK-<customer>."""

    id: Id | None = None
    kind: LockKind
    since: Instant
    until: Instant | None = None


class Login(Part):
    """The customer's access to the app. Passwords are not in a world: the sandbox app signs tokens instead."""

    password_changed_at: Instant | None = None
    pin_changed_at: Instant | None = None
    lock: Lock | None = None
    attempts: tuple[LoginAttempt, ...] = ()


class Kyc(Part):
    risk: Literal["low", "medium", "high"] = "low"
    due: Day | None = None
    notices: Annotated[int, Field(ge=0, strict=True)] = 0


class RailLimit(Part):
    rail: Rail
    per_transaction: Amount | None = None
    per_day: Amount


class Customer(Part):
    """A person who banks here. `about` is one line for pickers of a demo page; it is never a fact."""

    id: Id
    name: Text
    about: Text | None = None
    language: Literal["en", "hi"] = "en"
    date_of_birth: Day | None = None
    segment: Literal["retail", "premium", "senior", "minor", "business"] = "retail"
    kind: Literal["individual", "sole_proprietor", "other"] = "individual"
    home_branch: Id
    deceased_on: Day | None = None
    kyc: Kyc = Kyc()
    contacts: tuple[Contact, ...] = ()
    devices: tuple[Device, ...] = ()
    security_questions: tuple[SecurityQuestion, ...] = ()
    login: Login = Login()
    limits: tuple[RailLimit, ...] = ()

    def changed_at(self, kind: Literal["mobile", "email", "sim", "address"]) -> datetime | None:
        """When the newest contact of a kind was changed; None where there is none."""
        return max((contact.changed_at for contact in self.contacts if contact.kind == kind), default=None)
