"""People inside sentences: found by titles, formulas and lists; places, bodies and roles that bear their
names are nobody.
"""

from __future__ import annotations

import duckdb
import pytest

from parvis.privacy import known_detectors
from parvis.privacy.forms import marks
from parvis.privacy.text import spans

SOMEBODY = """
Rappeler Mme Trinquet au plus vite           => Trinquet
rappeler mme trinquet                        => trinquet
Passage de Mme Brun au guichet               => Brun
relance faite auprès du docteur Rouvière     => Rouvière
vu avec Jean Dupont                          => Jean Dupont
DUPONT Jean absent                           => DUPONT Jean
Cordialement, Hélène                         => Hélène
Signature : Tiziano Mornet                   => Tiziano Mornet
jean dupont a appelé                         => jean dupont
J.-P. Martin                                 => J.-P. Martin
collège Simone Veil et Pierre Durand         => Pierre Durand
Place du Général de Gaulle, M. Benali attend => Benali
Ma fille Jade attend                         => Jade
M. d’Arcy                                    => d’Arcy
vu av. Mme Trinquet pour le trottoir         => Trinquet
Famille Trinquet : impayé de cantine         => Trinquet
Famille Yıldırım : relance                   => Yıldırım
Consorts Le Goaziou, succession ouverte      => Le Goaziou
La gardienne, Lilwenn Kervella, confirme     => Lilwenn Kervella
Mon mari Zorobabel est alité                 => Zorobabel
Lilwenn Kervella - 06 12 34 56 78            => Lilwenn Kervella
Lilwenn Kervella <l.kervella@example.fr>     => Lilwenn Kervella
Lilwenn Kervella né(e) le 05/10/1970         => Lilwenn Kervella
KERVELLA Lilwenn 185057800608491 arrêt       => KERVELLA Lilwenn
Me Rakotomalala, notaire, relance            => Rakotomalala
"""
NOBODY = """
M. le Maire a dit
Monsieur Le Maire
Madame la Directrice est informée
Bonjour Madame, Monsieur,
Travaux rue Jean Dupont
rue du Docteur Jean Martin
Rue M. Karim Benali
École Jules Ferry fermée
Maison pour tous Albert Camus
Prix Marie Durand remis
La Rose des sables
Pierre blanche et sable livrés
Me rappeler demain
RAS
Nid-de-poule devant le 158 Venelle Albert Marquet
Famille nombreuse, tarif réduit
FAMILLE NOMBREUSE, TARIF RÉDUIT
Famille d’accueil à trouver
Challenge Jean Dupont reporté
Convention avec la fondation Lilwenn Ben Youssef
Accueil Mairie - 06 12 34 56 78
mairie annexe <mairie.annexe@example.fr>
Les Amis de Jean Dupont
École élém. Jean Dupont
"""
ELSE = """
j’habite 12 rue des Lilas                          => address-in-text 12 rue des
demeurant 44 Chez Bourlure                         => address-in-text 44 Chez Bourlure
nid de poule devant le 12 rue des Lilas            =>
né le 12/03/1985 à Sète                            => birth-in-text 12/03/1985
date de naissance : 1985-03-12                     => birth-in-text 1985-03-12
constaté le 12/03/1985                             =>
Véhicule immatriculé AB-123-CD gênant              => plate-in-text AB-123-CD
la voiture ab-123-cd                               => plate-in-text ab-123-cd
Lot AB-123-CD livré                                =>
Enlèvement demandé : AB-123-CD                     => plate-in-text AB-123-CD
dame âgée seule au 12 rue des Lilas                => address-in-text 12 rue des
date de naissance de l’enfant : 12/03/2015         => birth-in-text 12/03/2015
"""


def _lines(text: str) -> list[tuple[str, str]]:
    return [
        (left.strip(), right.strip())
        for left, _, right in (line.partition("=>") for line in text.strip().splitlines())
    ]


@pytest.mark.parametrize(("text", "name"), _lines(SOMEBODY))
def test_somebody(text: str, name: str) -> None:
    """One person, just that piece of the text."""
    assert [text[s.start : s.end] for s in spans(text) if s.kind == "person-in-text"] == [name]


@pytest.mark.parametrize("text", NOBODY.strip().splitlines())
def test_nobody(text: str) -> None:
    """Streets, schools, prizes, roles, greetings."""
    assert spans(text) == ()


@pytest.mark.parametrize(("text", "told"), _lines(ELSE))
def test_births_homes_and_cars(text: str, told: str) -> None:
    """Where the sentence says that it is one; a street number or a code alone is none."""
    assert [f"{s.kind} {text[s.start : s.end]}" for s in spans(text)] == ([told] if told else [])


def test_forms_inside_sentences_by_line() -> None:
    """Check digits hold where they should; each line with its own kinds."""
    lines = [
        "tel 06 12 34 56 78 ou j.petit@example.fr",
        "NIR 1 85 05 78 006 084 91",
        "NIR 1 85 05 78 006 084 92",
        "RAS",
        "virer sur FR7630006000011234567890189",
    ]
    wanted = [known_detectors()[n] for n in ("phone", "email", "nir", "iban")]
    assert marks(duckdb.connect(), lines, wanted) == [{"phone", "email"}, {"nir"}, set(), set(), {"iban"}]
    assert marks(duckdb.connect(), [], wanted) == []
