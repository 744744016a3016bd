"""The codes of tables that were anonymised before they were published."""

from __future__ import annotations

from parvis.checks.declaration import English
from parvis.checks.message import Told

done = Told(
    "privacy-anonymised",
    "Table anonymisée",
    "Qui réutilise doit savoir que les lignes ont été regroupées, et jusqu’où.",
    "Rien à faire : lisez les comptes et les totaux en sachant ce qui a été retiré.",
    English(
        "Anonymised table",
        fix="Nothing to do: read counts and totals knowing what was left out.",
        why="Whoever reuses it must know that rows were grouped, and how far.",
    ),
    "info",
    "confidentiality",
    (
        (
            "Table anonymisée : k = {k} ; risque au pire {risk} % ; précision perdue {loss} % ; lignes retirées ou muettes : {rows}.",
            "Anonymised table: k = {k}; risk at worst {risk} %; precision lost {loss} %; rows left out or mute: {rows}.",
        ),
    ),
)
guarded = Told(
    "privacy-guarded",
    "Table protégée",
    "Qui réutilise doit savoir que les groupes trop petits n’y sont pas, et que les montants sont des moyennes de groupe.",
    "Rien à faire : lisez les comptes et les totaux en sachant ce qui n’est pas publié.",
    English(
        "Protected table",
        fix="Nothing to do: read counts and totals knowing what is not published.",
        why="Whoever reuses it must know that groups that are too small are not in it, and that amounts are means of a group.",
    ),
    "info",
    "confidentiality",
    (
        (
            "Table protégée : filtrée ou comptée, elle ne montre que des groupes d’au moins {least} ; lignes non publiées : {rows}.",
            "Protected table: filtered or counted, it only shows groups of {least} or more; rows not published: {rows}.",
        ),
    ),
)
pseudonym = Told(
    "privacy-pseudonym",
    "Pseudonymes ou masques",
    "Un pseudonyme se recoupe : il reste une donnée personnelle (CNIL).",
    "Retirez-la, ou faites décider de sa publication.",
    English(
        "Pseudonyms or masks",
        fix="Drop it, or have its publication decided.",
        why="A pseudonym can be matched: it still is personal data (CNIL).",
    ),
    "error",
    "confidentiality",
    (
        (
            "La colonne « {name} » est masquée ou pseudonymisée : elle reste une donnée personnelle.",
            "Column “{name}” is masked or pseudonymised: it still is personal data.",
        ),
        ("Retirez-la, ou faites décider de sa publication.", "Drop it, or have its publication decided."),
    ),
)
difference = Told(
    "privacy-difference",
    "Différence de deux versions",
    "Qui garde l’ancienne version soustrait : ce qui reste est une personne, ou quelques-unes.",
    "Gardez les généralisations de la version publiée, et n’ajoutez ou n’ôtez des lignes que par groupes assez grands ; ou attendez.",
    English(
        "Difference of two versions",
        fix="Keep the groups of the published version, and add or take away rows in large enough groups only; or wait.",
        why="Whoever kept the former version subtracts: what is left is one person, or a few.",
    ),
    "error",
    "confidentiality",
    (
        (
            "Comparée à la version publiée, celle-ci change un groupe de moins de {least} lignes : la différence des deux montre ces personnes ({columns}).",
            "Beside the published version, this one changes one group of fewer than {least} rows: the difference of both shows these people ({columns}).",
        ),
        (
            "Comparée à la version publiée, celle-ci change {n} groupes de moins de {least} lignes : la différence des deux montre ces personnes ({columns}).",
            "Beside the published version, this one changes {n} groups of fewer than {least} rows: the difference of both shows these people ({columns}).",
        ),
    ),
)


