"""Full-width digits and marks (１２), typed with an Asian keyboard or copied from a PDF: no program reads them
as numbers.
"""

from __future__ import annotations

from parvis.checks.declaration import English
from parvis.checks.repair import Example, Repair, each

_ASCII = {0xFF01 + i: 0x21 + i for i in range(94)}

full_width = Repair(
    name="full-width",
    title="Chiffres pleine chasse ramenés à l’ordinaire",
    certain="Chaque caractère pleine chasse a un seul équivalent ordinaire.",
    english=English(
        title="Full-width digits made ordinary", why="Every full-width character has one ordinary equivalent."
    ),
    turn=1,
    mend=each(lambda text: text.translate(_ASCII)),
    spots="[\uff10-\uff19]",
    examples=(Example({"type": "integer"}, ("１２", "3", "２０２４"), {"１２": "12", "２０２４": "2024"}),),
)
