"""Rules as files: where they lie on disk, what their bytes commit to, and how they become one checked pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.canonical import digest_of
from domain.errors import BadInput, Conflict
from policy.bank_policy import parse_bank_policy
from policy.documents import MAX_BYTES, document_of, refusal
from policy.packs import HEAD, MAX_FILES, Pack, build_pack
from runtime.storage.activations import Files, hashes

PACK, POLICY = "pack", "policy"
KINDS = (PACK, POLICY)


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """`directory` has a folder for each pack, and beside it `<pack>.yaml`, the bank's own policy for it, if there is one."""

    directory: Path
    name: str

    def paths(self, kind: str) -> list[Path]:
        if kind == PACK:
            return sorted((self.directory / self.name).glob("*.yaml"))[: MAX_FILES + 1]
        path = self.directory / f"{self.name}.yaml"
        return [path] if path.is_file() else []

    def read(self, kind: str) -> dict[str, bytes]:
        """Raises BadInput `pack_invalid` for a file that cannot be read or is too large."""
        files: dict[str, bytes] = {}
        for path in self.paths(kind):
            try:
                with path.open("rb") as file:
                    files[path.name] = file.read(MAX_BYTES + 1)
            except OSError as error:
                raise refusal(path.name, 1, "cannot be read") from error
            if len(files[path.name]) > MAX_BYTES:
                raise refusal(path.name, 1, f"larger than {MAX_BYTES} bytes")
        return files

    def look(self, kind: str) -> tuple[tuple[str, int, int], ...]:
        """Names, sizes and times: cheap to ask for often, and different after most changes."""
        try:
            return tuple((path.name, (stat := path.stat()).st_size, stat.st_mtime_ns) for path in self.paths(kind))
        except OSError:
            return ()


def files_digest(files: Files) -> str:
    """What a sign-off names; for a pack it is `Pack.digest`."""
    return digest_of(hashes(files))


def compiled(name: str, pack: Files, policy: Files | None) -> Pack:
    """The pack with the bank's own numbers, whole or not at all. Raises BadInput `pack_invalid` with file, line and reason."""
    limits: Mapping[str, int] | None = None
    if policy:
        (file, raw), *_ = policy.items()
        limits = parse_bank_policy(document_of(file, raw), name).limits
    built = build_pack([document_of(file, raw) for file, raw in sorted(pack.items())], limits=limits)
    if built.name != name:
        raise refusal("pack.yaml", 1, f"this is pack {built.name}, not {name}")
    return built


def version_of(kind: str, files: Files) -> str:
    """The version that the files give themselves. Raises BadInput `pack_invalid`."""
    file = HEAD if kind == PACK else next(iter(files), "")
    document = document_of(file, files.get(file, b""))
    if not isinstance(document.data, dict) or not isinstance(document.data.get("version"), int):
        raise document.refusal(("version",), "version is missing")
    return str(document.data["version"])


def require_verified(pack: Pack, profile: str) -> None:
    """Raises Conflict `pack_unverified` outside the demo: law that nobody has read against the regulator's text does not run."""
    if profile != "demo" and pack.unverified:
        first = ", ".join(pack.unverified[:3])
        raise Conflict("pack_unverified", f"{len(pack.unverified)} law rules are not reviewed: {first} …")


def require_some(files: Files, kind: str) -> None:
    if not files:
        raise BadInput("pack_invalid", f"there are no files for a {kind}")
