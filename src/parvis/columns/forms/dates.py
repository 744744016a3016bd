"""Days, as town halls write them. Years run from 1000 to 2999: `20-01-05` is never the year 20.

The order of day and month is a property of the column (see `guess`): a form says one order only.
"""

from __future__ import annotations

from parvis.columns.form import Form

_D = "(0?[1-9]|[12][0-9]|3[01])"
_M = "(0?[1-9]|1[0-2])"
_Y = "[12][0-9]{3}"
_MONTHS = (
    "([Jj]anv(ier|[.])?|[Ff][ée]v(r(ier|[.])?|[.])?|[Mm]ars|[Aa]vr(il|[.])?|[Mm]ai|[Jj]uin|[Jj]uil(let|[.])?|[Aa]o[uû]t|[Ss]ept(embre|[.])?|[Oo]ct(obre|[.])?"
    "|[Nn]ov(embre|[.])?|[Dd][ée]c(embre|[.])?|JANV(IER|[.])?|F[ÉE]VR(IER|[.])?|MARS|AVR(IL|[.])?|MAI|JUIN|JUIL(LET|[.])?|AO[UÛ]T|SEPT(EMBRE|[.])?"
    "|OCT(OBRE|[.])?|NOV(EMBRE|[.])?|D[ÉE]C(EMBRE|[.])?)"
)
DAYS_OF_WEEK = (
    "(([Ll]e|LE) +)?((([Ll]un|[Mm]ar|[Mm]ercre|[Jj]eu|[Vv]endre|[Ss]ame)di|[Dd]imanche|(LUN|MAR|MERCRE|JEU|VENDRE|SAME)DI|DIMANCHE"
    "|([Ll]un|[Mm]ar|[Mm]er|[Jj]eu|[Vv]en|[Ss]am|[Dd]im)[.]),? +)?"
)

