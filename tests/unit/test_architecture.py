"""The tree is the architecture: every room is under the import contracts, and a planted breach is found."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import agents

ROOT = Path(__file__).parents[2]


def rooms() -> list[str]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return parser["importlinter"]["root_packages"].split()


def test_every_package_of_the_tree_is_under_the_import_contracts_and_in_the_package_list() -> None:
    here = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]

    assert here == set(rooms())
    assert here == {name for name in listed if "." not in name}


def test_agents_is_our_own_package_and_not_another_projects() -> None:
    assert Path(str(agents.__file__)).parent == ROOT / "agents"


@pytest.mark.process
@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("agents", "import bank.ledger.core", "The model side has no hands"),
        ("agents", "import policy.gate", "The model side has no hands"),
        ("models", "import tools.executor", "The model side has no hands"),
        ("bank", "import runtime.gate", "The bank knows the domain and the database kit only"),
        ("runtime", "import bank.setup", "Only the server and the command line import the bank"),
        ("channels", "import graphs.planning", "Doors speak to runtime and domain only"),
        ("policy", "import sqlalchemy", "The cores know no framework"),
        ("runtime", "import llama_cpp", "Native model libraries stay in the worker processes"),
    ],
)
def test_a_planted_import_breaks_its_contract(room: str, line: str, contract: str, tmp_path: Path) -> None:
    for name in rooms():
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static", "*.yaml"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    (tmp_path / room / "planted.py").write_text(f'"""Planted."""\n\n{line}\n', encoding="utf-8")

    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout
