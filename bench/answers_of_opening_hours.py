"""What opening-hours-py says, in its own environment: JSON on standard input, JSON on standard output.

{"states": [[text, "2026-07-14T10:00"]...], "intervals": [[text, from, to]...], "often": text, times: n,
"coords": [lat, lon] or none}
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime

from opening_hours import OpeningHours


def told(state: object) -> str:
    """open, closed or unknown."""
    return str(state[0] if isinstance(state, tuple) else state).split(".")[-1].lower()


def main() -> None:
    asked = json.load(sys.stdin)
    states = []
    for text, at in asked["states"]:
        try:
            states.append(told(OpeningHours(text, country="FR").state(datetime.fromisoformat(at))))
        except Exception as error:  # noqa: BLE001
            states.append(f"error: {type(error).__name__}")
    intervals = []
    for text, begin, end in asked["intervals"]:
        try:
            where = {"country": "FR", "coords": tuple(asked["coords"])} if "coords" in asked else {}
            found = OpeningHours(text, **where).intervals(
                datetime.fromisoformat(begin), datetime.fromisoformat(end)
            )
            intervals.append(
                [
                    [i[0].isoformat(), i[1].isoformat() if i[1] else end, told(i[2])]
                    for i in found
                    if told(i[2]) != "closed"
                ]
            )
        except Exception as error:  # noqa: BLE001
            intervals.append(f"error: {type(error).__name__}")
    at = datetime.fromisoformat("2026-11-25T10:00")
    began = time.process_time()
    for _ in range(asked["times"]):
        OpeningHours(asked["often"], country="FR").state(at)
    json.dump(
        {
            "states": states,
            "intervals": intervals,
            "us": (time.process_time() - began) / asked["times"] * 1e6,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
