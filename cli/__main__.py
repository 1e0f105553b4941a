"""`python -m cli` is `tellergate`."""

from cli.main import run

run()
