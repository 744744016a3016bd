"""Instants. Without a zone they are told in the city's time; with one they keep it; both are stored in UTC.

The hour that the clocks go through twice in autumn is read as winter time, the one they skip in spring as one
hour later: DuckDB's ICU rule.
"""

from __future__ import annotations

import re

from parvis.columns.form import Form
from parvis.columns.forms.dates import BIG_ENDIAN, DAY_FIRST, DAYS_OF_WEEK, DMY_WORDS, MDY_SLASH

_D = "(0?[1-9]|[12][0-9]|3[01])"
_M = "(0?[1-9]|1[0-2])"
_Y = "[12][0-9]{3}"
_HM = "([01]?[0-9]|2[0-3]):[0-5][0-9]"
_HMS = f"{_HM}(:[0-5][0-9])?"
_MMDD = "-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"

ISO_LOCAL = Form(
    "datetime-iso",
    "2024-03-12T10:30:00",
    "datetime",
    f"{_Y}{_MMDD}[T ]({_HM}(:[0-5][0-9]([.][0-9]{{1,9}})?)?|24:00(:00)?)",
    "timezone(zone, try_cast(v as timestamp))",
    right={
        "2020-07-01T10:00:00": "2020-07-01 08:00:00+00",
        "2020-01-01 10:00": "2020-01-01 09:00:00+00",
        "2020-01-01T24:00:00": "2020-01-01 23:00:00+00",
        "2020-01-01 10:00:00.250": "2020-01-01 09:00:00.25+00",
    },
    wrong=("2020-01-01", "2020-01-01 99:00:00", "2020-01-01T10", "2020-01-01T10:00:00Z"),
)
ISO_COMMA = Form(
    "datetime-iso-comma",
    "2024-03-12 10:30:00,250",
    "datetime",
    f"{_Y}{_MMDD}[T ]{_HM}:[0-5][0-9],[0-9]{{1,9}}",
    "timezone(zone, try_cast(replace(v, ',', '.') as timestamp))",
    right={"2020-01-01 10:00:00,250": "2020-01-01 09:00:00.25+00"},
    wrong=("2020-01-01 10:00:00", "2020-01-01,250"),
)
"""As journals of programs write it."""
ISO_ZONED = Form(
    "datetime-iso-zone",
    "2024-03-12T10:30:00+01:00",
    "datetime",
    f"{_Y}{_MMDD}[T ]([01][0-9]|2[0-4]):[0-5][0-9]:[0-5][0-9]([.][0-9]{{1,9}})?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)",
    "try_cast(v as timestamptz)",
    right={
        "2020-01-01T10:00:00Z": "2020-01-01 10:00:00+00",
        "2020-01-01T10:00:00+02:00": "2020-01-01 08:00:00+00",
        "2020-01-01 10:00:00-0500": "2020-01-01 15:00:00+00",
        "2008-02-11T23:00:00.000Z": "2008-02-11 23:00:00+00",
    },
    wrong=("2020-01-01T10:00Z", "2020-01-01T10:00:00", "2020-01-01T10:00:00+99:00"),
)
ISO_ZONED_LOOSE = Form(
    "datetime-iso-zone-loose",
    "2024-03-12T10:30Z",
    "datetime",
    f"{_Y}{_MMDD}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{{1,9}})?)? *(Z|z|UTC|GMT|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
    r"(\[[A-Za-z_]+(/[A-Za-z_-]+)*\])?",
    """try_cast(regexp_replace(regexp_replace(regexp_replace(replace(v, ',', '.'), '\\[.*$', ''), ' *(z|UTC|GMT)$| +([Z+-])', '\\2'),
       '([T ][0-9]{2}:[0-9]{2})($|Z|[+-])', '\\1:00\\2')
       as timestamptz)""",
    right={
        "2020-01-01T10:00Z": "2020-01-01 10:00:00+00",
        "2020-01-01 10:00:00 UTC": "2020-01-01 10:00:00+00",
        "2020-01-01 10:00:00 +02:00": "2020-01-01 08:00:00+00",
        "2020-01-01T10:00+01:00": "2020-01-01 09:00:00+00",
        "2020-07-01T10:00:00+02:00[Europe/Paris]": "2020-07-01 08:00:00+00",
    },
    wrong=("2020-01-01T10:00", "2020-01-01 10:00 Paris"),
)
ISO_COMPACT = Form(
    "datetime-compact",
    "20240312T103000Z",
    "datetime",
    f"{_Y}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]Z?",
    """CASE WHEN right(v, 1) = 'Z' THEN timezone('UTC', try_strptime(v, '%Y%m%dT%H%M%SZ')) ELSE timezone(zone, try_strptime(v, '%Y%m%dT%H%M%S')) END""",
    right={"20200101T100000Z": "2020-01-01 10:00:00+00", "20200101T100000": "2020-01-01 09:00:00+00"},
    wrong=("20200101", "20200101T10"),
)
COMPACT_CLOCK = Form(
    "datetime-compact-clock",
    "20240312 10:30:00",
    "datetime",
    f"{_Y}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(T| +)([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?",
    """timezone(zone, try_strptime(regexp_replace(v, '(T| +)', ' '), ['%Y%m%d %H:%M:%S', '%Y%m%d %H:%M']))""",
    right={
        "20200101 10:00:00": "2020-01-01 09:00:00+00",
        "20200701 10:00": "2020-07-01 08:00:00+00",
        "20200101T10:00:00": "2020-01-01 09:00:00+00",
    },
    wrong=("20200101", "20201301 10:00:00", "20200101100000", "20200101 25:00"),
)
"""As exports of databases write it."""
_BASIC = f"{_Y}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[T ]([01][0-9]|2[0-3]):?[0-5][0-9](:?[0-5][0-9]([.,][0-9]{{1,9}})?)?"
_EXTENDED = """regexp_replace(regexp_replace(regexp_replace(replace(v, ',', '.'), '^(....)(..)(..)[T ](..):?(..)', '\\1-\\2-\\3 \\4:\\5'),
       '^(.{16}):?([0-9]{2})', '\\1:\\2'), '^(.{16})($|[Z+-])', '\\1:00\\2')"""
