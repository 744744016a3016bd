"""Services are found by the words that people type, in both languages; each declares its own."""

from __future__ import annotations

import pytest

from parvis.catalogue.synonyms import expression
from parvis.work import service_runs

LOOKED_FOR = (
    ("fr", "impôts", "finances"), ("fr", "taxe foncière", "finances"), ("fr", "conseil municipal", "finances"),
    ("fr", "piscine", "lieux"), ("fr", "état civil", "lieux"), ("fr", "carte d'identité", "lieux"), ("fr", "dechetterie", "lieux"),
    ("fr", "travaux", "circulation"), ("fr", "rue fermée", "circulation"), ("fr", "bruit", "incidents"), ("fr", "nuisances", "incidents"),
    ("fr", "poubelles", "collecte"), ("fr", "encombrants", "collecte"), ("fr", "compost", "tri"), ("fr", "recyclage", "tri"),
    ("fr", "vaccins", "soins"), ("fr", "dentiste", "soins"), ("fr", "pharmacie de garde", "soins"), ("fr", "grippe", "epidemies"),
    ("fr", "covid", "epidemies"), ("fr", "canicule", "fontaines"), ("fr", "stationnement", "stationnement"), ("fr", "me garer", "stationnement"),
    ("fr", "accident", "points-noirs"), ("fr", "sécurité routière", "points-noirs"), ("fr", "vélos", "velos"), ("fr", "concert", "sorties"),
    ("en", "taxes", "finances"), ("en", "pool", "lieux"), ("en", "roadworks", "circulation"), ("en", "noise", "incidents"),
    ("en", "bin day", "collecte"), ("en", "flu", "epidemies"), ("en", "parking", "stationnement"), ("en", "crash", "points-noirs"),
)  # fmt: skip


@pytest.mark.parametrize(("language", "words", "name"), LOOKED_FOR)
def test_words_that_people_type_are_declared_by_a_service(language: str, words: str, name: str) -> None:
    wanted = set(expression(words))
    known = {
        one.name: {
            root
            for code in (language, "fr")
            for text in (*one.found_by.get(code, ()), one.title, one.question)
            for root in expression(text)
        }
        for one in service_runs.for_all()
    }
    assert len(wanted & known[name]) * 2 >= len(wanted) > 0


def test_every_service_with_a_page_says_in_both_languages_what_it_is_found_by() -> None:
    silent = [one.name for one in service_runs.for_all() if one.page and set(one.found_by) != {"fr", "en"}]
    assert silent == []
