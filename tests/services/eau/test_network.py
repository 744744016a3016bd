"""Leaks by the model of a network: found, placed, left when they are mended; files that are none are refused with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest

from parvis.core.errors import UsageError
from parvis.services.answers import Attached
from parvis.services.eau.hydraulics import hydraulics
from parvis.services.eau.network_study import BEFORE, MENDED, NETWORK, RUNS
from parvis.services.eau.readings import read_readings
from parvis.services.study import Result
from tests.services.eau.networktown import ENTRY, SENSORS, network, readings


class Silent:
    kept = b""

    def __call__(self, share: float, step: str = "") -> None:
        assert 0 <= share <= 1

    def keep(self, state: bytes) -> None:
        raise AssertionError


def studied(data: bytes, inp: bytes | None = None, **said: float) -> Result:
    asked: Mapping[str, float] = {"habituelles": 21.0, "capteurs": 2.0, "projection": 2154.0, **said}
    files = {"reseau": Attached("r.inp", inp or network()), "mesures": Attached("m.csv", data)}
    return NETWORK.run({}, {**files, **asked}, 1, Silent(), lambda: False)


@pytest.fixture(scope="module")
def result() -> Result:
    return studied(readings(48, {26: {"n4_1": 5.0}, 36: {"n4_1": 0.0}, 40: {"n1_3": 4.0}}))


def test_what_leaks_is_found_in_its_night_and_left_when_it_is_mended(result: Result) -> None:
    first, second = result.tables["fuites"].to_pylist()
    assert (first["etat"], second["etat"]) == (MENDED, RUNS)
    assert date(2026, 3, 28) <= first["vue"] <= date(2026, 4, 1)
    assert date(2026, 4, 7) <= first["reparee"] <= date(2026, 4, 16)
    assert first["debit_m3h"] == pytest.approx(5, rel=0.3)
    assert date(2026, 4, 11) <= second["vue"] <= date(2026, 4, 15)


def test_pipes_of_a_leak_that_runs_are_told_until_most_of_the_chance_is_theirs(result: Result) -> None:
    pipes = result.tables["conduites"].to_pylist()
    assert {r["fuite"] for r in pipes} == {2}
    assert {"h1_2", "h1_3", "v0_3", "v1_3"} & {r["conduite"] for r in pipes[:6]}
    sums = [r["cumul_pct"] for r in pipes]
    assert sums == sorted(sums)
    assert sums[-1] >= 80 > ([0.0, *sums])[-2]
    assert all(2 < r["lon"] < 3 and 48 < r["lat"] < 49 for r in pipes)


def test_the_next_sensors_are_where_there_is_none_and_see_more_each_time(result: Result) -> None:
    rows = result.tables["capteurs"].to_pylist()
    assert not {r["noeud"] for r in rows} & set(SENSORS)
    assert [r["vues_pct"] for r in rows] == sorted(r["vues_pct"] for r in rows)


def test_nights_like_all_others_tell_nothing() -> None:
    result = studied(readings(60, {}, seed=4))
    assert result.tables["fuites"].num_rows == 0
    assert result.tables["conduites"].num_rows == 0


def test_a_leak_that_ran_before_is_found_against_the_model_itself() -> None:
    """It runs on every usual day: nothing jumps. By day the pipes lose more than by night, the leak does not."""
    result = studied(readings(24, {0: {"n4_1": 4.0}}, seed=3, hours=24))
    (leak,) = result.tables["fuites"].to_pylist()
    assert leak["etat"] == BEFORE
    assert leak["vue"] == date(2026, 3, 23)
    assert leak["debit_m3h"] == pytest.approx(4, rel=0.3)
    assert {r["conduite"] for r in result.tables["conduites"].to_pylist()} & {"v3_1", "v4_1", "h4_0", "h4_1"}


def test_days_without_a_leak_tell_none_that_ran_before() -> None:
    assert studied(readings(24, {}, seed=5, hours=24)).tables["fuites"].num_rows == 0


def test_the_signature_of_a_leak_is_what_the_sensors_then_read() -> None:
    with (
        hydraulics(network(), read_readings(readings(3, {}, seed=2))) as quiet,
        hydraulics(network(), read_readings(readings(3, {0: {"n3_3": 3.0}}, seed=2))) as leaking,
    ):
        node = quiet.names.index("n3_3")
        moved = leaking.residual(1, {}) - quiet.residual(1, {})
        signature = quiet.signatures({}, 3.0)[node] * 3.0
        assert moved[: len(SENSORS)] == pytest.approx(signature[: len(SENSORS)], abs=0.06)
        assert np.abs(signature[: len(SENSORS)]).max() > 0.2
        assert moved[-1] == pytest.approx(3.0, abs=0.1)
        known = leaking.residual(1, {node: 3.0}) - quiet.residual(1, {})
        assert np.abs(known[: len(SENSORS)]).max() < 0.06


@pytest.mark.parametrize(
    ("data", "inp", "says"),
    [
        (b"rien", None, "pas de colonnes"),
        (b"moment;n0_0\n2026-01-01 02:00;1,5\nlundi;2", None, "ligne 3 : un moment et des nombres"),
        (b"moment;n0_0\n\n2026-01-01 02:00;1.234,5\n2026-01-02 02:00;2", None, "ligne 3 : un moment et des"),
        (b"moment;n0_0;n0_0\n2026-01-01 02:00;1;1\n2026-01-02 02:00;2;2", None, "Deux colonnes de mesures s"),
        (b"moment;n0_0;noeud:n0_0\n2026-01-01 02:00;1;1\n2026-01-02 02:00;2;2", None, "sont le même point"),
        (b"moment;ailleurs\n2026-01-01 02:00;1\n2026-01-02 02:00;2", None, "porte le nom d"),
        (None, b"[JUNCTIONS]\nn1 quatre\n[END]", "EPANET refuse ce réseau : .*[0-9]"),
        (None, network().replace(b"entree", b"n0_0"), "« n0_0 » est à la fois un nœud et un lien"),
        (None, None, "Nuits mesurées : 1. Il en faut plus que"),
    ],
)
def test_files_that_are_none_are_refused_with_their_reason(
    data: bytes | None, inp: bytes | None, says: str
) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        studied(data or readings(2, {}), inp)
    assert refused.value.mend
    assert not {"%", "{"} & set(f"{refused.value}{refused.value.mend}"), "every value stands in its place"


def test_a_column_says_which_of_two_points_of_one_name_it_reads() -> None:
    """A junction and a pipe may bear one name; letters of telemetry may be those of Windows."""
    lines = readings(3, {}, seed=2).decode()
    same = network().replace(b"entree", b"n0_0")
    with hydraulics(network(), read_readings(lines.encode())) as apart:
        wanted = apart.residual(1, {})
    lines = lines.replace("moment;n0_0;", "relevé à;noeud:n0_0;").replace(";entree", ";lien:n0_0")
    with hydraulics(same, read_readings(lines.encode("cp1252"))) as together:
        assert together.residual(1, {}) == pytest.approx(wanted, abs=1e-9)


def test_a_meter_that_is_silent_leaves_its_night_out() -> None:
    lines = readings(34, {25: {"n4_1": 6.0}}).decode().split("\n")
    column = 1 + len(SENSORS)
    assert lines[0].split(";")[column] == ENTRY
    silent = [
        ";".join([*line.split(";")[:column], ""]) if line.startswith("2026-03-10") else line for line in lines
    ]
    (leak,) = studied("\n".join(silent).encode()).tables["fuites"].to_pylist()
    assert leak["vue"] >= date(2026, 3, 27)
