"""A document set by Typst as PDF/UA-1, without network: what people wrote comes in as data, never as markup,
and whatever it holds a document comes out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from parvis.core.late import late
from parvis.core.text import printable

if TYPE_CHECKING:
    import typst
else:
    typst = late("typst")

_REFUSED = re.compile(r'the text (?:contains the disallowed codepoint )?`"(.+?)"`', re.DOTALL)
"""What Typst says of characters that PDF/UA forbids, or that its fonts do not have."""
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_FAR = 0x2E80
"""From here on stand the writings of East Asia, emoji and private signs: Typst's own fonts have none of them.
"""


def typeset(source: bytes, values: Mapping[str, object]) -> bytes:
    """The PDF of a Typst document that reads these values from `sys.inputs.said`.

    A character that no font of ours draws is written as its code, `[U+1F600]`: PDF/UA has no document with a
    hole. Raises TypstError for a fault of `source`.
    """
    inputs = json.dumps(_settable(values), ensure_ascii=False)
    for _ in range(len(set(inputs))):  # each turn writes out one character at least
        try:
            return _compiled(source, inputs)
        except typst.TypstError as wrong:
            refused = _REFUSED.search(wrong.message)
            written = inputs
            if refused is not None:
                drawn = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), refused[1])
                strange = {c for c in drawn if ord(c) > 0x7E} | (
                    {c for c in inputs if ord(c) >= _FAR} if max(map(ord, drawn)) >= _FAR else set[str]()
                )
                for character in strange:
                    written = written.replace(character, f"[U+{ord(character):04X}]")
            if written == inputs:
                raise
            inputs = written
    return _compiled(source, inputs)


def _compiled(source: bytes, inputs: str) -> bytes:
    return typst.compile(
        source, format="pdf", sys_inputs={"said": inputs}, ignore_system_fonts=True, pdf_standards=["ua-1"]
    )


def _settable(value: object) -> object:
    """The same with texts that can be set: no controls, and tabs as spaces."""
    if isinstance(value, str):
        return re.sub(r"[\t\r\x7f-\x9f]+", " ", printable(value))
    if isinstance(value, Mapping):
        return {name: _settable(one) for name, one in cast("Mapping[str, object]", value).items()}
    return (
        [_settable(one) for one in cast("Sequence[object]", value)]
        if isinstance(value, list | tuple)
        else value
    )
