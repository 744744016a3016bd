"""What the service of public money makes, under the names of the national schemas where there are some."""

from __future__ import annotations

from parvis.core.types import Column, Schema

LIGNES = Schema(
    name="parvis/budget_national",
    version="1",
    columns=(
        Column("ligne", "integer", title="Ligne", description="Enregistrement du fichier d’origine."),
        Column(
            "BGT_NATDEC",
            title="Document",
            description="Budget primitif, décision modificative ou compte administratif.",
        ),
        Column("BGT_ANNEE", title="Exercice", description="Année."),
        Column("BGT_SIRET", title="SIRET du budget", description="De l’établissement dont c’est le budget."),
        Column(
            "BGT_SECTION",
            title="Section",
            description="Fonctionnement ou investissement ; déduite du compte quand le fichier ne la dit pas.",
        ),
        Column(
            "BGT_OPBUDG",
            title="Mouvement",
            description="Réel, ou d’ordre s’il ne donne lieu à aucun paiement.",
        ),
        Column("BGT_CODRD", title="Sens", description="Dépense ou recette."),
        Column("BGT_CONTNAT", title="Chapitre", description="Code du chapitre."),
        Column(
            "BGT_CONTNAT_LABEL",
            title="Libellé du chapitre",
            description="Du fichier, à défaut de la nomenclature M57.",
        ),
        Column("BGT_NATURE", title="Compte", description="Code du compte par nature."),
        Column(
            "BGT_NATURE_LABEL",
            title="Libellé du compte",
            description="Du fichier, à défaut du compte à deux chiffres de la nomenclature M57.",
        ),
        Column("BGT_FONCTION", title="Fonction", description="Code de la nomenclature fonctionnelle."),
        Column("fonction_1", title="Grande fonction", description="Premier chiffre de la fonction."),
        Column("BGT_MTPREV", "number", title="Voté", unit="€", description="Montant voté."),
        Column(
            "BGT_CREDOUV",
            "number",
            title="Crédits ouverts",
            unit="€",
            description="Total des crédits ouverts.",
        ),
        Column("BGT_MTREAL", "number", title="Réalisé", unit="€", description="Montant réalisé."),
    ),
)

BENEFICIAIRES = Schema(
    name="parvis/beneficiaires",
    version="1",
    columns=(
        Column("source", title="Source", description="subvention ou marché."),
        Column("ligne", "integer", title="Ligne", description="Enregistrement du fichier d’origine."),
        Column("annee", title="Année", description="De la convention ou de la notification."),
        Column("date", "date", title="Date", description="De la convention ou de la notification."),
        Column(
            "beneficiaire",
            title="Bénéficiaire",
            description="Son nom ; « personne physique » à la place de celui d’une personne.",
        ),
        Column("siret", title="SIRET", description="Quand le fichier le donne, jamais d’une personne."),
        Column("objet", title="Objet", description="À quoi l’argent sert."),
        Column(
            "montant",
            "number",
            title="Montant",
            unit="€",
            description="Un marché à plusieurs titulaires compte une fois, au premier ; après son dernier avenant.",
        ),
        Column("reference", title="Référence", description="Décision ou numéro de marché."),
    ),
)

CONTROLES = Schema(
    name="parvis/controles_finances",
    version="1",
    columns=(
        Column("fichier", title="Fichier", description="budget, subventions, marchés ou délibérations."),
        Column(
            "ligne",
            "integer",
            title="Ligne",
            description="Enregistrement du fichier, 0 pour le fichier entier.",
        ),
        Column("controle", title="Contrôle", description="Code de ce qui ne va pas."),
        Column("colonne", title="Colonne", description="Nom national de la colonne."),
        Column("dit", title="Écrit", description="Ce que le fichier dit ; rien d’une personne."),
        Column("attendu", title="Attendu", description="Ce qui devrait y être, quand il se calcule."),
        Column("phrase", title="En clair", description="Ce qui ne va pas, en une phrase."),
    ),
)

ECHEANCES = Schema(
    name="parvis/echeances_publication",
    version="1",
    columns=(
        Column("obligation", title="Obligation", description="Ce que la loi demande de publier."),
        Column("reference", title="Référence", description="Convention, marché ou séance."),
        Column("depart", "date", title="Départ", description="Jour d’où court le délai."),
        Column("limite", "date", title="Date limite", description="Dernier jour du délai."),
        Column("publie_le", "date", title="Publié le", description="Quand le fichier le dit."),
        Column(
            "etat", title="État", description="à temps, publié en retard, ou à publier avant la date limite."
        ),
        Column("retard", "integer", title="Retard", unit="j", description="Jours après la date limite."),
        Column("source", title="Texte", description="Loi, décret ou code qui fixe le délai."),
    ),
)
