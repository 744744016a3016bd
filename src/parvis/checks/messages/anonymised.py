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
