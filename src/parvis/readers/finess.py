"""FINESS: the national file of health and social establishments, one row an establishment, with its place in
degrees whatever the file wrote.

Two forms: the CSV of the open data portal until 2026 (no header, records `structureet` and
`geolocalisation`), and the JSON that follows it (`pmej`, `ege`). In both, X and Y are often the wrong way
round (in the JSON mostly): the order, and the unit, are found by where the pair falls in the territory. What
was written stays beside it, and no row is left out: one that cannot be placed says so. Sources: notices of
the Agence du numérique en santé.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.methods import axes
from parvis.readers import flatten, json_text
from parvis.readers.encoding import MEND
from parvis.readers.json import broken
from parvis.readers.json_text import BadJson
from parvis.readers.plain_utf8 import plain
from parvis.readers.raw import Cell

ROWS = 1_000_000
"""Establishments that are held while they are placed: France has some 100,000."""

_STRUCTURE = (
    "", "finess", "finess_juridique", "nom", "nom_long", "complement", "distribution", "numero", "type_voie", "voie", "complement_voie", "lieu_dit", "commune",
    "departement", "libelle_departement", "acheminement", "telephone", "telecopie", "categorie", "libelle_categorie", "agregat", "libelle_agregat", "siret",
    "ape", "mft", "libelle_mft", "sph", "libelle_sph", "ouverture", "autorisation", "mise_a_jour", "uai",
)  # fmt: skip
"""Fields of a record `structureet`, in their order."""
HOW = {
    axes.NOWHERE: "illisible",
    axes.DEGREES: "degrés",
    axes.DEGREES_SWAPPED: "degrés, axes inversés",
    axes.METRES: "mètres",
    axes.METRES_SWAPPED: "mètres, axes inversés",
}

Row = dict[str, Cell]


def sniff(head: bytes, path: Path) -> float:
    """The first records of the CSV, or the roots of the JSON."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"finess;etalab;", b"structureet;")):
        return 0.98
    return 0.97 if json_text.first_level(head).get("pmej") == "[" and b"iness" in head else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """The establishments. Raises Unreadable: none in the file, more than `ROWS`, or broken JSON."""
    with path.open("rb") as file:
        from_json = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    rows, encoding, issues = _json(path, workspace) if from_json else _csv(path, workspace)
    if not rows:
        raise Unreadable(
            "Le fichier FINESS ne contient aucun établissement.",
            mend="Téléchargez à nouveau l’extraction complète.",
        )
    issues_of_places = tuple(_place(rows))
    columns, scan, count = flatten.write(
        ((line, row) for line, row in rows), workspace.spool, "finess", workspace.limits, lines=not from_json
    )
    return Reading(
        "finess",
        (RawTable("", columns, scan, count, encoding=encoding, issues=(*issues, *issues_of_places)),),
    )


def _place(rows: Sequence[tuple[int, Row]]) -> Iterator[Issue]:
    """Write the place into each row; say how many pairs were turned round, and how many are nowhere."""
    pairs = np.array([[_number(row["x_ecrit"]), _number(row["y_ecrit"])] for _, row in rows]).reshape(-1, 2)
    places = axes.placed(
        pairs[:, 0], pairs[:, 1], [_department(str(row["code_insee"] or "")) for _, row in rows]
    )
    for (_, row), lon, lat, how in zip(
        rows, places.lon.tolist(), places.lat.tolist(), places.how.tolist(), strict=True
    ):
        row["position"] = HOW[how] if how or row["x_ecrit"] or row["y_ecrit"] else "absente"
        row["longitude"], row["latitude"] = (
            (None, None) if how == axes.NOWHERE else (round(lon, 7), round(lat, 7))
        )
    swapped = int(np.isin(places.how, (axes.DEGREES_SWAPPED, axes.METRES_SWAPPED)).sum())
    lost = sum(row["position"] == "illisible" for _, row in rows)
    if swapped:
        yield Issue(
            "finess-swapped",
            "Des établissements ont leurs deux coordonnées inversées : elles ont été remises dans l’ordre.",
            f"{swapped} sur {len(rows)}",
        )
    numbers = [str(row["finess"]) for _, row in rows if row["finess"]]
    twice = len(numbers) - len(set(numbers))
    if twice:
        yield Issue(
            "finess-twice",
            "Des établissements ont le numéro FINESS d’un autre : chaque ligne est gardée.",
            f"{twice} sur {len(rows)}",
        )
    if lost:
        yield Issue(
            "finess-nowhere",
            "Des établissements ont des coordonnées hors de leur territoire : ils sont gardés, sans position.",
            f"{lost} sur {len(rows)}",
        )