"""The basic form of ISO 8601 as the extended one, its seconds said."""
BASIC_ZONED = Form(
    "datetime-basic-zone",
    "20240312T103000+0100",
    "datetime",
    f"{_BASIC}(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)",
    f"try_cast({_EXTENDED} as timestamptz)",
    right={
        "20200101T100000+0200": "2020-01-01 08:00:00+00",
        "20200101T10:00:00Z": "2020-01-01 10:00:00+00",
        "20200101T1000Z": "2020-01-01 10:00:00+00",
        "20200101T100000.250Z": "2020-01-01 10:00:00.25+00",
    },
    wrong=("20200101T100000", "20201301T100000Z", "20200101T10Z", "20200101100000Z"),
)
BASIC = Form(
    "datetime-basic",
    "20240312T1030",
    "datetime",
    _BASIC,
    f"timezone(zone, try_cast({_EXTENDED} as timestamp))",
    right={
        "20200101 100000": "2020-01-01 09:00:00+00",
        "20200101T1000": "2020-01-01 09:00:00+00",
        "20200701T10:00:00.500": "2020-07-01 08:00:00.5+00",
    },
    wrong=("20200101", "20200101T10", "20201301 100000", "202001011000"),
)
DIGITS = Form(
    "datetime-digits",
    "20240312103000",
    "datetime",
    f"{_Y}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]",
    "timezone(zone, try_strptime(v, '%Y%m%d%H%M%S'))",
    right={"20200101100000": "2020-01-01 09:00:00+00"},
    wrong=("20200101", "20201301100000", "20200101250000"),
)
"""Only where the header speaks of a date or an hour: a SIRET has as many digits."""
SURVEY = Form(
    "datetime-survey",
    "2024/03/12 10:30:00 AM UTC+1",
    "datetime",
    f"{_Y}/{_M}/{_D} +(0?[1-9]|1[0-2]):[0-5][0-9]:[0-5][0-9] [AaPp][Mm] (UTC|GMT)([+-]1?[0-9])?",
    """timezone('UTC', try_strptime(regexp_replace(v, ' (UTC|GMT).*$', ''), '%Y/%m/%d %I:%M:%S %p')
       - to_hours(coalesce(try_cast(regexp_extract(v, '[+-][0-9]+$') as integer), 0)))""",
    right={
        "2024/03/25 10:00:12 AM UTC+1": "2024-03-25 09:00:12+00",
        "2024/07/05 1:30:00 PM GMT+2": "2024-07-05 11:30:00+00",
    },
    wrong=("2024/03/25 10:00:12", "2024/03/25 10:00:12 AM"),
)
"""Answers to online forms."""
JAVA = Form(
    "datetime-java",
    "Tue Mar 12 10:30:00 CET 2024",
    "datetime",
    f"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {_D} [0-2][0-9]:[0-5][0-9]:[0-5][0-9] (CET|CEST|UTC|GMT) {_Y}",
    """try_strptime(regexp_replace(regexp_replace(regexp_replace(substring(v, 5), ' CET ', ' +0100 '), ' CEST ', ' +0200 '), ' (UTC|GMT) ', ' +0000 '),
       '%b %d %H:%M:%S %z %Y')""",
    right={
        "Mon Mar 25 10:30:00 CET 2024": "2024-03-25 09:30:00+00",
        "Fri Jul 14 00:05:00 CEST 2023": "2023-07-13 22:05:00+00",
    },
    wrong=("Mon Mar 25 2024", "Mon Mar 25 10:30:00 PST 2024"),
)
"""A date as Java and the shell print it."""
DMY_SLASH = Form(
    "datetime-dmy",
    "12/03/2024 10:30",
    "datetime",
    f"{_D}/{_M}/{_Y} +{_HMS}",
    "timezone(zone, try_strptime(v, ['%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M']))",
    right={"05/07/2020 10:30": "2020-07-05 08:30:00+00", "5/1/2020 9:05:07": "2020-01-05 08:05:07+00"},
    wrong=("05/07/2020", "05/07/2020 25:00", "12/25/2020 10:00"),
)
DMY_OTHER = Form(
    "datetime-dmy-other",
    "12-03-2024 à 10h30",
    "datetime",
    f"{_D}([/.-]){_M}[/.-]{_Y}(,? +(à +|- +)?|T)([01]?[0-9]|2[0-3]) ?[h:H] ?[0-5][0-9](:[0-5][0-9])?",
    """timezone(zone, try_strptime(regexp_replace(regexp_replace(v, '^([0-9]+).([0-9]+).([0-9]{4})[^0-9]+', '\\1/\\2/\\3 '), ' ?[hH:] ?([0-9]{2})', ':\\1'),
       ['%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M']))""",
    right={
        "05-07-2020 10:30": "2020-07-05 08:30:00+00",
        "05/07/2020 à 10h30": "2020-07-05 08:30:00+00",
        "05.07.2020 10:30:15": "2020-07-05 08:30:15+00",
        "05/07/2020 - 10:30": "2020-07-05 08:30:00+00",
    },
    wrong=("05-07-2020", "05/07/2020 à midi"),
)
_CLOCK = """ + to_hours(try_cast(regexp_extract(v, '([0-9]{1,2}) ?[hH:]', 1) as integer))
       + to_minutes(coalesce(try_cast(regexp_extract(v, '[hH:] ?([0-9]{2})', 1) as integer), 0))"""
