"""Read a workbook, whatever its format: every sheet that holds a table, row by row.

Most formats (`xlsx`, `xls`, `xlsb`, `ods`) come through calamine and bound the file first: it lays a sheet
out densely, so two far cells would ask for billions. The others (`html`, `excel2003`) bring sheets of their
own.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.reading import Issue, RawTable, Reading, Workspace
from parvis.core.sentence import Number, Sentence, quoted
from parvis.core.text import fold, french_number
from parvis.readers import grid, stacked
from parvis.readers import number_formats as masks
from parvis.readers.header import heading
from parvis.readers.limits import past
from parvis.readers.raw import ROW_GROUP, SHEET_NATIVE, Cell, RawWriter

if TYPE_CHECKING:
    import python_calamine as calamine
else:
    calamine = late("python_calamine")

MERGED = 10_000
"""Rows of a merged area that its value is carried down to."""
CHUNK_CELLS = 500_000
"""Cells turned into columns in one go."""

_NOTICE = re.compile(
    r"\b(notice|lisez|lire|readme|notes?|info|infos|informations?|metadonnees?|metadata|legende|sommaire|dictionnaire|nomenclatures?|listes?|references?|referentiel|"
    r"parametres?|menus?|aide|help|documentation|description|variables|codes?|modalites|couverture|garde|index|source|sources|criteria|lookup)\b"
)


class Sheet(Protocol):
    """What is used of a sheet: calamine’s, or one of ours (`sparse.SparseSheet`)."""

    @property
    def name(self) -> str: ...
    @property
    def start(self) -> tuple[int, int] | None:
        """Row and column, from 0, of the first cell that holds something; None when none does."""
        ...

    @property
    def end(self) -> tuple[int, int] | None: ...
    @property
    def merged_cell_ranges(self) -> Sequence[grid.Merge] | None: ...
    def iter_rows(self) -> Iterator[Sequence[Cell]]:
        """Every row from the first of the sheet, from the column of `start` to that of `end`; '' where
        nothing stands.
        """
        ...


@dataclass(frozen=True, slots=True)
class Leaf:
    """A sheet that a workbook lists."""

    name: str
    load: Callable[[], Sheet]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What the format's own scan saw of one sheet before calamine opens it."""

    lost_formulas: int = 0
    """Formulas without a kept result."""
    errors: int = 0
    """Cells in error: #N/A, #DIV/0!…"""
    merges: tuple[grid.Merge, ...] = ()
    """For formats whose merged areas calamine does not tell."""
    masks: Mapping[int, str] = field(default_factory=dict[int, str])
    """Columns from 0 whose numbers are codes, with how they are shown (`number_formats`)."""
    hidden_rows: frozenset[int] = frozenset()
    """Rows from 0 that a reader of the workbook does not see: hidden, filtered, folded, or of no height."""
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Candidate:
    table: RawTable
    cells: int
    hidden: bool


@dataclass(slots=True)
class _Body:
    """What streaming the rows of one block has learnt."""

    footers: int = 0
    headers: list[int] = field(default_factory=list[int])
    """Rows from 1 that say the labels again."""
    blanks: list[int] = field(default_factory=list[int])
    long_numbers: int = 0
    filled: int = 0
    """Cells that took the value of their merged area."""
    last: list[Cell] = field(default_factory=list[Cell])


def read_workbook(path: Path, workspace: Workspace, name: str, seen: Mapping[str, Seen]) -> Reading:
    """Every sheet with a table. seen: by sheet name, what the format's scan learnt; it has refused already
    what would not fit in memory.
    """
    with opened(path) as book:
        return _read(book, workspace, name, seen)


@contextmanager
def opened(path: Path) -> Generator[calamine.CalamineWorkbook]:
    """A workbook open as long as the `with` lasts; its format's own scan has bounded it. Raises Unreadable for one that is locked
    or broken, also where that only shows while it is read.
    """
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            yield book
    except calamine.PasswordError as error:
        raise locked() from error
    except calamine.CalamineError as error:
        raise broken(error) from error
    except OSError as error:
        if error.errno is not None:
            raise  # the disk, not the workbook
        raise broken(error) from error
    except BaseException as error:
        # calamine is Rust: where it did not foresee a damage it panics, and the panic is no Exception. It has
        # no name to import.
        if type(error).__name__ != "PanicException":
            raise
        raise broken(error) from error


