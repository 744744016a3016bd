"""Whole numbers and decimals, in French and in English hands.

A leading zero is never part of a number here: `01000` is a post code. Exponents stay far from what a double
can hold, so that nothing becomes infinite.
"""

from __future__ import annotations

from parvis.columns.form import GROUP, Form

_WHOLE = "(0|[1-9][0-9]{0,29})"
_LONG = "[+-]?(0|[1-9][0-9]{0,17})"
_GROUPED = f"[1-9][0-9]{{0,2}}({GROUP}[0-9]{{3}}){{1,5}}"
_MINUS = f"([\u2212\u2013]{GROUP}?|-{GROUP})"

INTEGER = Form(
    "integer",
    "1234",
    "integer",
    _LONG,
    "try_cast(v as bigint)",
    right={"0": "0", "-12": "-12", "+7": "7", "999999999999999999": "999999999999999999"},
    wrong=(
        "1.5",
        "1e3",
        "0x10",
        "1_000",
        "01",
        "",
        "99999999999999999999",
        "１２",
        "٣",
        "12a",
        "1 234",
        "12\n",
    ),
)
INTEGER_GROUPED = Form(
    "integer-grouped",
    "1 234",
    "integer",
    f"[+-]?{_GROUPED}",
    "try_cast(regexp_replace(v, '[^0-9-]', '', 'g') as bigint)",
    right={"1 234": "1234", "-12\u202f345\u202f678": "-12345678", "1\u00a0000": "1000"},
    wrong=("1 2 3", "1 23", "0 123", "1234 567", "12"),
)
INTEGER_MINUS = Form(
    "integer-minus",
    "−12",
    "integer",
    f"{_MINUS}({_GROUPED}|0|[1-9][0-9]{{0,17}})",
    "-try_cast(regexp_replace(v, '[^0-9]', '', 'g') as bigint)",
    right={"\u22125": "-5", "- 12": "-12", "\u20131 234": "-1234"},
    wrong=("-5", "--5", "\u221205"),
)
INTEGER_BEHIND = Form(
    "integer-minus-behind",
    "12-",
    "integer",
    f"({_GROUPED}|0|[1-9][0-9]{{0,17}}){GROUP}?-",
    "-try_cast(regexp_replace(v, '[^0-9]', '', 'g') as bigint)",
    right={"12-": "-12", "1 234 -": "-1234"},
    wrong=("-12", "12,5-", "0-14"),
)
INTEGER_PARENTHESES = Form(
    "integer-parentheses",
    "(12)",
    "integer",
    f"[(]{GROUP}?({_GROUPED}|0|[1-9][0-9]{{0,17}}){GROUP}?[)]",
    "-try_cast(regexp_replace(v, '[^0-9]', '', 'g') as bigint)",
    right={"(12)": "-12", "(1 234)": "-1234"},
    wrong=("12", "(12,5)", "()"),
)
INTEGER_APOSTROPHES = Form(
    "integer-apostrophes",
    "1'234",
    "integer",
    "[+-]?[1-9][0-9]{0,2}(['’][0-9]{3}){1,5}",
    "try_cast(regexp_replace(v, '[^0-9-]', '', 'g') as bigint)",
    right={"1'234": "1234", "-12’345’678": "-12345678"},
    wrong=("1'23", "1'234.5", "12"),
)
INTEGER_POINT_ZERO = Form(
    "integer-point-zero",
    "12.0",
    "integer",
    "[+-]?(0|[1-9][0-9]{0,14})([.,](0|00|0{4,30}))",
    "try_cast(regexp_extract(v, '^[+-]?[0-9]+') as bigint)",
    right={"12.0": "12", "-3,00": "-3"},
    wrong=("12.5", "12.", "1.000"),
)
INTEGER_DOTS = Form(
    "integer-dots",
    "1.234",
    "integer",
    "[+-]?[1-9][0-9]{0,2}([.][0-9]{3}){1,5}",
    "try_cast(replace(v, '.', '') as bigint)",
    right={"1.234": "1234", "-1.234.567": "-1234567"},
    wrong=("1.23", "0.123", "1234.567"),
)
INTEGER_COMMAS = Form(
    "integer-commas",
    "1,234",
    "integer",
    "[+-]?[1-9][0-9]{0,2}(,[0-9]{3}){1,5}",
    "try_cast(replace(v, ',', '') as bigint)",
    right={"1,234": "1234", "12,345,678": "12345678"},
    wrong=("1,23", "0,123", "1,2345"),
)
INTEGER_ZEROS = Form(
    "integer-zeros",
    "007",
    "integer",
    "[+-]?0[0-9]{1,17}",
    "try_cast(v as bigint)",
    right={"007": "7", "-01": "-1"},
    wrong=("7", "0", "0x7"),
)