def _csv(path: Path, workspace: Workspace) -> tuple[list[tuple[int, Row]], str, tuple[Issue, ...]]:
    """The establishments of the CSV, each with its line, the codec, and what is odd of the file."""
    text = plain(path, workspace.spool, workspace.limits)
    rows: list[tuple[int, Row]] = []
    places: dict[str, tuple[str, str, str]] = {}
    astray: set[str] = set()
    with text.path.open(encoding="utf-8-sig", errors=MEND, newline="") as file:
        reader = csv.reader(file, delimiter=";", quoting=csv.QUOTE_MINIMAL)
        for fields in reader:
            kind = fields[0] if fields else ""
            if kind == "structureet":
                _held(rows)
                rows.append((reader.line_num, _structure(fields)))
            elif kind == "geolocalisation" and len(fields) >= 4:
                coordinates = (fields[2], fields[3], fields[4] if len(fields) > 4 else "")
                if places.get(fields[1], coordinates)[:2] != coordinates[:2]:
                    astray.add(fields[1])
                places[fields[1]] = coordinates
    astray |= set(places) - {str(row["finess"]) for _, row in rows}
    issues = [*text.issues]
    if astray:
        issues.append(
            Issue(
                "finess-astray",
                "Des positions en contredisent une autre, ou ne sont celles d’aucun établissement du fichier.",
                f"{len(astray)} sur {len(places)}",
            )
        )
    for _, row in rows:
        row["x_ecrit"], row["y_ecrit"], row["source_position"] = places.get(
            str(row["finess"]), (None, None, None)
        )
    return rows, text.encoding.codec, tuple(issues)


def _structure(fields: Sequence[str]) -> Row:
    cells = {name: value.strip() or None for name, value in zip(_STRUCTURE, fields, strict=False) if name}
    address = " ".join(part for name in ("numero", "type_voie", "voie") if (part := cells.get(name)))
    dep, commune = cells.get("departement") or "", cells.get("commune") or ""
    line = (cells.get("acheminement") or "").partition(" ")
    return {
        "finess": cells.get("finess"),
        "finess_juridique": cells.get("finess_juridique"),
        "nom": cells.get("nom_long") or cells.get("nom"),
        "categorie": cells.get("categorie"),
        "libelle_categorie": cells.get("libelle_categorie"),
        "adresse": address or cells.get("lieu_dit"),
        "code_postal": line[0] if line[0].isdigit() else None,
        "commune": line[2] or None,
        "code_insee": _insee(dep, commune),
        "telephone": cells.get("telephone"),
        "siret": cells.get("siret"),
        "etat": None,
        "mise_a_jour": cells.get("mise_a_jour"),
    }


def _insee(dep: str, commune: str) -> str | None:
    """Département and commune of the file as one code. Overseas the file has a département of its own, 9A to
    9F, and three figures of the commune.
    """
    overseas = {"9A": "971", "9B": "972", "9C": "973", "9D": "974", "9E": "975", "9F": "976"}
    if not dep or not commune:
        return None
    full = overseas.get(dep, dep)
    return full + commune[-2:] if len(full) == 3 else full + commune.zfill(3)


def _json(path: Path, workspace: Workspace) -> tuple[list[tuple[int, Row]], str, tuple[Issue, ...]]:
    """The establishments of the JSON feed, each with its line, the codec, and no issue."""
    encoding = json_text.encoding_of(path)
    rows: list[tuple[int, Row]] = []
    try:
        for record in json_text.elements(path, encoding, workspace.limits, ("pmej",)):
            if not isinstance(record, dict):
                continue
            places = record.get("ege")
            some = [one for one in places if isinstance(one, dict)] if isinstance(places, list) else []
            # A body without an establishment is a row of its own: nothing is left out.
            for one in some or [record]:
                _held(rows)
                rows.append((0, _establishment(one, record)))
    except BadJson as error:
        raise broken(error) from error
    return rows, encoding, ()


