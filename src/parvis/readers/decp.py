"""DECP: the essential data of public contracts, as JSON or XML, one row a contract and holder, under the
names of the national schema laid flat.

Sources: 139bercy/format-commande-publique 2.0.2 (since 2024), and the format of 2019 before it: `marches` is
a list, or holds a list `marche`; in XML the same elements. Concessions stand in a table of their own. What is
nested is reached by a point (`lieuExecution.code`), lists of words are parted by a bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers import flatten, json_text, xml_text
from parvis.readers.json import broken
from parvis.readers.json_text import BadJson
from parvis.readers.raw import Cell
from parvis.readers.xml_stream import Element, forget, local, walk

CONTRACTS, CONCESSIONS = "marches", "concessions"

_HOLDERS = {"titulaires": "titulaire", "concessionnaires": "concessionnaire"}
_KINDS = {"marche": CONTRACTS, "contrat-concession": CONCESSIONS}
_LISTS = frozenset({
    "technique", "modaliteexecution", "typeprix", "considerationsociale", "considerationenvironnementale", "titulaire", "concessionnaire", "modification",
    "actesoustraitance", "modificationactesoustraitance", "donneesexecution", "tarif",
})  # fmt: skip
"""Elements of XML that may come several times, in small letters."""
_MARK = (
    b'"acheteur"',
    b'"titulaires"',
    b'"codeCPV"',
    b'"autoriteConcedante"',
    b'"concessionnaires"',
    b'"dateNotification"',
)


def sniff(head: bytes, path: Path) -> float:
    """The root `marches`, and what contracts are made of."""
    if xml_text.root(head) == "marches":
        return (
            0.96
            if any(m in head.replace(b"\x00", b"") for m in (b"<marche", b"<contrat-concession"))
            else 0.0
        )
    top = json_text.first_level(head)
    return 0.96 if top.get("marches") in ("{", "[") and sum(m in head for m in _MARK) >= 2 else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """Contracts, then concessions. Raises Unreadable: not well-formed, neither in it."""
    with path.open("rb") as file:
        xml = bool(xml_text.root(file.read(65_536)))
    tables = (
        xml_text.walked(path, workspace, lambda text: _from_xml(text, workspace))
        if xml
        else _from_json(path, workspace)
    )
    if not tables:
        raise Unreadable("Le fichier de marchés ne contient ni marché, ni concession.")
    if workspace.sheet:
        tables = tuple(t for t in tables if t.name == workspace.sheet)
        if not tables:
            names = ", ".join((CONTRACTS, CONCESSIONS))
            raise Unreadable(
                Sentence("Le fichier de marchés n’a pas de table « {sheet} ».", sheet=workspace.sheet),
                mend=Sentence("Tables possibles : {names}.", names=names),
            )
    return Reading("decp", tables)


# --- JSON ---


def _from_json(path: Path, workspace: Workspace) -> tuple[RawTable, ...]:
    encoding = json_text.encoding_of(path)
    tables: list[RawTable] = []
    try:
        for keys, name in (
            (("marches",), CONTRACTS),
            (("marches", "marche"), CONTRACTS),
            (("marches", "contrat-concession"), CONCESSIONS),
        ):
            if any(t.name == name for t in tables):
                continue
            records = (
                v for v in json_text.elements(path, encoding, workspace.limits, keys) if isinstance(v, dict)
            )
            tables += _tables(records, workspace, name, encoding)
    except BadJson as error:
        raise broken(error) from error
    return tuple(tables)


def _tables(
    records: Iterable[Mapping[str, Cell]], workspace: Workspace, name: str, encoding: str
) -> list[RawTable]:
    rows = ((0, row) for record in records for row in laid(record, workspace.limits))
    columns, scan, count = flatten.write(rows, workspace.spool, f"decp-{name}", workspace.limits)
    return [RawTable(name, columns, scan, count, encoding=encoding)] if count else []


# --- XML ---


def _from_xml(text: xml_text.Text, workspace: Workspace) -> tuple[RawTable, ...]:
    records: dict[str, list[Mapping[str, Cell]]] = {CONTRACTS: [], CONCESSIONS: []}
    with text.open() as source:
        depth = 0
        for event, element in walk(source, workspace.limits):
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 1:
                kind = _KINDS.get(local(element))
                value = _value(element)
                if kind and isinstance(value, dict):
                    records[kind].append(value)
                forget(element)
    return tuple(t for name, some in records.items() for t in _tables(some, workspace, name, text.encoding))


def _value(element: Element) -> Cell:
    """An element as JSON would have it: text, or an object whose repeated children are lists."""
    if not len(element):
        return (element.text or "").strip() or None
    members: dict[str, Cell] = {}
    for child in element:
        tag, value = local(child), _value(child)
        if not tag:
            continue
        if tag in members or tag.casefold() in _LISTS:
            held = members.get(tag)
            members[tag] = (
                [*held, value] if isinstance(held, list) else [value] if tag not in members else [held, value]
            )
        else:
            members[tag] = value
    return members


# --- both ---


def laid(record: Mapping[str, Cell], limits: Limits) -> Iterator[dict[str, Cell]]:
    """The rows of one contract: one for each holder, the contract's own values on each."""
    own: dict[str, Cell] = {}
    holders: list[tuple[str, Mapping[str, Cell]]] = []
    for key, value in record.items():
        if key in _HOLDERS:
            holders += [(_HOLDERS[key], h) for h in _objects(value)]
        else:
            own[key] = _simple(value)
    flat = flatten.flat(own, limits)
    for one, holder in holders or [("", {})]:
        yield flat | {f"{one}.{k}": v for k, v in flatten.flat(holder, limits).items()}


