"""The three risks on Adult, before and after, beside what anonymeter says of them (recorded by `python -m
bench.oracles anonymeter`).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from bench import attack_cases

from parvis.methods.attacks.inference import inference
from parvis.methods.attacks.linkability import linkability
from parvis.methods.attacks.records import Column, Names
from parvis.methods.attacks.singling_out import singling_out
from parvis.privacy.stated_values import compared
from tests.conftest import DATA

RECORD = DATA / "oracles" / "anonymeter.json"


def columns_of(case: attack_cases.Case, *, controlled: bool) -> dict[str, Column]:
    made: dict[str, Column] = {}
    for name in case.original:
        kind = pa.int64() if name == "age" and case.name != "recoded" else pa.string()
        parts = [
            pa.chunked_array([pa.array(t[name]).cast(kind)])
            for t in (case.original, case.release, case.control)
        ]
        if kind == pa.string():  # labels as they are: the peer reads no ranges
            codes = {
                v: i
                for i, v in enumerate(
                    sorted({*case.original[name], *case.release[name], *case.control[name]})
                )
            }
            coded = [
                np.array([codes[v] for v in t[name]]) for t in (case.original, case.release, case.control)
            ]
            made[name] = Names.exact(coded[0], coded[1], coded[2] if controlled else None)
        else:
            made[name] = compared(parts[0], parts[1], parts[2] if controlled else None)
    return made


DRAWS = 4
"""Seeds whose mean is compared, for singling out on the data themselves: both stop after 50,000 tries with
some 450 of 500 conditions, and how many varies from draw to draw by more than the interval knows.
"""


@pytest.mark.shared
def test_the_risks_are_within_the_intervals_of_the_peer(shared: Path) -> None:
    """Bar 5: each risk on Adult, before and after, lies in the 95 % interval that anonymeter gives; where it
    was asked in several orders of the release (it breaks ties by order), between the lowest and the highest
    of its intervals. By chance alone one comparison in twenty may not: two in forty.
    """
    record = json.loads(RECORD.read_text("utf-8"))
    outside, compared_to = [], 0
    for case in attack_cases.cases():
        for controlled in (False, True):
            theirs = record["answers"][case.name + (", controlled" if controlled else "")]
            columns = columns_of(case, controlled=controlled)
            every = list(columns.values())
            first, second = ([columns[n] for n in half] for half in attack_cases.LINKED)
            seeds = range(DRAWS if case.name == "as it is" else 1)
            together = [
                singling_out(every, "multivariate", attempts=500, tries=50_000, seed=s).risk.value
                for s in seeds
            ]
            ours = {
                "singling-out-univariate": singling_out(every, "univariate", attempts=500, seed=1).risk.value,
                "singling-out-multivariate": float(np.mean(together)),
                "linkability": linkability(first, second, attempts=4_000, seed=1).risk.value,
            }
            for secret in attack_cases.SECRETS:
                known = [column for n, column in columns.items() if n not in (secret, "salary-class")]
                ours[f"inference-{secret}"] = inference(
                    known, columns[secret], attempts=4_000, seed=1
                ).risk.value
            for name, risk in ours.items():
                low, high = min(a["low"] for a in theirs[name]), max(a["high"] for a in theirs[name])
                compared_to += 1
                if not low - 1e-9 <= risk <= high + 1e-9:
                    outside.append(
                        (case.name, controlled, name, round(risk, 4), (round(low, 4), round(high, 4)))
                    )
    assert compared_to == 40
    assert len(outside) <= 2, outside