ISO = Form(
    "date-iso",
    "2024-03-12",
    "date",
    f"{_Y}-{_M}-{_D}",
    "try_cast(v as date)",
    right={"2020-01-05": "2020-01-05", "2020-1-5": "2020-01-05"},
    wrong=(
        "20-01-05",
        " 2020-01-05",
        "2020/01/05",
        "2020 01 05",
        "2020-01-05T10:00",
        "2020-01-05 (BC)",
        "epoch",
        "infinity",
        "0000-01-01",
        "20200105",
        "2020.01.05",
        "+2020-01-05",
        "2020-13-45",
    ),
)
YMD_SLASH = Form(
    "date-ymd-slash",
    "2024/03/12",
    "date",
    f"{_Y}/{_M}/{_D}",
    "try_strptime(v, '%Y/%m/%d')::date",
    right={"2020/01/05": "2020-01-05", "2020/1/5": "2020-01-05"},
    wrong=("20/01/05", "2020/13/01"),
)
YMD_DOT = Form(
    "date-ymd-dot",
    "2024.03.12",
    "date",
    f"{_Y}[.]{_M}[.]{_D}",
    "try_strptime(v, '%Y.%m.%d')::date",
    right={"2020.01.05": "2020-01-05"},
    wrong=("2020.01",),
)
DMY_SLASH = Form(
    "date-dmy-slash",
    "12/03/2024",
    "date",
    f"{_D}/{_M}/{_Y}",
    "try_strptime(v, '%d/%m/%Y')::date",
    right={"05/01/2020": "2020-01-05", "5/1/2020": "2020-01-05", "29/02/2024": "2024-02-29"},
    wrong=("01/02/20", "12/25/2020", "32/01/2020", "0/1/2020"),
)
DMY_DASH = Form(
    "date-dmy-dash",
    "12-03-2024",
    "date",
    f"{_D}-{_M}-{_Y}",
    "try_strptime(v, '%d-%m-%Y')::date",
    right={"05-01-2020": "2020-01-05"},
    wrong=("2020-01-05",),
)
DMY_DOT = Form(
    "date-dmy-dot",
    "12.03.2024",
    "date",
    f"{_D}[.]{_M}[.]{_Y}",
    "try_strptime(v, '%d.%m.%Y')::date",
    right={"05.01.2020": "2020-01-05"},
    wrong=("05.2020",),
)
DMY_SHORT = Form(
    "date-dmy-short",
    "12/03/24",
    "date",
    f"{_D}(/{_M}/|-{_M}-|[.]{_M}[.])[0-9]{{2}}",
    "try_strptime(v, ['%d/%m/%y', '%d-%m-%y', '%d.%m.%y'])::date",
    right={"05/01/20": "2020-01-05", "31-12-99": "1999-12-31"},
    wrong=("05/01/2020", "05/01-20", "32/01/20"),
)
DMY_WORDS = Form(
    "date-words", "12 mars 2024", "date", f"{DAYS_OF_WEEK}(1[eE][rR]|{_D}) +{_MONTHS} +{_Y}",
    """try_strptime(concat_ws('-', right(v, 4),
         CASE WHEN regexp_matches(v, '[Jj][Uu][Ii][Ll]') THEN 7 ELSE list_position(['jan', 'fev', 'mar', 'avr', 'mai', 'jui', '', 'aou', 'sep', 'oct', 'nov',
         'dec'],
           left(strip_accents(lower(regexp_extract(v, '[0-9]([eE][rR])? +([^ 0-9]+)', 2))), 3)) END,
         regexp_extract(v, '([0-9]{1,2})([eE][rR])? +[^ 0-9]+ +[0-9]{4}$', 1)), '%Y-%m-%d')::date""",
    right={"12 mars 2024": "2024-03-12", "1er janvier 2024": "2024-01-01", "mardi 3 août 2021": "2021-08-03", "5 juil. 2020": "2020-07-05",
           "5 juin 2020": "2020-06-05", "14 JUILLET 1989": "1989-07-14", "25 décembre 2020": "2020-12-25", "2 févr. 2023": "2023-02-02",
           "le lundi 25 mars 2024": "2024-03-25", "1ER DÉCEMBRE 2023": "2023-12-01", "JEUDI 5 JUIL. 2020": "2020-07-05", "ven. 29 mars 2024": "2024-03-29"},
    wrong=("mars 2024", "12 mars", "32 mars 2024", "12 march 2024"),
)  # fmt: skip
_ENGLISH = "[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Jj]un|[Jj]ul|[Aa]ug|[Ss]ep|[Oo]ct|[Nn]ov|[Dd]ec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
DMY_DASH_WORDS = Form(
    "date-dash-words", "12-mars-24", "date", f"{_D}[-/.]({_MONTHS}|{_ENGLISH}) *[-/.]({_Y}|[0-9]{{2}})",
    """try_strptime(concat_ws('-', regexp_extract(v, '^[0-9]+'),
         CASE WHEN regexp_matches(v, '[Jj][Uu][Ii]?[Ll]') THEN 7 ELSE coalesce(
           list_position(['jan', 'fev', 'mar', 'avr', 'mai', 'jui', '', 'aou', 'sep', 'oct', 'nov', 'dec'],
             left(strip_accents(lower(regexp_extract(v, '^[0-9]+.([^-/.]+)', 1))), 3)),
           list_position(['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
             left(lower(regexp_extract(v, '^[0-9]+.([^-/.]+)', 1)), 3))) END,
         CASE WHEN regexp_matches(v, '[0-9]{4}$') THEN '' WHEN right(v, 2) >= '69' THEN '19' ELSE '20' END || regexp_extract(v, '[0-9]+$')),
         '%d-%m-%Y')::date""",
    right={"12-mars-24": "2024-03-12", "1-janv.-2023": "2023-01-01", "14-juil.-99": "1999-07-14", "03-août-22": "2022-08-03", "25-Feb-2024": "2024-02-25",
           "09-JUN-1998": "1998-06-09", "25-MARS -24": "2024-03-25", "01-DÉC. -23": "2023-12-01",
           "29/mars/2024": "2024-03-29", "12.Jul.99": "1999-07-12"},
    wrong=("12-mars", "12 mars 2024", "32-mars-24", "12-foo-24"),
)  # fmt: skip
"""As spreadsheets show days, in French and in English."""
DMY_SPACED = Form(
    "date-spaced",
    "12 / 03 / 2024",
    "date",
    f"{_D} +/ +{_M} +/ +{_Y}|{_D} +- +{_M} +- +{_Y}",
    "try_strptime(regexp_replace(v, ' +[/-] +', '/', 'g'), '%d/%m/%Y')::date",
    right={"05 / 01 / 2020": "2020-01-05", "5 - 1 - 2020": "2020-01-05"},
    wrong=("05/01/2020", "1 / 2", "01 - 02 - 03"),
)
ENGLISH_WORDS = Form(
    "date-english-words",
    "March 12, 2024",
    "date",
    f"(({_ENGLISH})[a-z]{{0,6}}[.]? +{_D}(st|nd|rd|th)?,? +{_Y})|({_D} +({_ENGLISH})[a-z]{{0,6}}[.]?,? +{_Y})",
    """try_strptime(regexp_replace(regexp_replace(v, '^([A-Za-z]{3})[a-z]*[.]? +([0-9]+)[a-z]*,? +([0-9]+)$', '\\2 \\1 \\3'),
         '^([0-9]+) +([A-Za-z]{3})[a-z]*[.]?,? +', '\\1 \\2 '), '%d %b %Y')::date""",
    right={
        "Mar 25, 2024": "2024-03-25",
        "December 1st, 2023": "2023-12-01",
        "14 July 2024": "2024-07-14",
        "5 Sept. 2020": "2020-09-05",
    },
    wrong=("Mars 25", "March 2024", "32 March 2024", "Dunkerque 25, 2024"),
)
MDY_SLASH = Form(
    "date-mdy-slash",
    "03/12/2024 (mois d’abord)",
    "date",
    f"{_M}/{_D}/{_Y}",
    "try_strptime(v, '%m/%d/%Y')::date",
    right={"12/25/2020": "2020-12-25", "1/5/2020": "2020-01-05"},
    wrong=("25/12/2020", "1/5/20"),
)
MDY_DASH = Form(
    "date-mdy-dash",
    "03-12-2024 (mois d’abord)",
    "date",
    f"{_M}-{_D}-{_Y}",
    "try_strptime(v, '%m-%d-%Y')::date",
    right={"12-25-2020": "2020-12-25"},
    wrong=("25-12-2020",),
)
MDY_SHORT = Form(
    "date-mdy-short",
    "03/12/24 (mois d’abord)",
    "date",
    f"{_M}/{_D}/[0-9]{{2}}",
    "try_strptime(v, '%m/%d/%y')::date",
    right={"12/25/20": "2020-12-25"},
    wrong=("25/12/20",),
)
COMPACT = Form(
    "date-compact",
    "20240312",
    "date",
    f"{_Y}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])",
    "try_strptime(v, '%Y%m%d')::date",
    right={"20200105": "2020-01-05"},
    wrong=("20201301", "2020010", "202001051"),
)
ISO_MIDNIGHT = Form(
    "date-iso-midnight",
    "2024-03-12 00:00:00",
    "date",
    f"{_Y}-[0-9]{{2}}-[0-9]{{2}}[T ]00:00(:00([.]0+)?)?",
    "try_cast(left(v, 10) as date)",
    right={"2020-01-05 00:00:00": "2020-01-05", "2020-01-05T00:00": "2020-01-05"},
    wrong=("2020-01-05 10:00:00",),
)
DMY_MIDNIGHT = Form(
    "date-dmy-midnight",
    "12/03/2024 00:00",
    "date",
    f"{_D}/{_M}/{_Y} 0?0:00(:00)?",
    "try_strptime(regexp_extract(v, '^[0-9/]+'), '%d/%m/%Y')::date",
    right={"05/01/2020 00:00:00": "2020-01-05"},
    wrong=("05/01/2020 10:00",),
)

BIG_ENDIAN = (ISO, YMD_SLASH, YMD_DOT)
DAY_FIRST = (DMY_SLASH, DMY_DASH, DMY_DOT)
MONTH_FIRST = (MDY_SLASH, MDY_DASH)
