"""Yes and no."""

from __future__ import annotations

from parvis.columns.form import Form

WORDS = Form(
    "boolean", "oui / non", "boolean",
    "[Oo][Uu][Ii]|[Nn][Oo][Nn]|[Vv][Rr][Aa][Ii]|[Ff][Aa][Uu][Xx]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[OoNnYyTtFfVv]|[Nn][Oo]|[01]",
    # an IN of many texts would become a join, which loses the order of rows
    "contains('oOvVyYtT1', left(v, 1))",
    right={"oui": "true", "NON": "false", "Vrai": "true", "faux": "false", "TRUE": "true", "false": "false", "O": "true", "n": "false", "1": "true",
    "0": "false"},
    wrong=("peut-être", "2", "oui et non", "", "ok", "01"),
)  # fmt: skip
CROSS = Form(
    "boolean-cross",
    "X",
    "boolean",
    "[Xx✓✔☑]",
    "true",
    right={"X": "true", "x": "true", "✓": "true"},
    wrong=("XX", "oui", "", "☐"),
)
"""A box that is ticked: what is not stays empty, and unknown."""
