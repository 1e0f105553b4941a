"""`tellergate bench …`: what is measured on this machine; each prints one JSON object as its last line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cli.output import clear_errors, emit
from runtime.settings import load_settings

bench_app = typer.Typer(invoke_without_command=True, help="Measure; one JSON object, exit 1 over a limit.")
Write = Annotated[Path | None, typer.Option("--write", help="Write a report here too.")]
Train = Annotated[Path, typer.Option("--train", help="CSV with the columns text and category: what is fitted on.")]
Test = Annotated[Path, typer.Option("--test", help="CSV with the same columns: what is measured on.")]
#: Benches with a limit of their own; `all` runs every one.
LIMITED = {
    "all": "Every bench below that has a limit.",
    "turn": "A whole turn against its embedding and its commit.",
    "gate": "A decision of the policy gate, beside other engines.",
    "audit": "Verifying an audit export.",
    "models": "The local models on this machine.",
}


@bench_app.callback()
@clear_errors
def _default(context: typer.Context, write: Write = None) -> None:
    if context.invoked_subcommand is None:
        _run("all", write)


def _run(what: str, write: Path | None) -> None:
    from cli.bench import bench

    result = bench(what, write)
    emit(result)
    raise typer.Exit(0 if result["ok"] else 1)


def _command(what: str) -> Callable[[Path | None], None]:
    def command(write: Write = None) -> None:
        _run(what, write)

    return clear_errors(command)


for _name, _help in LIMITED.items():
    bench_app.command(_name, help=_help)(_command(_name))


@bench_app.command("intents")
@clear_errors
def intents(train: Train, test: Test) -> None:
    """Fit the classifier on one file, measure it on another: accuracy, macro F1, calibration error, milliseconds a message."""
    from cli.reading.classifying import bench_intents

    emit(bench_intents(load_settings(None), train, test))


@bench_app.command("oos")
@clear_errors
def oos(train: Train, test: Test) -> None:
    """The same for texts of no category of ours (category oos): AUROC, accuracy of the rows in scope."""
    from cli.reading.classifying import bench_oos

    emit(bench_oos(load_settings(None), train, test))


@bench_app.command("voice")
@clear_errors
def voice(
    model: Annotated[bool, typer.Option("--model", help="Measure the local model's wording too.")] = False,
    cases: Annotated[Path | None, typer.Option("--cases", help="Folder with paraphrases.yaml and adversarial.yaml.")] = None,
) -> None:
    """The grounding check on true and false wordings; exit 1 when a false one gets out or too few true ones are accepted."""
    from cli.bench_voice import measure_voice

    result = measure_voice(cases, with_model=model)
    emit(result)
    raise typer.Exit(0 if result["ok"] else 1)


Data = Annotated[
    Path | None, typer.Option("--data", help="Folder with the public sets, a folder each; absent ones are left out.")
]


@bench_app.command("pii")
@clear_errors
def pii(
    data: Data = None, marked: Annotated[Path | None, typer.Option("--marked", help="YAML with [[kind:value]] marks.")] = None
) -> None:
    """Secrets and personal data in text: recall and precision by kind, validity of identifiers, time; exit 1 under 0.99 recall."""
    from cli.detection.pii import bench_pii

    result = bench_pii(data, marked)
    emit(result)
    raise typer.Exit(0 if result["ok"] else 1)


@bench_app.command("screen")
@clear_errors
def screen(
    data: Data = None, own: Annotated[Path | None, typer.Option("--own", help="YAML with attacks and harmless texts.")] = None
) -> None:
    """The injection screen: share of attacks flagged, and of harmless texts; exit 1 when over 5 % of the harmless are."""
    from cli.detection.screening import bench_screen

    result = bench_screen(data, own)
    emit(result)
    raise typer.Exit(0 if result["ok"] else 1)


@bench_app.command("nlu")
@clear_errors
def nlu(
    messages: Annotated[
        Path | None, typer.Option("--messages", help="Labelled messages; default: those by another hand.")
    ] = None,
    data: Data = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="A part: flows, readers, benchmarks, several.")] = None,
    write: Annotated[Path | None, typer.Option("--write", help="The page whose measured parts are written anew.")] = None,
) -> None:
    """Measure how well messages are read, with each reader left out in turn, and draw it: everything in docs/nlu.md."""
    from cli.figures.nlu import bench_nlu

    emit(bench_nlu(load_settings(None), messages, data, tuple(only or ()), write))
