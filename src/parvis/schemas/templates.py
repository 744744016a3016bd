"""A file to begin with: the header that a schema asks for, blank or with one row of its own examples, as CSV
or as a workbook that says what goes where.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from parvis.core.late import late
from parvis.core.types import Json
from parvis.schemas.library import Known

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = late("xlsxwriter")

Form = Literal["csv", "xlsx"]

ROWS = 1000
"""Rows below the header that a workbook is ready for: text cells stay text, lists of values offer themselves.
"""

_DAY = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""A fixed date of making: the same schema gives the same bytes."""

_LIST = 255
"""Characters that a list of values typed into a workbook may have; a longer one points to the sheet of
explanations.
"""


def blank(known: Known, form: Form) -> bytes:
    """The header alone."""
    return _written(known, form, ())


def filled(known: Known, form: Form) -> bytes:
    """The header and one row made of the examples of the fields."""
    return _written(known, form, (tuple(example(f) for f in known.fields),))


def example(field: Mapping[str, Json]) -> str:
    """The example of a field as a cell says it; else its first allowed value; else nothing."""
    example_value = field.get("example")
    constraints = field.get("constraints")
    enum = constraints.get("enum") if isinstance(constraints, dict) else None
    value = example_value if example_value is not None else enum[0] if isinstance(enum, list) and enum else ""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _written(known: Known, form: Form, rows: Sequence[Sequence[str]]) -> bytes:
    header = [str(f["name"]) for f in known.fields]
    return _csv(header, rows) if form == "csv" else _xlsx(known, header, rows)


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 with a byte-order mark and semicolons: what a spreadsheet set to French opens without a question."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(known: Known, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"title": known.title, "subject": f"{known.name} {known.version}", "created": _DAY})
    bold, bold_red = (
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({"bold": True, "bottom": 1, "bg_color": "#E6EEF8"}),
    )
    words, wrapped = (
        book.add_format({"num_format": "@"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    sheet, guide = book.add_worksheet("Données"), book.add_worksheet("Notice")
    for place, field in enumerate(known.fields):
        sheet.set_column(place, place, min(max(len(header[place]) + 2, 12), 40), words)
        sheet.write_string(
            0, place, header[place], bold_red if _constraints(field).get("required") is True else bold
        )
        allowed = _allowed(field)
        if allowed:
            source = (
                list(allowed)
                if len(",".join(allowed)) <= _LIST and not any("," in a for a in allowed)
                else ""
            )
            if source:
                sheet.data_validation(
                    1, place, ROWS, place, {"validate": "list", "source": source, "error_type": "warning"}
                )
        for line, row in enumerate(rows, 1):
            sheet.write_string(line, place, row[place], words)
    sheet.freeze_panes(1, 0)
    titles = ("Colonne", "Titre", "Ce qu’on y met", "Type", "Obligatoire", "Valeurs permises", "Exemple")
    for place, (title, width) in enumerate(zip(titles, (24, 24, 60, 12, 12, 50, 36), strict=True)):
        guide.set_column(place, place, width)
        guide.write_string(0, place, title, bold)
    for line, field in enumerate(known.fields, 1):
        for place, cell in enumerate((*described(field), example(field))):
            guide.write_string(line, place, cell, wrapped)
    guide.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def described(field: Mapping[str, Json]) -> tuple[str, str, str, str, str, str]:
    """Name, title, description, type in French, whether it is compulsory, allowed values: what people are
    told of a field.
    """
    kind = str(field.get("type") or "string")
    form = str(field.get("format") or "default")
    type_text = TYPES.get(kind, kind) + (f" ({FORMATS.get(form, form)})" if form != "default" else "")
    required = "oui" if _constraints(field).get("required") is True else ""
    return (
        str(field["name"]),
        str(field.get("title") or ""),
        str(field.get("description") or ""),
        type_text,
        required,
        ", ".join(_allowed(field)),
    )


TYPES: Mapping[str, str] = {
    "string": "texte", "integer": "nombre entier", "number": "nombre", "boolean": "oui ou non", "date": "date", "datetime": "date et heure", "time": "heure",
    "year": "année", "yearmonth": "année et mois", "array": "liste", "object": "objet JSON", "geopoint": "point", "geojson": "géométrie GeoJSON",
    "any": "libre", "duration": "durée",
}  # fmt: skip
"""French name of each type."""

FORMATS: Mapping[str, str] = {
    "email": "courriel",
    "uri": "adresse web",
    "uuid": "UUID",
    "%Y-%m-%d": "AAAA-MM-JJ",
    "%Y": "AAAA",
    "array": "[longitude, latitude]",
}
"""French name of each format that needs one."""


def _constraints(field: Mapping[str, Json]) -> Mapping[str, Json]:
    constraints = field.get("constraints")
    return constraints if isinstance(constraints, dict) else {}


def _allowed(field: Mapping[str, Json]) -> tuple[str, ...]:
    enum = _constraints(field).get("enum", field.get("enum"))
    return tuple(str(v) for v in enum) if isinstance(enum, list) else ()
