"""Angles as maps and phones write them: degrees, minutes and seconds, or decimal degrees with a letter for
the side. North and east are positive.

« O » is ouest.
"""

from __future__ import annotations

import re

from parvis.columns.form import Form

_NUMBER = "[0-9]{1,3}([.,][0-9]{1,12})?"
_PART = "[0-9]{1,2}([.,][0-9]{1,12})?"
_MINUTE, _SECOND = "['’′´]", "(\"|″|”|''|’’|′′)"
_DMS = f"[0-9]{{1,3}} ?[°º] ?{_PART} ?{_MINUTE} ?({_PART} ?{_SECOND}?)?"
_SIDES = "[NSEWOnsewo]"
_VALUE = """(coalesce(try_cast(replace({parts}[1], ',', '.') as double), 0) + coalesce(try_cast(replace({parts}[2], ',', '.') as double), 0) / 60
   + coalesce(try_cast(replace({parts}[3], ',', '.') as double), 0) / 3600) * CASE WHEN regexp_matches({cell}, '^-|[SWOswo]') THEN -1 ELSE 1 END"""


def _value(cell: str) -> str:
    return _VALUE.format(parts=f"regexp_extract_all({cell}, '[0-9]+(?:[.,][0-9]+)?')", cell=cell)


SEXAGESIMAL = Form(
    "degrees-sexagesimal",
    "43°36'39.1\"N",
    "number",
    f"{_SIDES}? ?-?{_DMS} ?{_SIDES}?",
    _value("v"),
    right={"43°30'00\"N": "43.5", "3° 30,0' O": "-3.5", "-1°15'": "-1.25", "S 21° 30' 36\"": "-21.51"},
    wrong=("43.6", "12'", "43°", "43°36 N"),
)
LETTERED = Form(
    "degrees-lettered",
    "43.61°N",
    "number",
    f"-?{_NUMBER} ?([°º]|[°º]? ?{_SIDES})",
    _value("v"),
    right={"43.5N": "43.5", "1,25° O": "-1.25", "3.5 E": "3.5", "-1.5°": "-1.5"},
    wrong=("43.5", "12 km", "43°36'N"),
)
PAIR = Form(
    "point-degrees",
    "43°36'39.1\"N 3°52'37.2\"E",
    "point",
    f"({_DMS}|{_NUMBER} ?[°º]?) ?[NSns] ?[,;/]? ?({_DMS}|{_NUMBER} ?[°º]?) ?[EWOewo]",
    f"""struct_pack(lon := {_value("regexp_extract(v, '[NSns](.*)$', 1)")}, lat := {_value("regexp_extract(v, '^([^NSns]*[NSns])', 1)")})""",
    right={
        "43°30'00\"N 3°15'00\"E": "{'lon': 3.25, 'lat': 43.5}",
        "48.5° N, 1.25° O": "{'lon': -1.25, 'lat': 48.5}",
    },
    wrong=("43.5, 3.2", "43°30'N"),
)


def value(cell: str) -> float | None:
    """The angle in degrees that the forms read in a cell, None when they read none."""
    if not any(re.fullmatch(form.pattern, cell) for form in (SEXAGESIMAL, LETTERED)):
        return None
    parts = [float(part.replace(",", ".")) for part in re.findall("[0-9]+(?:[.,][0-9]+)?", cell)]
    size = sum(part / 60**place for place, part in enumerate(parts[:3]))
    return -size if re.search("^-|[SWOswo]", cell) else size
