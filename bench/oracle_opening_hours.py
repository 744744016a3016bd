"""What opening_hours.js and opening-hours-py say of opening hours made from the grammar: a fortnight of each,
at Montpellier.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from bench.hours_expressions import expressions
from bench.peers import ROOT, environment

JS, PY = "3.15.0", "2.1.4"
SEED, COUNT = 20261129, 800
RECORD = ROOT / "tests" / "data" / "oracles" / "opening_hours.json.gz"
HERE = Path(__file__).parent


def main() -> None:
    """Ask both, write the record: a case is [text, day, stretches of the first or null when it refuses,
    whether the second agrees with it].

    A stretch is [minutes after the day's midnight, minutes that it lasts, "o" or "u"].
    """
    asked = expressions(SEED, COUNT)
    folder = ROOT / ".venv-opening-hours-js"
    folder.mkdir(exist_ok=True)
    if not (folder / "node_modules" / "opening_hours").exists():
        (folder / "package.json").write_text("{}", "utf-8")
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), f"opening_hours@{JS}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    run = subprocess.run(
        ["node", str(HERE / "answers_of_opening_hours.mjs"), str(folder)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TZ": "Europe/Paris"},
    )
    js = json.loads(run.stdout)
    python = environment("opening-hours", f"opening-hours-py=={PY}")
    ends = [(text, day, (datetime.fromisoformat(day) + timedelta(14)).isoformat()) for text, day in asked]
    question = {"states": [], "intervals": ends, "often": "24/7", "times": 1, "coords": [43.61, 3.88]}
    run = subprocess.run(
        [str(python), str(HERE / "answers_of_opening_hours.py")],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=True,
    )
    py = [
        None if isinstance(a, str) else [[b[:16], e[:16], s] for b, e, s in a]
        for a in json.loads(run.stdout)["intervals"]
    ]
    begin = datetime.fromisoformat("2026-01-01")

    def minutes(moment: str) -> int:
        return int((datetime.fromisoformat(moment) - begin).total_seconds() // 60)

    cases = [
        [
            text,
            day,
            None
            if one is None
            else [[minutes(b) - minutes(day), minutes(e) - minutes(b), s[0]] for b, e, s in joined(one)],
            agree(one, other),
        ]
        for (text, day), one, other in zip(asked, js, py, strict=True)
    ]
    record = {"opening_hours.js": JS, "opening-hours-py": PY, "seed": SEED, "cases": cases}
    RECORD.write_bytes(gzip.compress(json.dumps(record, separators=(",", ":")).encode("utf-8"), mtime=0))


Stretches = list[list[str]]


def joined(found: Stretches) -> Stretches:
    """Neighbours in one state as one: comments are not compared."""
    out: Stretches = []
    for begin, end, state in found:
        if out and out[-1][1] == begin and out[-1][2] == state:
            out[-1][1] = end
        else:
            out.append([begin, end, state])
    return out


def agree(one: Stretches | None, other: Stretches | None) -> bool:
    """Both refuse the text, or have the same stretches within three minutes (the sun is reckoned in two
    ways).
    """
    if one is None or other is None:
        return one is None and other is None
    a, b = joined(one), joined(other)
    near = timedelta(minutes=3)
    return len(a) == len(b) and all(
        x[2] == y[2]
        and all(abs(datetime.fromisoformat(x[i]) - datetime.fromisoformat(y[i])) <= near for i in (0, 1))
        for x, y in zip(a, b, strict=True)
    )


if __name__ == "__main__":
    main()
