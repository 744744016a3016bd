"""Find the header among the first records of a text table or a sheet: below titles and notes, above the data;
or say that there is none.

Works on cells only, so that sheets can use it as well as text files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from parvis.core.errors import Unreadable
from parvis.core.reading import RawColumn
from parvis.core.sentence import Sentence
from parvis.core.text import fold
from parvis.readers.cells import Look, look
from parvis.readers.labels import names
from parvis.readers.records import Record, blank
from parvis.readers.second_header import labels_again
from parvis.readers.units import proof, unit

BODY, CELLS = 120, 400_000
"""Records below a candidate that are compared with it, and their cells where the table is very wide."""

_LABELS = frozenset(
    {
        "id", "identifiant", "code", "nom", "name", "libelle", "label", "date", "type", "adresse", "commune", "ville", "cp", "insee", "siret",
        "siren", "lat", "lon", "latitude", "longitude", "x", "y", "geom", "geometry", "annee", "year", "mois", "month", "jour", "numero", "num",
        "no", "valeur", "value", "total", "description", "titre", "title", "url", "email", "mail", "tel", "telephone", "categorie", "statut",
        "status", "key", "cle", "prenom", "nature", "montant", "quantite", "unite", "departement", "region",
    }
)  # fmt: skip
_NOTE = re.compile(
    r"^\W{0,3}(?:sources?|notes?|nb|n\.b\.|lecture|champ|remarques?|avertissement|fuentes?|quellen?|fussnoten?|legende?|last updated?|(?:date de )?mise a jour"
    r"|\(?\*+\)?|\(\d\)|page \d+|[\d ]+(?:row|ligne|enregistrement|record)(?:s|\(s\))?(?: (?:affectees?|selectionnees?|affected|selected|returned))?\W{0,2}$"
    r"|(?:extrait|extraction|edite|edition|imprime|genere|exporte|export) (?:le|du|on)|fin (?:du|de|d) .{1,30}$)(?:\W|$)"
)
_END = re.compile(r"\W*(?:fin|end|eof)\W*")
"""Alone on its line; beside empty cells it may be a value."""
_RULE = re.compile(r"[-=+:|\s]{2,}")
_TOTAL = re.compile(r"^(?:sous[- ])?(?:grand[- ])?(?:total|totaux|ensemble|somme)\b")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table is in its file."""

    width: int
    """Cells of a usual record."""
    labels: tuple[str, ...]
    """As the header writes them; empty when there is no header."""
    header_first: int
    header_last: int
    """Physical lines from 1; 0 without header."""
    data: int
    """Physical line of the first data record from 1 (one past the end when there is none)."""
    titles: int = 0
    """Records with a value above the header that are not part of the table."""
    heading: str = ""
    """What the only one of them says, in its only cell."""
    comments: int = 0
    repeats: int = 0
    """Copies of the header right below it."""
    blanks: int = 0
    """Blank records between the header and the data…"""
    blank_lines: tuple[int, ...] = ()
    """…and their physical lines."""
    rules: int = 0
    """Lines of dashes there."""
    units: bool = False
    """The last line of the header is a row of units, joined to the labels."""
    names: bool = False
    """The last line of the header gives technical names, which are the labels."""
    groups: bool = False
    """The first line of the header is one of groups, joined to the labels."""
    second: int = 0
    """Physical line of a first record that labels the columns once more, 0 when it is a record like others.
    It is read as one: only a person can tell.
    """


def comment(record: Record, width: int) -> bool:
    """A line that starts with `#` and does not have the shape of the table."""
    return record.cells[0].startswith("#") and len(record.cells) != width and width > 1


def usual_width(rows: Sequence[Record]) -> int:
    """The width of most records that hold a value; the larger of two equally frequent ones."""
    widths = Counter(len(r.cells) for r in rows if r.filled)
    if not widths:
        return max((len(r.cells) for r in rows), default=1)
    # One record of many cells is no table, and neither is a page of notes: a width counts by what it holds.
    return max(widths, key=lambda w: (widths[w] * (1 - 1 / (w + 0.5)), w))


