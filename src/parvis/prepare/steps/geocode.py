"""Give addresses their position, from a file of national addresses (BAN format), with a score that says how
sure it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from parvis.core.sentence import Sentence
from parvis.core.text import french_number
from parvis.core.types import Finding, Row
from parvis.engine import trees as t
from parvis.prepare.declaration import Bench, Example, Names, Parameter, Step, Unfit, Values
from parvis.prepare.frame import RECORD, TOLD, Frame, keep, start
from parvis.prepare.geocoding import COLUMNS, THRESHOLD, Address, Match, Places, find, gather
from parvis.prepare.python_steps import append, column_of, texts
from parvis.prepare.tracing import Cells, Flow


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    parts = [frame.at(name) for name in params.texts("address")]
    others = {
        name: frame.at(params.text(name)) for name in ("postcode", "commune", "insee") if params.text(name)
    }
    new_columns = [f"{params.text('prefix')}{name}" for name in ("lon", "lat", "score", "adresse", "type")]
    frame.free(*new_columns)
    places = _places(params.text("with"), bench)
    below = keep(frame, bench.spool / "below.parquet", con=bench.con)
    streets = [texts(below, i, bench.con) for i in parts]
    rest = {name: texts(below, i, bench.con) for name, i in others.items()}
    addresses = [
        Address(
            " ".join(p for p in pieces if p),
            *(
                rest[n][i] or "" if n in rest else params.text("in") if n == "insee" else ""
                for n in ("postcode", "commune", "insee")
            ),
        )
        for i, pieces in enumerate(zip(*streets, strict=True))
    ]
    known = find(places, addresses)
    least = params.number("at_least")
    grown = append(below, new_columns, _columns(known, least), bench.spool / "made.parquet")
    unsure = [
        i
        for i, (one, answer) in enumerate(zip(addresses, known, strict=True))
        if one.address and answer.score < least
    ]
    if not unsure:
        return grown
    records = column_of(below, t.column(RECORD), bench.con)
    rows = tuple(
        Row(frame.name, 0, int(records[i].as_py()), f"{addresses[i].address} ({_score(known[i].score)})")
        for i in unsure[:TOLD]
    )
    many = (
        f"{french_number(len(unsure))} adresses n’ont pas été trouvées"
        if len(unsure) > 1
        else "1 adresse n’a pas été trouvée"
    )
    return grown.tell(
        Finding(
            "recipe-geocode-unsure",
            f"{many} avec un score d’au moins {_score(least)} : elles restent sans position.",
            "warning",
            "completeness",
            frame.columns[parts[0]].name,
            len(unsure),
            rows,
            "Corrigez ces adresses, ou vérifiez que le fichier d’adresses couvre bien ces communes.",
        )
    )


def _places(reference: str, bench: Bench) -> Places:
    """The file of addresses, laid out. Raises Unfit when it has not the columns of the format."""
    other = start(bench.table(reference), con=bench.con, spool=bench.spool)
    missing = [name for name, needed in COLUMNS.items() if needed and name not in other.names]
    if missing:
        raise Unfit(
            Sentence(
                "« {reference} » n’est pas un fichier d’adresses au format BAN : il lui manque {list}.",
                reference=reference,
                list=", ".join(missing),
            ),
            mend=Sentence(
                "Prenez le fichier CSV de la Base Adresse Nationale de votre commune ou de votre département."
            ),
        )
    below = keep(other, bench.spool / "addresses.parquet", con=bench.con)
    return gather({name: texts(below, below.at(name), bench.con) for name in COLUMNS if name in below.names})


def _columns(known: Sequence[Match], least: float) -> list[list[str | None]]:
    """What is written beside each row: nothing but the score where it is too low."""
    taken = [f if f.score >= least else None for f in known]
    positions = [(f.lon, f.lat, f.label, f.kind) if f else (None, None, None, None) for f in taken]
    lon, lat, label, kind = (
        (list(column) for column in zip(*positions, strict=True)) if positions else ([], [], [], [])
    )
    return [lon, lat, [_score(f.score) for f in known], label, kind]


def _score(value: float) -> str:
    """Two decimals, never rounded up: what is shown as 0.80 is at least that."""
    return f"{math.floor(value * 100 + 1e-9) / 100:.2f}"


_BAN = (
    ("id", "numero", "rep", "nom_voie", "code_postal", "code_insee", "nom_commune", "x", "y", "lon", "lat"),
    (
        (
            "a",
            "12",
            "",
            "Avenue du Général de Gaulle",
            "34000",
            "34172",
            "Montclair",
            "",
            "",
            "3.870001",
            "43.610001",
        ),
        (
            "b",
            "12",
            "bis",
            "Avenue du Général de Gaulle",
            "34000",
            "34172",
            "Montclair",
            "",
            "",
            "3.870002",
            "43.610002",
        ),
        ("c", "3", "", "Rue des Lilas", "34000", "34172", "Montclair", "", "", "3.880000", "43.620000"),
        ("d", "3", "", "Rue des Lilas", "34110", "34333", "Saint-Roch", "", "", "3.900000", "43.700000"),
    ),
)


def _flow(params: Values, before: Names, after: Names) -> Flow:
    address_columns = (
        *params.texts("address"),
        *(params.text(n) for n in ("postcode", "commune", "insee") if params.text(n)),
    )
    return Flow(
        {
            name: Cells((name,), same=True) if name in before else Cells(address_columns, tuple(COLUMNS))
            for name in after
        },
        table=params.text("with"),
    )


geocode = Step(
    name="geocode",
    title="Situer des adresses",
    english="Locate addresses",
    parameters=(
        Parameter(
            "with",
            "source",
            "Fichier d’adresses (format BAN)",
            "Le CSV de la Base Adresse Nationale, gardé avec la recette ou publié",
            (
                "File of addresses (BAN format)",
                "The CSV of the national address base, kept with the recipe or published",
            ),
        ),
        Parameter(
            "address",
            "columns",
            "Colonnes de l’adresse, dans l’ordre",
            "Une seule, ou numéro puis voie",
            ("Columns of the address, in order", "One, or number and street"),
            free=True,
        ),
        Parameter(
            "postcode",
            "column",
            "Colonne du code postal",
            "Si l’adresse ne le contient pas",
            ("Column of the postal code", "When it is not in the address"),
            default="",
        ),
        Parameter(
            "commune",
            "column",
            "Colonne de la commune",
            "Si l’adresse ne la contient pas",
            ("Column of the commune", "When it is not in the address"),
            default="",
        ),
        Parameter(
            "insee", "column", "Colonne du code INSEE", english=("Column of the INSEE code", ""), default=""
        ),
        Parameter(
            "in",
            "text",
            "Code INSEE de toutes les adresses",
            "Si elles sont toutes d’une commune que le fichier ne dit pas",
            ("INSEE code of all addresses", "When all are of one commune that the file does not say"),
            default="",
        ),
        Parameter(
            "at_least",
            "number",
            "Score au moins égal à",
            Sentence(
                "De 0 à 1. À partir de {threshold}, une réponse est sûre ; au-dessous, l’adresse reste sans position",
                threshold=THRESHOLD,
            ),
            (
                "Score at least",
                f"From 0 to 1. From {THRESHOLD} an answer is sure; below, the address is left without a position",
            ),
            default=THRESHOLD,
        ),
        Parameter(
            "prefix",
            "text",
            "Ce qui précède les noms des colonnes ajoutées",
            "lon, lat, score, adresse, type",
            ("What goes before the new names", ""),
            default="geo_",
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"with": "ban", "address": ["voie"], "postcode": "cp", "commune": "ville"},
            ("voie", "cp", "ville"),
            (
                ("12bis av. du Gal-de-Gaule", "34000", "Montclair"),
                ("3 rue des lials", "", "ST ROCH"),
                ("3, Lilas rue des", "34000", ""),
                ("99 rue Absente", "34000", "Montclair"),
                ("", "", ""),
            ),
            ("voie", "cp", "ville", "geo_lon", "geo_lat", "geo_score", "geo_adresse", "geo_type"),
            (
                (
                    "12bis av. du Gal-de-Gaule",
                    "34000",
                    "Montclair",
                    "3.870002",
                    "43.610002",
                    "0.94",
                    "12 bis Avenue du Général de Gaulle 34000 Montclair",
                    "housenumber",
                ),
                (
                    "3 rue des lials",
                    None,
                    "ST ROCH",
                    "3.900000",
                    "43.700000",
                    "0.87",
                    "3 Rue des Lilas 34110 Saint-Roch",
                    "housenumber",
                ),
                (
                    "3, Lilas rue des",
                    "34000",
                    None,
                    "3.880000",
                    "43.620000",
                    "0.95",
                    "3 Rue des Lilas 34000 Montclair",
                    "housenumber",
                ),
                ("99 rue Absente", "34000", "Montclair", None, None, "0.40", None, None),
                (None, None, None, None, None, "0.00", None, None),
            ),
            findings=("recipe-geocode-unsure",),
            tables={"ban": _BAN},
        ),
        Example(
            {"with": "ban", "address": ["a"], "prefix": "", "at_least": 0.9},
            ("a",),
            (("3 rue des Lilas, 34110 Saint-Roch",), ("3 rue des Lilas",)),
            ("a", "lon", "lat", "score", "adresse", "type"),
            (
                (
                    "3 rue des Lilas, 34110 Saint-Roch",
                    "3.900000",
                    "43.700000",
                    "1.00",
                    "3 Rue des Lilas 34110 Saint-Roch",
                    "housenumber",
                ),
                ("3 rue des Lilas", None, None, "0.63", None, None),
            ),
            findings=("recipe-geocode-unsure",),
            tables={"ban": _BAN},
        ),
    ),
)
