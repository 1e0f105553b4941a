"""The same commands with the packaged encoder in its own process: what the twin cannot show."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.settings import child_environment

ROOT = Path(__file__).parents[4]
ROWS = "text,category\nI lost my card,loss\nmy card was stolen,loss\nhow much do I have,balance\nwhat is my balance,balance\n"


def tellergate(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    environment = child_environment(TELLERGATE_DATA_DIR=str(folder / "data"))
    command = [sys.executable, "-m", "cli", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.mark.model
@pytest.mark.process
def test_messages_are_read_without_a_service_and_nothing_is_left_behind(tmp_path: Path) -> None:
    done = tellergate(tmp_path, "understand", "--without", "llama", typed="how much cash is sitting with you\nhaan\n")

    assert done.returncode == 0, done.stderr
    read = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["intent"] for each in read][1:] == ["affirm"]
    assert read[0]["reader"] == "classifier"
    assert not (tmp_path / "data").exists()


@pytest.mark.model
@pytest.mark.process
def test_the_encoder_reads_what_wording_cannot(tmp_path: Path) -> None:
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    train.write_text(ROWS, encoding="utf-8")
    test.write_text("text,category\nmisplaced the plastic,loss\nremaining funds please,balance\n", encoding="utf-8")

    done = tellergate(tmp_path, "bench", "intents", "--train", str(train), "--test", str(test))

    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["accuracy"] == 1.0
    assert (figures["encoder"], len(figures["encoder_sha256"])) == ("all-MiniLM-L6-v2+adapter", 64)
