"""`tellergate policy …`: decide a case, prove a pack, write its test vectors, see what a change would have done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.output import clear_errors, emit, say

policy_app = typer.Typer(no_args_is_help=True, help="The policy gate.")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]
Packs = Annotated[list[str] | None, typer.Argument(help="Packs by name or folder; all shipped ones when left out.")]


@policy_app.command("decide")
@clear_errors
def decide(
    case: Path,
    check: Annotated[bool, typer.Option("--check", help="Compare with what the file expects; exit 1 on a difference.")] = False,
    pack: Annotated[Path | None, typer.Option("--pack", help="Decide with the pack in this folder.")] = None,
) -> None:
    """Decide one case file (pack, action, arguments, facts, now), or each in a directory, and print the decision."""
    from cli import policy

    if not check:
        for decision in policy.decide(case, pack):
            emit(decision)
        return
    results = list(policy.check(case))
    for result in results:
        emit(result)
    wrong = sum(not result["ok"] for result in results)
    typer.echo(f"{len(results)} examples decided, {wrong} not as expected", err=True)
    raise typer.Exit(1 if wrong else 0)


@policy_app.command("verify")
@clear_errors
def verify(
    packs: Packs = None,
    json: AsJson = False,
    cases: Annotated[int, typer.Option("--cases", help="Also hold the terms against the gate on so many drawn cases.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Of the drawn cases.")] = 1,
) -> None:
    """Prove the invariants of packs; exit 1 when one does not hold or cannot be decided."""
    from cli.policy_proofs import verify as run

    result, text = run(packs or [], cases, seed)
    if json:
        emit(result)
    else:
        say(text)
    raise typer.Exit(0 if result["ok"] else 1)


@policy_app.command("vectors")
@clear_errors
def vectors(
    packs: Packs = None,
    write: Annotated[Path, typer.Option("--write", help="Folder for one file a pack.")] = Path("tests/vectors"),
) -> None:
    """Write a case on either side of every figure in the rules, with today's answers."""
    from cli.policy_proofs import vectors as run

    emit(run(packs or [], write))


@policy_app.command("simulate")
@clear_errors
def simulate(
    pack: Annotated[Path | None, typer.Option("--pack", help="Folder of the changed pack.")] = None,
    limits: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE: another number for a limit of the bank.")] = None,
    in_force: Annotated[
        Path | None, typer.Option("--in-force", help="Folder of the pack to compare with; the shipped one.")
    ] = None,
    every: Annotated[bool, typer.Option("--every", help="Every decision, not only the last about each proposal.")] = False,
    data_dir: Annotated[Path | None, typer.Option("--data-dir")] = None,
    json: AsJson = False,
) -> None:
    """List the stored decisions that a changed pack would answer otherwise, with the rules that make the difference."""
    from cli.policy_simulation import run
    from policy.simulation import as_text
    from runtime.settings import load_settings

    settings = load_settings(None, data_dir=data_dir)
    data = run(settings, pack, limits or [], in_force, every)
    if json:
        emit(data)
    else:
        say(as_text(data))
