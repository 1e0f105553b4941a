"""Settings: unknown and broken ones are named, options win, and each one is documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import BadInput
from runtime.settings import PREFIX, Settings, load_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_anything_the_demo_runs_on_sqlite_below_the_data_directory() -> None:
    settings = load_settings()

    assert settings.profile == "demo"
    assert settings.service_database.startswith("sqlite:///")
    assert settings.sandbox


def test_the_environment_wins_over_the_file_and_an_option_over_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tellergate.toml").write_text('port = 1111\nhost = "127.0.0.2"\n')
    monkeypatch.setenv("TELLERGATE_PORT", "2222")

    assert load_settings().port == 2222
    assert load_settings().host == "127.0.0.2"
    assert load_settings(port=3333).port == 3333


@pytest.mark.parametrize(
    ("variable", "names", "reason"),
    [
        ("TELLERGATE_PROT", "did you mean 'port'", "a typing mistake names the nearest setting"),
        ("TELLERGATE_COLOUR", "TELLERGATE_COLOUR", "an unknown setting is named, not ignored"),
    ],
)
def test_an_unknown_variable_is_refused(variable: str, names: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "1")

    with pytest.raises(BadInput, match=names) as caught:
        load_settings()
    assert caught.value.code == "setting_unknown", reason


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("prot = 1\n", "setting_unknown"),
        ("port = 'many'\n", "setting_invalid"),
        ("port = \n", "setting_invalid"),
        ("port = 70000\n", "setting_invalid"),
    ],
)
def test_a_broken_file_says_which_setting(content: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "tellergate.toml").write_text(content)

    with pytest.raises(BadInput) as caught:
        load_settings()
    assert caught.value.code == code


def test_sandbox_aids_end_with_the_demo_profile_and_with_a_real_core() -> None:
    assert not load_settings(profile="full").sandbox
    assert not load_settings(bank_url="https://core.example").sandbox


def test_every_setting_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "settings.md").read_text(encoding="utf-8")

    missing = [name for name in Settings.model_fields if f"`{PREFIX}{name.upper()}`" not in text]

    assert missing == []