def find(rows: Sequence[Record], *, chosen: int | None = None) -> Layout:
    """The layout of a table from its first records. chosen: the header line that the publisher said, 0 for
    none.

    Raises Unreadable when that line holds nothing.
    """
    layout = _under_groups(rows, _layout(rows, chosen))
    if layout.second and any(map(blank, layout.labels)):  # it may be one of groups itself
        below = _under_groups(rows, _layout(rows, layout.second))
        layout = below if below.groups else layout
    if layout.titles != 1 or not layout.labels:
        return layout
    above = next((r.cells for r in rows if r.filled and not comment(r, layout.width)), [])
    return replace(layout, heading=heading(above))


_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:[-/](?:19|20)?[0-9]{2})?")


def _under_groups(rows: Sequence[Record], layout: Layout) -> Layout:
    """The layout with the groups that stand right above labels said twice joined to them, as a sheet with merged cells
    is saved: « 2024;;2025; » above « Inscrits;Repas;Inscrits;Repas ». As it was where they don't tell all labels apart.
    """
    above = next((r for r in rows if r.filled and r.last == layout.header_first - 1), None)
    labels = [" ".join(c.split()) for c in layout.labels]
    named = [label for label in labels if label]
    if above is None or len(set(named)) == len(named) or len(above.cells) > max(layout.width, len(labels)):
        return layout
    groups = [" ".join(c.split()) for c in above.cells]
    groups += [""] * (len(labels) - len(groups))
    marks = [i for i, group in enumerate(groups) if group]
    if len(marks) < 2 or not all(look(groups[i]) == "text" or _YEAR.fullmatch(groups[i]) for i in marks):
        return layout
    joined: list[str] = []
    group = ""
    for place, of in enumerate(groups):
        group = of or group
        label = labels[place] if place < len(labels) else ""
        joined.append(f"{group} {label}".strip() if label else of)
    distinct = {label for label in joined if label}
    if len(distinct) < sum(map(bool, joined)):
        return layout
    return replace(
        layout,
        labels=tuple(joined),
        header_first=above.first,
        titles=max(0, layout.titles - 1),
        groups=True,
    )


HEADING = 12
"""Letters from which a line above a table may be its title."""


def heading(cells: Iterable[str]) -> str:
    """The only cell of a line that holds something, where it may be the title of what is below.

    >>> heading(["Équipements sportifs en 2026", "", ""]), heading(["2026", ""]), heading(["Lieux de la ville", "v2"])
    ('Équipements sportifs en 2026', '', '')
    """
    texts = [" ".join(c.split()) for c in cells if not blank(c)]
    only = texts[0].strip("\ufeff") if len(texts) == 1 else ""
    return only if " " in only and sum(c.isalpha() for c in only) >= HEADING else ""


