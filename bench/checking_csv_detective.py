"""Run by the environment of csv-detective: it holds no schema, it only detects. Prints the type that it gives
each column.
"""

import json
import logging
import sys
from importlib.metadata import version

from csv_detective import routine

logging.disable(logging.CRITICAL)
found = routine(file_path=sys.argv[1], num_rows=-1, output_profile=False, save_results=False)
print(
    json.dumps(
        {"version": version("csv-detective"), "types": {n: c["format"] for n, c in found["columns"].items()}}
    )
)
