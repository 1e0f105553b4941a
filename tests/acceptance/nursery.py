"""A process that has imported the server once and forks a fresh one for each start, so that a thousand kills take an hour, not two.

    python -m tests.acceptance.nursery

Reads one JSON object a line, {"argv", "environment", "log", "marker"}, forks, and answers {"pid"}. The child is the real server
from its first own instruction on: settings, locks, databases and recovery are those of any start; only Python's imports are old.
"""

from __future__ import annotations

import json
import os
import signal
import sys


def _be_server(order: dict[str, object]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(str(order["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    environment = order["environment"]
    assert isinstance(environment, dict)
    os.environ.clear()
    os.environ.update(environment)
    argv = order["argv"]
    assert isinstance(argv, list)
    sys.argv = ["killable", str(order["marker"]), "--", *argv]
    from tests.acceptance.killable import main

    main()


def main() -> None:
    import cli.main  # noqa: F401
    import server  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are reaped at once; whoever waits sees the process gone
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                _be_server(json.loads(line))
            except SystemExit:
                os._exit(0)
            except BaseException as failure:  # noqa: BLE001 - the last words of a process
                print(repr(failure), file=sys.stderr)
                os._exit(1)
            os._exit(0)
        print(json.dumps({"pid": pid}), flush=True)


if __name__ == "__main__":
    main()