def locked() -> Unreadable:
    """The one sentence for a workbook behind a password."""
    return Unreadable(
        "Le classeur est protégé par un mot de passe.",
        mend="Ôtez le mot de passe (Fichier, Informations, Protéger), puis déposez-le à nouveau.",
    )


def broken(error: BaseException) -> Unreadable:
    """The one sentence for a workbook that can't be opened."""
    detail = (
        Sentence("ce n’est pas une archive zip entière")
        if isinstance(error, zipfile.BadZipFile)
        else " ".join(str(error).split())[:100] or type(error).__name__
    )
    return Unreadable(
        Sentence("Le classeur est endommagé ou incomplet ({detail}).", detail=detail),
        mend="Ouvrez-le dans votre tableur et enregistrez-le à nouveau.",
    )


def _read(
    book: calamine.CalamineWorkbook, workspace: Workspace, name: str, seen: Mapping[str, Seen]
) -> Reading:
    listed = [
        m
        for m in book.sheets_metadata
        if m.typ in (calamine.SheetTypeEnum.WorkSheet, calamine.SheetTypeEnum.MacroSheet)
    ]

    def loading(sheet: str) -> Callable[[], Sheet]:
        return lambda: book.get_sheet_by_name(sheet)

    return read_sheets(
        [Leaf(m.name, loading(m.name), m.visible != calamine.SheetVisibleEnum.Visible) for m in listed],
        workspace,
        name,
        seen,
    )


def read_sheets(sheets: Sequence[Leaf], workspace: Workspace, name: str, seen: Mapping[str, Seen]) -> Reading:
    """Every sheet with a table, one loaded at a time. Raises Unreadable when there is none, or when one goes
    past a limit.
    """
    candidates: list[_Candidate] = []
    issues: list[Issue] = []
    for number, leaf in enumerate(sheets):
        if workspace.sheet and not _is_wanted(workspace.sheet, leaf.name):
            continue
        if leaf.hidden and workspace.hidden == "leave":
            continue
        known = seen.get(leaf.name, Seen())
        unseen = _Unseen(leaf.load(), known.hidden_rows, known.hidden_columns)
        aside = list(_out_of_sight(unseen, leaf.name)) if known.hidden_rows or known.hidden_columns else []
        tables = list(
            _sheet(
                unseen if aside and workspace.hidden == "leave" else unseen.whole, number, workspace, known
            )
        )
        if workspace.hidden == "read":
            tables = [(replace(t, issues=(*t.issues, *aside)), n) for t, n in tables]
        if leaf.hidden and tables:
            issues.append(
                Issue(
                    "hidden-sheet",
                    f"La feuille « {leaf.name} » est masquée : vérifiez qu’elle peut être publiée, ou supprimez-la.",
                    leaf.name,
                )
            )
        if not tables:
            issues.append(Issue("empty-sheet", f"La feuille « {leaf.name} » est vide.", leaf.name))
        sheet_issues = tuple(i for i in issues if leaf.hidden and i.where == leaf.name)
        candidates += [
            _Candidate(replace(t, issues=(*t.issues, *sheet_issues)), n, leaf.hidden) for t, n in tables
        ]
    if workspace.sheet:
        exact = [f for f in candidates if f.table.name == workspace.sheet]
        candidates = exact or candidates
    if not candidates:
        names = quoted(m.name for m in sheets)
        if workspace.sheet:
            raise Unreadable(
                Sentence(
                    "La feuille « {sheet} » n’est pas dans le classeur, ou elle est vide.",
                    sheet=workspace.sheet,
                ),
                mend=Sentence("Feuilles du classeur : {names}.", names=names),
            )
        if workspace.hidden == "leave" and any(leaf.hidden for leaf in sheets):
            advice = Sentence("Affichez ce qui doit être publié, puis déposez-le à nouveau.")
            raise Unreadable("Hors de ce qui est masqué, le classeur ne contient aucune donnée.", mend=advice)
        raise Unreadable(
            Sentence("Le classeur ne contient aucune donnée : toutes ses feuilles sont vides.")
            if names
            else Sentence("Le classeur n’a aucune feuille de calcul.")
        )
    return Reading(name, tuple(f.table for f in _ordered(candidates)), tuple(issues))


