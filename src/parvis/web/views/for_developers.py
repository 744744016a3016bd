"""How programs read the portal: addresses, formats, the language of questions, and the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from parvis.catalogue.dcat import EXTENSIONS
from parvis.exports import exporters
from parvis.query.functions import FUNCTIONS
from parvis.web.page import Visit

EXPLORE = "/api/explore/v2.1/catalog"


@dataclass(frozen=True, slots=True)
class Address:
    """One address that programs may ask."""

    path: Annotated[str, "Adresse, avec ses parties variables entre accolades."]
    says: Annotated[str, "Ce qu’elle répond."]


@dataclass(frozen=True, slots=True)
class Form:
    """One file format."""

    name: Annotated[str, "Nom à écrire dans l’adresse."]
    title: Annotated[str, "Nom du format."]
    media_type: Annotated[str, "Type de contenu de la réponse."]


@dataclass(frozen=True, slots=True)
class ApiPage:
    """The programs' way in."""

    base: Annotated[str, "Adresse publique du portail."]
    addresses: Annotated[tuple[Address, ...], "Adresses de l’API Explore v2.1."]
    exports: Annotated[tuple[Form, ...], "Formats d’export d’une table entière."]
    functions: Annotated[tuple[str, ...], "Fonctions que les questions peuvent employer."]
    catalogue: Annotated[tuple[str, ...], "Adresses du catalogue DCAT-AP, une par format."]


def api(visit: Visit) -> ApiPage:
    """What a program may ask, from the declarations themselves."""
    say = visit.language.say
    addresses = (
        Address(f"{EXPLORE}/datasets", say("Les jeux de données, filtrés et triés.")),
        Address(f"{EXPLORE}/datasets/{{id}}", say("Un jeu : ses colonnes, ses types, sa description.")),
        Address(
            f"{EXPLORE}/datasets/{{id}}/records",
            say("Ses enregistrements : select, where, group_by, order_by, limit, offset, refine."),
        ),
        Address(f"{EXPLORE}/datasets/{{id}}/facets", say("Les valeurs de ses facettes et leurs effectifs.")),
        Address(
            f"{EXPLORE}/datasets/{{id}}/exports/{{format}}", say("La table entière, sans limite de lignes.")
        ),
    )
    forms = tuple(Form(e.name, e.title, e.media_type) for e in exporters().values())
    return ApiPage(
        visit.base,
        addresses,
        forms,
        tuple(sorted(FUNCTIONS)),
        tuple(f"/catalogue.{ext}" for ext in EXTENSIONS),
    )
