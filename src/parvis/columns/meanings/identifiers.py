"""Numbers and keys given by an authority: they look like numbers and stay text."""

from __future__ import annotations

import re

from parvis.columns.meaning import Meaning, luhn


def _iban(cell: str) -> bool:
    """ISO 13616: the text turned, letters made numbers, is 1 modulo 97."""
    plain = re.sub(r"\s", "", cell).upper()
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def _nir(cell: str) -> bool:
    """The last two of fifteen digits are 97 minus the rest modulo 97; 2A and 2B count as 19 and 18. Thirteen
    digits have no key, and are no bar code.
    """
    plain = re.sub(r"\s", "", cell).upper()
    if len(plain) == 13:
        return not (
            plain.isdigit() and sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(plain)) % 10 == 0
        )  # the key of a bar code (EAN-13)
    return 97 - int(plain[:13].replace("2A", "19").replace("2B", "18")) % 97 == int(plain[13:])


def _uai(cell: str) -> bool:
    """The letter is the number modulo 23 in an alphabet without i, o, q."""
    return "ABCDEFGHJKLMNPRSTUVWXYZ"[int(cell[:7]) % 23] == cell[7].upper()


UUID = Meaning(
    "uuid",
    "Identifiant UUID",
    ("text",),
    r"_(uuid|guid)_",
    "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    alone=0.8,
    rank=1,
    right=("123e4567-e89b-12d3-a456-426614174000",),
    wrong=("123e4567",),
    labels=("uuid",),
)
IBAN = Meaning(
    "iban",
    "IBAN",
    ("text",),
    r"_(iban|rib)_",
    "[A-Z]{2}[0-9]{2}( ?[0-9A-Za-z]{4}){2,7}( ?[0-9A-Za-z]{1,3})?",
    _iban,
    alone=0.7,
    rank=2,
    right=("FR1420041010050500013M02606", "FR14 2004 1010 0505 0001 3M02 606"),
    wrong=("FR1520041010050500013M02606", "34172"),
    labels=("IBAN",),
)
NIR = Meaning(
    "nir",
    "Numéro de sécurité sociale (NIR)",
    ("text",),
    r"_(nir|numero_secu|num_secu|no_secu|securite_sociale|numero_ss|num_ss|nss)_",
    "[1-478] ?[0-9]{2} ?(0[1-9]|1[0-2]|[2-9][0-9]) ?([0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3}( ?[0-9]{2})?",
    _nir,
    alone=0.8,
    rank=3,
    right=("2 69 05 49 588 157 80", "269054958815780"),
    wrong=("269054958815781", "369134958815780"),
    labels=("NIR", "n° sécurité sociale"),
)
SIRET = Meaning(
    "siret",
    "Numéro SIRET",
    ("text",),
    r"siret",
    "[0-9]{14}|[0-9]{3}[ \u00a0\u202f][0-9]{3}[ \u00a0\u202f][0-9]{3}[ \u00a0\u202f][0-9]{5}",
    with_header=0.7,
    rank=4,
    right=("21340172201787", "213 401 722 00015"),
    wrong=("213401722", "abc"),
    labels=("SIRET", "n° siret", "siretEtablissement"),
    not_labels=("siren",),
)
SIRET_ALONE = Meaning(
    "siret-by-key",
    "Numéro SIRET",
    ("text",),
    "",
    "[0-9]{14}|[0-9]{3}[ \u00a0\u202f][0-9]{3}[ \u00a0\u202f][0-9]{3}[ \u00a0\u202f][0-9]{5}",
    luhn,
    alone=0.8,
    rank=5,
    right=("73282932000074", "356 000 000 00048"),
    wrong=("73282932000075", "73282932"),
)
SIREN = Meaning(
    "siren",
    "Numéro SIREN",
    ("text",),
    r"siren(?!e)",
    "[0-9]{9}|[0-9]{3}[ \u00a0\u202f][0-9]{3}[ \u00a0\u202f][0-9]{3}",
    with_header=0.7,
    rank=6,
    right=("732829320", "732 829 320"),
    wrong=("73282932",),
    labels=("SIREN", "n_siren"),
    not_labels=("sirene",),
)
SIREN_ALONE = Meaning(
    "siren-by-key",
    "Numéro SIREN",
    ("text",),
    r"_(epci|numepci|code_epci)_",
    "[0-9]{9}|[0-9]{3}[ \u00a0\u202f][0-9]{3}[ \u00a0\u202f][0-9]{3}",
    luhn,
    with_header=0.7,
    alone=0.85,
    rank=7,
    right=("732829320", "200035210"),
    wrong=("732829321",),
    labels=("code_epci",),
)
UAI = Meaning(
    "uai",
    "Code UAI d’établissement scolaire",
    ("text",),
    r"_(uai|rne|code_etablissement)_",
    "[0-9]{7}[A-Za-z]",
    _uai,
    with_header=0.7,
    alone=0.8,
    rank=8,
    right=("0341794R", "0750612H"),
    wrong=("0341794A", "0341794"),
    labels=("UAI", "numero_uai"),
)
FINESS = Meaning(
    "finess",
    "Numéro FINESS",
    ("text",),
    r"finess",
    "([0-9]{2}|2[AB])[0-9]{7}",
    rank=3,
    right=("340780477", "2A0000022"),
    wrong=("34078047",),
    labels=("nofinesset", "FINESS"),
)
RNA = Meaning(
    "rna",
    "Numéro RNA d’association",
    ("text",),
    r"_(rna|waldec|id_asso)",
    "W[0-9][0-9A-Z][0-9]{7}",
    alone=0.8,
    rank=10,
    right=("W343012345",),
    wrong=("343012345",),
    labels=("id_rna", "RNA"),
)