@dataclass(frozen=True, slots=True)
class _Unseen:
    """A sheet without its cells that are out of sight."""

    whole: Sheet
    rows: frozenset[int]
    columns: frozenset[int]
    """Rows and columns of the sheet from 0."""

    @property
    def name(self) -> str:
        return self.whole.name

    @property
    def start(self) -> tuple[int, int] | None:
        return self.whole.start

    @property
    def end(self) -> tuple[int, int] | None:
        return self.whole.end

    @property
    def merged_cell_ranges(self) -> Sequence[grid.Merge] | None:
        """Areas that begin out of sight are told by no cell that is seen."""
        return [
            m
            for m in self.whole.merged_cell_ranges or ()
            if m[0][0] not in self.rows and m[0][1] not in self.columns
        ]

    def iter_rows(self) -> Iterator[Sequence[Cell]]:
        left = self.whole.start[1] if self.whole.start else 0
        gone = [c - left for c in self.columns if c >= left]
        for number, row in enumerate(self.whole.iter_rows()):
            if number in self.rows:
                yield [""] * len(row)
            elif gone:
                visible = list(row)
                for place in gone:
                    if place < len(visible):
                        visible[place] = ""
                yield visible
            else:
                yield row


def _out_of_sight(sheet: _Unseen, name: str) -> Iterator[Issue]:
    """An issue for the hidden rows, and one for the hidden columns, that hold something. An empty one is
    nobody's secret.
    """
    left = sheet.whole.start[1] if sheet.whole.start else 0
    rows: list[int] = []
    columns: set[int] = set()
    for number, row in enumerate(sheet.whole.iter_rows()):
        filled = grid.filled(row)
        if filled and number in sheet.rows:
            rows.append(number + 1)
        columns |= {c + left for c in filled} & sheet.columns
    if rows:
        sentence = f"La feuille « {name} » a {_count(len(rows), 'ligne masquée')} : vérifiez ce qu’elle dit, ou supprimez-la."
        many = f"La feuille « {name} » a {_count(len(rows), 'ligne masquée')} : vérifiez ce qu’elles disent, ou supprimez-les."
        yield Issue("hidden-rows", sentence if len(rows) == 1 else many, name, tuple(rows[:100]), len(rows))
    if columns:
        letters = ", ".join(column_letters(c) for c in sorted(columns)[:20])
        yield Issue(
            "hidden-columns",
            f"La feuille « {name} » a des colonnes masquées ({letters}) : vérifiez-les, ou supprimez-les.",
            name,
            (),
            len(columns),
        )


def _is_wanted(wanted: str, sheet: str) -> bool:
    return (
        wanted == sheet or re.fullmatch(re.escape(sheet) + r" \([A-Z]{1,3}[0-9]{0,7}\)", wanted) is not None
    )


