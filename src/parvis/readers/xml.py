"""XML by its repeated element: each becomes a record, its attributes and nested leaves its columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers import file_signatures, flatten, xml_text
from parvis.readers.labels import free
from parvis.readers.raw import Cell
from parvis.readers.xml_stream import Element, attributes, forget, local, name, walk

_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_NODES = 20_000
"""Different places of elements that are followed; a document with more is no table."""


@dataclass(slots=True)
class _Node:
    """All elements of one place in the document."""

    tag: str
    parent: _Node | None
    count: int = 0
    attributes: int = 0
    leaves: int = 0
    """Values in it and below: attributes and texts."""
    repeated: bool = False
    """Some parent holds several of them."""
    children: dict[str, _Node] = field(default_factory=dict[str, "_Node"])

    @property
    def path(self) -> tuple[str, ...]:
        return (*(self.parent.path if self.parent and self.parent.tag else ()), self.tag)

    @property
    def nested(self) -> bool:
        return bool(self.children or self.attributes)


@dataclass(slots=True)
class _Record:
    """A record while it is laid flat."""

    cells: dict[str, Cell]
    turns: dict[str, int] = field(default_factory=dict[str, int])
    """The last number given to each name that came twice."""

    def put(self, key: str, value: Cell) -> None:
        """One more cell, under a name that is free."""
        if key in self.cells:
            key = free(key, self.cells.__contains__, self.turns)
        self.cells[key] = value


def sniff(head: bytes, path: Path) -> float:
    """A first element that is not that of a web page, and that holds others."""
    return 0.6 if xml_text.holds_elements(head) and file_signatures.kind(head) == "" else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """One table. workspace.sheet: path of the element wanted, `catalogue/station`. Raises Unreadable: not
    well-formed, no record, too deep, entities.
    """
    return xml_text.walked(path, workspace, lambda text: Reading("xml", (_table(text, workspace),)))


def _table(text: xml_text.Text, workspace: Workspace) -> RawTable:
    nodes = _survey(text, workspace.limits)
    chosen = _choose(nodes, workspace.sheet)
    columns, scan, rows = flatten.write(
        ((0, record) for record in _records(text, chosen, workspace.limits)),
        workspace.spool,
        "xml",
        workspace.limits,
    )
    if not columns:
        raise Unreadable("Le XML ne contient aucune valeur.")
    issues = (*text.issues, *_others(nodes, chosen))
    return RawTable("", columns, scan, rows, encoding=text.encoding, issues=issues)


def _survey(text: xml_text.Text, limits: Limits) -> list[_Node]:
    """Every place of the document with its counts, from the root down."""
    top = _Node("", None, count=1)
    nodes: list[_Node] = []
    at = top
    held: list[dict[str, int]] = [{}]
    with text.open() as source:
        for event, element in walk(source, limits):
            if event == "start":
                tag = local(element)
                child = at.children.get(tag)
                if child is None:
                    child = _Node(tag, at)
                    at.children[tag] = child
                    nodes.append(child)
                    if len(nodes) > _NODES:
                        raise Unreadable(
                            "Le XML a trop d’éléments différents : ce n’est pas une liste d’enregistrements."
                        )
                child.count += 1
                held[-1][tag] = held[-1].get(tag, 0) + 1
                child.repeated = child.repeated or held[-1][tag] > 1
                held.append({})
                own = sum(1 for key in element.attrib if not key.startswith(_INSTANCE))
                child.attributes += own
                child.leaves += own
                at = child
            else:
                if at.parent is None:
                    break
                if not len(element) and element.text and element.text.strip():
                    at.leaves += 1
                at = at.parent
                held.pop()
                forget(element)
    for node in reversed(nodes):
        if node.parent is not None:
            node.parent.leaves += node.leaves
    return nodes


def _choose(nodes: list[_Node], wanted: str) -> _Node:
    if wanted:
        node = next((n for n in nodes if "/".join(n.path) == wanted or n.tag == wanted), None)
        if node is None:
            names = ", ".join(f"« {'/'.join(n.path)} »" for n in nodes if n.repeated)[:300]
            raise Unreadable(
                Sentence("Le XML n’a pas d’élément « {asked} ».", asked=wanted),
                mend=Sentence("Éléments répétés : {names}.", names=names) if names else "",
            )
        return node
    repeated = [n for n in nodes if n.repeated and n.nested] or [n for n in nodes if n.repeated]
    if not repeated:
        alone = nodes[0]
        while (
            not alone.attributes
            and len(alone.children) == 1
            and (only := next(iter(alone.children.values()))).children
        ):
            alone = only  # a list of one record
        return alone
    best = max(repeated, key=lambda n: (n.leaves, -len(n.path)))
    while True:
        # A few groups of many records: the records are what is wanted.
        inner = [
            c
            for c in best.children.values()
            if c.repeated and c.nested and c.leaves >= 0.5 * best.leaves and c.count > best.count * best.count
        ]
        if not inner:
            return best
        best = max(inner, key=lambda n: n.leaves)


def _others(nodes: list[_Node], chosen: _Node) -> Iterator[Issue]:
    apart = [
        n
        for n in nodes
        if n.repeated
        and n.nested
        and n.leaves > 0.2 * chosen.leaves
        and not _within(n, chosen)
        and not _within(chosen, n)
    ]
    if apart:
        names = ", ".join(f"« {'/'.join(n.path)} »" for n in apart[:5])
        yield Issue("other-lists", f"Le fichier contient d’autres éléments répétés, non lus : {names}.")


def _within(node: _Node | None, other: _Node) -> bool:
    while node is not None:
        if node is other:
            return True
        node = node.parent
    return False


def _records(text: xml_text.Text, chosen: _Node, limits: Limits) -> Iterator[dict[str, Cell]]:
    """The records in order, with the attributes of the groups that hold them."""
    path = chosen.path
    groups: list[dict[str, Cell]] = []
    place: list[str] = []
    with text.open() as source:
        for event, element in walk(source, limits):
            if event == "start":
                place.append(local(element))
                groups.append(
                    {f"{place[-1]}.{k}": v for k, v in _attributes(element).items()}
                    if len(place) < len(path) and len(place) > 1
                    else {}
                )
                continue
            if tuple(place) == path:
                record = _Record({key: value for group in groups[:-1] for key, value in group.items()})
                _lay(element, chosen, "", record)
                yield record.cells
            if len(place) <= len(path) or tuple(place[: len(path)]) != path:
                forget(element)
            place.pop()
            groups.pop()


def _attributes(element: Element) -> dict[str, str]:
    return {name(key): value for key, value in attributes(element).items() if not key.startswith(_INSTANCE)}


def _lay(element: Element, node: _Node, prefix: str, record: _Record) -> None:
    """Attributes and leaves of an element, flat. What is repeated somewhere is a list everywhere."""
    own = _attributes(element)
    for key, value in own.items():
        record.put(f"{prefix}.{key}" if prefix else key, value)
    cells = _named(element)
    if cells:
        for key, value in cells.items():
            record.put(f"{prefix}.{key}" if prefix else key, value)
        return
    groups: dict[str, list[Element]] = {}
    for child in element:
        groups.setdefault(local(child), []).append(child)
    text = (element.text or "").strip()
    if not groups or text:
        if text or (prefix and not own):
            record.put(prefix or local(element), (text if not groups else _all_text(element)) or None)
        if groups and text:
            return  # a text with tags in it
    for tag, children in groups.items():
        key = f"{prefix}.{tag}" if prefix else tag
        inner = node.children[tag]
        if not inner.repeated:
            _lay(children[0], inner, key, record)
        elif not inner.nested:
            record.put(key, [(c.text or "").strip() for c in children])
        else:
            record.put(key, [_tree(c, inner) for c in children])


_LABELS = frozenset({"name", "nom", "key", "cle", "champ", "column", "colonne", "libelle"})


def _named(element: Element) -> dict[str, str | None]:
    """The cells of a record whose elements have their label in an attribute (`<field name="code">`), as
    databases and Solr write them; else nothing.
    """
    cells: dict[str, str | None] = {}
    for child in element:
        own = _attributes(child)
        label = next(iter(own.values()), "").strip()
        if (
            len(child)
            or len(own) != 1
            or next(iter(own)).lower() not in _LABELS
            or not label
            or label in cells
        ):
            return {}
        cells[label] = (child.text or "").strip() or None
    return cells if len(cells) > 1 and any(cells.values()) else {}


def _tree(element: Element, node: _Node) -> Cell:
    inner = _Record({})
    _lay(element, node, "", inner)
    return inner.cells


def _all_text(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += [_all_text(child), child.tail or ""]
    return " ".join("".join(parts).split())


_STATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<carto><maj>2026</maj><marqueurs>
<station id="1" ouvert="1"><nom>Comédie</nom><lieu><lon>3.87</lon><lat>43.61</lat></lieu><ligne>1</ligne><ligne>4</ligne></station>
<station id="2"><nom>Foch</nom><lieu><lon>3.86</lon><lat>43.60</lat></lieu><ligne>2</ligne></station>
</marqueurs></carto>
"""

XML = Reader(
    name="xml",
    title="XML (élément répété)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "stations",
            _STATIONS.encode(),
            ("id", "ouvert", "nom", "lieu.lon", "lieu.lat", "ligne"),
            2,
            "utf-8",
        ),
        Example(
            "attributs seuls, en latin 1",
            '<?xml version="1.0" encoding="ISO-8859-1"?><r><p nom="été" n="1"/><p nom="hiver" n="2"/></r>'.encode(
                "latin-1"
            ),
            ("nom", "n"),
            2,
            "iso-8859-1",
        ),
    ),
)
