"""Run by the python of the peer: reads pairs as JSON on standard input, writes what frictionless finds in
each. Its name may not begin with `frictionless_`: the peer would take it for one of its plugins.
"""

import csv
import json
import re
import sys
import tempfile
from pathlib import Path

from frictionless import Checklist, FrictionlessException, Package

VERSION_2 = "https://datapackage.org/profiles/2.0/datapackage.json"
"""Without it the peer refuses exclusive bounds and labelled missing values."""


def answer(pair, folder):
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(pair["rows"])
    try:
        resource = {"name": "table", "path": path.name, "encoding": "utf-8", "schema": pair["schema"]}
        package = Package.from_descriptor(
            {"$schema": VERSION_2, "resources": [resource]}, basepath=str(folder)
        )
        report = package.validate(Checklist(), limit_errors=100_000)
    except FrictionlessException as fault:
        return {"refused": type(fault).__name__, "errors": []}
    errors = []
    for error in report.tasks[0].errors if report.tasks else report.errors:
        said = error.to_dict()
        constraint = re.search(r'constraint "(\w+)"', said.get("note", "") or said.get("message", ""))
        errors.append(
            [
                error.type,
                constraint.group(1) if constraint and error.type == "constraint-error" else "",
                said.get("fieldName", ""),
                said.get("rowNumber", 1) - 1,
            ]
        )
    return {"refused": "", "errors": sorted(errors, key=json.dumps)}


with tempfile.TemporaryDirectory() as name:
    sys.stdout.write(json.dumps([answer(pair, Path(name)) for pair in json.load(sys.stdin)]))
