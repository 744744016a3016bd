"""LightGBM on the same features and days as the forecast of the air, in a process of its own: `python -m
bench.air_peer` prints JSON.
"""

from __future__ import annotations

import json
import time

import lightgbm
import numpy as np

from bench.air_cases import CASES, line
from parvis.methods.air import forecast, skill


def main() -> None:
    """One fit a case on the days before the test, as the published reference did; the cut is the bound
    itself.
    """
    lines = []
    for name, make, bound in CASES:
        past, since = make()
        over = float(np.nextafter(bound, 0))
        features, figures = forecast.design(past), forecast.target(past)
        known = np.isfinite(figures)
        place = np.arange(len(figures))
        train, test = known & (place < since - 1), known & (place >= since - 1)
        began = time.process_time()
        model = lightgbm.LGBMRegressor(
            n_estimators=200,
            learning_rate=0.04,
            num_leaves=15,
            min_child_samples=20,
            random_state=0,
            n_jobs=1,
            verbose=-1,
        )
        model.fit(features[train], figures[train])
        said = np.asarray(model.predict(features[test]))
        made = line(
            name, f"lightgbm {lightgbm.__version__}", skill.score(said, figures[test], said > over, over)
        )
        lines.append(made | {"cpu_s": round(time.process_time() - began, 2)})
    print(json.dumps(lines))


if __name__ == "__main__":
    main()
