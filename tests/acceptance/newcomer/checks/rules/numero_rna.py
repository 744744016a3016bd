"""Number of an association in the national register: W and nine digits."""

from parvis.checks.declaration import Check

numero_rna = Check(
    name="numero-rna",
    title="Numéro RNA : W et neuf chiffres",
    message="Numéros RNA non valides dans la colonne « {column} » : {values}.",
    fix="Recopiez le numéro du récépissé : W, puis neuf chiffres.",
    wrong="NOT regexp_full_match(v, 'W[0-9]{9}')",
    custom="numero-rna",
    right=("W751000001", ""),
    bad=("751000001", "W75100000", "w751000001", "W751000001\n"),
)
