"""Starts the model server as somebody's child: `python -m models.serve <config JSON>`; it ends when its standard input does."""

from __future__ import annotations

import sys

import structlog

from domain.errors import Conflict
from models.config import ModelConfig
from models.server import run_model_server

EXIT_RUNNING = 4


def main(arguments: list[str]) -> int:
    config = ModelConfig.from_json(arguments[1])
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(config.log_level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        run_model_server(config, lifeline=True)
    except Conflict:
        return EXIT_RUNNING
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
