"""Electronic address; accents are allowed on both sides, a bare host is not."""

from __future__ import annotations

from parvis.checks.declaration import Check, English

email = Check(
    name="email",
    title="Adresse électronique",
    message="Adresses électroniques non valides dans la colonne « {column} » : {values}.",
    fix="Écrivez une seule adresse, sans espace (accueil@ville.fr).",
    why="Un message envoyé à cette adresse ne part pas.",
    english=English(
        title="E-mail address",
        message="Invalid e-mail addresses in column “{column}”: {values}.",
        fix="Write one address, without spaces (accueil@ville.fr).",
        why="A message sent to this address does not leave.",
    ),
    wrong="""NOT regexp_full_match(v, '[^\\s@"(),:;<>]+@[^\\s@"(),:;<>.]+([.][^\\s@"(),:;<>.]+)*[.][\\p{L}0-9-]{2,}')""",
    meanings=("email",),
    right=("accueil@ville.fr", "prénom.nom@école.example", "a+b@sous.domaine.ville.fr", ""),
    bad=("a@b", "pas un courriel", "a@b.fr, c@d.fr", "a b@c.fr", "@ville.fr", "a@@ville.fr"),
)
