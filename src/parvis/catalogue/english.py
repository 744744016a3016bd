"""What English speakers call the things of a town hall: English words, then the French expressions that they
stand for in search.

One way only: who types « waste » gets what is said of « déchet », who types « déchet » is never sent to an
English word. One line a thing: its English words parted by `,` (a plural beside its singular where French
rules wouldn't join them), then `:`, then French expressions parted by `|`, the plainest first. Left out: what
is written alike in both languages (transport, budget, population).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from parvis.catalogue.synonyms import Expression, expression

STOP = frozenset(
    {"and", "are", "at", "by", "for", "in", "is", "my", "near", "of", "the", "to", "where", "which", "with"}
)
"""English words that say nothing of the subject. Of questions only: « the » is the folded « thé » in what is
indexed.
"""

_WORDS = Path(__file__).with_name("english.txt")


@cache
def in_french() -> Mapping[Expression, tuple[Expression, ...]]:
    """English expression, by the roots that the French rules give its words, to the French ones that it
    stands for. Read when it is first asked for.
    """
    synonyms: dict[Expression, tuple[Expression, ...]] = {}
    for line in _WORDS.read_text("utf-8").splitlines():
        english, french = line.split(":")
        meant = tuple(expression(part) for part in french.split("|"))
        for written in english.split(","):
            one = tuple(root for root in expression(written) if root not in STOP)
            synonyms[one] = tuple(
                dict.fromkeys(other for other in (*synonyms.get(one, ()), *meant) if other != one)
            )
    return MappingProxyType(synonyms)