"""What « à 8h » or « à 08:30 » adds to the day before it."""
_AT = "(,? +(à +|- +|de +)?)([01]?[0-9]|2[0-3])( ?[hH]( ?[0-5][0-9])?|:[0-5][0-9])"
DMY_SPOKEN = Form(
    "datetime-dmy-spoken",
    "le 12/03/2024 à 8h",
    "datetime",
    f"{DAYS_OF_WEEK}{_D}([/.-]){_M}[/.-]{_Y}{_AT}",
    f"""timezone(zone, try_strptime(regexp_replace(regexp_extract(v, '[0-9]+[/.-][0-9]+[/.-][0-9]{{4}}'), '[.-]', '/', 'g'), '%d/%m/%Y'){_CLOCK})""",
    right={
        "le 05/07/2020 à 8h": "2020-07-05 06:00:00+00",
        "dimanche 5/7/2020, 18h05": "2020-07-05 16:05:00+00",
    },
    wrong=("le 05/07/2020", "8h"),
)
_DAY_SAID = re.sub(r"\bv\b", "d", DMY_WORDS.cast)
DMY_WORDS_AT = Form(
    "datetime-words",
    "12 mars 2024 à 8h30",
    "datetime",
    f"{DMY_WORDS.pattern}{_AT}",
    f"timezone(zone, list_transform([regexp_extract(v, '^.*?[12][0-9]{{3}}')], lambda d : {_DAY_SAID})[1]::timestamp{_CLOCK})",
    right={
        "12 mars 2024 à 08h30": "2024-03-12 07:30:00+00",
        "Lundi 1er avril 2024, 18:05": "2024-04-01 16:05:00+00",
    },
    wrong=("12 mars 2024", "12 mars 2024 à midi"),
)
YMD_SLASH = Form(
    "datetime-ymd-slash",
    "2024/03/12 10:30",
    "datetime",
    f"{_Y}/{_M}/{_D} +{_HMS}",
    "timezone(zone, try_strptime(v, ['%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M']))",
    right={"2020/07/05 10:30": "2020-07-05 08:30:00+00"},
    wrong=("2020/07/05",),
)
DMY_MILLIS = Form(
    "datetime-dmy-fraction",
    "12/03/2024 10:30:00.250",
    "datetime",
    f"{_D}/{_M}/{_Y} +{_HM}:[0-5][0-9][.,][0-9]{{1,6}}",
    "timezone(zone, try_strptime(replace(v, ',', '.'), '%d/%m/%Y %H:%M:%S.%f'))",
    right={
        "05/07/2020 10:30:00.250": "2020-07-05 08:30:00.25+00",
        "5/1/2020 09:05:07,5": "2020-01-05 08:05:07.5+00",
    },
    wrong=("05/07/2020 10:30:00",),
)
DMY_SHORT = Form(
    "datetime-dmy-short",
    "12/03/24 10:30",
    "datetime",
    f"{_D}[/.-]{_M}[/.-][0-9]{{2}} +{_HMS}",
    "timezone(zone, try_strptime(regexp_replace(v, '[.-]', '/', 'g'), ['%d/%m/%y %H:%M:%S', '%d/%m/%y %H:%M']))",
    right={"05/07/20 10:30": "2020-07-05 08:30:00+00", "5-1-99 9:05:07": "1999-01-05 08:05:07+00"},
    wrong=("05/07/2020 10:30", "05/07/20", "05/13/20 10:30"),
)
MAIL = Form(
    "datetime-mail",
    "Tue, 12 Mar 2024 10:30:00 GMT",
    "datetime",
    f"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?{_D} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {_Y}"
    " [0-2][0-9]:[0-5][0-9](:[0-5][0-9])? (GMT|UTC|UT|Z|[+-][0-9]{4})",
    """try_strptime(regexp_replace(regexp_replace(regexp_replace(v, '^[A-Z][a-z]+, ', ''), ' (GMT|UTC|UT|Z)$', ' +0000'), ' ([0-9]{2}:[0-9]{2}) ', ' \\1:00 '),
       '%d %b %Y %H:%M:%S %z')""",
    right={
        "Mon, 25 Mar 2024 10:30:00 GMT": "2024-03-25 10:30:00+00",
        "5 Jul 2020 10:30 +0200": "2020-07-05 08:30:00+00",
    },
    wrong=("25 Mar 2024", "Mon, 25 Mar 2024 10:30:00"),
)
"""RFC 5322, as feeds of news and web servers write it."""
MDY = Form(
    "datetime-mdy",
    "03/12/2024 10:30 (mois d’abord)",
    "datetime",
    f"{_M}/{_D}/{_Y} +{_HMS}( ?[AaPp][Mm])?",
    """timezone(zone, CASE WHEN regexp_matches(v, '[AaPp][Mm]$') THEN try_strptime(regexp_replace(v, ' ?([AaPp][Mm])$', ' \\1'),
         ['%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %I:%M %p']) ELSE try_strptime(v, ['%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M']) END)""",
    right={"07/25/2020 10:30": "2020-07-25 08:30:00+00", "7/5/2020 10:30:00 PM": "2020-07-05 20:30:00+00"},
    wrong=("25/07/2020 10:30",),
)


def _day(form: Form) -> Form:
    """The same date, read as the midnight that begins it."""
    return Form(
        f"datetime-{form.name}",
        form.title,
        "datetime",
        form.pattern,
        f"timezone(zone, ({form.cast})::timestamp)",
    )


DAYS = {form.name: _day(form) for form in (*BIG_ENDIAN, *DAY_FIRST, DMY_WORDS, MDY_SLASH)}
"""Dates without a time, by the name of the date form, as they may stand in a column of instants."""

LOCAL = (
    ISO_LOCAL,
    ISO_COMMA,
    ISO_ZONED,
    ISO_ZONED_LOOSE,
    ISO_COMPACT,
    COMPACT_CLOCK,
    BASIC_ZONED,
    BASIC,
    YMD_SLASH,
    DMY_WORDS_AT,
    MAIL,
    SURVEY,
    JAVA,
)
DAY_FIRST_TIMES = (DMY_SLASH, DMY_OTHER, DMY_SPOKEN, DMY_MILLIS)
