"""Starting badly: one clear line with a code, exit status 2, no traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.process import MODEL_FREE, ROOT, Server


def tellergate(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("TELLERGATE_")}
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env=clean | MODEL_FREE | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def one_line(done: subprocess.CompletedProcess[str], code: str) -> str:
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    line = done.stderr.strip().splitlines()[-1]
    assert line.startswith(f"tellergate: {code}: "), done.stderr
    return line


def test_an_unknown_setting_is_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    line = one_line(tellergate("serve", TELLERGATE_DATADIR=str(tmp_path)), "setting_unknown")

    assert "TELLERGATE_DATADIR" in line and "data_dir" in line


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        line = one_line(tellergate("serve", "--port", str(port), TELLERGATE_DATA_DIR=str(tmp_path / "data")), "port_in_use")

    assert str(port) in line
    assert not (tmp_path / "data").exists()


def test_a_second_server_on_the_same_data_directory_is_refused(server: Server) -> None:
    line = one_line(tellergate("serve", "--port", "0", TELLERGATE_DATA_DIR=str(server.data_dir)), "data_dir_in_use")

    assert str(server.data_dir) in line


def test_a_broken_world_file_is_named_with_line_and_reason(tmp_path: Path) -> None:
    world = tmp_path / "broken.yaml"
    text = (ROOT / "worlds" / "harbour.yaml").read_text(encoding="utf-8")
    world.write_text(text.replace("currency: INR", "currency: 12.5", 1), encoding="utf-8")

    done = tellergate("serve", "--port", "0", "--world", str(world), TELLERGATE_DATA_DIR=str(tmp_path / "data"))

    line = one_line(done, "world_invalid")
    number = text[: text.index("currency: INR")].count("\n") + 1
    assert f"broken.yaml:{number}" in done.stderr, line


@pytest.mark.parametrize(
    ("model", "code", "reason"),
    [
        ("/nowhere/model.gguf", "model_file_missing", "no such file"),
        ("openai:", "setting_invalid", "no address"),
    ],
)
def test_a_model_that_is_not_there_is_said_at_start(tmp_path: Path, model: str, code: str, reason: str) -> None:
    done = tellergate("serve", "--port", "0", TELLERGATE_MODEL=model, TELLERGATE_DATA_DIR=str(tmp_path / "data"))

    assert one_line(done, code), reason


def test_doctor_prints_what_is_in_force_and_hides_passwords(tmp_path: Path) -> None:
    done = tellergate(
        "doctor", TELLERGATE_DATA_DIR=str(tmp_path / "data"), TELLERGATE_MODEL_API_KEY="hunter2-hunter2", TELLERGATE_PORT="9999"
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "* TELLERGATE_PORT = 9999" in done.stdout
    assert "hunter2" not in done.stdout
    assert "WRONG" not in done.stdout
