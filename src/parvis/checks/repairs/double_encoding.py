"""« CafÃ© »: UTF-8 read as Windows-1252 and written again. Undone when each damaged run goes back to the very
bytes that it came from.
"""

from __future__ import annotations

import re

from parvis.checks.declaration import English
from parvis.checks.repair import Example, Repair, each

_BYTES = {bytes([b]).decode("cp1252", errors="ignore") or chr(b): b for b in range(0x80, 0x100)}
"""Character to byte, Windows-1252; the five bytes that it leaves undefined stand for themselves, as programs
write them.
"""

_FIRST, _NEXT = (
    "".join(re.escape(c) for c, b in _BYTES.items() if low <= b < high)
    for low, high in ((0xC2, 0xF5), (0x80, 0xC0))
)
_RUN = re.compile(f"(?:[{_FIRST}][{_NEXT}]+)+")


def _undone(run: re.Match[str]) -> str:
    try:
        back = bytes(_BYTES[c] for c in run[0]).decode("utf-8")
    except UnicodeDecodeError:
        return run[0]
    return back if all(c.isprintable() or c == "\u00a0" for c in back) else run[0]


def _mended(text: str) -> str:
    """Twice at most: some files went through it two times."""
    once = _RUN.sub(_undone, text)
    return _RUN.sub(_undone, once)


double_encoding = Repair(
    name="double-encoding",
    title="Accents abîmés (« Ã© ») remis",
    certain="Les octets d’origine se retrouvent exactement ; une suite qui ne redonne pas d’UTF-8 valide est laissée.",
    english=English(
        title="Damaged accents (“Ã©”) put back",
        why="The original bytes are found exactly; a sequence that gives no valid UTF-8 is left as it is.",
    ),
    turn=1,
    mend=each(_mended),
    spots=f"[{_FIRST}][{_NEXT}]",
    examples=(
        Example(
            {"type": "string"},
            ("CafÃ©", "L’Ã©cole", "Ã‰cole", "lâ€™Ã©tÃ©", "Noël", "Â©", "Ã", "é"),
            {
                "CafÃ©": "Café",
                "L’Ã©cole": "L’école",
                "Ã‰cole": "École",
                "lâ€™Ã©tÃ©": "l’été",
                "Â©": "©",
            },
        ),
        Example(
            {"type": "string"}, ("CafÃƒÂ©", "12 â‚¬", "Cité", "ŒUVRE"), {"CafÃƒÂ©": "Café", "12 â‚¬": "12 €"}
        ),
    ),
)
