"""What the services of going out make: one row a time, one row a double, one row a square and part of the
week.
"""

from __future__ import annotations

from parvis.core.types import Column, Schema

SORTIES = Schema(
    name="parvis/sorties",
    version="1",
    geometry="point",
    primary_key=("id",),
    columns=(
        Column("id", title="Identifiant", description="De cette date : l’événement et son début."),
        Column(
            "evenement",
            title="Événement",
            description="Identifiant de l’événement, le même pour toutes ses dates.",
        ),
        Column("titre", title="Titre", description="Comme sur l’affiche."),
        Column("description", title="Description", description="Ce qu’en dit l’agenda."),
        Column(
            "categorie",
            title="Genre",
            description="Concert, spectacle, exposition, cinéma, atelier, visite, conférence, lecture, fête, sport, marché ou autre.",
        ),
        Column("debut", "datetime", title="Début", description="Avec le décalage horaire."),
        Column(
            "fin", "datetime", title="Fin", description="Le début même, quand l’agenda ne dit pas la fin."
        ),
        Column("statut", title="Statut", description="prévu, reporté, annulé ou complet."),
        Column("lieu", title="Lieu", description="Nom du lieu."),
        Column("adresse", title="Adresse", description="Numéro, voie, commune."),
        Column("gratuit", "boolean", title="Gratuit", description="Vide quand l’agenda ne le dit pas."),
        Column("tarif", title="Tarif", description="Tel que l’agenda l’écrit."),
        Column("age_min", "integer", title="Âge minimal", unit="an", description="Quand l’agenda le dit."),
        Column("age_max", "integer", title="Âge maximal", unit="an", description="Quand l’agenda le dit."),
        Column(
            "enfants",
            "boolean",
            title="Pour les enfants",
            description="Vrai quand l’agenda invite des enfants.",
        ),
        Column(
            "accessibilite",
            title="Accessibilité",
            description="fauteuil, boucle, lsf, audiodescription, facile ; séparés par une barre verticale.",
        ),
        Column("organisateur", title="Organisateur", description="Organisme qui annonce l’événement."),
        Column("url", title="Page", description="Où en savoir plus ou réserver."),
        Column("image", title="Image", description="Adresse de l’affiche."),
        Column(
            "agendas",
            title="Agendas",
            description="Ceux qui annoncent l’événement, séparés par une barre verticale.",
        ),
        Column(
            "duree_longue",
            "boolean",
            title="Dure longtemps",
            description="Vrai quand il dure plus d’un jour, ou revient presque chaque jour.",
        ),
    ),
)

DOUBLONS = Schema(
    name="parvis/sorties_doublons",
    version="1",
    columns=(
        Column("evenement", title="Événement", description="Identifiant de l’événement réuni."),
        Column("titre", title="Titre", description="Celui de la première annonce."),
        Column("autre_titre", title="Autre titre", description="Celui de l’autre annonce."),
        Column("agenda", title="Agenda", description="De la première annonce."),
        Column("autre_agenda", title="Autre agenda", description="De l’autre annonce."),
        Column("lieu", title="Lieu", description="Selon la première annonce."),
        Column("autre_lieu", title="Autre lieu", description="Selon l’autre annonce."),
        Column(
            "ressemblance",
            "number",
            title="Ressemblance",
            description="De 0,5 à 1 : à quel point les deux annonces paraissent n’en être qu’une.",
        ),
    ),
)

COUVERTURE = Schema(
    name="parvis/sorties_couverture",
    version="1",
    geometry="shape",
    columns=(
        Column("carreau", title="Carreau", description="Latitude et longitude de son centre."),
        Column("jour", title="Jour", description="Jour de la semaine."),
        Column("moment", title="Moment", description="matin (avant midi), après-midi (avant 18 h) ou soir."),
        Column("dates", "integer", title="Dates", description="Sorties qui y commencent sur la période."),
        Column(
            "semaines",
            "integer",
            title="Semaines animées",
            description="Semaines où il s’y passe quelque chose à ce moment.",
        ),
        Column("sur", "integer", title="Semaines regardées", description="Semaines de la période."),
    ),
)
