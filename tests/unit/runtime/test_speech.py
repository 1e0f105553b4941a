"""Which models read, and what a start does with a grammar that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents import prompt_files
from domain.errors import Broken
from runtime.settings import Settings
from runtime.speech import Speech, model_reads


@pytest.mark.parametrize(
    ("model", "reads"), [("packaged", False), ("none", False), ("/srv/models/8b.gguf", True), ("openai:http://127.0.0.1:9", True)]
)
def test_that_only_a_model_that_the_bank_has_set_may_confirm_readings(model: str, reads: bool) -> None:
    assert model_reads(Settings(model=model)) is reads


def test_that_a_service_with_a_broken_grammar_does_not_start_and_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "greeting.gbnf").write_text('hello ::= "Hello" end\n', encoding="utf-8")
    monkeypatch.setattr(prompt_files, "FOLDER", tmp_path)
    with pytest.raises(Broken) as refused:
        Speech(Settings(model="none", encoder="lexical"), tmp_path)
    assert (refused.value.code, refused.value.detail) == ("grammar_invalid", "greeting.gbnf, line 1: there is no rule `end`")
