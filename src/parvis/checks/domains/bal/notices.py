"""The notices of BAL files, in words, and the severity of each under each profile. Codes are those of the
national validator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parvis.checks.domains.bal.fields import FIELDS, LANGUAGES
from parvis.checks.domains.declaration import Notice
from parvis.core.types import Dimension, Severity

PROFILES = ("1.4", "1.3", "1.3-relax", "1.5")
"""The usual one first."""

_CELLS: Mapping[str, tuple[Dimension, str, str, str, str]] = {
    "valeur_manquante": (
        "completeness",
        "{n} cellule[s] vide[s] dans « {column} ».",
        "{n} empty cell[s] in {column}.",
        "Remplissez-les.",
        "Fill them.",
    ),
    "espaces_debut_fin": (
        "validity",
        "{n} cellule[s] entourée[s] d’espaces dans « {column} ».",
        "{n} cell[s] with white space around in {column}.",
        "Ôtez les espaces au début et à la fin.",
        "Remove the spaces at both ends.",
    ),
    "valeur_invalide": (
        "validity",
        "{n} valeur[s] non permise[s] dans « {column} ».",
        "{n} value[s] not allowed in {column}.",
        "Suivez la forme de la spécification BAL.",
        "Follow the form of the BAL specification.",
    ),
    "type_invalide": (
        "validity",
        "{n} valeur[s] de « {column} » qui [n’a|n’ont] pas la forme attendue.",
        "{n} value[s] of {column} not of the form expected.",
        "Un identifiant BAN est un UUID de version 4, un numéro est fait de chiffres.",
        "A BAN identifier is a version 4 UUID; a number is made of digits.",
    ),
    "caractere_invalide": (
        "validity",
        "{n} valeur[s] de « {column} » avec un caractère interdit ou abîmé.",
        "{n} value[s] of {column} with a forbidden or damaged character.",
        "Réécrivez ces valeurs, et enregistrez en UTF-8.",
        "Write these values again, and save as UTF-8.",
    ),
    "casse_invalide": (
        "validity",
        "{n} clé[s] d’interopérabilité avec des majuscules.",
        "{n} interoperability key[s] with capitals.",
        "Écrivez-les en minuscules.",
        "Write them in small letters.",
    ),
    "casse_incorrecte": (
        "validity",
        "{n} nom[s] tout en majuscules ou tout en minuscules dans « {column} ».",
        "{n} name[s] all in capitals or all in small letters in {column}.",
        "Écrivez le nom comme sur la plaque : « Rue de l’Église ».",
        "Write the name as on the sign: “Rue de l’Église”.",
    ),
    "contient_tiret_bas": (
        "validity",
        "{n} nom[s] avec un tiret bas dans « {column} ».",
        "{n} name[s] with an underscore in {column}.",
        "Remplacez-le par une espace.",
        "Put a space instead.",
    ),
    "trop_court": (
        "validity",
        "{n} nom[s] de moins de 3 caractères dans « {column} ».",
        "{n} name[s] of fewer than 3 characters in {column}.",
        "Écrivez le nom entier.",
        "Write the whole name.",
    ),
    "trop_long": (
        "validity",
        "{n} valeur[s] trop longue[s] dans « {column} ».",
        "{n} value[s] too long in {column}.",
        "Abrégez-les.",
        "Shorten them.",
    ),
    "structure_invalide": (
        "validity",
        "{n} clé[s] d’interopérabilité sans les trois parties commune_voie_numéro.",
        "{n} interoperability key[s] without commune_street_number.",
        "Écrivez 34172_1234_00012 : code INSEE, code voie, numéro sur cinq chiffres.",
        "Write 34172_1234_00012: INSEE code, street code, number on five digits.",
    ),
    "commune_invalide": (
        "accuracy",
        "{n} code[s] de commune qui n’exist[e|ent] pas dans « {column} ».",
        "{n} commune code[s] that do[es|] not exist in {column}.",
        "Écrivez le code INSEE à cinq caractères, pas le code postal.",
        "Write the INSEE code of five characters, not the post code.",
    ),
    "commune_ancienne": (
        "currentness",
        "{n} code[s] d’une ancienne commune dans « {column} ».",
        "{n} code[s] of a former commune in {column}.",
        "Écrivez le code de la commune d’aujourd’hui.",
        "Write the code of today’s commune.",
    ),
    "voie_invalide": (
        "validity",
        "{n} clé[s] d’interopérabilité dont le code voie n’a pas quatre caractères.",
        "{n} interoperability key[s] whose street code has not four characters.",
        "Écrivez le code FANTOIR ou TOPO de la voie, ou xxxx.",
        "Write the FANTOIR or TOPO code of the street, or xxxx.",
    ),
    "voie_non_renseignee": (
        "completeness",
        "{n} clé[s] d’interopérabilité sans code voie.",
        "{n} interoperability key[s] without a street code.",
        "Rien d’obligatoire : xxxx ou 0000 sont permis.",
        "Nothing required: xxxx or 0000 are allowed.",
    ),
    "numero_invalide": (
        "validity",
        "{n} clé[s] d’interopérabilité dont le numéro n’est pas fait de chiffres.",
        "{n} interoperability key[s] whose number is not digits.",
        "Écrivez le numéro sur cinq chiffres.",
        "Write the number on five digits.",
    ),
    "numero_prefixe_manquant": (
        "validity",
        "{n} clé[s] d’interopérabilité dont le numéro n’a pas cinq chiffres.",
        "{n} interoperability key[s] whose number has not five digits.",
        "Complétez par des zéros : 00012.",
        "Fill with zeros: 00012.",
    ),
    "contient_prefixe": (
        "validity",
        "{n} numéro[s] commençant par un zéro.",
        "{n} number[s] beginning with a zero.",
        "Ôtez les zéros : 12, pas 0012.",
        "Remove the zeros: 12, not 0012.",
    ),
    "trop_grand": (
        "accuracy",
        "{n} numéro[s] au-delà de 99 999.",
        "{n} number[s] above 99,999.",
        "Corrigez-les ; 99999 veut dire « sans numéro ».",
        "Mend them; 99999 means “without number”.",
    ),
    "not_to_be_zero": (
        "accuracy",
        "{n} numéro[s] zéro.",
        "{n} number[s] zero.",
        "Donnez le vrai numéro, ou 99999 pour un lieu sans numéro.",
        "Give the true number, or 99999 for a place without number.",
    ),
    "debut_invalide": (
        "validity",
        "{n} suffixe[s] qui ne commenc[e|ent] ni par une lettre ni par un chiffre.",
        "{n} suffix[es] that begin[s|] with neither letter nor digit.",
        "Écrivez bis, ter, a, b…",
        "Write bis, ter, a, b…",
    ),
    "enum_fuzzy": (
        "validity",
        "{n} position[s] comprise[s], mais mal écrite[s].",
        "{n} position[s] understood, but not written right.",
        "Écrivez-les comme la spécification : « entrée », « bâtiment »…",
        "Write them as the specification does: “entrée”, “bâtiment”…",
    ),
    "separateur_decimal_invalide": (
        "validity",
        "{n} coordonnée[s] avec une virgule dans « {column} ».",
        "{n} coordinate[s] with a comma in {column}.",
        "Écrivez un point décimal : 43.61.",
        "Write a decimal point: 43.61.",
    ),
    "pipe_debut_fin": (
        "validity",
        "{n} liste[s] de parcelles avec une barre au bout.",
        "{n} list[s] of parcels with a bar at an end.",
        "Ôtez la barre au début et à la fin.",
        "Remove the bar at both ends.",
    ),
    "date_invalide": (
        "validity",
        "{n} date[s] qui [n’est|ne sont] pas de la forme AAAA-MM-JJ.",
        "{n} date[s] not written YYYY-MM-DD.",
        "Écrivez 2026-01-31 pour le 31 janvier 2026.",
        "Write 2026-01-31 for 31 January 2026.",
    ),
    "date_ancienne": (
        "currentness",
        "{n} adresse[s] non revue[s] depuis 2010.",
        "{n} address[es] not looked at since 2010.",
        "Vérifiez-les.",
        "Check them.",
    ),
    "date_future": (
        "accuracy",
        "{n} date[s] dans l’avenir.",
        "{n} date[s] in the future.",
        "Corrigez la date.",
        "Mend the date.",
    ),
}

_OF_FIELD: Mapping[str, tuple[str, ...]] = {
    "cle_interop": (
        "casse_invalide",
        "structure_invalide",
        "commune_invalide",
        "voie_invalide",
        "voie_non_renseignee",
        "numero_invalide",
        "numero_prefixe_manquant",
    ),
    "uid_adresse": ("type_invalide",),
    "id_ban_commune": ("type_invalide",),
    "id_ban_toponyme": ("type_invalide",),
    "id_ban_adresse": ("type_invalide",),
    "voie_nom": ("trop_court", "trop_long", "caractere_invalide", "contient_tiret_bas", "casse_incorrecte"),
    "toponyme": ("trop_court", "trop_long", "caractere_invalide", "contient_tiret_bas", "casse_incorrecte"),
    "numero": ("type_invalide", "trop_grand", "not_to_be_zero", "contient_prefixe"),
    "suffixe": ("debut_invalide", "trop_long", "caractere_invalide"),
    "commune_insee": ("commune_invalide",),
    "commune_nom": ("casse_incorrecte",),
    "commune_deleguee_insee": ("commune_invalide",),
    "position": ("enum_fuzzy", "valeur_invalide"),
    "x": ("separateur_decimal_invalide", "valeur_invalide"),
    "y": ("separateur_decimal_invalide", "valeur_invalide"),
    "long": ("separateur_decimal_invalide", "valeur_invalide"),
    "lat": ("separateur_decimal_invalide", "valeur_invalide"),
    "cad_parcelles": ("pipe_debut_fin", "valeur_invalide"),
    "date_der_maj": ("date_invalide", "date_ancienne", "date_future"),
    "certification_commune": ("valeur_invalide",),
}

_WHOLE: Mapping[str, tuple[Dimension, str, str, str, str]] = {
    "row.incoherence_numero": (
        "consistency",
        "{n} ligne[s] dont le numéro n’est pas celui de la clé d’interopérabilité.",
        "{n} row[s] whose number is not that of the key.",
        "Accordez les deux.",
        "Bring both in line.",
    ),
    "row.commune_manquante": (
        "completeness",
        "{n} ligne[s] sans code de commune.",
        "{n} row[s] without a commune code.",
        "Remplissez commune_insee.",
        "Fill commune_insee.",
    ),
    "row.position_manquante": (
        "completeness",
        "{n} adresse[s] sans type de position.",
        "{n} address[es] without a kind of position.",
        "Dites ce que le point désigne : entrée, bâtiment, parcelle…",
        "Say what the point is: entrée, bâtiment, parcelle…",
    ),
    "row.longlat_vides": (
        "completeness",
        "{n} adresse[s] sans longitude ni latitude.",
        "{n} address[es] without longitude and latitude.",
        "Remplissez long et lat.",
        "Fill long and lat.",
    ),
    "row.longlat_invalides": (
        "accuracy",
        "{n} position[s] hors de France, ou illisible[s].",
        "{n} position[s] outside France, or unreadable.",
        "Vérifiez que long et lat ne sont pas inversées, et sont en degrés.",
        "Check that long and lat are not swapped, and are in degrees.",
    ),
    "row.longlat_xy_incoherents": (
        "consistency",
        "{n} position[s] dont x et y sont à plus de 10 m de long et lat.",
        "{n} position[s] whose x and y lie more than 10 m from long and lat.",
        "Recalculez x et y dans la projection légale.",
        "Compute x and y again in the legal projection.",
    ),
    "row.adresse_incomplete": (
        "completeness",
        "{n} ligne[s] sans numéro ou sans nom de voie.",
        "{n} row[s] without a number or a street name.",
        "Donnez les deux ; 99999 pour un lieu sans numéro.",
        "Give both; 99999 for a place without number.",
    ),
    "row.voie_nom_have_same_lieudit_complement_nom": (
        "consistency",
        "{n} complément[s] de lieu-dit qui rép[ète|ètent] le nom de la voie.",
        "{n} place name[s] that repeat[s|] the street’s.",
        "Videz le complément.",
        "Empty the complement.",
    ),
    "row.lieudit_complement_nom_not_declared": (
        "consistency",
        "{n} lieu[x]-dit[s] cité[s] sans être déclaré[s].",
        "{n} place[s] named without being declared.",
        "Ajoutez une ligne au numéro 99999 pour le lieu-dit.",
        "Add a row with number 99999 for the place.",
    ),
    "row.lack_of_id_ban": (
        "completeness",
        "{n} ligne[s] avec une partie seulement des identifiants BAN.",
        "{n} row[s] with some of the BAN identifiers only.",
        "Donnez les trois : commune, toponyme, adresse.",
        "Give all three: commune, street, address.",
    ),
    "row.cog_no_match_id_ban_commune": (
        "consistency",
        "{n} ligne[s] dont id_ban_commune n’est pas celui des autres lignes de la commune.",
        "{n} row[s] whose id_ban_commune is not that of the commune’s other rows.",
        "Donnez à la commune son seul identifiant.",
        "Give the commune its one identifier.",
    ),
    "row.different_voie_nom_with_same_id_ban_toponyme": (
        "consistency",
        "{n} ligne[s] de voies différentes sous un même id_ban_toponyme.",
        "{n} row[s] of different streets under one id_ban_toponyme.",
        "Un identifiant par voie.",
        "One identifier a street.",
    ),
    "row.different_id_ban_toponyme_with_same_voie_nom": (
        "consistency",
        "{n} ligne[s] d’une même voie sous plusieurs id_ban_toponyme.",
        "{n} row[s] of one street under several id_ban_toponyme.",
        "Un identifiant par voie.",
        "One identifier a street.",
    ),
    "row.different_adresse_with_same_id_ban_adresse": (
        "uniqueness",
        "{n} ligne[s] d’adresses différentes sous un même id_ban_adresse.",
        "{n} row[s] of different addresses under one id_ban_adresse.",
        "Un identifiant par adresse.",
        "One identifier an address.",
    ),
    "row.different_id_ban_adresses_with_same_adresse": (
        "uniqueness",
        "{n} ligne[s] d’une même adresse sous plusieurs id_ban_adresse.",
        "{n} row[s] of one address under several id_ban_adresse.",
        "Un identifiant par adresse.",
        "One identifier an address.",
    ),
    "rows.empty": (
        "completeness",
        "le fichier n’a aucune adresse.",
        "the file holds no address.",
        "Ajoutez les adresses sous l’en-tête.",
        "Add the addresses below the header.",
    ),
    "rows.multi_id_ban_commune": (
        "consistency",
        "le fichier porte plusieurs id_ban_commune.",
        "the file bears several id_ban_commune.",
        "Faites un fichier par commune.",
        "Make a file for each commune.",
    ),
    "rows.every_line_required_id_ban": (
        "completeness",
        "des lignes ont des identifiants BAN, d’autres non.",
        "some rows have BAN identifiers, others have none.",
        "Donnez-en à toutes les lignes, ou à aucune.",
        "Give them to all rows, or to none.",
    ),
    "file.encoding.non_standard": (
        "validity",
        "le fichier n’est pas en UTF-8 ({value}).",
        "the file is not UTF-8 ({value}).",
        "Enregistrez-le en UTF-8.",
        "Save it as UTF-8.",
    ),
    "file.delimiter.non_standard": (
        "validity",
        "le séparateur n’est pas le point-virgule.",
        "the separator is not the semicolon.",
        "Exportez avec le point-virgule.",
        "Export with the semicolon.",
    ),
    "file.linebreak.non_standard": (
        "validity",
        "les fins de ligne sont celles des anciens Macintosh.",
        "line ends are those of old Macintoshes.",
        "Enregistrez avec des fins de ligne Unix ou Windows.",
        "Save with Unix or Windows line ends.",
    ),
    "file.row_length.invalid": (
        "validity",
        "{n} ligne[s] qui [n’a|n’ont] pas autant de cellules que l’en-tête.",
        "{n} row[s] without as many cells as the header.",
        "Mettez entre guillemets les textes qui contiennent un point-virgule.",
        "Quote texts that hold a semicolon.",
    ),
}

_RELAXED = frozenset(
    {
        "cle_interop.structure_invalide",
        "cle_interop.commune_invalide",
        "cle_interop.numero_invalide",
        "voie_nom.valeur_manquante",
        "voie_nom.trop_court",
        "voie_nom.trop_long",
        "voie_nom.caractere_invalide",
        "numero.valeur_manquante",
        "numero.type_invalide",
        "numero.trop_grand",
        "suffixe.debut_invalide",
        "suffixe.trop_long",
        "commune_insee.commune_invalide",
        "x.valeur_invalide",
        "y.valeur_invalide",
        "long.valeur_invalide",
        "lat.valeur_invalide",
        "row.incoherence_numero",
        "row.commune_manquante",
        "row.longlat_vides",
        "row.longlat_invalides",
        "row.adresse_incomplete",
        "field.voie_nom.missing",
        "field.numero.missing",
        "rows.empty",
        "file.row_length.invalid",
    }
)
_STRICTER = frozenset(
    {
        "cle_interop.valeur_manquante",
        "cle_interop.numero_prefixe_manquant",
        "cle_interop.casse_invalide",
        "suffixe.espaces_debut_fin",
        "numero.contient_prefixe",
        "commune_insee.valeur_manquante",
        "commune_insee.espaces_debut_fin",
        "x.separateur_decimal_invalide",
        "y.separateur_decimal_invalide",
        "long.separateur_decimal_invalide",
        "lat.separateur_decimal_invalide",
        "date_der_maj.date_invalide",
        "field.commune_insee.missing",
        "field.long.missing",
        "field.lat.missing",
        "file.encoding.non_standard",
        "file.delimiter.non_standard",
        "file.linebreak.non_standard",
    }
)
"""Errors of 1.3 that 1.3-relax only warns of."""
_IDENTIFIED = frozenset(
    {
        "id_ban_commune.type_invalide",
        "id_ban_toponyme.type_invalide",
        "id_ban_adresse.type_invalide",
        "uid_adresse.type_invalide",
        "row.lack_of_id_ban",
        "row.cog_no_match_id_ban_commune",
        "rows.multi_id_ban_commune",
        "rows.every_line_required_id_ban",
    }
)
_NAMED = frozenset(
    {
        "field.id_ban_commune.missing",
        "field.id_ban_toponyme.missing",
        "field.id_ban_adresse.missing",
        "field.toponyme.missing",
        "toponyme.valeur_manquante",
        "toponyme.trop_court",
        "toponyme.trop_long",
        "toponyme.caractere_invalide",
    }
)
_QUIET = frozenset(
    {
        "cle_interop.voie_non_renseignee",
        "field.uid_adresse.missing",
        "field.lieudit_complement_nom.missing",
        "field.commune_nom.missing",
        "field.commune_deleguee_insee.missing",
        "field.commune_deleguee_nom.missing",
        "field.cad_parcelles.missing",
        "commune_nom.casse_incorrecte",
        "commune_nom.valeur_manquante",
    }
)
"""Worth saying, and no more."""
_OF_1_4 = frozenset(
    {
        "field.id_ban_commune.missing",
        "field.id_ban_toponyme.missing",
        "field.id_ban_adresse.missing",
        "row.different_voie_nom_with_same_id_ban_toponyme",
        "row.different_id_ban_toponyme_with_same_voie_nom",
        "row.different_adresse_with_same_id_ban_adresse",
        "row.different_id_ban_adresses_with_same_adresse",
    }
)
"""Warnings that 1.3 only notes."""


def errors(profile: str) -> frozenset[str]:
    """Codes that make a file invalid under a profile."""
    if profile == "1.3-relax":
        return _RELAXED
    if profile == "1.3":
        return _RELAXED | _STRICTER
    if profile == "1.4":
        return _RELAXED | _STRICTER | _IDENTIFIED
    return (_RELAXED | _STRICTER | _IDENTIFIED | _NAMED) - {"field.voie_nom.missing"}


def severity(profile: str, code: str) -> Severity:
    """How grave a code is under a profile."""
    if code in errors(profile):
        return "error"
    quiet = _QUIET | (
        _IDENTIFIED - {"uid_adresse.type_invalide"} | _OF_1_4 if profile.startswith("1.3") else frozenset()
    )
    return "info" if code in quiet else "warning"


def _notices() -> Iterator[Notice]:
    for each in FIELDS.values():
        rules = (
            "espaces_debut_fin",
            *(("valeur_manquante",) if each.required else ()),
            *_OF_FIELD.get(each.name, ()),
        )
        for rule in rules:
            yield _cell(f"{each.name}.{rule}", rule)
        for language in LANGUAGES if each.spoken else ():
            for rule in rules:
                if rule != "valeur_manquante":
                    yield _cell(f"{each.name}_{language}.{rule}", rule)
        code = f"field.{each.name}.missing"
        yield Notice(
            code,
            severity("1.4", code),
            "la colonne « {column} » manque.",
            "the column {column} is missing.",
            "Ajoutez la colonne.",
            "Add the column.",
            "completeness",
        )
    for code, (dimension, fr, en, fix, mend) in _WHOLE.items():
        yield Notice(code, severity("1.4", code), fr, en, fix, mend, dimension)


def _cell(code: str, rule: str) -> Notice:
    dimension, fr, en, fix, mend = _CELLS[rule]
    return Notice(code, severity("1.4", code), fr, en, fix, mend, dimension)


NOTICES: Mapping[str, Notice] = {notice.code: notice for notice in _notices()}

SEVERITIES: Mapping[str, Mapping[str, Severity]] = {
    profile: {code: severity(profile, code) for code in NOTICES} for profile in PROFILES
}
