"""Times of day and years."""

from __future__ import annotations

from parvis.columns.form import Form

CLOCK = Form(
    "time",
    "08:30",
    "time",
    "([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?|24:00(:00)?",
    "try_cast(v as time)",
    right={"08:30": "08:30:00", "8:30:15": "08:30:15", "24:00": "24:00:00", "23:59:59.5": "23:59:59.5"},
    wrong=("25:00", "8:3", "08:60", "8h30", "08:30-12:00", "99:00:00"),
)
HOURS = Form(
    "time-h",
    "8h30",
    "time",
    "([01]?[0-9]|2[0-3]) ?[hH]( ?[0-5][0-9]( ?(min|mn|m)( ?[0-5][0-9] ?s)?)?)?",
    """try_cast(regexp_extract(v, '^[0-9]+') || ':' || lpad(regexp_extract(v, '[hH] ?([0-9]*)', 1), 2, '0') || ':'
       || lpad(regexp_extract(v, '([0-9]+) ?s$', 1), 2, '0') as time)""",
    right={
        "8h30": "08:30:00",
        "8 h": "08:00:00",
        "14 h 05": "14:05:00",
        "8h30m12s": "08:30:12",
        "8 h 05 min": "08:05:00",
    },
    wrong=("25h", "8:30", "24h/24", "8h60"),
)
NOON = Form(
    "time-noon",
    "8:30 AM",
    "time",
    "(0?[1-9]|1[0-2]):[0-5][0-9](:[0-5][0-9])? ?[AaPp][.]?[Mm][.]?",
    """try_strptime(regexp_replace(replace(v, '.', ''), ' ?([AaPp][Mm])$', ' \\1'), ['%I:%M %p', '%I:%M:%S %p'])::time""",
    right={"8:30 AM": "08:30:00", "02:05PM": "14:05:00", "12:00:10 a.m.": "00:00:10"},
    wrong=("13:00 PM", "8:30", "8 AM"),
)
YEAR = Form(
    "year",
    "2024",
    "year",
    "[12][0-9]{3}",
    "try_cast(v as bigint)",
    right={"2024": "2024", "1789": "1789"},
    wrong=("24", "3000", "2024.5", "0999"),
)
YEAR_POINT_ZERO = Form(
    "year-point-zero",
    "2024.0",
    "year",
    "[12][0-9]{3}[.,]0{1,6}",
    "try_cast(left(v, 4) as bigint)",
    right={"2024.0": "2024"},
    wrong=("2024", "2024.5"),
)
"""What a spreadsheet, or a program that took years for numbers, makes of them."""
