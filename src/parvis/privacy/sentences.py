"""People inside sentences: who is named, born, lives or drives in a text that is no name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from sqlglot import exp

from parvis.core.text import fold
from parvis.core.types import Sensitivity
from parvis.privacy.cells import aliased, call, cell_of, matches, number_filled, rows_of, those
from parvis.privacy.coincidence import tail
from parvis.privacy.confidence import against_luck, confidence
from parvis.privacy.declaration import stars
from parvis.privacy.detection import Detection
from parvis.privacy.eponyms import EPONYMS
from parvis.privacy.headers import names_body, says_elected, says_memorial, says_name, says_place
from parvis.privacy.looking import LABEL, LONGEST, SENTENCES, SURE, Look, message_of, nameable
from parvis.privacy.rows import ELECTED, PAST
from parvis.privacy.text import Span, people, spans


@dataclass(frozen=True, slots=True)
class _Said:
    """How a kind of span is told. chance: share of sentences about nobody in which the lists see somebody."""

    title: str
    sensitivity: Sensitivity
    chance: float
    fix: str


_SAID: Mapping[str, _Said] = {
    "person-in-text": _Said(
        "personnes nommées",
        Sensitivity.DIRECT,
        0.02,
        "Un nom dans une phrase désigne quelqu’un : masquez-le, ou remplacez la colonne par une catégorie.",
    ),
    "birth-in-text": _Said(
        "naissances",
        Sensitivity.DIRECT,
        0.001,
        "Une date de naissance dans une phrase désigne quelqu’un : masquez-la.",
    ),
    "address-in-text": _Said(
        "adresses de personnes",
        Sensitivity.DIRECT,
        0.01,
        "Une adresse dans une phrase dit où quelqu’un vit : masquez-la.",
    ),
    "plate-in-text": _Said(
        "plaques d’immatriculation",
        Sensitivity.INDIRECT,
        0.001,
        "Une plaque désigne le titulaire du véhicule : masquez-la.",
    ),
}


def said(
    look: Look,
    columns: AbstractSet[str],
    signed: AbstractSet[str],
    *,
    past: bool = False,
    places: bool = False,
    strays: Collection[str] = (),
) -> Iterator[Detection]:
    """People inside sentences. columns: where there are any; signed: where some cell of the whole table bears
    a sign of somebody; past: whether its rows are people who died long ago, whose name then is in the column
    called so; places: whether its rows are places, which bear people's names; strays: columns whose texts
    stand among numbers or dates: a note there is the name of nothing, so whoever lists see in it is somebody.
    """
    for name in columns:
        if not nameable(look.schema, name):
            continue
        stray = name in strays and not (says_place(name) or names_body(name))
        least = 3 if says_place(name) else 1 if stray else 2
        texts = [v for v in look.values(name, SENTENCES) if v.count(" ") >= least]
        if name in signed:
            texts = list(dict.fromkeys((*texts, *_telling(look, name))))
        by_kind: dict[str, dict[str, Span]] = {}
        for text, modelled in zip(texts, people([t[:LONGEST] for t in texts]), strict=True):
            for span in (*modelled, *spans(text[:LONGEST])):
                if stray and not span.sure and fold(text[span.start : span.end]) not in EPONYMS:
                    span = replace(span, sure=True)
                known = by_kind.setdefault(span.kind, {})
                if text not in known or (span.sure and not known[text].sure):
                    known[text] = span
        hits = by_kind.get("person-in-text", {})
        if (
            says_place(name) or names_body(name) or (places and says_name(name))
        ):  # they bear people's names: a list alone tells nobody there
            by_kind["person-in-text"] = {t: s for t, s in hits.items() if s.sure}
        else:
            great = {t for t, s in hits.items() if fold(t[s.start : s.end]) in EPONYMS}
            homage = len(great) >= HOMAGE * len(hits)
            by_kind["person-in-text"] = {
                t: s for t, s in hits.items() if s.sure or not (homage or t in great)
            }
        labels = sum(t.count(" ") <= LABEL for t in texts) >= 0.8 * len(texts)
        for kind, hits in by_kind.items():
            seen = _sentence(look, name, kind, hits, len(texts), labels=labels)
            if seen is not None:
                ground = (
                    ELECTED
                    if says_elected(name)
                    else PAST
                    if past and (says_name(name) or says_memorial(name))
                    else ""
                )
                yield seen.allowed(ground) if kind == "person-in-text" and ground else seen


def among_numbers(values: Sequence[str]) -> bool:
    """Whether most of the first distinct values are numbers or dates: the others were written where one was expected.

    >>> among_numbers(["12", "7,5", "voir Marie Dupont"]), among_numbers(["12 rue Haute", "7"])
    (True, False)
    """
    first = values[:SENTENCES]
    numbers = sum(_NUMBER.fullmatch(v) is not None for v in first)
    return numbers < len(first) and numbers >= NUMBERS * len(first)


_NUMBER = re.compile(r"[\s\d.,:/+<>=~±()-]*\d[\s\d.,:/%€+-]*")
NUMBERS = 0.5
"""Share of numbers among the distinct values of a column from which they are what it holds."""
HOMAGE = 0.5
"""Share of those after whom streets are called, among who is named, from which a column honours the dead:
plaques, names of halls.
"""
NAMESAKE = 0.2
"""Share of the names of things in which the lists see somebody: « Vincent de Tyrosse », « Julien en Genevois
».
"""


TELLING = (
    "(?:^|[^\\p{L}])(?:M[.] ?[\\p{Lu}]|(?:Mme|MME|Mlle|Mr|MR|Monsieur|MONSIEUR|Madame|MADAME|mme|monsieur|madame) +[\\p{L}]|[Nn](?:é|ée|É) "
    "le|[Hh]abit|[Dd]omicili"
    "|[Ii]mmatricul|[Ss]oussign|m['’]appelle|[Dd]octeur )"
)
"""RE2: what a sentence about somebody often bears. Sought in every cell of a large table, for one such
sentence in a million is a leak.
"""

_TITLED = re.compile(r"(?:^|[\s,;:(])(?:M\.|MM\.|Mme|Mlle|Monsieur|Madame|Mr)\s+[^\W\d_]")


def titled(values: Sequence[str]) -> bool:
    """Whether somebody is called by a title in some of these texts, as in none of a column of addresses."""
    return any(_TITLED.search(v) for v in values)


FEW = 3_000
"""Sentences of a large table that are read for what they bear, beside the sampled ones."""


def _telling(look: Look, name: str) -> list[str]:
    """Distinct values of a column that bear such a sign."""
    cell = aliased(cell_of(name), "v")
    source = exp.select(cell).from_(rows_of(look.paths))
    long = exp.GTE(this=call("strlen", exp.column("v")), expression=exp.Literal.number(8))
    sign = exp.Case(ifs=[exp.If(this=long, true=matches(exp.column("v"), TELLING))], default=exp.false())
    if name in look.again:  # grouped first: a city's columns repeat themselves
        values = (
            exp.select("v")
            .from_("u")
            .with_("u", as_=source.distinct(), materialized=True)
            .where(sign)
            .limit(FEW)
        )
    else:
        values = exp.select("v").distinct().from_(source.subquery("c")).where(sign).limit(FEW)
    return [str(v) for (v,) in look.con.execute(values.sql("duckdb")).fetchall()]


def _sentence(
    look: Look, name: str, kind: str, hits: Mapping[str, Span], texts: int, *, labels: bool
) -> Detection | None:
    kind_of = _SAID[kind]
    titled = any(s.sure for s in hits.values())
    luck = against_luck(
        tail(
            texts,
            len(hits),
            NAMESAKE if labels and not titled and kind == "person-in-text" else kind_of.chance,
        )
    )
    sure = confidence("text", {"titled": titled, "listed": not titled, "luck": luck})
    if sure < SURE:
        return None
    count, rows = those(look.con, look.paths, name, tuple(hits), lambda text: _hidden(text, hits.get(text)))
    cells = number_filled(look.con, look.paths, name)
    message = message_of(kind_of.title, name, count, cells, free=True)
    return Detection(
        kind,
        name,
        kind_of.sensitivity,
        kind_of.sensitivity,
        "error",
        count,
        cells,
        sure,
        message,
        kind_of.fix,
        rows,
    )


def _hidden(text: str, span: Span | None) -> str:
    """The masked piece of a sentence, nothing of what stands around it."""
    return stars(text[span.start : span.end]) if span is not None else "•"
