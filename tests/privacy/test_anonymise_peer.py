"""Every claim of five hundred releases, looked at again: by plain counting here, and by pycanon, whose
answers are on record.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter, defaultdict
from functools import cache

import pytest
from bench.anonymity_cases import QUASI, RELEASES, SECRET, Case, cases

from parvis.privacy import anonymising
from tests.conftest import DATA

RECORD = DATA / "oracles" / "pycanon.json"


@cache
def releases() -> tuple[Case, ...]:
    return tuple(cases())


def test_plain_counting_finds_what_is_claimed() -> None:
    seen = Counter[str]()
    for case in releases():
        rows = list(csv.DictReader(io.StringIO(case.text)))
        whole = Counter(case.secrets)
        classes = defaultdict[tuple[str, ...], Counter[str]](Counter)
        for row in rows:
            classes[tuple(row[q] for q in QUASI)][row[SECRET]] += 1
        asked, after = anonymising.from_toml(case.policy).models, case.done.after
        assert after is not None
        sizes = [told.total() for told in classes.values()]
        entropies = [
            math.exp(-sum(c / told.total() * math.log(c / told.total()) for c in told.values()))
            for told in classes.values()
        ]
        far = [
            sum(abs(told[v] / told.total() - whole[v] / len(case.secrets)) for v in whole) / 2
            for told in classes.values()
        ]
        assert (after.k, after.l) == (min(sizes), min(map(len, classes.values())))
        assert after.entropy_l == pytest.approx(min(entropies))
        assert after.t == pytest.approx(max(far))
        assert after.k >= asked.k
        if asked.l > 1 and asked.diversity == "distinct":
            assert after.l >= asked.l
        if asked.diversity == "entropy":
            assert min(entropies) >= asked.l - 1e-6
        if asked.diversity == "recursive":
            for told in classes.values():
                falling = sorted(told.values(), reverse=True)
                assert falling[0] < asked.c * sum(falling[int(asked.l) - 1 :])
        assert max(far) <= asked.t + 1e-6
        seen[case.done.method] += 1
    assert seen.total() == RELEASES
    assert {"local", "robust", "full-domain"} <= set(seen)


def test_an_independent_tool_finds_what_is_claimed() -> None:
    """By the digest of each release: where a method, or the arithmetic of a machine, makes another one, ask
    again with `python -m bench.oracles pycanon`.

    Those that the trees make are not on record yet; plain counting looks at them above.
    """
    said = {one["digest"]: one for one in json.loads(RECORD.read_text("utf-8"))["answers"]}
    assert [case.seed for case in releases() if case.digest not in said and case.done.method != "trees"] == []
    known = [case for case in releases() if case.digest in said]
    assert len(known) > RELEASES * 0.7
    for case in known:
        peer, after, asked = said[case.digest], case.done.after, anonymising.from_toml(case.policy).models
        assert after is not None
        assert (peer["k"], peer["l"]) == (after.k, after.l)
        whole = (
            len(case.secrets) == case.done.table.num_rows
        )  # it sees the rows that are published, and we judge t by all of them
        assert not whole or peer["t"] == pytest.approx(after.t, abs=1e-8)
        assert peer["entropy_l"] in {
            math.floor((after.entropy_l or 0) + slip) for slip in (-1e-9, 1e-9)
        }  # it answers whole numbers, cut
        assert peer["k"] >= asked.k
        assert not whole or peer["t"] <= asked.t + 1e-6
        assert asked.diversity != "distinct" or peer["l"] >= asked.l
