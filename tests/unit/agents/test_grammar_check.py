"""A broken grammar is named with its line and the reason, before any model is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents import prompt_files
from agents.grammar_check import grammar_problem
from agents.prompt_files import FOLDER, compile_grammars, every_grammar, grammar_rules
from domain.errors import BadInput, Broken
from models.scripted import ScriptedChatModel


def test_that_the_grammars_of_the_prompts_have_no_problem() -> None:
    files = sorted(FOLDER.glob("*.gbnf"))
    assert files
    assert [grammar_problem(file.read_text(encoding="utf-8")) for file in files] == [None] * len(files)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: no rule"),
        ("# only words\n", "line 1: no rule"),
        ("a ::= b\n", "line 1: there is no rule `b`"),
        ('# first\na ::= "x"\na ::= "y"\n', "line 3: `a` is defined in line 2 already"),
        ('a := "x"\n', "line 1: not of the form `name ::= …`"),
        ('a ::= "x\n', 'line 1: `"x` cannot be read'),
        ('a ::= ("x" | "y"\n', "line 1: a bracket is not closed"),
        ('a ::= "x")\n', "line 1: `)` stands where it cannot"),
        ('a ::= "x" |\n', "line 1: an alternative is empty"),
        ('a ::= | "x"\n', "line 1: `|` stands where it cannot"),
        ('a ::= *"x"\n', "line 1: `*` stands where it cannot"),
        ("a ::=\n", "line 1: an alternative is empty"),
    ],
)
def test_that_a_broken_rule_is_named_by_line_and_reason(text: str, problem: str) -> None:
    assert grammar_problem(text) == problem


def test_that_sets_repetitions_brackets_and_escapes_are_read() -> None:
    assert grammar_problem('a ::= "\\"" ([a-z\\]] | b){2,3}\nb ::= "" | "c"+ [^\\n]*\n') is None


def test_that_a_start_with_a_broken_file_is_refused_with_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sorting.gbnf").write_text('good ::= "x"\nbad ::= nowhere\n', encoding="utf-8")
    monkeypatch.setattr(prompt_files, "FOLDER", tmp_path)
    with pytest.raises(Broken) as refused:
        every_grammar()
    assert (refused.value.code, refused.value.detail) == ("grammar_invalid", "sorting.gbnf, line 2: there is no rule `nowhere`")
    grammar_rules.cache_clear()


async def test_that_a_grammar_that_the_model_cannot_compile_is_refused_with_file_and_rule() -> None:
    refusing = ScriptedChatModel([BadInput("grammar_invalid"), "", BadInput("grammar_invalid"), *[""] * 20])
    with pytest.raises(Broken) as refused:
        await compile_grammars(refusing)
    assert (refused.value.code, refused.value.detail) == (
        "grammar_invalid",
        "lead-general.gbnf: the model cannot compile `thanks`",
    )
