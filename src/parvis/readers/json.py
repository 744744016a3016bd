"""JSON: a list of objects, at the top or under a key; a list of lists; columns as lists; objects by
identifier; or one object alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import cast

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.text import in_number
from parvis.readers import flatten, grid, json_text, objects
from parvis.readers.json_text import BadJson, Listing, Outline
from parvis.readers.raw import Cell

WHOLE_MB = 100
"""Documents that are no list of records are held in memory: up to this size."""

_USUAL = frozenset((
    "records", "results", "result", "features", "data", "items", "rows", "elements", "value", "values", "stations", "list", "member", "members", "hits",
    "entries", "objects", "content", "docs", "documents", "resultats", "donnees", "enregistrements", "observations", "series",
))  # fmt: skip
"""Keys under which records are usual."""
_ASIDE = frozenset((
    "facets", "facet_groups", "links", "columns", "fields", "schema", "errors", "warnings", "parameters", "filters", "refine", "header", "headers", "metadata",
    "extras", "tags",
))  # fmt: skip
"""Keys of lists that describe the records."""
_LABELS = ("columns", "fields", "headers", "header", "colonnes", "names", "schema")
_KEY = "clé"


def sniff(head: bytes, path: Path) -> float:
    """An object or a list, from its first characters."""
    return json_text.looks_like_json(head)


def read(path: Path, workspace: Workspace) -> Reading:
    """The table of the document. Raises Unreadable: not JSON, nothing tabular in it, too deep."""
    return tolerating("json", path, workspace, _table)


def tolerating(
    kind: str, path: Path, workspace: Workspace, table: Callable[[Path, Workspace, str], RawTable]
) -> Reading:
    """The one table of a document; of a copy without comments and commas too many when it is not JSON as it
    is. Raises Unreadable when neither is.
    """
    encoding = json_text.encoding_of(path)
    try:
        return Reading(kind, (table(path, workspace, encoding),))
    except BadJson as error:
        bare = json_text.tidied(path, encoding, workspace.spool / "tidied", most_mb=WHOLE_MB)
        if bare is None:
            raise broken(error) from error
    try:
        mended = table(bare, workspace, "utf-8")
    except BadJson as error:
        raise broken(error) from error
    issue = Issue(
        "loose-json", "Le JSON contient des commentaires, ou des virgules avant une fin : ils ont été ôtés."
    )
    return Reading(kind, (replace(mended, encoding=encoding, issues=(*mended.issues, issue)),))


def broken(error: BadJson) -> Unreadable:
    """The one sentence for a text that is not JSON."""
    mend = Sentence("Refaites l’export : le fichier est peut-être tronqué.")
    return Unreadable(
        Sentence("Le JSON est mal écrit à la ligne {line} : {error}.", line=error.line, error=error),
        mend=mend,
        line=error.line,
    )


def _table(path: Path, workspace: Workspace, encoding: str) -> RawTable:
    limits = workspace.limits
    if not workspace.sheet and json_text.list_of_objects(path, encoding, limits):
        return _records(path, workspace, encoding, ())
    seen = json_text.outline(path, encoding, limits)
    if not seen.kind:
        raise Unreadable("Le JSON ne contient qu’une valeur : ni liste, ni objet.")
    chosen = _choose(seen, workspace.sheet)
    if chosen is not None and chosen.records:
        table = _records(path, workspace, encoding, chosen.path)
        return replace(table, issues=(*table.issues, *_others(seen, chosen)))
    if chosen is not None and chosen.rows:
        return _rows(path, workspace, encoding, seen, chosen)
    return _small(path, workspace, encoding, seen)


def _records(path: Path, workspace: Workspace, encoding: str, keys: tuple[str, ...]) -> RawTable:
    others = 0

    def records() -> Iterator[tuple[int, Mapping[str, Cell]]]:
        nonlocal others
        for value in json_text.elements(path, encoding, workspace.limits, keys):
            if isinstance(value, dict):
                yield 0, value
            else:
                others += 1

    table = _written(records(), workspace, encoding)
    issue = Issue(
        "not-a-record",
        in_number(
            others,
            "{n} élément[s] de la liste [n’est pas un objet : non lu|ne sont pas des objets : non lus].",
        ),
    )
    return replace(table, issues=(*table.issues, issue)) if others else table


def _written(
    records: Iterable[tuple[int, Mapping[str, Cell]]], workspace: Workspace, encoding: str
) -> RawTable:
    table = objects.table(records, workspace, "json", encoding)
    if table is None:
        raise Unreadable("Le JSON ne contient aucun enregistrement : ses objets sont vides.")
    return table


def _weight(listing: Listing) -> float:
    last = listing.path[-1].casefold() if listing.path else ""
    return listing.size * (4 if last in _USUAL else 0.25 if last in _ASIDE else 1)


def _choose(seen: Outline, wanted: str) -> Listing | None:
    """The list that holds the records: the largest, by its name if several compare. wanted: its keys joined by
    dots, "" for us to choose.
    """
    lists = [x for x in seen.listings if x.records or x.rows]
    if wanted:
        listing = next((x for x in lists if ".".join(x.path) == wanted), None)
        if listing is None:
            names = ", ".join(f"« {'.'.join(x.path)} »" for x in lists[:10])
            raise Unreadable(
                Sentence("Le JSON n’a pas de liste d’enregistrements « {asked} ».", asked=wanted),
                mend=Sentence("Listes : {names}.", names=names) if names else "",
            )
        return listing
    records = [x for x in lists if x.records]
    # Numbers in lists of lists may be coordinates: they are a table only when nothing else is.
    rows = [x for x in lists if not x.records and x.count > 1 and len(x.path) <= 2]
    plain = [x for x in records if not x.path or x.path[-1].casefold() not in _ASIDE]
    named = [x for x in rows if x.path and x.path[-1].casefold() in _USUAL]
    return max(plain or named or records or rows, key=_weight, default=None)


def _others(seen: Outline, chosen: Listing) -> Iterator[Issue]:
    others = [
        x for x in seen.listings if x.records > 1 and x.path != chosen.path and x.size > 0.2 * chosen.size
    ]
    if others:
        names = ", ".join(f"« {'.'.join(x.path)} »" for x in others[:5])
        yield Issue(
            "other-lists", f"Le fichier contient d’autres listes d’enregistrements, non lues : {names}."
        )


def _rows(path: Path, workspace: Workspace, encoding: str, seen: Outline, chosen: Listing) -> RawTable:
    """A list of lists: labels from a list beside it, or from its first row."""
    elements = json_text.elements(path, encoding, workspace.limits, chosen.path)
    rows = (cast(Sequence[Cell], value) for value in elements if isinstance(value, list))
    sample = list(islice(rows, grid.SAMPLE))
    width = max(map(len, sample))
    stated_labels = _labels_beside(path, workspace, encoding, seen, chosen, width)
    block = None if stated_labels else next(iter(grid.blocks(sample)), None)
    labels = stated_labels or [
        label or f"colonne_{i}" for i, label in enumerate(block.labels if block else [], 1)
    ]
    skipped = block.header_last + 1 if block else 0

    def records() -> Iterator[tuple[int, Mapping[str, Cell]]]:
        for row in chain(sample[skipped:], rows):
            yield (
                0,
                {labels[i] if i < len(labels) else f"colonne_{i + 1}": value for i, value in enumerate(row)},
            )

    return _written(records(), workspace, encoding)


def _labels_beside(
    path: Path, workspace: Workspace, encoding: str, seen: Outline, chosen: Listing, width: int
) -> list[str]:
    for listing in seen.listings:
        if (
            listing.path
            and listing.path[:-1] == chosen.path[:-1]
            and listing.path[-1].casefold() in _LABELS
            and listing.count == width
        ):
            texts = [_label(v) for v in json_text.elements(path, encoding, workspace.limits, listing.path)]
            if all(texts) and len(set(texts)) == width:
                return texts
    return []


def _label(value: Cell) -> str:
    if isinstance(value, dict):
        value = next((value[k] for k in ("name", "id", "label", "title", "fieldName") if k in value), None)
    return value if isinstance(value, str) else ""


def _small(path: Path, workspace: Workspace, encoding: str, seen: Outline) -> RawTable:
    """No list of objects or lists: columns as lists, a list of values, objects by identifier, or one object."""
    whole = json_text.whole(path, encoding, workspace.limits, most_mb=WHOLE_MB)
    flatten.check_depth(whole, workspace.limits)
    if isinstance(whole, list):
        if not whole:
            raise Unreadable("Le JSON est une liste vide.")
        return _written(((0, {"valeur": v}) for v in whole), workspace, encoding)
    if not isinstance(whole, dict) or not whole:
        raise Unreadable("Le JSON est un objet vide.")
    inner = whole
    while len(inner) == 1 and isinstance(only := next(iter(inner.values())), dict) and only:
        inner = only
    return _written(
        ((0, record) for record in _by_column(inner) or _by_key(inner) or _inner_columns(inner) or [whole]),
        workspace,
        encoding,
    )


def _inner_columns(whole: Mapping[str, Cell]) -> list[dict[str, Cell]]:
    """Two columns at least, under a key (`{"hourly": {"time": […], "temp": […]}}`): the longest of them."""
    inside = [v for v in whole.values() if isinstance(v, dict)]
    candidates = [_by_column(v) if len(v) > 1 else [] for v in inside] + [_inner_columns(v) for v in inside]
    best = max(candidates, key=len, default=[])
    return best if len(best) > 1 else []


def _by_column(whole: Mapping[str, Cell]) -> list[dict[str, Cell]]:
    """`{"a": [1, 2], "b": [3, 4]}`, or the same with numbered objects for lists."""
    columns: dict[str, Sequence[Cell]] = {}
    for key, value in whole.items():
        if isinstance(value, list):
            columns[key] = value
        elif isinstance(value, dict) and value and list(value) == [str(i) for i in range(len(value))]:
            columns[key] = list(value.values())
        else:
            return []
    lengths = {len(v) for v in columns.values()}
    if len(lengths) != 1 or (length := lengths.pop()) == 0 or (len(columns) == 1 and length == 1):
        return []
    return [{key: values[i] for key, values in columns.items()} for i in range(length)]


def _by_key(whole: Mapping[str, Cell]) -> list[dict[str, Cell]]:
    """`{"id1": {…}, "id2": {…}}` when the objects are alike: the identifier becomes a column."""
    objects = [v for v in whole.values() if isinstance(v, dict)]
    if len(objects) < 2 or len(objects) < len(whole):
        return []
    shared = set.intersection(*(set(o) for o in objects))
    every = set[str]().union(*objects)
    if not shared or len(shared) < 0.5 * len(every):
        return []
    name = next(n for n in (_KEY, f"{_KEY}_", f"{_KEY}__") if n not in every)
    return [{name: key, **cast(dict[str, Cell], value)} for key, value in whole.items()]


def _example(text: str) -> bytes:
    return text.encode()


JSON = Reader(
    name="json",
    title="JSON",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "liste d’objets",
            _example('[{"nom": "Comédie", "places": 788}, {"nom": "Foch", "ouvert": true}]'),
            ("nom", "places", "ouvert"),
            2,
            "utf-8",
        ),
        Example(
            "sous une clé, imbriqués",
            _example('{"total": 1, "results": [{"id": 1, "lieu": {"ville": "Rouen"}}]}'),
            ("id", "lieu.ville"),
            1,
            "utf-8",
        ),
        Example("colonnes", _example('{"a": [1, 2, 3], "b": ["x", "y", "z"]}'), ("a", "b"), 3, "utf-8"),
        Example("liste de listes", _example('[["nom", "n"], ["x", 1], ["y", 2]]'), ("nom", "n"), 2, "utf-8"),
        Example(
            "objets par identifiant",
            _example('{"p1": {"nom": "x", "n": 1}, "p2": {"nom": "y", "n": 2}}'),
            ("clé", "nom", "n"),
            2,
            "utf-8",
        ),
    ),
)
