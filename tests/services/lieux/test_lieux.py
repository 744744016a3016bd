"""Public places: what a closing takes from hours, the sentence in both languages, and nothing sure that the city did not
say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from parvis import schemas
from parvis.core.arrow import arrow_table
from parvis.core.language import language
from parvis.demo import world
from parvis.demo.files import lieux_ouverts
from parvis.services.answers import Asked, Blocks, Map, Rows, Said, Spot
from parvis.services.lieux.answer import KINDS, answer
from parvis.services.lieux.compute import DAYS, work
from parvis.services.lieux.places import places
from parvis.services.lieux.service import SERVICE
from parvis.services.open_places import MAYBE, OPEN, UNREAD, opens, status, stretches

TUESDAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)  # ten o'clock in Paris
EVENING = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
HERE = Spot("Gare", 3.740, 43.730)
OFFICE = "Mo-Fr 08:30-12:00,13:30-17:30; PH off"


def row(number: int = 1, hours: str = OFFICE, **more: object) -> dict[str, object]:
    return {
        "id": f"L{number}", "nom": f"Mairie {number}", "type": "mairie", "adresse": f"{number} rue du Port, Rivemont", "code_insee": "34990",
        "horaires": hours, "date_maj": date(2026, 11, 2), "lat": 43.730 + number / 500, "lon": 3.740,
    } | more  # fmt: skip


def table(*rows: Mapping[str, object]) -> pa.Table:
    return arrow_table(schemas.library().find("lieux-ouverts").schema, rows)


def ask(*rows: Mapping[str, object], at: datetime = TUESDAY, code: str = "fr", **values: object) -> Blocks:
    asked = Asked({"quoi": "mairie", **values}, at, at, language(code).of("lieux"))  # type: ignore[arg-type, dict-item]
    return answer(asked, {"lieux": table(*rows)})


def lead(blocks: Blocks) -> Said:
    first = blocks[0]
    assert isinstance(first, Said)
    return first


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def rows_of(blocks: Blocks, number: int) -> tuple[Mapping[str, object], ...]:
    return [b for b in blocks if isinstance(b, Rows)][number].rows


# --- what the city closes out of turn ---


@pytest.mark.parametrize(
    ("closing", "shut", "kept"),
    [
        ("Fermée du 24 décembre au 2 janvier", "2026-12-28T10:00", "2027-01-04T10:00"),
        ("Fermé le 3 décembre 2026", "2026-12-03T10:00", "2026-12-04T10:00"),
        ("Fermeture pour travaux jusqu’au 15 janvier 2027", "2026-12-02T10:00", "2027-01-18T10:00"),
        ("Fermée en août", "2027-08-03T10:00", "2027-09-01T10:00"),
    ],
)
def test_a_closing_that_names_its_days_is_taken_from_the_hours(closing: str, shut: str, kept: str) -> None:
    [place] = places(table(row(fermeture_exceptionnelle=closing)))
    at = [datetime.fromisoformat(text + "+01:00") for text in (shut, kept)]
    assert [status(place, one).state for one in at] == ["closed", "open"]


@pytest.mark.parametrize(
    "closing",
    [
        "Travaux : entrée par la rue du Port",
        "Fermé au public le jeudi 3 décembre après-midi",
        "Ouverture exceptionnelle le samedi 5 décembre de 9h à 12h",
        "Ne ferme pas en août",
    ],
)
def test_a_sentence_that_is_no_plain_closing_leaves_no_opening_sure(closing: str) -> None:
    [place] = places(table(row(fermeture_exceptionnelle=closing)))
    assert status(place, TUESDAY).state == "unknown"
    assert status(place, TUESDAY).comment == closing
    assert status(place, EVENING).state == "closed"
    assert opens(place, EVENING) is None
    blocks = ask(row(fermeture_exceptionnelle=closing))
    assert lead(blocks).tone == "warn"
    assert closing in lead(blocks).note
    assert rows_of(blocks, 1)[0]["etat"] == "à vérifier"


def test_without_a_closing_nothing_changes() -> None:
    one, other = places(table(row(), row(2, fermeture_exceptionnelle="  ")))
    assert one.hours == other.hours


# --- the sentence ---


def test_open_now_and_until_when() -> None:
    assert plain(lead(ask(row())).text) == "Ouvert à 10 h 00 : Mairie 1, jusqu’à 12 h 00."
    assert plain(lead(ask(row(), code="en")).text) == "Open at 10:00: Mairie 1, until 12:00."
    assert lead(ask(row())).tone == "ok"


def test_closed_and_when_it_opens() -> None:
    blocks = ask(row(), at=EVENING)
    assert plain(lead(blocks).text) == "Fermé à 20 h 00 : Mairie 1 ; ouvre demain à 8 h 30."
    assert lead(blocks).tone == "warn", "no bad news, which would stand first on « chez moi » every evening"
    friday = datetime(2026, 12, 4, 19, 0, tzinfo=UTC)
    assert plain(lead(ask(row(), at=friday)).text).endswith("ouvre lundi 7 décembre 2026 à 8 h 30.")


def test_the_nearest_that_is_open_comes_before_a_nearer_one_that_is_not() -> None:
    blocks = ask(row(1, "Mo 14:00-18:00"), row(2), row(3), lieu=HERE)
    assert plain(lead(blocks).text).startswith("Ouvert : Mairie 2, à 6 min à pied, jusqu’à 12 h 00")
    assert [r["nom"] for r in rows_of(blocks, 1)] == ["Mairie 1", "Mairie 2", "Mairie 3"]
    assert [r["etat"] for r in rows_of(blocks, 1)] == ["fermé", "ouvert", "ouvert"]


def test_open_when_one_gets_there_not_when_one_leaves() -> None:
    """A walk of ten minutes to a place that closes in five."""
    at = datetime(2026, 12, 1, 10, 55, tzinfo=UTC)
    blocks = ask(row(4), at=at, lieu=HERE)
    assert plain(lead(blocks).text) == "Fermé à 11 h 55 : Mairie 4 ; ouvre à 13 h 30."


def test_the_first_to_open_when_all_are_closed() -> None:
    blocks = ask(row(1), row(2, "Mo-Fr 07:45-12:00"), at=EVENING, lieu=HERE)
    assert (
        plain(lead(blocks).text)
        == "Tout est fermé à 20 h 00 ; prochaine ouverture : Mairie 2, demain à 7 h 45."
    )


def test_hours_that_nobody_understood_are_neither_open_nor_closed() -> None:
    blocks = ask(row(1, "voir affichage", telephone="0467000201"))
    assert plain(lead(blocks).text) == "À vérifier à 10 h 00 : Mairie 1."
    assert lead(blocks).tone == "warn"
    assert "0467000201" in lead(blocks).note
    [only] = rows_of(blocks, 0)
    assert plain(str(only["ensuite"])) == "horaires non compris : « voir affichage »"


def test_hours_that_nobody_looked_at_for_a_year_are_not_green() -> None:
    blocks = ask(row(1, date_maj=date(2025, 6, 1)))
    assert lead(blocks).tone == "warn"
    assert "1er juin 2025" in plain(lead(blocks).note)


def test_seven_days_in_words_public_holidays_too() -> None:
    blocks = ask(row(), at=datetime(2026, 12, 22, 9, 0, tzinfo=UTC))
    week = [(plain(str(r["jour"])), plain(str(r["heures"]))) for r in rows_of(blocks, 0)]
    assert len(week) == 7
    assert week[0] == ("mardi 22 décembre 2026", "8 h 30 – 12 h 00, 13 h 30 – 17 h 30")
    assert week[3] == ("vendredi 25 décembre 2026", "fermé")
    assert week[4] == ("samedi 26 décembre 2026", "fermé")


def test_another_kind_a_wheelchair_nothing_to_pay_and_the_cool() -> None:
    pool = row(2, type="piscine", nom="Piscine", gratuit=False, climatise=True)
    assert lead(ask(row(), quoi="piscine")).text == "« Piscine » : la ville n’en publie pas les horaires."
    assert "Piscine" in lead(ask(row(), pool, quoi="piscine")).text
    assert lead(ask(row(), pool, quoi="piscine", gratuit=True)).tone == "warn"
    assert lead(ask(row(accessible_fauteuil=None), fauteuil=True)).tone == "warn"
    assert "Piscine" in lead(ask(row(), pool, quoi="lieu frais")).text
    assert lead(ask()).tone == "warn"


def test_every_kind_of_the_schema_can_be_asked() -> None:
    column = schemas.library().find("lieux-ouverts").schema.column("type")
    assert column is not None
    assert column.constraints["enum"] == list(KINDS)


def test_the_map_says_what_its_table_says() -> None:
    blocks = ask(row(1, "Mo 14:00-18:00"), row(2))
    [map_] = [b for b in blocks if isinstance(b, Map)]
    [_, every] = [b for b in blocks if isinstance(b, Rows)]
    assert map_.table == every.title
    assert [(m.label, m.value) for m in map_.marks] == [(r["nom"], r["etat"]) for r in every.rows]


# --- what is published ---


def test_two_weeks_of_each_place() -> None:
    out = work({"lieux": table(row(), row(2, "voir affichage"))}, TUESDAY)["ouvertures"].to_pylist()
    assert {r["etat"] for r in out} == {OPEN, UNREAD}
    assert sum(r["id_lieu"] == "L1" for r in out) == 2 * 10
    assert [r["note"] for r in out if r["id_lieu"] == "L2"] == ["voir affichage"]
    assert max(r["fin"] for r in out) <= datetime(2026, 12, 1 + DAYS, 23, 0, tzinfo=UTC)
    doubtful = work({"lieux": table(row(fermeture_exceptionnelle="Travaux"))}, TUESDAY)["ouvertures"]
    assert set(doubtful.column("etat").to_pylist()) == {MAYBE}


def test_stretches_are_the_states_minute_by_minute() -> None:
    """Beside the state asked at each quarter of an hour of a week."""
    [place] = places(table(row(fermeture_exceptionnelle="Fermé le 3 décembre 2026")))
    spans = [(s.begin, s.end) for s in stretches(place, TUESDAY, 7)]
    start = datetime(2026, 11, 30, 23, 0, tzinfo=UTC).timestamp()
    for quarter in range(7 * 96):
        at = datetime.fromtimestamp(start + quarter * 900, UTC)
        assert any(b <= at < e for b, e in spans) == (status(place, at).state == "open"), at


# --- the demo's file ---


def test_the_demo_s_places() -> None:
    built = world.build()
    lines = lieux_ouverts.rows(built)
    assert len(lines) == len(lieux_ouverts.PLACES)
    known = places(table(*(_typed(dict(zip(lieux_ouverts.HEADER, r, strict=True))) for r in lines)))
    unread = [n for n, p in enumerate(known, 1) if p.hours is None]
    assert unread == [lieux_ouverts.UNREADABLE]
    noon = datetime(built.today.year, built.today.month, built.today.day, 12, tzinfo=UTC)
    closed = known[lieux_ouverts.CLOSED - 1]
    days = {s.begin.date() for s in stretches(closed, noon, 14)}
    gone = {
        built.today.toordinal() + lieux_ouverts.CLOSED_FROM + n for n in range(lieux_ouverts.CLOSED_DAYS + 1)
    }
    assert not gone & {d.toordinal() for d in days}
    assert len(days) == 14 - len(gone)
    noted = known[lieux_ouverts.NOTED - 1]
    assert {s.state for s in stretches(noted, noon, 7)} == {MAYBE}


def _typed(line: Mapping[str, str]) -> dict[str, object]:
    yes = {"oui": True, "non": False}
    out: dict[str, object] = {
        k: v
        for k, v in line.items()
        if k not in ("date_maj", "lat", "lon", "gratuit", "accessible_fauteuil", "climatise")
    }
    return out | {
        "date_maj": date.fromisoformat(line["date_maj"]), "lat": float(line["lat"]), "lon": float(line["lon"]),
        "gratuit": yes[line["gratuit"]], "accessible_fauteuil": yes[line["accessible_fauteuil"]], "climatise": yes[line["climatise"]],
    }  # fmt: skip


def test_the_service_is_found_by_what_people_look_for() -> None:
    assert {"mairie", "horaires", "piscine"} <= set(SERVICE.found_by["fr"])
    assert "town hall" in SERVICE.found_by["en"]
