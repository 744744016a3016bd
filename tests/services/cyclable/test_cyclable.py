"""Riding a bicycle: what protects most of a street's two sides, days that counters saw whole, and the answer in both
languages; a missing hour is no hour without bicycles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import shapely
from hypothesis import given
from hypothesis import strategies as st

from parvis import schemas
from parvis.core.arrow import arrow_table
from parvis.core.language import language
from parvis.core.types import POINT, SHAPE
from parvis.demo import counters as demo
from parvis.demo import world
from parvis.services.answers import Asked, Blocks, Figures, Map, Rows, Said, Spot
from parvis.services.cyclable import counters, network
from parvis.services.cyclable.answer import answer
from parvis.services.cyclable.service import SERVICE, work

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
HERE = Spot("Gare", 3.74, 43.73)
DEGREE_M = 111_195.0


def line(north_m: float, length_m: float = 200.0) -> bytes:
    """A line from west to east, so far north of `HERE`."""
    lat = HERE.lat + north_m / DEGREE_M
    half = length_m / 2 / (DEGREE_M * np.cos(np.radians(HERE.lat)))
    return shapely.to_wkb(shapely.LineString([(HERE.lon - half, lat), (HERE.lon + half, lat)]))


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return arrow_table(schemas.library().find(name).schema, rows)


def section(
    number: int, right: str, left: str = "AUCUN", north: float = 100.0, **more: object
) -> dict[str, object]:
    return {"id_local": f"S{number}", "ame_d": right, "ame_g": left, "code_com_d": "34990", "code_com_g": "34990", SHAPE: line(north)} | more  # fmt: skip


def shapes(*rows: Mapping[str, object]) -> pa.Table:
    plain = table("amenagements-cyclables", [{k: v for k, v in r.items() if k != SHAPE} for r in rows])
    if SHAPE in plain.column_names:
        plain = plain.drop_columns([SHAPE])
    return plain.append_column(SHAPE, pa.array([r[SHAPE] for r in rows], pa.binary()))


def ask(tables: Mapping[str, pa.Table], spot: Spot | None = HERE, code: str = "fr") -> Blocks:
    values = {} if spot is None else {"lieu": spot}
    return answer(Asked(values, NOW, NOW, language(code).of("cyclable")), tables)  # type: ignore[arg-type]


def lead(blocks: Blocks) -> Said:
    first = blocks[0]
    assert isinstance(first, Said)
    return first


# --- ways ---------------------------------------------------------------------------------------------------


def test_every_facility_of_the_national_schema_has_its_words() -> None:
    column = schemas.library().find("amenagements-cyclables").schema.column("ame_d")
    assert column is not None
    assert set(column.constraints["enum"]) - {"AUCUN"} == set(network.FACILITIES)


def test_a_section_takes_what_protects_most_and_counts_once() -> None:
    rows = network.sections(
        shapes(
            section(1, "BANDE CYCLABLE", "PISTE CYCLABLE", statut_g="EN TRAVAUX"),
            section(2, "BANDE CYCLABLE", "BANDE CYCLABLE", sens_d="UNIDIRECTIONNEL"),
            section(3, "AUCUN", "VELO RUE", sens_g="UNIDIRECTIONNEL", lumiere=True),
            section(4, "VOIE VERTE", sens_d="BIDIRECTIONNEL"),
            section(5, "AUCUN", "AUCUN"),
            section(6, "BANDE CYCLABLE"),
        )
    ).to_pylist()
    assert [(r["id"], r["genre"], r["etat"], r["deux_sens"]) for r in rows] == [
        ("S1", "séparée", "en travaux", None),
        ("S2", "sur la chaussée", "en service", True),
        ("S3", "partagée", "en service", False),
        ("S4", "séparée", "en service", True),
        ("S6", "sur la chaussée", "en service", None),
    ]
    assert all(abs(r["longueur_m"] - 200) <= 1 for r in rows)
    assert [r["eclaire"] for r in rows] == [None, None, True, None, None], "what is not said is not « no »"


def test_the_nearest_way_apart_is_said_and_why_no_nearer_one() -> None:
    tables = work({"amenagements": shapes(
        section(1, "PISTE CYCLABLE", north=400, nom_loc="Ligne 2"),
        section(2, "PISTE CYCLABLE", north=300, statut_d="EN TRAVAUX"),
        section(3, "BANDE CYCLABLE", north=100),
        section(4, "VOIE VERTE", north=9000),
    )}, NOW)  # fmt: skip
    blocks = ask(tables)
    assert (
        lead(blocks).text
        == "La voie cyclable séparée des voitures la plus proche, piste cyclable « Ligne 2 », est à 400 m."
    )
    assert lead(blocks).tone == "ok"
    assert "en travaux, à 300 m" in lead(blocks).note
    assert "à 100 m : bande cyclable" in lead(blocks).note
    (listed,) = [b for b in blocks if isinstance(b, Rows)]
    assert [r["distance"] for r in listed.rows] == [100, 300, 400], "one nine kilometres away is not near"
    (drawn,) = [b for b in blocks if isinstance(b, Map)]
    assert [m.tone for m in drawn.marks] == ["warn", "ok", "ok"]
    assert [m.doubt > 0 for m in drawn.marks] == [False, True, False]
    assert drawn.table == listed.title


def test_nothing_apart_near_is_said_so() -> None:
    only = work({"amenagements": shapes(section(1, "VELO RUE", north=250))}, NOW)
    assert lead(ask(only)).tone == "warn"
    assert "Aucune voie cyclable séparée" in lead(ask(only)).text
    far = work({"amenagements": shapes(section(1, "VOIE VERTE", north=5000))}, NOW)
    assert "Aucun aménagement cyclable en service" in lead(ask(far)).text
    assert lead(ask({"sections": far["sections"].slice(0, 0)})).tone == "warn"


def test_the_whole_network_is_summed_without_what_is_closed() -> None:
    tables = work({"amenagements": shapes(
        *(section(n, "PISTE CYCLABLE") for n in range(10)),
        *(section(10 + n, "BANDE CYCLABLE", "BANDE CYCLABLE") for n in range(5)),
        section(20, "PISTE CYCLABLE", statut_d="EN TRAVAUX"),
    )}, NOW)  # fmt: skip
    first = lead(ask(tables, None))
    assert (
        first.text
        == "3 km de rues et de chemins sont aménagés pour les vélos, dont 2 km séparés des voitures."
    )
    assert "0,2 km de plus sont en travaux" in first.note
    (kinds,) = [b for b in ask(tables, None) if isinstance(b, Rows)]
    assert [(r["amenagement"], r["longueur"]) for r in kinds.rows] == [
        ("piste cyclable", 2.0),
        ("bande cyclable", 1.0),
    ]


# --- counters -----------------------------------------------------------------------------------------------

SITES = table(
    "sites-comptage", [{"site_id": "A", "site_name": "Pont-Vieux", "xlong": HERE.lon, "ylat": HERE.lat}]
)
SITES = SITES.drop_columns([POINT]) if POINT in SITES.column_names else SITES
SITES = SITES.append_column(POINT, pa.array([{"lon": HERE.lon, "lat": HERE.lat}], pa.struct([("lon", pa.float64()), ("lat", pa.float64())])))  # fmt: skip


def channels(*names: str, mode: str = "BIKE") -> pa.Table:
    begun = datetime(2024, 1, 1, tzinfo=UTC)
    return table("canaux-comptage", [{"channel_id": n, "site_id": "A", "mobility_type": mode, "time_step": 3600, "started_at": begun} for n in names])  # fmt: skip


def hours(
    channel: str, first: date, last: date, count: int = 0, *, drop: Sequence[datetime] = ()
) -> list[dict[str, object]]:
    """Each hour of those days by the clock of Paris; a count that changes each hour, `count` more on each."""
    at, end = (datetime.combine(d, time(), PARIS).astimezone(UTC) for d in (first, last + timedelta(days=1)))
    rows = list[dict[str, object]]()
    while at < end:
        if at not in drop:
            rows.append({"channel_id": channel, "start_datetime": at, "end_datetime": at + timedelta(hours=1), "count": count + at.astimezone(PARIS).hour % 5})  # fmt: skip
        at += timedelta(hours=1)
    return rows


def counted(rows: Sequence[Mapping[str, object]], *names: str) -> dict[str, Any]:
    (row,) = counters.counters(SITES, channels(*(names or ("A1",))), table("comptages", rows)).to_pylist()
    return row


LAST = date(2026, 11, 29)


def test_the_last_whole_day_its_usual_and_since_a_year() -> None:
    year = hours("A1", LAST - timedelta(days=27 + 364), LAST - timedelta(days=364))
    row = counted(
        [
            *year,
            *hours("A1", LAST - timedelta(days=70), LAST, 1),
            *hours("A1", LAST + timedelta(days=1), LAST + timedelta(days=1))[:9],
        ]
    )
    plain = sum(h % 5 for h in range(24))
    assert (row["etat"], row["jour"], row["jours_connus"]) == ("à jour", LAST, 28)
    assert (row["passages"], row["habituel_bas"], row["habituel"]) == (plain + 24,) * 3
    assert row["habituel_haut"] == plain + 24 + 3, "the day of 25 hours"
    assert row["jours_compares"] == 28
    assert row["evolution_pct"] == round(100 * 24 / plain, 1)


def test_a_day_with_a_hole_is_no_day_whatever_the_hole_hides() -> None:
    gone = [datetime.combine(LAST, time(h), PARIS).astimezone(UTC) for h in (8, 9)]
    row = counted(hours("A1", LAST - timedelta(days=10), LAST, drop=gone))
    assert row["jour"] == LAST - timedelta(days=1)
    null = [
        r | {"count": None} if r["start_datetime"] in gone else r
        for r in hours("A1", LAST - timedelta(days=10), LAST)
    ]
    assert counted(null) == row, "a period without a count is no period of nought"


def test_a_site_counts_when_all_its_channels_do() -> None:
    both = [
        *hours("A1", LAST - timedelta(days=9), LAST),
        *hours("A2", LAST - timedelta(days=9), LAST - timedelta(days=4)),
    ]
    row = counted(both, "A1", "A2")
    assert (row["jour"], row["etat"]) == (LAST - timedelta(days=4), "incomplet")
    again = counted([*both, *both], "A1", "A2")
    assert again == row, "the same lines twice are counted once"


def test_a_counter_that_repeats_itself_is_stuck_and_its_days_are_none() -> None:
    rows = hours("A1", LAST - timedelta(days=9), LAST)
    frozen = [r | {"count": 37} if n >= len(rows) - 60 else r for n, r in enumerate(rows)]
    row = counted(frozen)
    assert (row["etat"], row["jour"]) == ("figé", LAST - timedelta(days=3))
    night = [r | {"count": 0} if n >= len(rows) - 20 else r for n, r in enumerate(rows)]
    assert counted(night)["etat"] == "à jour", "nobody rides for a long while: that may be"


def test_days_of_23_and_25_hours_are_whole() -> None:
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        row = counted(hours("A1", day - timedelta(days=3), day))
        assert row["jour"] == day
        assert counters.seconds_of(day) in (23 * 3600, 25 * 3600)


def test_cars_are_no_bicycles_and_a_silent_site_is_told() -> None:
    counts = table(
        "comptages",
        [
            *hours("A1", LAST - timedelta(days=9), LAST),
            *hours("A2", LAST - timedelta(days=9), LAST - timedelta(days=5)),
        ],
    )
    assert counters.counters(SITES, channels("A1", mode="CAR"), counts).num_rows == 0
    two = pa.concat_tables([channels("A1"), channels("A2")])
    other = two.set_column(two.column_names.index("site_id"), "site_id", pa.array(["A", "B"]))
    sites = pa.concat_tables([SITES, SITES.set_column(0, "site_id", pa.array(["B"]))])
    assert [r["etat"] for r in counters.counters(sites, other, counts).to_pylist()] == [
        "à jour",
        "silencieux",
    ]


@given(st.lists(st.one_of(st.integers(0, 5).map(float), st.just(float("nan"))), max_size=40))
def test_equal_runs_are_those_that_one_sees(number: list[float]) -> None:
    found = counters.equal_runs(np.array(number)).tolist()
    for i, value in enumerate(number):
        low, high = i, i
        while low and number[low - 1] == value:
            low -= 1
        while high + 1 < len(number) and number[high + 1] == value:
            high += 1
        assert found[i] == (value >= counters.STUCK_COUNT and high - low + 1 >= counters.STUCK_PERIODS)


# --- the answer ---------------------------------------------------------------------------------------------


def whole() -> Mapping[str, pa.Table]:
    return work(
        {
            "amenagements": shapes(section(1, "PISTE CYCLABLE", nom_loc="Ligne 2")),
            "sites": SITES, "canaux": channels("A1"), "comptages": table("comptages", hours("A1", LAST - timedelta(days=70), LAST, 9)),
        },
        NOW,
    )  # fmt: skip


def test_the_nearest_counter_is_dated_and_beside_what_is_usual() -> None:
    first, second = [b for b in ask(whole()) if isinstance(b, Said)]
    assert "voie cyclable" in first.text
    assert "Pont-Vieux" in second.text
    assert second.dated == LAST
    assert "d’habitude" in second.note
    (figures,) = [b for b in ask(whole(), None) if isinstance(b, Figures)]
    assert figures.figures[0].label == "vélos comptés à 1 endroit"
    away = [b for b in ask(whole(), Spot("Loin", 3.9, 43.9)) if isinstance(b, Said)]
    assert len(away) == 1, "a counter far away says nothing here"


def test_it_is_said_in_english() -> None:
    for spot in (HERE, None):
        texts = [
            t
            for b in ask(whole(), spot, "en")
            for t in (getattr(b, "text", ""), getattr(b, "note", ""), getattr(b, "title", ""))
        ]
        assert not [t for t in texts if any(w in t for w in ("vélo", "voie", "é"))], texts


def test_what_the_service_reads_and_makes() -> None:
    assert {i.schema for i in SERVICE.reads.values()} == {
        "amenagements-cyclables",
        "sites-comptage",
        "canaux-comptage",
        "comptages",
    }
    alone = work({"amenagements": shapes(section(1, "VOIE VERTE"))}, NOW)
    assert alone["compteurs"].num_rows == 0, "without counters the ways are said"


def test_the_planted_faults_of_the_demo_are_found_and_nothing_else() -> None:
    drawn = world.build()
    begun = datetime.combine(demo.days(drawn)[0], time(), UTC)
    every = [(site, way) for site in range(len(demo.SITES)) for way in range(len(demo.WAYS))]
    channel_rows = [
        {"channel_id": demo.channel(s, w), "site_id": str(s), "mobility_type": "BIKE", "time_step": 86400, "started_at": begun}
        for s, w in every
    ]  # fmt: skip
    site_rows = [
        {"site_id": str(s), "site_name": name, "xlong": 3.7, "ylat": 43.7}
        for s, (name, _) in enumerate(demo.SITES)
    ]
    count_rows = [
        dict(zip(("channel_id", "start_datetime", "end_datetime", "count"), r, strict=True))
        for r in demo.rows(drawn)
    ]
    found = counters.counters(
        table("sites-comptage", site_rows),
        table("canaux-comptage", channel_rows),
        table("comptages", count_rows),
    )
    states = {int(r["site"]): r for r in found.to_pylist()}
    planted = {demo.SILENT: "silencieux", demo.HALF: "incomplet", demo.STUCK: "figé"}
    assert {s: r["etat"] for s, r in states.items()} == {
        s: planted.get(s, "à jour") for s in range(len(demo.SITES))
    }
    for site, row in states.items():
        if site not in planted:
            assert row["jour"] == drawn.today - timedelta(days=1)
            assert row["habituel_bas"] <= row["habituel"] <= row["habituel_haut"]
            assert row["jours_compares"] == 28
            assert 0 < row["evolution_pct"] < 25, "drawn to grow by a tenth"
