"""`tellergate model serve`: the model server of this machine, in the foreground."""

from __future__ import annotations

from cli.output import say
from models.server import run_model_server
from runtime.datadir import DataDir
from runtime.settings import Settings
from runtime.speech import model_config


def serve_models(settings: Settings) -> None:
    """Serve until interrupted. Raises Conflict `model_server_running` when one answers already."""
    data_dir = DataDir(settings.data_dir)
    config = model_config(settings, data_dir.path)
    say(f"model server on {config.socket_path}")
    run_model_server(config)
