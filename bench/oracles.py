"""`python -m bench.oracles [name…]`: runs the slow oracles again, each in an environment of its own, and
records their answers in `tests/data/oracles/`.

An oracle is a module `bench/oracle_<name>.py` with a function `main()`. The tests read the records, never the
peers.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench

PREFIX = "oracle_"


def main(names: list[str]) -> int:
    """Run those named, or all."""
    known = [
        m.name.removeprefix(PREFIX) for m in pkgutil.iter_modules(bench.__path__) if m.name.startswith(PREFIX)
    ]
    unknown = [n for n in names if n not in known]
    if unknown:
        sys.stderr.write(f"no such oracle: {', '.join(unknown)} (there are: {', '.join(known)})\n")
        return 2
    for name in names or known:
        importlib.import_module(f"bench.{PREFIX}{name}").main()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
