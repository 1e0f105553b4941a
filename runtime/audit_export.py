"""The self-contained export of a trail: written in a stream, checked anywhere with a public key and nothing else of ours.

One record a line, its kind first, tabs between the fields (`docs/audit.md`): `H` header, `K` public key, `A` anchor, `X` executed
proposal, `E` entry, `M` masked entry, `T` the head, `Z` the end mark with the number of entries.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from agents.personal import hide_personal
from domain.errors import BadInput
from domain.tokens import key_id
from runtime.audit_check import Anchor, Head, check
from runtime.audit_findings import Finding
from runtime.storage import audit

FORMAT = "tellergate-audit-export/1"
_DIGITS = re.compile(r"\d{6,}")


def write_export(
    file: IO[bytes],
    connection: sa.Connection,
    tenant: str,
    anchors: list[Anchor],
    keys: Mapping[str, Ed25519PublicKey],
    *,
    masked: bool = False,
) -> int:
    """Write the linked entries with all that checking them needs; returns how many entries. Constant memory.

    `masked` names personal data in bodies and leaves only the last four digits of long numbers; the chain commits to each body's digest, so it is checked
    all the same, and what was masked is not.
    """
    head = audit.read_head(connection, tenant)

    def put(kind: str, *fields: str) -> None:
        file.write("\t".join((kind, *fields)).encode() + b"\n")

    put("H", _json({"format": FORMAT, "tenant": tenant, "masked": masked}))
    for kid, key in keys.items():
        put("K", kid, base64.b64encode(key.public_bytes_raw()).decode())
    for anchor in anchors:
        if anchor.tenant == tenant:
            put("A", anchor.model_dump_json())
    for proposal, kind in sorted(audit.executed(connection, tenant).items()):
        put("X", proposal, kind)
    count = 0
    for line in audit.read_lines(connection, tenant):
        count += 1
        # A line break can only be there by tampering; as another sign it is found, and the file keeps its lines.
        safe = line.replace(b"\n", b"\x1a")
        file.write(b"M\t" + _masked(safe) + b"\n" if masked else b"E\t" + safe + b"\n")
    if head is not None:
        put("T", _json({"n": head.n, "hash": head.hash, "anchored_n": head.anchored_n}))
    put("Z", str(count))
    return count


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _masked(line: bytes) -> bytes:
    rest, _, body = line.rpartition(b"\t")
    shortened = _DIGITS.sub(lambda found: "•" * 4 + found[0][-4:], body.decode("utf-8", "surrogateescape"))
    hidden = hide_personal(shortened)
    return rest + b"\t" + hidden.encode("utf-8", "surrogateescape")


@contextmanager
def opened(path: Path, mode: str) -> Iterator[IO[bytes]]:
    """An export's file, compressed where its name ends in `.gz`."""
    if path.suffix == ".gz":
        with gzip.open(path, mode + "b", **({"compresslevel": 6} if mode == "w" else {})) as packed:  # type: ignore[call-overload]
            yield packed
    else:
        with path.open(mode + "b") as file:
            yield file


@dataclass(slots=True)
class _Around:
    """What an export says besides its entries."""

    tenant: str = ""
    masked: bool = False
    anchors: list[Anchor] = field(default_factory=list)
    executed: dict[str, str] = field(default_factory=dict)
    head: Head | None = None
    claimed: int | None = None
    entries: int = 0
    findings: list[Finding] = field(default_factory=list)


def verify_export(
    path: Path, keys: Mapping[str, Ed25519PublicKey], anchors: list[Anchor] | None = None
) -> tuple[list[Finding], dict[str, Any]]:
    """Check an export: what is wrong (nothing: it holds), and what was looked at.

    `keys` are trusted, those in the file are not. `anchors`, from the storage where the bank keeps them, win over those in the
    file. Raises BadInput `export_unreadable` with the line.
    """
    around = _read_around(path)
    signed = around.anchors if anchors is None else anchors
    findings, count = check(
        lambda: _entries(path), around.tenant, signed, keys, head=around.head, executed=around.executed, masked=around.masked
    )
    findings = around.findings + findings
    if around.claimed is None:
        findings.append(Finding(kind="truncated", n=count + 1, detail="the export ends without its end mark"))
    elif around.claimed > around.entries and not any(each.kind in ("deleted", "truncated") for each in findings):
        detail = f"the end mark says {around.claimed} entries"
        findings.append(Finding(kind="truncated", n=around.entries + 1, last=around.claimed, detail=detail))
    shown = {"tenant": around.tenant, "entries": count, "anchors": len(signed), "masked": around.masked}
    return findings, shown


def _entries(path: Path) -> Iterator[bytes]:
    with opened(path, "r") as file:
        for line in file:
            if line[:2] in (b"E\t", b"M\t"):
                yield line[2:-1] if line[-1:] == b"\n" else line[2:]


def _read_around(path: Path) -> _Around:
    """Everything but the entries, which are only counted."""
    found = _Around()
    number = 0
    try:
        with opened(path, "r") as file:
            for number, line in enumerate(file, start=1):
                if line[:2] in (b"E\t", b"M\t"):
                    found.entries += 1
                elif not _take(found, line):
                    detail = f"line {number} of the export cannot be read"
                    found.findings.append(Finding(kind="edited", n=found.entries + 1, detail=detail))
    except (EOFError, OSError, zlib.error) as error:
        raise BadInput("export_unreadable", f"{path.name}, line {number}") from error
    if not found.tenant:
        raise BadInput("export_unreadable", f"{path.name}: no header")
    return found


def _take(found: _Around, line: bytes) -> bool:
    """Take a record that is no entry; False when it cannot be read."""
    try:
        _take_fields(found, line.decode().rstrip("\n").split("\t"))
    except (ValueError, KeyError, IndexError, TypeError):
        return False
    return True


def _take_fields(found: _Around, fields: list[str]) -> None:
    match fields[0]:
        case "H":
            header = json.loads(fields[1])
            if header["format"] != FORMAT:
                raise ValueError("another format")
            found.tenant, found.masked = str(header["tenant"]), bool(header["masked"])
        case "A":
            found.anchors.append(Anchor.model_validate_json(fields[1]))
        case "X":
            found.executed[fields[1]] = fields[2]
        case "T":
            head = json.loads(fields[1])
            found.head = Head(int(head["n"]), str(head["hash"]), int(head["anchored_n"]))
        case "Z":
            found.claimed = int(fields[1])
        case "K":
            pass
        case _:
            raise ValueError("no such record")


def public_keys(path: Path) -> dict[str, Ed25519PublicKey]:
    """The Ed25519 public keys of a PEM file (two during a rotation), by key id. Raises BadInput `key_unreadable`."""
    found: dict[str, Ed25519PublicKey] = {}
    try:
        blocks = re.findall(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", path.read_bytes(), re.DOTALL)
        for block in blocks:
            key = serialization.load_pem_public_key(block)
            if isinstance(key, Ed25519PublicKey):
                found[key_id(key)] = key
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise BadInput("key_unreadable", path.name) from error
    if not found:
        raise BadInput("key_unreadable", f"{path.name}: no Ed25519 public key")
    return found