def _ordered(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The data sheet first, the others as the workbook has them, hidden ones last.

    The first sheet stays first unless another one is much larger, or it is a notice, a list of labels or a
    page without header.
    """

    def weight(f: _Candidate) -> float:
        doubts = (
            (f.hidden, 0.02),
            (_NOTICE.search(fold(f.table.name)), 0.1),
            (not f.table.header_row, 0.2),
            (len(f.table.columns) == 1, 0.5),
        )
        return f.cells * math.prod(share for doubt, share in doubts if doubt)

    most = max(weight(f) for f in candidates)
    best = next(f for f in candidates if weight(f) >= 0.25 * most)
    rest = [f for f in candidates if f is not best]
    return [best, *(f for f in rest if not f.hidden), *(f for f in rest if f.hidden)]


def _sheet(sheet: Sheet, number: int, workspace: Workspace, seen: Seen) -> Iterator[tuple[RawTable, int]]:
    """The tables of one sheet with the number of cells that they fill."""
    if sheet.start is None or sheet.end is None:
        return
    rows, columns = sheet.end[0] + 1, sheet.end[1] - sheet.start[1] + 1
    if rows * columns > workspace.limits.cells:
        raise past(
            "cells",
            workspace.limits.cells,
            Sentence("La feuille « {name} » compte {n} cellules", name=sheet.name, n=Number(rows * columns)),
        )
    left = sheet.start[1]
    wanted = grid.SAMPLE if workspace.header_row is None else max(grid.SAMPLE, workspace.header_row + 50)
    sample = _sample(sheet, 0, wanted)
    if not any(sample):
        # A long gap above the table: look further, the sample starts at the first row that holds something.
        gap = next((i for i, row in enumerate(sheet.iter_rows()) if grid.filled(row)), 0)
        sample += _sample(sheet, len(sample), gap + wanted)
    merges = [
        ((a, b - left), (c, d - left)) for (a, b), (c, d) in (_merges(sheet) or seen.merges) if b >= left
    ]
    below = (
        stacked.starts(_sample(sheet, 0, rows))
        if workspace.header_row is None and rows <= stacked.ROWS and _parted(sheet)
        else ()
    )
    blocks_of_sheet = (
        tuple(_parts(_sample(sheet, 0, rows), merges, below))
        if below
        else grid.blocks(sample, merges, header_row=workspace.header_row)
    )
    for place, block in enumerate(blocks_of_sheet):
        if len(block.columns) > workspace.limits.columns:
            raise past(
                "columns",
                workspace.limits.columns,
                Sentence(
                    "La feuille « {name} » compte {n} colonnes", name=sheet.name, n=Number(len(block.columns))
                ),
            )
        first = column_letters(left + block.columns[0]) + (
            str(block.header_first + 1) if below and block.start > below[0] else ""
        )
        name = sheet.name if place == 0 else f"{sheet.name} ({first})"
        stop = next((row for row in below if row >= block.start), None)
        whole = len(blocks_of_sheet) == 1
        if whole and len(sample) < rows:
            block = _widened(block, columns)
        writer = RawWriter(workspace.spool, f"feuille-{number}-{place}")
        keys = [str(c) for c in block.columns]
        writer.declare(keys, block.labels)
        fills = _fills(block, merges)
        body = _stream(
            sheet,
            block,
            writer,
            keys,
            stop=stop,
            wide=columns,
            alone=whole,
            masked={c - left: m for c, m in seen.masks.items()},
            fills=fills,
        )
        if not writer.rows and block.header_last < 0:
            continue
        found_in, scan = writer.finish(SHEET_NATIVE, keep_empty=False)
        raw = tuple(
            replace(c, place=left + int(key)) for c, key in zip(found_in, writer.column_keys, strict=True)
        )
        if not raw:
            continue
        cells = writer.rows * len(raw)
        again = grid.second_header(sample, block.header_last) if whole else -1
        issues = tuple(_issues(block, body, seen if place == 0 else Seen(), name, again))
        if place == 0 and len(blocks_of_sheet) > 1:
            many = f"La feuille « {sheet.name} » contient {len(blocks_of_sheet)} tables : chacune est lue à part."
            issues = (*issues, Issue("several-tables", many, name))
        gap = next(((a.place, b.place) for a, b in pairwise(raw) if b.place > a.place + 1), None)
        if gap is not None:
            cut = f"Des colonnes vides coupent la table, entre {column_letters(gap[0])} et {column_letters(gap[1])}."
            issues = (*issues, Issue("split-table", cut, name))
        blanks = tuple(at for at in body.blanks if at > block.header_last + 1)
        yield (
            RawTable(
                name,
                raw,
                scan,
                writer.rows,
                header_row=block.header_last + 1,
                issues=issues,
                blanks=len(blanks),
                blank_lines=blanks,
                heading=_heading(sample, block) if place == 0 else "",
            ),
            max(cells, 1),
        )


def _heading(sample: Sequence[grid.Row], block: grid.Block) -> str:
    """What the only filled row above the header says, in its only cell."""
    above = [row for row in sample[: max(0, block.header_first)] if grid.filled(row)]
    return heading(str(cell) for cell in above[0] if not grid.blank(cell)) if len(above) == 1 else ""


def _parts(
    rows: Sequence[grid.Row], merges: Sequence[grid.Merge], below: Sequence[int]
) -> Iterator[grid.Block]:
    """The tables of a sheet whose further ones begin at the rows `below`; each part is looked at as if it
    were alone.
    """
    for top, end in pairwise((0, *below, len(rows))):
        inside = [((a - top, b), (c - top, d)) for (a, b), (c, d) in merges if top <= a and c < end]
        for block in grid.blocks(rows[top : min(end, top + grid.SAMPLE)], inside):
            named = block.header_first >= 0
            first, last = (block.header_first + top, block.header_last + top) if named else (-1, -1)
            yield replace(block, header_first=first, header_last=last, start=block.start + top)


def _parted(sheet: Sheet) -> bool:
    """Whether some empty row has a filled one above and one below: without it nothing parts two tables."""
    begun = empty = False
    for row in sheet.iter_rows():
        if all(map(grid.blank, row)):
            empty = begun
        elif empty:
            return True
        else:
            begun = True
    return False


def _again(row: Sequence[Cell], labels: Sequence[str]) -> bool:
    """Whether a row says the labels once more."""
    return all(
        isinstance(cell, str) and " ".join(cell.split()) == label
        for cell, label in zip(row, labels, strict=True)
        if label
    )


def _sample(sheet: Sheet, start: int, stop: int) -> list[list[Cell]]:
    """Rows of the sheet, blank ones emptied."""
    return [list(row) if grid.filled(row) else [] for row in islice(sheet.iter_rows(), start, stop)]


def _merges(sheet: Sheet) -> Sequence[grid.Merge]:
    return sheet.merged_cell_ranges or ()


def _widened(block: grid.Block, columns: int) -> grid.Block:
    """Columns that first hold something below the sample are not lost: all are watched, the empty ones are
    dropped at the end.
    """
    known = dict(zip(block.columns, block.labels, strict=True))
    return replace(
        block, columns=tuple(range(columns)), labels=tuple(known.get(c, "") for c in range(columns))
    )


def column_letters(index: int) -> str:
    """Name of a column as spreadsheets write it.

    >>> [column_letters(i) for i in (0, 25, 26, 16383)]
    ['A', 'Z', 'AA', 'XFD']
    """
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _fills(block: grid.Block, merges: Sequence[grid.Merge]) -> Mapping[int, Sequence[tuple[int, int]]]:
    """Row from 0 to the cells that an area merged down the records covers: place among the columns of the
    block, and the row that holds the value.
    """
    by_row: dict[int, list[tuple[int, int]]] = {}
    places = {column: place for place, column in enumerate(block.columns)}
    for (top, first), (bottom, last) in merges:
        if top >= block.start and bottom > top and first == last and first in places:
            for row in range(top + 1, min(bottom, top + MERGED) + 1):
                by_row.setdefault(row, []).append((places[first], top))
    return by_row


def _stream(
    sheet: Sheet,
    block: grid.Block,
    writer: RawWriter,
    keys: Sequence[str],
    *,
    stop: int | None,
    wide: int,
    alone: bool,
    masked: Mapping[int, str],
    fills: Mapping[int, Sequence[tuple[int, int]]],
) -> _Body:
    """Pass the data rows to the writer. Rows with one cell at most are held back until a fuller one follows:
    at the end they may be notes.

    stop: the row from 0 where another table begins; masked: columns whose numbers are codes; fills: cells
    that take the value of the merged area they lie in.
    """
    body = _Body()
    codes = [(place, masked[column]) for place, column in enumerate(block.columns) if column in masked]
    above: dict[tuple[int, int], Cell] = {}
    tops = {(place, top) for cells in fills.values() for place, top in cells}
    chunk: list[list[Cell]] = []
    lines: list[int] = []
    held: list[tuple[int, list[Cell]]] = []
    size = max(1, min(ROW_GROUP, CHUNK_CELLS // max(1, wide)))
    width = len(block.columns)
    solid = 2 if width > 1 else 1
    named = sum(map(bool, block.labels)) if block.header_first == block.header_last >= 0 and width > 1 else -1

    def flush() -> None:
        if chunk:
            columns = list(zip(*chunk, strict=True))
            cells = {
                key: [None if v == "" else v for v in column]
                for key, column in zip(keys, columns, strict=True)
            }
            body.long_numbers += sum(_long_numbers(column) for column in columns)
            writer.add(cells, len(chunk), lines=lines)
            chunk.clear()
            lines.clear()

    def keep(line: int, row: list[Cell]) -> None:
        if codes:
            for place, mask in codes:
                value = row[place]
                if (
                    isinstance(value, int | float)
                    and not isinstance(value, bool)
                    and (text := masks.masked(value, mask)) is not None
                ):
                    row[place] = text
        if tops:
            for place, top in fills.get(line - 1, ()):
                value = above.get((place, top))
                if (
                    row[place] in ("", None) and isinstance(value, str) and value
                ):  # a number carried down would be counted twice
                    row[place] = value
                    body.filled += 1
            for place in range(width):
                if (place, line - 1) in tops:
                    above[place, line - 1] = row[place]
        chunk.append(row)
        lines.append(line)
        if len(chunk) >= size:
            flush()

    for line, full in enumerate(islice(sheet.iter_rows(), block.start, stop), block.start + 1):
        row: list[Cell] = (
            list(full)
            if alone and width == len(full)
            else [full[c] if c < len(full) else None for c in block.columns]
        )
        count = width - row.count("")
        if count <= solid + 1:
            count = len(grid.filled(row))
        if count == named and _again(row, block.labels):
            body.headers.append(line)
            held = [(at, waiting) for at, waiting in held if grid.filled(waiting)]
            continue
        if count >= solid:
            for at, waiting in held:
                if grid.filled(waiting):
                    keep(at, waiting)
                else:
                    body.blanks.append(at)
            held.clear()
            keep(line, row)
            body.last = row
        elif held or count:
            held.append((line, row))
            if len(held) > 100_000:
                # Not notes: a sparse table.
                for at, waiting in held:
                    if grid.filled(waiting):
                        keep(at, waiting)
                held.clear()
        else:
            held.append((line, row))
    data_rows = len(held) - grid.footer([row for _, row in held])
    for at, waiting in held[:data_rows]:
        if grid.filled(waiting):
            keep(at, waiting)
            body.last = waiting
        elif any(grid.filled(row) for _, row in held[:data_rows]):
            body.blanks.append(at)
    unseen = sheet.rows if isinstance(sheet, _Unseen) else frozenset[int]()
    body.blanks = [at for at in body.blanks if at - 1 not in unseen]
    body.footers = sum(1 for _, row in held[data_rows:] if grid.filled(row))
    flush()
    return body


def _long_numbers(column: Sequence[Cell]) -> int:
    numbers = [abs(v) for v in column if type(v) is float]
    return sum(1 for v in numbers if v >= 1e15) if numbers and max(numbers) >= 1e15 else 0


def _issues(block: grid.Block, body: _Body, seen: Seen, where: str, again: int) -> Iterator[Issue]:
    if block.header_last < 0:
        yield Issue(
            "no-header", "Aucune ligne d’en-tête n’a été reconnue : les colonnes sont numérotées.", where
        )
    elif block.header_first > 0:
        yield Issue(
            "title-rows",
            f"L’en-tête est à la ligne {block.header_last + 1} : ce qui est au-dessus n’est pas lu.",
            where,
        )
    if block.header_last > block.header_first >= 0:
        yield Issue(
            "multi-row-header",
            f"L’en-tête tient sur {block.header_last - block.header_first + 1} lignes : elles ont été jointes.",
            where,
        )
    if again >= 0:
        yield Issue(
            "multi-row-header",
            "Cette ligne, sous l’en-tête, semble en être une seconde : elle est lue comme un enregistrement.",
            f"ligne {again + 1}",
        )
    if body.headers:
        repeated = f"L’en-tête est répété {french_number(len(body.headers))} fois dans les données : ces lignes sont ôtées."
        yield Issue("repeated-header", repeated, where, tuple(body.headers[:100]), len(body.headers))
    if body.blanks:
        yield Issue(
            "blank-rows",
            f"{_count(len(body.blanks), 'ligne vide')} au milieu de la table, {_count(len(body.blanks), 'passée', number=False)}.",
            where,
        )
    if body.filled:
        carried = f"{_count(body.filled, 'cellule')} de zones fusionnées : chacune porte le texte de sa zone."
        yield Issue("merged-cells", carried, where)
    if body.footers:
        yield Issue(
            "footer",
            f"{_count(body.footers, 'ligne')} de note ou de légende sous la table, {_count(body.footers, 'passée', number=False)}.",
            where,
        )
    if body.last and grid.total_row(body.last):
        yield Issue(
            "total-row",
            "La dernière ligne semble être un total : elle compterait deux fois dans une somme.",
            where,
        )
    if seen.lost_formulas:
        lost = f"{_count(seen.lost_formulas, 'formule')} sans résultat enregistré, {_count(seen.lost_formulas, 'lue', number=False)} comme vide"
        yield Issue(
            "lost-formula",
            f"{lost}. Ouvrez le classeur dans votre tableur et enregistrez-le à nouveau.",
            where,
        )
    if seen.errors:
        yield Issue(
            "cell-error",
            f"{_count(seen.errors, 'cellule')} en erreur (#N/A, #DIV/0!…), {_count(seen.errors, 'lue', number=False)} comme vide.",
            where,
        )
    if body.long_numbers:
        digits = f"{_count(body.long_numbers, 'nombre')} de plus de 15 chiffres : le tableur n’en garde que 15, les derniers sont perdus"
        yield Issue("digits-lost", f"{digits}. Mettez ces codes en texte.", where)


def _count(count: int, noun: str, *, number: bool = True) -> str:
    words = noun if count == 1 else " ".join(f"{word}s" for word in noun.split())
    return f"{french_number(count)} {words}" if number else words
