"""Keys are made at first start, kept, shared by processes that start at once, and refused when others may read them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from domain.errors import Broken, Unauthenticated
from domain.tokens import SubjectClaims, key_id, verify
from runtime.keys import CREDENTIAL_FILE, open_keys, public_pem
from runtime.subjects import SubjectMinter
from tests.support.gate_house import Clock, CountingIds


def test_keys_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    first, second = open_keys(tmp_path / "keys"), open_keys(tmp_path / "keys")
    assert public_pem(first.authority.public_key()) == public_pem(second.authority.public_key())
    assert first.bank_credential == second.bank_credential
    assert len(first.bank_credential) >= 43
    for path in (tmp_path / "keys").iterdir():
        expected = 0o644 if path.name.endswith(".pub.pem") else 0o600
        assert path.stat().st_mode & 0o777 == expected, path.name


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    one, other = open_keys(tmp_path / "one"), open_keys(tmp_path / "other")
    assert one.bank_credential != other.bank_credential
    assert key_id(one.authority.public_key()) != key_id(other.authority.public_key())


def test_the_public_halves_lie_beside_the_keys(tmp_path: Path) -> None:
    keys = open_keys(tmp_path)
    for name, key in (("authority", keys.authority), ("subject", keys.subject), ("audit", keys.audit)):
        assert (tmp_path / f"{name}.pub.pem").read_bytes() == public_pem(key.public_key())


def test_processes_that_start_at_once_get_the_same_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: open_keys(tmp_path), range(8)))
    assert len({public_pem(keys.authority.public_key()) for keys in opened}) == 1
    assert len({keys.bank_credential for keys in opened}) == 1


@pytest.mark.parametrize("name", [CREDENTIAL_FILE, "authority.pem"])
def test_a_secret_that_others_may_read_is_refused(tmp_path: Path, name: str) -> None:
    open_keys(tmp_path)
    (tmp_path / name).chmod(0o640)
    with pytest.raises(Broken, match="key_file_open"):
        open_keys(tmp_path)


def test_a_file_that_holds_no_key_is_refused(tmp_path: Path) -> None:
    open_keys(tmp_path)
    (tmp_path / "audit.pem").write_bytes(b"nothing")
    with pytest.raises(Broken, match="key_file_broken"):
        open_keys(tmp_path)


def test_a_key_list_that_an_operator_extended_is_left_alone(tmp_path: Path) -> None:
    keys = open_keys(tmp_path)
    extended = public_pem(keys.authority.public_key()) * 2
    (tmp_path / "authority.pub.pem").write_bytes(extended)
    open_keys(tmp_path)
    assert (tmp_path / "authority.pub.pem").read_bytes() == extended
    serialization.load_pem_public_key(extended)


def test_subject_tokens_are_reused_for_half_a_minute_and_live_a_minute(tmp_path: Path) -> None:
    clock = Clock()
    key = open_keys(tmp_path).subject
    minter = SubjectMinter(key, CountingIds(), lambda _: clock)
    token = minter.token("demo", "C001", "balance", level=3)
    clock.advance(29)
    assert minter.token("demo", "C001", "balance", level=3) == token
    assert minter.token("demo", "C001", "cards", level=3) != token
    assert minter.token("demo", "C002", "balance", level=3) != token
    clock.advance(2)
    fresh = minter.token("demo", "C001", "balance", level=3)
    assert fresh != token
    trusted = {key_id(key.public_key()): key.public_key()}
    claims = verify(fresh, SubjectClaims, trusted, "bank", clock.now().timestamp())
    assert (claims.sub, claims.purpose, claims.level, claims.exp - claims.iat) == ("C001", "balance", 3, 60)
    with pytest.raises(Unauthenticated, match="token_expired"):
        verify(fresh, SubjectClaims, trusted, "bank", clock.now().timestamp() + 60)
