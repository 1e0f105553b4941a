"""Settings: `TELLERGATE_*` environment variables over an optional `tellergate.toml`. The only reader of the environment."""

from __future__ import annotations

import difflib
import os
import tomllib
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from domain.errors import BadInput

PREFIX = "TELLERGATE_"
Profile = Literal["demo", "shadow", "assist", "full"]
#: What `tellergate.toml` says, for the moment in which settings are built.
_from_file: ContextVar[dict[str, Any]] = ContextVar("settings_file", default={})  # noqa: B039 - never changed in place


class Settings(BaseSettings):
    """What is in force, read once and passed down. Every field is described in `docs/settings.md` (tested)."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    data_dir: Path = Field(default=Path("data"), description="Everything that runs writes below this directory.")
    profile: Profile = Field(default="demo", description="demo, shadow, assist or full; only demo has sandbox aids.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    tenant: str = Field(default="demo", pattern=r"^[a-z][a-z0-9-]{1,31}$", description="The bank this process serves.")
    database_url: str = Field(default="", description="SQLAlchemy URL of the service's database; empty: SQLite in data_dir.")
    bank_url: str = Field(default="", description="Address of the core bank; empty: the sandbox bank in this process.")
    bank_database_url: str = Field(default="", description="SQLAlchemy URL of the sandbox bank; empty: SQLite in data_dir.")
    world: Path = Field(default=Path("worlds/demo.yaml"), description="World file that seeds an empty sandbox bank.")
    bank_name: str = Field(default="", description="Name of the bank in replies; empty: the world's bank name.")
    model: str = Field(default="packaged", description="packaged, none, a path to a GGUF file, or openai:<base address>.")
    model_name: str = Field(default="", description="Model name sent to an OpenAI-compatible endpoint.")
    model_api_key: SecretStr = Field(default=SecretStr(""), description="Key for an OpenAI-compatible endpoint.")
    model_sha256: str = Field(default="", description="SHA-256 that a GGUF file given by path must have.")
    encoder: Literal["minilm", "lexical"] = Field(default="minilm", description="minilm, or lexical (instant, model-free).")
    phrasing: bool = Field(default=True, description="Let the model phrase replies; off: templates only.")
    turn_budget_s: float = Field(default=1.8, gt=0, le=30, description="Seconds a whole turn may take, model calls included.")
    bank_timeout_s: float = Field(default=5.0, gt=0, le=60, description="Seconds to wait for one answer of the core bank.")
    messages_per_second: float = Field(default=5.0, gt=0, description="Refill of a customer's message bucket.")
    message_burst: int = Field(default=10, ge=1, description="Size of a customer's message bucket.")
    idle_s: float = Field(default=900.0, gt=0, description="Seconds without a frame after which a socket closes with 4408.")
    lease_s: float = Field(default=15.0, gt=1, description="Seconds a turn's lease holds without renewal.")
    sign_in_origins: str = Field(
        default="", description="Comma-separated origins whose pages may open the chat socket; empty: same host only."
    )
    staff_idle_s: float = Field(default=900.0, gt=0, description="Seconds without a call after which a staff session ends.")
    staff_session_s: float = Field(default=28_800.0, gt=0, description="Seconds a staff session lasts at most.")
    person_life_h: float = Field(default=72.0, gt=0, description="Hours a proposal waits for a person before it lapses.")
    pack: str = Field(default="in-rbi", pattern=r"^[a-z][a-z0-9-]{1,31}$", description="The rule pack of this bank.")
    policy_dir: Path | None = Field(
        default=None,
        description="Directory with a folder for each pack and the bank's own <pack>.yaml; empty: the shipped packs.",
    )
    role_limits: str = Field(
        default="",
        description="What roles may sign off, over the defaults: role:CUR=minor units, comma-separated (docs/staff.md).",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least severity that is logged.")
    log_format: Literal["console", "json"] = Field(default="console", description="How log lines look.")

    keys_database_url: str = Field(
        default="", description="SQLAlchemy URL of the key database, apart from the service's; empty: SQLite in data_dir."
    )
    master_key_file: str = Field(
        default="", description="File with the master key of the key database, mode 0600; empty: made in data_dir/keys."
    )
    audit_anchors: str = Field(
        default="", description="Directory for the audit trail's signed anchors, best on other storage; empty: data_dir/anchors."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=_from_file.get())

    @property
    def service_database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'service.sqlite').resolve()}"

    @property
    def bank_database(self) -> str:
        return self.bank_database_url or f"sqlite:///{(self.data_dir / 'bank.sqlite').resolve()}"

    @property
    def sandbox(self) -> bool:
        """Sandbox aids exist only in the demo profile with the bank in this process."""
        return self.profile == "demo" and not self.bank_url

    @property
    def keys_dir(self) -> Path:
        return self.data_dir / "keys"

    @property
    def keys_database(self) -> str:
        return self.keys_database_url or f"sqlite:///{(self.data_dir / 'keys.sqlite').resolve()}"

    @property
    def anchors_dir(self) -> Path:
        return Path(self.audit_anchors) if self.audit_anchors else self.data_dir / "anchors"

    @property
    def model_socket(self) -> Path:
        return self.data_dir / "model.sock"


def load_settings(toml: Path | None = None, **overrides: Any) -> Settings:
    """Read settings: overrides (command line) over the environment over `tellergate.toml`.

    Raises BadInput `setting_unknown` (with the nearest known name) or `setting_invalid` (with the field and what is wrong).
    """
    path = toml or Path("tellergate.toml")
    values: dict[str, Any] = {}
    if path.exists():
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadInput("setting_invalid", f"{path}: not valid TOML: {error}") from error
    elif toml is not None:
        raise BadInput("setting_invalid", f"{path}: no such file")
    for key in values:
        _require_known(key, f"{path}: {key}")
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    for variable in os.environ:
        if variable.upper().startswith(PREFIX) and variable.upper() not in names:
            _require_known(variable[len(PREFIX) :].lower(), variable)
    given = {key: value for key, value in overrides.items() if value is not None}
    reset = _from_file.set(values)
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "settings"
        raise BadInput("setting_invalid", f"{field}: {first['msg']}") from error
    finally:
        _from_file.reset(reset)


def _require_known(name: str, shown: str) -> None:
    if name in Settings.model_fields:
        return
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise BadInput("setting_unknown", f"{shown} is not a setting{hint}")


def child_environment(**extra: str) -> dict[str, str]:
    """The environment for a child process: ours, without secrets of ours, with `extra`."""
    return {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)} | extra
