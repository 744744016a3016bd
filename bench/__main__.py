"""`python -m bench [checking] [throughput] [serving]`: those named, or all."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import (
    air,
    alerts,
    anonymity,
    attacks,
    bikes,
    bikes_in_service,
    care,
    catalogue,
    checking,
    energy,
    events,
    geocoding,
    outbreaks,
    safety,
    scan,
    serving,
    signals,
    throughput,
    traffic,
    waste,
)

BENCHES: dict[str, Callable[[], None]] = {
    "air": air.main, "alerts": alerts.main, "anonymity": anonymity.main, "attacks": attacks.main, "bikes": bikes.main, "bikes_in_service": bikes_in_service.main, "care": care.main, "catalogue": catalogue.main, "checking": checking.main, "energy": energy.main, "events": events.main, "geocoding": geocoding.main, "outbreaks": outbreaks.main, "safety": safety.main, "scan": scan.main, "throughput": throughput.main, "serving": serving.main, "signals": signals.main, "traffic": traffic.main, "waste": waste.main,
}  # fmt: skip


def main(names: list[str]) -> int:
    """Run them one after the other."""
    unknown = [n for n in names if n not in BENCHES]
    if unknown:
        sys.stderr.write(f"no such bench: {', '.join(unknown)} (there are: {', '.join(BENCHES)})\n")
        return 2
    for name in names or BENCHES:
        BENCHES[name]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
