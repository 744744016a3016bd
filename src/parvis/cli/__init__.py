"""Commands: one module each. With `--json` a command prints one object to standard output; progress and
messages go to standard error.

Exit: 0 done, 1 not valid, 2 not readable, 3 held or refused, 64 wrong usage, 70 our fault.
"""

from parvis.cli.app import main

__all__ = ["main"]