def _beside(french: str, english: str) -> tuple[tuple[str, str], ...]:
    """One sentence on groups that are too small: of one or several, with the columns that make them or without."""
    groups = (
        ("un groupe trop petit", "one group that is too small"),
        ("{n} groupes trop petits", "{n} groups that are too small"),
    )
    ends = (("", ""), (" Colonnes : {columns}.", " Columns: {columns}."))
    return tuple(
        (french.replace("{groups}", many) + end, english.replace("{groups}", english_many) + english_end)
        for many, english_many in groups
        for end, english_end in ends
    )


overlap = Told(
    "privacy-overlap",
    "Soustraction de deux tables",
    "Qui met deux tables côte à côte soustrait : ce qui reste est une personne, ou quelques-unes.",
    "Protégez les deux tables par la même politique, sur les mêmes colonnes ; ou retirez l’autre de la publication, puis faites relire ce fichier ; "
    "ou renoncez à celle-ci.",
    English(
        "Subtraction of two tables",
        fix="Protect both tables by the same policy, on the same columns; or withdraw the other one, then have this file read again; "
        "or give this one up.",
        why="Whoever puts two tables side by side subtracts: what is left is one person, or a few.",
    ),
    "error",
    "confidentiality",
    (
        *_beside(
            "« {title} », publiée sans protection, montre {groups} de ses personnes.",
            "“{title}”, published without protection, shows {groups} of its people.",
        ),
        *_beside(
            "« {title} » est protégée : cette table-ci montre {groups} de ses personnes.",
            "“{title}” is protected: this table shows {groups} of its people.",
        ),
        *_beside(
            "Mise à côté de « {title} », cette table montre par différence {groups}, que ni l’une ni l’autre ne montre seule.",
            "Put beside “{title}”, this table shows by difference {groups}, which neither of them shows alone.",
        ),
        *_beside(
            "Mis à côté de « {title} », ce tableau montre par différence {groups}.",
            "Put beside “{title}”, this table of counts shows by difference {groups}.",
        ),
        *_beside(
            "Mis à côté de tous ceux sur les mêmes personnes, ce tableau montre par différence {groups}.",
            "Put beside all those on the same people, this table of counts shows by difference {groups}.",
        ),
        *(
            (french + end, english + english_end)
            for french, english in (
                (
                    "Dans ce tableau, une case cachée se retrouve par les sommes des autres.",
                    "In this table, one hidden cell follows from the sums of the others.",
                ),
                (
                    "Dans ce tableau, {n} cases cachées se retrouvent par les sommes des autres.",
                    "In this table, {n} hidden cells follow from the sums of the others.",
                ),
            )
            for end, english_end in (("", ""), (" Colonnes : {columns}.", " Columns: {columns}."))
        ),
        (
            "Faites ce tableau avec « parvis tabulate --beside » (ou « --before » pour celui d’une date d’avant), du fichier des deux ; "
            "ou réunissez des modalités ; ou retirez l’autre de la publication.",
            "Make this table with “parvis tabulate --beside” (or “--before” for that of an earlier date), from the file of both; "
            "or join categories; or withdraw the other one.",
        ),
        (
            "Faites-le du fichier d’origine par « parvis tabulate », qui masque d’autres cases pour celles-là.",
            "Make it from the original file by “parvis tabulate”, which hides other cells for those.",
        ),
    ),
)
overlap_unread = Told(
    "privacy-overlap-unread",
    "Tables non comparées",
    "Deux tables qui partagent des personnes peuvent en montrer par différence : rien ne dit ici qu’elles ne le font pas.",
    "Faites relire le fichier, ou faites décider de sa publication.",
    English(
        "Tables that were not compared",
        fix="Have the file read again, or have its publication decided.",
        why="Two tables that share people may show some by difference: nothing says here that they do not.",
    ),
    "error",
    "confidentiality",
    (
        (
            "Cette table n’a pas pu être comparée à {list} et {n} autres : elles partagent peut-être des personnes.",
            "This table could not be compared with {list} and {n} others: they may share people.",
        ),
        (
            "Cette table n’a pas pu être comparée à {list} : elles partagent peut-être des personnes.",
            "This table could not be compared with {list}: they may share people.",
        ),
    ),
)