def _establishment(one: Row, body: Row) -> Row:
    """Names differ between the published schema and the feed: they are looked for by what they begin with, in
    any case.
    """
    held = _under(one, "adresse")
    address = next((a for a in held if isinstance(a, dict)), None) if isinstance(held, list) else held
    parts = " ".join(
        part for name in ("numeroVoie", "typeVoie", "libelleVoie") if (part := _by_prefix(address, name))
    )
    category = _under(one, "categorieEntite")
    return {
        "finess": _by_prefix(one, "numfinesse")
        or _by_prefix(one, "numerofiness")
        or _by_prefix(one, "numfiness"),
        "finess_juridique": _by_prefix(body, "numfinesspm") or _by_prefix(body, "numerofiness"),
        "nom": _by_prefix(one, "denominationlongue")
        or _by_prefix(one, "denomination")
        or _by_prefix(one, "nom")
        or _by_prefix(body, "denomination"),
        "categorie": _by_prefix(category, "code"),
        "libelle_categorie": _by_prefix(category, "display"),
        "adresse": parts or _by_prefix(address, "lignequatre"),
        "code_postal": _by_prefix(address, "codepostal"),
        "commune": _by_prefix(address, "ligneacheminement"),
        "code_insee": _by_prefix(address, "cogcommune"),
        "telephone": _by_prefix(one, "telephone"),
        "siret": _by_prefix(one, "siret"),
        "etat": _by_prefix(_under(one, "etatObjet"), "code"),
        "mise_a_jour": _by_prefix(_under(one, "dateDerniereMaj"), "dateevenement"),
        "x_ecrit": _by_prefix(address, "coordonneex") or _by_prefix(address, "longitude"),
        "y_ecrit": _by_prefix(address, "coordonneey") or _by_prefix(address, "latitude"),
        "source_position": None,
    }


def _under(record: Cell, begins: str) -> Cell:
    """The first value whose key begins so, here or in what is nested."""
    if isinstance(record, dict):
        for key, value in record.items():
            if key.casefold().startswith(begins.casefold()) and value not in (None, "", [], {}):
                return value
        for value in record.values():
            if isinstance(value, dict) and (inner := _under(value, begins)) is not None:
                return inner
    if isinstance(record, list):
        return next((inner for value in record if (inner := _under(value, begins)) is not None), None)
    return None


def _by_prefix(record: Cell, begins: str) -> str | None:
    value = _under(record, begins)
    return None if value is None or isinstance(value, (dict, list)) else str(value).strip() or None


def _held(rows: Sequence[object]) -> None:
    if len(rows) >= ROWS:
        raise Unreadable(
            Sentence("Le fichier FINESS a plus de {rows} établissements.", rows=ROWS),
            mend="Gardez ceux de votre département.",
        )


def _department(insee: str) -> str:
    return insee[:3] if insee[:2] == "97" else insee[:2]


def _number(value: Cell) -> float:
    try:
        return float(str(value).replace(",", ".")) if value not in (None, "") else float("nan")
    except ValueError:
        return float("nan")


_OLD = """finess;etalab;93;2026-01-05
structureet;340012345;340000001;PHARMACIE DU PONT;PHARMACIE DU PONT VIEUX;;;12;R;DES TANNERIES;;;172;34;HERAULT;34000 MONTPELLIER;0467000001;;620;Officine;33
structureet;340012346;340000002;CENTRE DE SANTÉ;;;;4;R;DU FOUR;;;172;34;HERAULT;34000 MONTPELLIER;0467000002;;124;Centre de Santé;11
geolocalisation;340012345;771000.5;6279000.1;1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,LAMBERT_93;2025-02-03
geolocalisation;340012346;6279100.0;771200.0;1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,LAMBERT_93;2025-02-03
"""
_NEW = """{"pmej":[{"informationsGeneralesPMEJ":{"numFinessPm":"340000001","denominationPm":"SELARL DU PONT"},
"ege":[{"informationsGeneralesEGE":{"numFinessEge":"340012345","denominationEge":"PHARMACIE DU PONT"},
"categorieEntiteGeographiqueExercice":{"code":"620"},"etatObjet":{"code":"actif"},
"adresse":[{"numeroVoie":"12","typeVoie":"R","libelleVoie":"DES TANNERIES","codePostal":"34000","cogCommune":"34172",
"ligneAcheminement":"34000 MONTPELLIER","coordonneesGeographique":{"coordonneeX":"43.6108","coordonneeY":"3.8767"}}]}]}],"gco":[],"gcc":[]}
"""
_COLUMNS = (
    "finess", "finess_juridique", "nom", "categorie", "libelle_categorie", "adresse", "code_postal", "commune", "code_insee", "telephone", "siret", "etat",
    "mise_a_jour", "x_ecrit", "y_ecrit", "source_position", "position", "longitude", "latitude",
)  # fmt: skip

FINESS = Reader(
    name="finess",
    title="FINESS (établissements sanitaires et sociaux)",
    sniff=sniff,
    read=read,
    examples=(
        Example("extraction CSV, une paire inversée", _OLD.encode("iso-8859-15"), _COLUMNS, 2, "cp1252"),
        Example("flux JSON, axes inversés", _NEW.encode(), _COLUMNS, 1, "utf-8"),
    ),
)
