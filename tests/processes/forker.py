"""A process that has imported the `parvis` it finds, and forks one for each command that a line asks for:
`python -m tests.processes.forker`.

A line is JSON: the words, the folder to work in, the environment, and the files that the streams are;
answered by a line with the exit code. For another package than ours, which `forks` is bound to.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from pathlib import Path

from parvis.cli import all_commands  # noqa: F401
from tests.processes.forks import command

LONGEST_S = 90
"""Seconds after which a command that has not ended is ended, by SIGALRM."""


def main() -> None:
    """Until the input ends."""
    gc.freeze()
    for line in sys.stdin:
        words, folder, environment, (read, out, err) = json.loads(line)
        pid = os.fork()
        if not pid:
            signal.alarm(LONGEST_S)
            command(words, Path(folder), environment, Path(read), Path(out), Path(err))
            sys.exit()
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
