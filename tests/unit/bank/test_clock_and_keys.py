"""The bank's clock only grows; its keys are files made at first start; whom it trusts is re-read when it changes."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bank.keys import TrustedKeys, private_key, secret_file, write_trusted
from bank.setup import open_bank
from domain.actions import BlockCard
from domain.errors import BadInput, Broken
from domain.tokens import key_id
from tests.support.bank import HandClock, Workbench
from tests.support.bank_world import ASHA


def test_a_worlds_now_sets_the_clock_once_and_wall_time_carries_it_on(bench: Workbench) -> None:
    clock = bench.bank.config.clock
    before = clock.of("demo").now()
    bench.clock.advance(90)
    assert clock.of("demo").now() - before == timedelta(seconds=90)


def test_moving_the_clock_back_is_refused(bench: Workbench) -> None:
    clock = bench.bank.config.clock

    def move(seconds: float) -> None:
        target = int((clock.of("demo").now().timestamp() + seconds) * 1_000_000)
        bench.bank.database.write_now(lambda connection: clock.advance(connection, "demo", to=target))

    move(3600)
    with pytest.raises(BadInput, match="clock_backwards"):
        move(-1)
    with pytest.raises(BadInput, match="clock_too_far"):
        move(11 * 366 * 86_400)


def test_tenants_have_clocks_of_their_own(bench: Workbench) -> None:
    bench.seed("other")
    clock = bench.bank.config.clock
    target = int(clock.of("other").now().timestamp() * 1_000_000) + 10**9
    bench.bank.database.write_now(lambda connection: clock.advance(connection, "other", to=target))
    assert clock.of("other").now() - clock.of("demo").now() == timedelta(seconds=1000)


def test_trusted_keys_follow_their_file(tmp_path: Path) -> None:
    path = tmp_path / "authority.pub.pem"
    trusted = TrustedKeys(path)
    old, new, third = (Ed25519PrivateKey.generate().public_key() for _ in range(3))
    assert trusted.current() == {}
    write_trusted(path, old)
    assert set(trusted.current()) == {key_id(old)}
    write_trusted(path, old, new)
    assert set(trusted.current()) == {key_id(old), key_id(new)}
    write_trusted(path, new)
    assert set(trusted.current()) == {key_id(new)}
    write_trusted(path, old, new, third)
    assert trusted.current() == {}, "more than two keys: a doubtful list trusts nobody"
    path.write_text("not a key")
    assert trusted.current() == {}
    path.unlink()
    assert trusted.current() == {}


async def test_a_rotated_key_approves_and_the_retired_one_no_longer(bench: Workbench) -> None:
    teller = bench.teller("demo", bench.clock.at)
    old, new = bench.authority, Ed25519PrivateKey.generate()
    action = BlockCard(card="K1", reason="lost")
    path = bench.keys / "authority.pub.pem"

    async def code(key: Ed25519PrivateKey) -> str:
        token = teller.approval(ASHA, action, "p1", key=key)
        answer = await teller.do("/cards/K1/block", ASHA, action, proposal="p1", token=token)
        return str(answer.json().get("code", "done"))

    assert await code(new) == "approval_key_unknown"
    write_trusted(path, old.public_key(), new.public_key())
    assert await code(new) == "done"
    write_trusted(path, new.public_key())
    assert await code(old) == "approval_key_unknown"
    await teller.http.aclose()


def test_secrets_are_made_once_private_and_refused_when_others_can_read_them(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    first = secret_file(path, lambda: os.urandom(16))
    assert secret_file(path, lambda: os.urandom(16)) == first
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(Broken, match="key_file_open"):
        secret_file(path, lambda: b"")


def test_a_key_file_that_holds_no_key_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("nonsense")
    path.chmod(0o600)
    with pytest.raises(Broken, match="key_file_broken"):
        private_key(path)


def test_a_bank_opened_again_has_the_same_keys_and_rows(tmp_path: Path) -> None:
    first = open_bank(tmp_path, clock=HandClock())
    first.close()
    second = open_bank(tmp_path, clock=HandClock())
    second.close()
    assert first.config.otp_key == second.config.otp_key
    assert first.config.service_credential_hash == second.config.service_credential_hash
    assert key_id(first.config.app_key.public_key()) == key_id(second.config.app_key.public_key())
    private = [path for path in (tmp_path / "keys").iterdir() if not path.name.endswith(".pub.pem")]
    assert len(private) == 4
    assert all(path.stat().st_mode & 0o077 == 0 for path in private)
