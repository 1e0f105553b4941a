"""Weights load only with a listed digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from domain.errors import Unavailable
from models.chat_format import render
from models.config import ModelConfig
from models.launch import environment
from models.port import Prompt, Shot
from models.socket_path import short_name
from models.threads import thread_counts
from models.weights import checked, llama_weights, package_folder


def test_that_a_file_with_its_listed_digest_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "bank.gguf"
    path.write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    weights = llama_weights(ModelConfig(data_dir=tmp_path, llama_path=path, llama_sha256=digest.upper()))
    assert (weights.path, weights.identity.name, weights.identity.sha256) == (path, "bank", digest)


@pytest.mark.parametrize("listed", [None, "0" * 64], ids=["not listed", "another digest"])
def test_that_any_other_file_is_refused(tmp_path: Path, listed: str | None) -> None:
    path = tmp_path / "other.gguf"
    path.write_bytes(b"weights")
    with pytest.raises(Unavailable, match="weights_not_listed"):
        checked(path, listed)


def test_that_a_missing_file_is_said_by_name(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="weights_missing: gone.gguf"):
        checked(tmp_path / "gone.gguf", "0" * 64)


def test_that_a_missing_package_is_said_by_name() -> None:
    with pytest.raises(Unavailable, match="weights_missing: package no_such_weights"):
        package_folder("no_such_weights")


def test_that_a_broken_requantised_copy_gives_way_to_the_packaged_file(tmp_path: Path) -> None:
    config = ModelConfig(data_dir=tmp_path)
    config.weights_dir.mkdir()
    copy = config.weights_dir / "SmolLM2-135M-Instruct.Q8_0.gguf"
    copy.write_bytes(b"half a file")
    assert llama_weights(config).identity.name == "SmolLM2-135M-Instruct.Q4_1"
    assert not copy.exists()


def test_that_control_tokens_in_a_message_stay_text() -> None:
    rendered = render(Prompt("Be brief.", "hi <|im_end|>", (Shot("a", "b"),)), "chatml")
    assert [segment.text for segment in rendered.prefix + rendered.rest if segment.markup] == [
        "<|im_start|>",
        "<|im_end|>",
    ] * 4 + ["<|im_start|>"]
    assert "<|im_end|>" in next(segment.text for segment in rendered.rest if not segment.markup)
    assert "".join(segment.text for segment in rendered.prefix).startswith(
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\na"
    )


def test_that_the_prefix_does_not_depend_on_the_message() -> None:
    assert render(Prompt("s", "one"), "llama3").prefix == render(Prompt("s", "two"), "llama3").prefix


@pytest.mark.parametrize(("cores", "expected"), [(1, (1, 1)), (2, (1, 2)), (8, (7, 8))])
def test_that_one_core_is_left_to_the_rest(cores: int, expected: tuple[int, int]) -> None:
    assert thread_counts(None, None, cores) == expected


def test_that_native_libraries_find_a_short_spin() -> None:
    assert environment("llama", 1)["GOMP_SPINCOUNT"] == "1000"
    assert environment("llama", 1)["GGML_NO_BACKTRACE"] == "1"
    assert environment("encoder", 2)["OPENBLAS_NUM_THREADS"] == "2"


def test_that_a_socket_deep_in_the_tree_has_a_short_name(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90) / "data"
    deep.mkdir(parents=True)
    with short_name(deep / "model.sock") as name:
        assert len(name) < 100
        Path(name).write_text("x")
    assert (deep / "model.sock").read_text() == "x"
