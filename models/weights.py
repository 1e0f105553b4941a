"""Which weight files may be loaded: only those whose SHA-256 is listed, in `weights.json` or by the bank's own setting.

The packages that carry the default weights are located without being imported: their code is never run.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import Unavailable
from models.adapter import read_adapter
from models.config import ModelConfig
from models.port import ModelIdentity

LISTED = Path(__file__).with_name("weights.json")
HASH_BLOCK = 1 << 20
PACKAGED_ENCODER = "all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class Weights:
    """A file that passed the check, and who it is."""

    path: Path
    identity: ModelIdentity


def listed() -> dict[str, Any]:
    """The list of default weights with their digests."""
    entries: dict[str, Any] = json.loads(LISTED.read_text(encoding="utf-8"))
    return entries


def package_folder(package: str) -> Path:
    """Folder of an installed package, without importing it. Raises Unavailable `weights_missing`."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("weights_missing", f"package {package} is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes. Raises Unavailable `weights_missing`."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(HASH_BLOCK):
                digest.update(block)
    except OSError as error:
        raise Unavailable("weights_missing", f"{path.name} cannot be read") from error
    return digest.hexdigest()


def checked(path: Path, expected: str | None) -> Weights:
    """The file, if its digest is the listed one. Raises Unavailable `weights_missing` or `weights_not_listed`."""
    actual = sha256_of(path)
    if expected is None or actual != expected.lower():
        raise Unavailable("weights_not_listed", f"{path.name} has SHA-256 {actual}, which is not listed")
    return Weights(path, ModelIdentity(path.stem, actual))


def llama_weights(config: ModelConfig) -> Weights:
    """The GGUF file to load: the configured one, the requantised copy when it is there and right, else the packaged one."""
    if config.llama_path is not None:
        return checked(config.llama_path, config.llama_sha256)
    entry = listed()["llama"]
    if config.requantise:
        copy = config.weights_dir / entry["requantised"]["file"]
        if copy.exists():
            try:
                return checked(copy, entry["requantised"]["sha256"])
            except Unavailable:
                copy.unlink(missing_ok=True)  # half a file, or another library's rounding: made anew or done without
    return checked(package_folder(entry["package"]) / entry["file"], entry["sha256"])


def encoder_folder(config: ModelConfig) -> Weights:
    """The encoder's folder (path of its weights file), every file of it that is read having a listed digest."""
    entry = listed()["encoder"]
    if config.encoder_path is not None:
        weights = checked(config.encoder_path / entry["file"], config.encoder_sha256)
        return Weights(weights.path, ModelIdentity(config.encoder_path.name, weights.identity.sha256))
    folder = package_folder(entry["package"]) / entry["folder"]
    for name, digest in entry["beside"].items():
        checked(folder / name, digest)
    weights = checked(folder / entry["file"], entry["sha256"])
    return Weights(weights.path, ModelIdentity(PACKAGED_ENCODER, weights.identity.sha256))


def adapter_weights(config: ModelConfig) -> Weights | None:
    """The packaged encoder's adapter; None for another encoder, or where it is switched off."""
    if config.encoder_path is not None or not config.adapter:
        return None
    entry = listed().get("adapter")
    return None if entry is None else checked(LISTED.parent / entry["file"], entry["sha256"])


def adapted(encoder: ModelIdentity, adapter: Weights | None) -> ModelIdentity:
    """Who answers when both work together: whatever is kept of its vectors belongs to both digests."""
    if adapter is None:
        return encoder
    both = hashlib.sha256(f"{encoder.sha256}\0{adapter.identity.sha256}".encode()).hexdigest()
    return ModelIdentity(f"{encoder.name}+{adapter.identity.name}", both)


def learned_from(identity: ModelIdentity) -> frozenset[int]:
    """Marks of the texts that an encoder was adapted on: none unless it is the packaged one with its adapter.

    A classifier must not measure itself on such texts: their vectors are better than those of a text that comes tomorrow.
    """
    packaged = ModelIdentity(PACKAGED_ENCODER, listed()["encoder"]["sha256"])
    try:
        adapter = adapter_weights(ModelConfig(data_dir=LISTED.parent))
        if adapter is None or adapted(packaged, adapter) != identity:
            return frozenset()
        return frozenset(read_adapter(adapter.path).seen.tolist())
    except (Unavailable, OSError, KeyError, ValueError):
        return frozenset()
