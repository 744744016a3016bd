"""French words: both forms of a word come to one token, two words to two."""

from __future__ import annotations

import doctest

import pytest

from parvis.catalogue import dcat, english, french, links, synonyms, vocabularies
from parvis.catalogue import rdf as rdf_module

SAME = """
vélo vélos | lieu lieux | travail travaux | journal journaux | élu élus | bateau bateaux | chou choux | bijou bijoux | jeu jeux | local locaux | eau eaux
école écoles | bureau bureaux | tuyau tuyaux | vitrail vitraux | hôpital hôpitaux | municipal municipaux municipale municipales | neveu neveux | feu feux
culturel culturels culturelle culturelles | sportif sportifs sportive sportives | citoyen citoyens citoyenne citoyennes | foncier fonciers foncière foncières
directeur directeurs directrice directrices | arceau arceaux | milieu milieux | bail baux | genou genoux | association associations | animal animaux
préau préaux | musée musées | crèche crèches | BUS bus | Œuvre oeuvre œuvres | été étés | noyau noyaux | régional régionaux régionale
"""
DIFFERENT = """
cour cours | foi fois | poid poids | voie voix | prit prix | port porc | mal mois | taux tas | marche marcheur | sol sols-pleureurs | bus bu | gaz ga
"""


@pytest.mark.parametrize(
    "ring", [r.split() for line in SAME.strip().splitlines() for r in line.split("|")], ids=lambda r: r[0]
)
def test_forms_of_a_word_share_their_root(ring: list[str]) -> None:
    assert len({french.word(w).root for w in ring}) == 1, [french.word(w) for w in ring]


@pytest.mark.parametrize(
    "pair",
    [r.split() for line in DIFFERENT.strip().splitlines() for r in line.split("|")],
    ids=lambda r: r[0],
)
def test_two_words_stay_two(pair: list[str]) -> None:
    first, second = (french.word(w).root for w in pair)
    assert first != second


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("l'eau", ["eau"]),
        ("L’EAU", ["eau"]),
        ("jusqu’à l’école", ["a", "ecole"]),
        ("qu'est-ce", ["est", "ce", "estce"]),
        ("d'une", ["une"]),
        ("aujourd'hui", ["aujourd", "hui", "aujourdhui"]),
        ("Crit’Air", ["crit", "air", "critair"]),
        ("co-voiturage", ["co", "voiturage", "covoiturage"]),
        ("S.N.C.F.", ["sncf"]),
        ("2026", ["2026"]),
        ("R+1", ["r", "1"]),
        ("", []),
        ("!?…", []),
        ("d’l’eau", ["eau"]),
        ("m²", ["m2"]),
        ("a_b", ["a", "b"]),
        ("D'", ["d"]),
    ],
)
def test_a_text_is_split_as_french_is_written(written: str, words: list[str]) -> None:
    assert [w.plain for u in french.units(written) for w in u.all] == words


def test_accents_are_kept_beside_the_fold() -> None:
    (unit,) = french.units("Élève")
    assert unit.words[0] == french.Word("élève", "eleve", "eleve")


def test_the_synonyms_are_sound() -> None:
    """Every expression stands for others, both ways, never for itself, and none is only stop words."""
    for one, others in synonyms.synonyms().items():
        assert one
        assert others
        assert one not in others
        for other in others:
            assert one in synonyms.synonyms()[other]


def test_english_words_lead_to_french_ones_and_never_back() -> None:
    assert english.in_french()[("school",)][0] == ("ecole",)
    assert ("library",) in english.in_french()
    assert all(others and one not in others for one, others in english.in_french().items())
    assert not any(("school",) in {*others, one} for one, others in synonyms.synonyms().items())


@pytest.mark.parametrize("module", [french, links, dcat, rdf_module, vocabularies], ids=lambda m: m.__name__)
def test_the_examples_in_docstrings_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted
    assert not result.failed
