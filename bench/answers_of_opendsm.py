"""Runs in the peer's environment (opendsm 1.2.7, multimethod<2): daily baselines of every meter of a folder.

    python bench/answers_of_opendsm.py FOLDER ANSWERS.json

FOLDER holds one CSV a meter, `day,temperature_f,use`, and `gas` in the names of those that don't cool. It says of
each its CV(RMSE), over n and adjusted, its split, and CPU seconds; what was answered before is kept.
"""

import json
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from opendsm.eemeter import DailyBaselineData, DailyModel

warnings.simplefilter("ignore")
folder, out = Path(sys.argv[1]), Path(sys.argv[2])
said = json.loads(out.read_text()) if out.exists() else {"opendsm": version("opendsm"), "meters": {}}
for path in sorted(folder.glob("*.csv")):
    if path.stem in said["meters"]:
        continue
    frame = pd.read_csv(path)
    index = pd.DatetimeIndex(pd.to_datetime(frame["day"])).tz_localize("UTC")
    frame = pd.DataFrame(
        {"observed": frame["use"].to_numpy(), "temperature": frame["temperature_f"].to_numpy()}, index=index
    )
    start = time.process_time()
    data = DailyBaselineData(frame, is_electricity_data="gas" not in path.stem)
    model = DailyModel().fit(data, ignore_disqualification=True)
    metrics = model.baseline_metrics
    said["meters"][path.stem] = {
        "cvrmse": float(metrics.cvrmse), "cvrmse_adj": float(metrics.cvrmse_adj), "n": int(metrics.n), "split": model.best_combination,
        "types": {k: v.model_type.value for k, v in model.params.submodels.items()}, "cpu_s": round(time.process_time() - start, 2),
    }  # fmt: skip
    out.write_text(json.dumps(said, indent=1))
    sys.stdout.write(f"{path.stem} {said['meters'][path.stem]}\n")
    sys.stdout.flush()
