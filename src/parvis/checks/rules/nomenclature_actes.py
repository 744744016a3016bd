"""Subject of a deliberation: one of the nine first-level subjects of the national list of acts, a slash, the
rest. Case and accents do not count.
"""

from __future__ import annotations

from parvis.checks.declaration import Check, English

_SUBJECTS = (
    "commande publique", "urbanisme", "domaine et patrimoine", "fonction publique", "institutions et vie politique",
    "libertes publiques et pouvoirs de police", "finances locales", "domaines de competences par themes", "autres domaines de competences",
)  # fmt: skip

nomenclature_actes = Check(
    name="nomenclature-actes",
    title="Matière de la nomenclature des actes",
    message="{values} de la colonne « {column} » hors de la nomenclature des actes.",
    fix="Écrivez une des neuf matières, une barre oblique sans espace autour, puis le détail : « Finances locales/Subventions ».",
    english=English(
        title="Subject from the national list of acts",
        message="{values} of column “{column}” outside the national list of subjects of acts.",
        fix="Write one of the nine subjects in French, a slash without blanks around it, then the detail: “Finances locales/Subventions”.",
    ),
    wrong=f"""NOT contains(v, '/') OR regexp_matches(v, '\\s/|/\\s')
    OR NOT regexp_full_match(lower(strip_accents(split_part(v, '/', 1))), '{"|".join(_SUBJECTS)}')""",
    custom="nomenclature-actes-value",
    right=(
        "Finances locales/Subventions",
        "FINANCES LOCALES/Divers",
        "Libertes publiques et pouvoirs de police/Police municipale",
        "Urbanisme/a/b",
        "",
    ),
    bad=(
        "Finances locales",
        "Finances locales / Subventions",
        "Finances/Subventions",
        "7.5",
        "Commande publique /Marchés",
    ),
)
