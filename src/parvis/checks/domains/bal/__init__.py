"""Base Adresse Locale: the addresses of a commune, by the rules of the national validator."""

from __future__ import annotations

from parvis.checks.domains.bal.judge import check, fitting
from parvis.checks.domains.bal.notices import NOTICES, PROFILES, SEVERITIES
from parvis.checks.domains.declaration import Domain, Example, Package

_SIGNS = frozenset(
    {
        "cle_interop",
        "uid_adresse",
        "id_ban_adresse",
        "id_ban_toponyme",
        "voie_nom",
        "toponyme",
        "commune_insee",
        "cad_parcelles",
    }
) | {"date_der_maj"}
"""Columns of which a file of addresses has four or more."""


def recognises(package: Package) -> str | None:
    """One text file whose header has the columns of an address file; the profile that they call for."""
    if package.only is None:
        return None
    lines = package.head(package.only).removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").splitlines()
    labels = (
        [label.strip().strip('"') for label in lines[0].replace(",", ";").replace("\t", ";").split(";")]
        if lines
        else []
    )
    return fitting(labels) if "numero" in labels and len(_SIGNS & set(labels)) >= 4 else None


_HEADER = (
    "cle_interop;id_ban_commune;id_ban_toponyme;id_ban_adresse;commune_insee;commune_nom;voie_nom;numero;suffixe;position;long;lat;x;y;source;date_der_maj;"
    "certification_commune\n"
)
_IDS = "1b2c3d4e-0000-4000-8000-000000000001;1b2c3d4e-0000-4000-8000-000000000002;1b2c3d4e-0000-4000-8000-000000000003"
_GOOD = f"34172_0410_00012;{_IDS};34172;Montpellier;Rue de l’Aiguillerie;12;;entrée;3.87882;43.61276;;;Ville;2024-03-01;1\n"


def _file(row: str) -> dict[str, bytes]:
    return {"bal.csv": (_HEADER + row).encode()}


BAL = Domain(
    name="bal",
    title="Base Adresse Locale",
    recognises=recognises,
    check=check,
    notices=NOTICES,
    profiles=PROFILES,
    severities=SEVERITIES,
    examples=(
        Example("une adresse", _file(_GOOD)),
        Example(
            "un identifiant mal formé",
            _file(_GOOD.replace("4000-8000-000000000003", "1000-8000-000000000003")),
            frozenset({"id_ban_adresse.type_invalide", "row.lack_of_id_ban"}),
        ),
        Example(
            "un numéro préfixé",
            _file(_GOOD.replace(";12;", ";0012;")),
            frozenset({"numero.contient_prefixe"}),
        ),
        Example(
            "une virgule décimale",
            _file(_GOOD.replace("43.61276", "43,61276")),
            frozenset({"lat.separateur_decimal_invalide"}),
        ),
        Example(
            "une commune impossible",
            _file(_GOOD.replace("34172", "00172")),
            frozenset({"cle_interop.commune_invalide", "commune_insee.commune_invalide"}),
        ),
    ),
)