DOT = Form(
    "number-dot",
    "1234.5",
    "number",
    f"[+-]?({_WHOLE}([.][0-9]{{0,60}})?|[.][0-9]{{1,60}})",
    "try_cast(v as double)",
    right={"12.5": "12.5", "-0.25": "-0.25", ".5": "0.5", "12": "12.0", "5.": "5.0", "+3": "3.0"},
    wrong=("NaN", "inf", "1e5", "1 234.5", "12,5", "012.5", "12.5.3", ".", "", "0x1F", "1_0.5"),
)
COMMA = Form(
    "number-comma",
    "1234,5",
    "number",
    f"[+-]?({_WHOLE}(,[0-9]{{0,60}})?|,[0-9]{{1,60}})",
    "try_cast(replace(v, ',', '.') as double)",
    right={"12,5": "12.5", "-0,25": "-0.25", "12": "12.0", ",5": "0.5"},
    wrong=("12.5", "1 234,5", "1,2,3", ",", "00,5"),
)
SPACES_COMMA = Form(
    "number-spaces-comma",
    "1 234,5",
    "number",
    "[+-]?[1-9][0-9]{0,2}( [0-9]{3}){1,9}(,[0-9]{0,60})?",
    "try_cast(replace(replace(v, ' ', ''), ',', '.') as double)",
    right={"1 234,5": "1234.5", "-12 345 678,25": "-12345678.25", "1 000": "1000.0"},
    wrong=("1 23,5", "1 234.5", "12 34", "1234,5"),
)
BLANKS_COMMA = Form(
    "number-blanks-comma",
    "1\u202f234,5",
    "number",
    f"[+-]?[1-9][0-9]{{0,2}}({GROUP}[0-9]{{3}}){{1,9}}(,[0-9]{{0,60}})?",
    "try_cast(replace(regexp_replace(v, '[^0-9,-]', '', 'g'), ',', '.') as double)",
    right={"1\u202f234,5": "1234.5", "1\u00a0234\u00a0567,5": "1234567.5"},
    wrong=("1\u202f23,5", "1234,5"),
)
DOTS_COMMA = Form(
    "number-dots-comma",
    "1.234,5",
    "number",
    "[+-]?[1-9][0-9]{0,2}(([.][0-9]{3}){1,9},[0-9]{1,60}|([.][0-9]{3}){2,9})",
    "try_cast(replace(replace(v, '.', ''), ',', '.') as double)",
    right={"1.234,56": "1234.56", "-1.234.567": "-1234567.0"},
    wrong=("1.234", "1.23,5", "1,234.5"),
)
DOTS = Form(
    "number-dots",
    "1.234",
    "number",
    "[+-]?[1-9][0-9]{0,2}[.][0-9]{3}",
    "try_cast(replace(v, '.', '') as double)",
    right={"1.234": "1234.0"},
    wrong=("1.23", "0.123"),
)
BLANKS_DOT = Form(
    "number-blanks-dot",
    "1 234.5",
    "number",
    f"[+-]?[1-9][0-9]{{0,2}}({GROUP}[0-9]{{3}}){{1,9}}([.][0-9]{{0,60}})?",
    "try_cast(regexp_replace(v, '[^0-9.-]', '', 'g') as double)",
    right={"1 234.5": "1234.5", "12\u202f345": "12345.0"},
    wrong=("1 234,5", "1 23"),
)
COMMAS_DOT = Form(
    "number-commas-dot",
    "1,234.5",
    "number",
    "[+-]?[1-9][0-9]{0,2}((,[0-9]{3}){1,9}[.][0-9]{1,60}|(,[0-9]{3}){2,9})",
    "try_cast(replace(v, ',', '') as double)",
    right={"1,234.5": "1234.5", "1,234,567": "1234567.0"},
    wrong=("1,234", "1.234,5"),
)
COMMAS = Form(
    "number-commas",
    "1,234",
    "number",
    "[+-]?[1-9][0-9]{0,2},[0-9]{3}",
    "try_cast(replace(v, ',', '') as double)",
    right={"1,234": "1234.0"},
    wrong=("1,23",),
)
STRAY_DOT = Form(
    "number-stray-dot",
    "12.5",
    "number",
    "[+-]?((0|[1-9][0-9]{0,29})[.]([0-9]{1,2}|[0-9]{4,60})|0[.][0-9]{3}|[1-9][0-9]{3,29}[.][0-9]{3}|[.][0-9]{1,60})",
    "try_cast(v as double)",
    right={"12.5": "12.5", "0.125": "0.125", "1234.125": "1234.125"},
    wrong=("1.234", "12", "12,5"),
)
STRAY_COMMA = Form(
    "number-stray-comma",
    "12,5",
    "number",
    "[+-]?((0|[1-9][0-9]{0,29}),([0-9]{1,2}|[0-9]{4,60})|0,[0-9]{3}|[1-9][0-9]{3,29},[0-9]{3}|,[0-9]{1,60})",
    "try_cast(replace(v, ',', '.') as double)",
    right={"12,5": "12.5", "0,125": "0.125"},
    wrong=("1,234", "12", "12.5"),
)
SCIENTIFIC = Form(
    "number-scientific",
    "1,5E+03",
    "number",
    "[+-]?[0-9]([.,][0-9]{1,60})?[eE][+-]?([0-9]{1,2}|[12][0-9]{2})",
    "try_cast(replace(v, ',', '.') as double)",
    right={"1e3": "1000.0", "1,5E-01": "0.15", "2.5e+2": "250.0"},
    wrong=("1e400", "e3", "12e3", "NaN", "1e-400"),
)
MINUS = Form(
    "number-minus",
    "−12,5",
    "number",
    f"{_MINUS}({_GROUPED}|{_WHOLE})([.,][0-9]{{1,60}})?",
    "-try_cast(replace(regexp_replace(v, '[^0-9.,]', '', 'g'), ',', '.') as double)",
    right={"\u221212,5": "-12.5", "- 1 234,5": "-1234.5", "\u20135": "-5.0"},
    wrong=("-12,5", "\u22121,2,3"),
)
PARENTHESES = Form(
    "number-parentheses",
    "(12,5)",
    "number",
    f"[(]{GROUP}?({_GROUPED}|{_WHOLE})([.,][0-9]{{1,60}})?{GROUP}?[)]",
    "-try_cast(replace(regexp_replace(v, '[^0-9.,]', '', 'g'), ',', '.') as double)",
    right={"(12,5)": "-12.5", "(1 234.50)": "-1234.5"},
    wrong=("12,5", "(a)", "()"),
)
"""Negative, as accounts write it."""
MINUS_BEHIND = Form(
    "number-minus-behind",
    "12,5-",
    "number",
    f"({_GROUPED}|{_WHOLE})([.,][0-9]{{1,60}})?{GROUP}?-",
    "-try_cast(replace(regexp_replace(v, '[^0-9.,]', '', 'g'), ',', '.') as double)",
    right={"12,5-": "-12.5", "1 234.50 -": "-1234.5"},
    wrong=("-12,5", "-", "0-14"),
)
"""Negative, as programs for accounting write it."""
APOSTROPHES = Form(
    "number-apostrophes",
    "1'234.5",
    "number",
    "[+-]?[1-9][0-9]{0,2}(['’][0-9]{3}){1,9}([.,][0-9]{0,60})?",
    "try_cast(replace(regexp_replace(v, '[^0-9.,-]', '', 'g'), ',', '.') as double)",
    right={"1'234.50": "1234.5", "-12’345’678": "-12345678.0"},
    wrong=("1'23", "12.5", "43'"),
)
EURO_BEFORE = Form(
    "number-euro-before",
    "€12.50",
    "number",
    f"[+-]?(€|EUR){GROUP}?[+-]?({_GROUPED}([.,][0-9]{{1,60}})?|{_WHOLE}([.,][0-9]{{1,60}})?|[1-9][0-9]{{0,2}}(,[0-9]{{3}}){{1,9}}[.][0-9]{{1,60}}"
    "|[1-9][0-9]{0,2}([.][0-9]{3}){1,9},[0-9]{1,60}|[1-9][0-9]{0,2}(['’][0-9]{3}){1,9}([.,][0-9]{1,60})?)",
    """try_cast(CASE WHEN regexp_matches(v, ',.*[.]') THEN regexp_replace(v, '[^0-9.-]', '', 'g')
       WHEN regexp_matches(v, '[.].*,') THEN replace(regexp_replace(v, '[^0-9,-]', '', 'g'), ',', '.')
       ELSE replace(regexp_replace(v, '[^0-9.,-]', '', 'g'), ',', '.') END as double)""",
    right={
        "€12.50": "12.5",
        "€1,234.00": "1234.0",
        "€ 1 234,5": "1234.5",
        "€ 1.234,50": "1234.5",
        "-€3": "-3.0",
        "EUR 12,50": "12.5",
        "€ 1'250.00": "1250.0",
    },
    wrong=("12 €", "€", "12.5", "$12.50"),
)
EURO_INSIDE = Form(
    "number-euro-inside",
    "12€50",
    "number",
    f"({_GROUPED}|{_WHOLE}) ?€ ?[0-9]{{2}}",
    "try_cast(replace(regexp_replace(v, '[^0-9€]', '', 'g'), '€', '.') as double)",
    right={"12€50": "12.5", "1 234 €05": "1234.05"},
    wrong=("12 €", "12€5", "€12"),
)
"""As shops write it."""
ZEROS = Form(
    "number-zeros",
    "007,5",
    "number",
    "[+-]?0[0-9]{1,17}([.,][0-9]{1,60})?",
    "try_cast(replace(v, ',', '.') as double)",
    right={"007,5": "7.5", "01": "1.0"},
    wrong=("7", "0,5"),
)
INFINITE = Form(
    "number-named",
    "NaN",
    "number",
    "NaN|-?INF",
    "try_cast(v as double)",
    right={"NaN": "nan", "-INF": "-inf"},
    wrong=("nan", "inf", "12"),
)

INTEGERS = (INTEGER, INTEGER_GROUPED, INTEGER_MINUS, INTEGER_BEHIND, INTEGER_APOSTROPHES, INTEGER_POINT_ZERO)
FRENCH = (
    COMMA,
    SPACES_COMMA,
    BLANKS_COMMA,
    DOTS_COMMA,
    STRAY_DOT,
    BLANKS_DOT,
    SCIENTIFIC,
    MINUS,
    MINUS_BEHIND,
    APOSTROPHES,
    EURO_BEFORE,
    EURO_INSIDE,
)
ENGLISH = (
    DOT,
    BLANKS_DOT,
    COMMAS_DOT,
    STRAY_COMMA,
    SPACES_COMMA,
    BLANKS_COMMA,
    SCIENTIFIC,
    MINUS,
    MINUS_BEHIND,
    APOSTROPHES,
    EURO_BEFORE,
)
