"""What the language model of the extra `text` adds to the rules on sentences: recall and precision without
and with it, on both halves of the test set.

python -m bench.text
"""

from __future__ import annotations

import sys
import time

import duckdb

from bench import report
from bench.personal import Split
from bench.scan_quality import judge_lines, made_of, read_lines
from parvis.privacy.text import installed, model, people


def main() -> None:
    if not installed():
        sys.exit("the extra « text » is not installed: pip install -c constraints.txt '.[text]'")
    rows: list[dict[str, object]] = []
    people(["Bonjour."])  # loaded
    splits: tuple[Split, ...] = ("dev", "held")
    with duckdb.connect() as con:
        for split in splits:
            _, lines = made_of(split)
            told = read_lines(con, lines)
            started = time.process_time()
            seen = people([line.text for line in lines])
            each = (time.process_time() - started) / len(lines)
            both = [kinds | {s.kind for s in found} for kinds, found in zip(told, seen, strict=True)]
            for name, answer, cost in (("rules and lists", told, 0.0), ("with the model", both, each)):
                tallies = judge_lines(lines, answer)
                rows += [
                    {
                        "set": f"{split} text",
                        "by": name,
                        "kind": kind,
                        "there": tallies[kind].right + tallies[kind].missed,
                        "recall": tallies[kind].recall,
                        "precision": tallies[kind].precision,
                        "false": tallies[kind].false,
                        "model cpu ms a line": 1000 * cost,
                    }
                    for kind in ("person-in-text", "all")
                ]
    report.write("text-model", rows, notes=[model.version()])


if __name__ == "__main__":
    main()