def _layout(rows: Sequence[Record], chosen: int | None) -> Layout:
    width = usual_width(rows)
    records = [r for r in rows if not comment(r, width)]
    comments = len(rows) - len(records)
    full = [r for r in records if r.filled]
    if not full:
        return Layout(width, (), 0, 0, rows[0].first if rows else 1, comments=comments)
    if chosen is not None:
        return _chosen(records, full, width, chosen, comments)
    start = _start(full, width)
    logger = _logger(records, full)
    if logger is not None:
        return logger
    if (
        start + 2 < len(full)
        and _numbered(full[start])
        and is_header(full[start + 1].cells, [r.cells for r in full[start + 2 : start + BODY]])
    ):
        start += 1  # « 1 ; 2 ; 3 », as forms number their columns above the labels
    if start and (labels := _otherwise_cut(full[start - 1], full[start:], width)) is not None:
        again = [labels if r is full[start - 1] else r for r in records]
        return _below(again, labels, width, titles=start - 1, comments=_comments_above(rows, width, labels))
    head, body = full[start], full[start + 1 :]
    if not is_header(head.cells, [r.cells for r in body[: max(8, min(BODY, CELLS // width))]]):
        return Layout(max(width, 1), (), 0, 0, head.first, titles=start, comments=comments)
    return _below(records, head, width, titles=start, comments=_comments_above(rows, width, head))


def _otherwise_cut(line: Record, body: Sequence[Record], width: int) -> Record | None:
    """The labels of a line right above the data that is cut by another separator than they are: « nom;age » above
    « Luc,31 ». None when it is a title: another number of cells, one of them empty or twice, or a sign that the data
    hold too.
    """
    if width < 2 or line.filled != 1:
        return None
    text = next(c for c in line.cells if not blank(c))
    for sign in (";", ",", "\t", "|"):
        cells = [c.strip().strip('"') for c in text.split(sign)]
        if (
            len(cells) == width == len({*cells})
            and _text_only(cells)
            and not any(blank(c) for c in cells)
            and not any(sign in c for r in body[:BODY] for c in r.cells)
        ):
            return replace(line, cells=cells)
    return None


_LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _numbered(record: Record) -> bool:
    """Whether a record does nothing but number the columns: 1, 2, 3… or (1), (2)…, or A, B, C…"""
    cells = tuple(c.strip(" ()") for c in record.cells)
    return len(cells) > 2 and (
        cells == tuple(str(n) for n in range(1, len(cells) + 1)) or cells == _LETTERS[: len(cells)]
    )


def _logger(records: Sequence[Record], full: Sequence[Record]) -> Layout | None:
    """The layout of a file of a Campbell logger: the station, the names, the units, the kinds of values, then
    the records. Source: CR1000 manual, TOA5.
    """
    if full[0].cells[0].strip() != "TOA5" or len(full) < 5 or len({len(r.cells) for r in full[1:5]}) > 1:
        return None
    names, kinds = full[1], full[3]
    data = next((r.first for r in records if r.first > kinds.last), kinds.last + 1)
    return Layout(
        len(names.cells), tuple(c.strip() for c in names.cells), names.first, kinds.last, data, titles=1
    )


def _chosen(
    records: Sequence[Record], full: Sequence[Record], width: int, line: int, comments: int
) -> Layout:
    if line == 0:
        return Layout(width, (), 0, 0, full[0].first, comments=comments)
    head = next((r for r in full if r.first <= line <= r.last), None)
    if head is None:
        raise Unreadable(
            Sentence(
                "La ligne {line}, choisie comme en-tête, est vide ou trop loin du début du fichier.",
                line=line,
            ),
            mend="Choisissez-en une autre.",
            line=line,
        )
    return _below(
        records, head, width, titles=sum(1 for r in full if r.first < head.first), comments=comments
    )


def _comments_above(rows: Sequence[Record], width: int, head: Record) -> int:
    return sum(1 for r in rows if r.first < head.first and comment(r, width))


def _below(records: Sequence[Record], head: Record, width: int, *, titles: int, comments: int) -> Layout:
    """The layout under a header: its copies and blank records are passed over."""
    following = [r for r in records if r.first > head.last]
    if len(head.cells) != width and Counter(len(r.cells) for r in following if r.filled).get(
        width, 0
    ) * 2 <= sum(1 for r in following if r.filled):
        width = len(head.cells)
    # A column that the header names is there, though most records stop before it: what a few of them hold in
    # it would be hidden.
    width = max(width, max((place for place, cell in enumerate(head.cells, 1) if not blank(cell)), default=0))
    if following and all(r.cells == head.cells for r in following):
        return Layout(
            width, (), 0, 0, head.first, titles=titles, comments=comments
        )  # one value over and over labels nothing
    last, repeats, rules = head.last, 0, 0
    blanks: list[int] = []
    labels, units, names, second = tuple(head.cells), False, False, 0
    data = head.last + 1
    for place, record in enumerate(following):
        if width > 1 and record.cells == head.cells and _text_only(head.cells):
            repeats += 1
            last = record.last
        elif not rules and rule(record):
            rules += 1
        elif (
            not units
            and not repeats
            and not names
            and _technical(record, head, following[place + 1 :], width)
        ):
            names, last, labels = True, record.last, tuple(c.strip() for c in record.cells)
        elif not units and not repeats and not names and _units(record, following[place + 1 :], width):
            units, last = True, record.last
            labels = tuple(
                f"{label} {unit}".strip()
                for label, unit in zip_longest(
                    head.cells, (" ".join(c.split()) for c in record.cells), fillvalue=""
                )
            )
        elif record.filled:
            data = record.first
            second = (
                record.first
                if not units
                and not names
                and len(record.cells) == width
                and labels_again(
                    record.cells,
                    head.cells,
                    [r.cells for r in following[place + 1 :][:BODY] if len(r.cells) == width],
                )
                else 0
            )
            break
        else:
            blanks.append(record.first)
        data = record.last + 1
    return Layout(
        width,
        labels,
        head.first,
        last,
        data,
        titles=titles,
        comments=comments,
        repeats=repeats,
        blanks=len(blanks),
        blank_lines=tuple(blanks),
        rules=rules,
        units=units,
        names=names,
        second=second,
    )


def rule(record: Record) -> bool:
    """A line of dashes, as database programs draw it under the header."""
    filled = [c.strip() for c in record.cells if not blank(c)]
    return (
        bool(filled)
        and all(_RULE.fullmatch(c) for c in filled)
        and any("---" in c or "===" in c for c in filled)
    )


def _units(record: Record, following: Sequence[Record], width: int) -> bool:
    """Whether a record holds units only, above numbers or dates."""
    places = [i for i, c in enumerate(record.cells) if not blank(c)]
    if (
        len(record.cells) != width
        or width < 2
        or not any(proof(record.cells[i]) for i in places)
        or not all(unit(record.cells[i]) for i in places)
    ):
        return False
    body = [r.cells for r in following[:BODY] if len(r.cells) == width]
    kinds = [_main([row[i] for row in body]) for i in places]
    return len(body) > 1 and any(kind in ("number", "date") and share > 0.8 for kind, share in kinds)


_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def _technical(record: Record, head: Record, following: Sequence[Record], width: int) -> bool:
    """Whether a record gives the names that programs use, below titles for people: « code_lieu » below « Code
    du lieu », and nothing like it further down.
    """
    cells = [c.strip() for c in record.cells]
    if (
        len(cells) != width
        or width < 2
        or len(set(cells)) < width
        or not all(map(_NAME.fullmatch, cells))
        or not any("_" in c for c in cells)
    ):
        return False
    titles = [c.strip() for c in head.cells]
    if sum(1 for t in titles if t and not _NAME.fullmatch(t)) * 2 < width:
        return False
    return not any(
        cell in (r.cells[i].strip() for r in following[:BODY] if i < len(r.cells))
        for i, cell in enumerate(cells)
    )


def _text_only(cells: Sequence[str]) -> bool:
    return all(look(c) in ("text", "empty", "code") for c in cells)


def _start(full: Sequence[Record], width: int) -> int:
    """Index of the first record of the table: titles and notes above it hold few cells."""
    if width == 1:
        return 0
    first, rest = full[0], full[1:]
    if _leads(first, rest):
        return 0
    if width == 2 and len(first.cells) == 2 and blank(first.cells[0]) and rest and rest[0].filled == 2:
        return 0  # row names: their column has no label
    usual = sorted(r.filled for r in full if len(r.cells) == width)
    typical = usual[len(usual) // 2] if usual else width
    needed = max(2, min(0.6 * typical, 0.5 * width)) if width > 2 else 2
    for index, record in enumerate(full[:200]):
        if record.filled >= needed and (len(record.cells) >= width - 1 or record.filled >= 0.6 * typical):
            return index + _deeper(full, index)
    # A table of two columns of which one is empty, or a header alone.
    return next((i for i, r in enumerate(full) if len(r.cells) == width), 0)


def _leads(first: Record, rest: Sequence[Record]) -> bool:
    """Whether the first line labels only the first of many columns, as files of ballots do: the labels of one
    candidate, the cells of all.
    """
    cells = [c.strip() for c in first.cells]
    if (
        len(cells) < 3
        or not all(cells)
        or len(set(cells)) < len(cells)
        or not _text_only(cells)
        or not any(map(_known, cells))
    ):
        return False
    below = [r for r in rest[:BODY] if len(r.cells) > len(cells)]
    numbers = [
        i
        for i in range(len(cells))
        if below and all(look(r.cells[i]) in ("number", "date", "code") for r in below)
    ]
    return len(below) >= 0.9 * len(rest[:BODY]) and bool(numbers)


def _deeper(full: Sequence[Record], index: int) -> int:
    """How many records further down the true header stands, 0 when it is here.

    Above it there may be group lines (« Identité ; ; ; Adresse ; ») or parameters: fuller than titles, not as
    full as the header; it holds texts only, all different, and numbers or dates follow below it.
    """
    before = full[index].filled
    for step in range(1, min(12, len(full) - index - 1)):
        record = full[index + step]
        cells = [c.strip() for c in record.cells if not blank(c)]
        if len(cells) <= before:
            continue
        following = full[index + step + 1 : index + step + 4]
        texts = all(look(c) in ("text", "code") for c in cells) and len(set(cells)) == len(cells)
        typed = any(
            all(p < len(r.cells) and look(r.cells[p]) in ("number", "date") for r in following)
            for p in range(len(record.cells))
        )
        if texts and typed:
            return step
    return 0


def is_header(head: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether the first record names the columns below it.

    For: texts above numbers, dates or codes; words that label columns; years in a row. Against: cells that
    look like the column below, values that come again.
    """
    cells = [c.strip(" \t\xa0\ufeff") for c in head]
    if not body:
        return all(
            look(c) in ("text", "empty") or (look(c) == "code" and re.fullmatch(r"[A-Za-z_][\w .-]*", c))
            for c in cells
        )
    body = [
        row for row in body if [c.strip() for c in row] != cells
    ] or body  # a copy of the header further down says nothing
    series = _series(cells, body)
    few = (
        0 if sum(look(c) == "date" for c in cells) > 1 else 2
    )  # several days above counts need no crowd below
    votes = 0.0
    again = 0
    for position, cell in enumerate(cells):
        own = look(cell)
        if own == "empty":
            continue
        below = [row[position].strip() for row in body if position < len(row)]
        kind, share = _main(below)
        if (cell in series and not _year_column(below)) or (
            own == "date" and kind == "number" and share > 0.9 and len(below) > few
        ):
            votes += 1  # days above counts
        elif own == "number" and kind == "text" and share > 0.95 and len(below) > 2:
            votes += 0.5  # a number above words: 100022 above TRUE and FALSE
        elif own in ("number", "date"):
            votes -= 2.0 if kind == own and share >= 0.6 else 1.0
        elif own == "code" and kind == "code" and not re.fullmatch(r"[A-Za-z_#][\w .#-]*", cell):
            votes -= 1.5
        elif kind in ("number", "date") or (kind == "code" and own == "text"):
            votes += 2.0 * share
        else:
            votes += 0.2
        if _known(cell):
            votes += 1.5
        if (
            own in ("text", "code")
            and len(cell) > 1
            and cell in below
            and len(set(below)) > 1
            and _texts(below) > 0.9
        ):
            again += 1
    if again >= 2 and again >= 0.4 * len(cells) and not any(_known(c) for c in cells) and votes < 2:
        return False
    return votes > 0 or (votes == 0 and not any(look(c) in ("number", "date") for c in cells))


def _texts(cells: Sequence[str]) -> float:
    return sum(1 for c in cells if look(c) in ("text", "empty")) / max(1, len(cells))


def _known(cell: str) -> bool:
    if "/" in cell or "@" in cell or len(cell) > 60:
        return False
    words = re.findall(r"[a-z]+", fold(cell))
    return bool(words) and len(words) <= 4 and any(w in _LABELS for w in words) and not cell[:1].isdigit()


def _main(cells: Sequence[str]) -> tuple[Look, float]:
    """The commonest look of the cells that hold something, and its share of them."""
    kinds: Counter[Look] = Counter(k for k in map(look, cells) if k != "empty")
    if not kinds:
        return "empty", 0.0
    kind, count = kinds.most_common(1)[0]
    return kind, count / sum(kinds.values())


def _series(cells: Sequence[str], body: Sequence[Sequence[str]]) -> frozenset[str]:
    """Labels that are numbers as data hardly ever are: in a row (2000, 2001, 2002; 0, 1, … 23) where the
    record below is not; all different above the same.
    """
    numbers = [c for c in cells if re.fullmatch(r"\d{1,6}", c)]
    rising = _rising([int(c) for c in numbers])
    below = [int(c.strip()) for c in body[0] if re.fullmatch(r"\d{1,6}", c.strip())]
    years = all(re.fullmatch(r"(?:19|20)\d\d", c) for c in numbers)
    if (
        len(numbers) >= 4
        and len(set(numbers)) == len(numbers)
        and all(len(set(row)) < 0.8 * len(row) for row in body[:10])
    ):
        return frozenset(numbers)  # codes that are all different above values that come again in each record
    if (
        not rising
        or len(numbers) < (2 if years else 4)
        or (not years and len(below) >= len(numbers) and _rising(below))
    ):
        return frozenset()
    return frozenset(numbers)


def _rising(numbers: Sequence[int]) -> bool:
    steps = [b - a for a, b in pairwise(numbers)]
    return all(s > 0 for s in steps) or all(s < 0 for s in steps)


def _year_column(cells: Sequence[str]) -> bool:
    filled = [c for c in cells if c]
    return bool(filled) and sum(1 for c in filled if re.fullmatch(r"(?:19|20)\d\d", c)) > 0.7 * len(filled)


def columns(labels: Sequence[str], width: int) -> tuple[RawColumn, ...]:
    """The columns of a table: names unique and not empty. Duplicates get `_2`, empty labels `colonne_3`
    (their position from 1).
    """
    padded = [labels[i] if i < len(labels) else "" for i in range(width)]
    return tuple(RawColumn(name=name, label=label) for name, label in zip(names(padded), padded, strict=True))


def note(record: Record, width: int, *, after_blank: bool) -> bool:
    """A line below the data that is not part of it: a source, a remark, a mark of the end. Never a record
    that is filled like the others.
    """
    filled = [c.strip(" \t\r\n\xa0\ufeff\x1a") for c in record.cells if not blank(c)]
    if not filled:
        return any(c.strip(" \t\r\n") for c in record.cells)
    if after_blank and (
        _sentence(record.cells, width)
        or (_NOTE.match(fold(filled[0])) and all(c[:1] == " " for c in record.cells[1:]))
    ):
        return True  # « Source : ville de Sète, direction des données »: its commas are no delimiters
    if len(filled) > 2 or (width > 1 and len(filled) > width - 1):
        return False
    text = fold(filled[0])
    if _NOTE.match(text):
        return width > 1 or after_blank
    if width == 1 or look(filled[0]) != "text" or blank(record.cells[0]):
        return False
    # A lone sentence where a record is expected, in the first cell.
    lone = len(record.cells) == 1
    is_remark = (
        len(text.split()) >= 3
        or (lone and (after_blank or _END.fullmatch(text) is not None))
        or not any(c.isalnum() for c in text)
    )
    return len(filled) == 1 and (after_blank or lone) and is_remark


def _sentence(cells: Sequence[str], width: int) -> bool:
    """A sentence that was cut at its commas, shorter than a record."""
    return (
        1 < len(cells) < width
        and all(c[:1] == " " and c[1:2].strip() for c in cells[1:])
        and look(cells[0]) == "text"
        and len(" ".join(cells).split()) >= 4
    )


def total(text: str) -> bool:
    """Whether a record that starts with this text is a line of totals."""
    return bool(_TOTAL.match(fold(text.lstrip(" \t\xa0\ufeff\"';,|")[:40])))