def _objects(value: Cell) -> Sequence[Mapping[str, Cell]]:
    """Objects of a list, whatever wraps each: `[{"titulaire": {…}}]`, `{"titulaire": […]}`, `[{…}]`."""
    if isinstance(value, list):
        return [o for item in value for o in _objects(item)]
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(inner := next(iter(value.values())), (list, dict)):
            return _objects(inner)
        return [value]
    return []


def _simple(value: Cell) -> Cell:
    """A wrapped list of words as one text, anything else as it is."""
    if isinstance(value, dict) and len(value) == 1:
        inner = next(iter(value.values()))
        if isinstance(inner, list) and all(isinstance(v, str) for v in inner):
            return "|".join(cast(list[str], inner))
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        return "|".join(cast(list[str], value))
    return value


_JSON = (
    '{"marches":{"marche":[{"id":"202600042","acheteur":{"id":"21340172201787"},"nature":"Marché","objet":"Toiture du gymnase","codeCPV":"45261910-6",'
    '"techniques":{"technique":["Sans objet"]},"procedure":"Procédure adaptée","lieuExecution":{"code":"34172","typeCode":"Code commune"},"dureeMois":6,'
    '"dateNotification":"2026-04-14","montant":84250.5,"titulaires":[{"titulaire":{"id":"73282932000074","typeIdentifiant":"SIRET"}},'
    '{"titulaire":{"id":"55208131766522","typeIdentifiant":"SIRET"}}]}]}}'
)
_XML = """<?xml version="1.0" encoding="UTF-8"?>
<marches><marche><id>202600042</id><acheteur><id>21340172201787</id></acheteur><nature>Marché</nature><objet>Toiture du gymnase</objet>
<lieuExecution><code>34172</code></lieuExecution><dureeMois>6</dureeMois><dateNotification>2026-04-14</dateNotification><montant>84250.50</montant>
<titulaires><titulaire><typeIdentifiant>SIRET</typeIdentifiant><id>73282932000074</id></titulaire></titulaires></marche></marches>
"""
_FIRST = (
    "id",
    "acheteur.id",
    "nature",
    "objet",
    "codeCPV",
    "techniques",
    "procedure",
    "lieuExecution.code",
    "lieuExecution.typeCode",
    "dureeMois",
)

_LAST = ("titulaire.typeIdentifiant", "titulaire.id")

DECP = Reader(
    name="decp",
    title="Données essentielles de la commande publique (DECP)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "JSON, un marché et deux titulaires",
            _JSON.encode(),
            (*_FIRST, "dateNotification", "montant", "titulaire.id", "titulaire.typeIdentifiant"),
            2,
            "utf-8",
        ),
        Example(
            "XML",
            _XML.encode(),
            (*_FIRST[:4], *_FIRST[7:8], "dureeMois", "dateNotification", "montant", *_LAST),
            1,
            "utf-8",
        ),
    ),
)
