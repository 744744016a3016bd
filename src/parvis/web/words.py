"""Names that people read for the codes that the house passes around. French here; translated where shown.

Themes, licences, access rights and formats are in `catalogue.vocabularies`, with both languages.
"""

from __future__ import annotations

from collections.abc import Mapping

from parvis.core.language import mark

FREQUENCIES: Mapping[str, str] = {
    "continuous": mark("en continu"), "oneMinute": mark("chaque minute"), "fiveMinutes": mark("toutes les 5 minutes"),
    "tenMinutes": mark("toutes les 10 minutes"), "fifteenMinutes": mark("tous les quarts d’heure"), "thirtyMinutes": mark("toutes les demi-heures"),
    "hourly": mark("chaque heure"), "bihourly": mark("toutes les deux heures"), "trihourly": mark("toutes les trois heures"),
    "twelveHours": mark("toutes les douze heures"), "severalTimesADay": mark("plusieurs fois par jour"), "threeTimesADay": mark("trois fois par jour"),
    "semidaily": mark("deux fois par jour"), "daily": mark("chaque jour"), "fiveTimesAWeek": mark("cinq fois par semaine"),
    "threeTimesAWeek": mark("trois fois par semaine"), "semiweekly": mark("deux fois par semaine"), "weekly": mark("chaque semaine"),
    "biweekly": mark("toutes les deux semaines"), "threeTimesAMonth": mark("trois fois par mois"), "semimonthly": mark("deux fois par mois"),
    "monthly": mark("chaque mois"), "bimonthly": mark("tous les deux mois"), "quarterly": mark("chaque trimestre"),
    "threeTimesAYear": mark("trois fois par an"), "semiannual": mark("deux fois par an"), "annual": mark("chaque année"),
    "biennial": mark("tous les deux ans"), "triennial": mark("tous les trois ans"), "quadrennial": mark("tous les quatre ans"),
    "quinquennial": mark("tous les cinq ans"), "decennial": mark("tous les dix ans"), "bidecennial": mark("tous les vingt ans"),
    "tridecennial": mark("tous les trente ans"), "punctual": mark("ponctuellement"), "irregular": mark("irrégulièrement"), "never": mark("jamais"),
    "notPlanned": mark("sans suite prévue"), "other": mark("à un autre rythme"), "unknown": mark("à un rythme non précisé"),
}  # fmt: skip
"""data.gouv.fr frequencies, to follow « mis à jour »."""

TYPES: Mapping[str, str] = {
    "text": mark("texte"), "integer": mark("nombre entier"), "number": mark("nombre"), "boolean": mark("oui ou non"), "date": mark("date"),
    "datetime": mark("date et heure"), "time": mark("heure"), "year": mark("année"), "array": mark("liste"), "json": mark("objet JSON"),
    "point": mark("point géographique"), "shape": mark("forme géographique"),
}  # fmt: skip

WITHDRAWN: Mapping[str, str] = {
    "version": mark("une version"),
    "resource": mark("une ressource"),
    "dataset": mark("un jeu entier"),
    "expired": mark("durée de conservation passée"),
}
"""What a withdrawal took down."""

AGREEMENTS: Mapping[str, str] = {
    "waiting": mark("accord attendu"),
    "agreed": mark("accord donné"),
    "refused": mark("accord refusé"),
}
"""What another organisation answers to a withdrawal."""

CHANNELS: Mapping[str, str] = {
    "mail": mark("Courriel"),
    "webhook": mark("Webhook (pour un programme)"),
    "sms": mark("SMS"),
}

TOPICS: Mapping[str, str] = {
    "air": mark("Air"),
    "health": mark("Santé"),
    "heat": mark("Chaleur"),
    "water": mark("Eau"),
    "works": mark("Travaux"),
}
"""What alerts speak of."""

STEPS: Mapping[str, str] = {
    "open": mark("début"), "raise": mark("aggravation"), "keep": mark("maintien"), "lower": mark("baisse"), "extend": mark("prolongation"),
    "confirm": mark("confirmation"), "end": mark("fin"), "withdraw": mark("annulation"),
}  # fmt: skip
"""What a message is in its episode."""

STEP_STATES: Mapping[str, str] = {
    "proposed": mark("à valider"),
    "issued": mark("émis"),
    "refused": mark("non envoyé"),
    "replaced": mark("remplacé"),
    "void": mark("sans objet"),
}

SENDINGS: Mapping[str, str] = {
    "waiting": mark("en attente"),
    "sent": mark("envoyés"),
    "failed": mark("en échec"),
    "dropped": mark("sans objet"),
}

ROLES: Mapping[str, str] = {
    "admin": mark("Administration de l’organisation"),
    "publisher": mark("Publication"),
    "steward": mark("Qualité des données"),
    "dpo": mark("Protection des données"),
    "delegate": mark("Délégation du responsable de traitement"),
    "reader": mark("Lecture"),
}
"""The titles of `people.rights.ROLE_TITLES`."""

ACCOUNTS: Mapping[str, str] = {
    "open": mark("ouvert"),
    "invited": mark("attend un mot de passe"),
    "suspended": mark("suspendu"),
}
"""State of an account."""

FRESHNESS: Mapping[str, str] = {
    "current": mark("À jour"),
    "late": mark("En retard"),
    "unpromised": mark("Sans échéance"),
}

SEVERITIES: Mapping[str, str] = {
    "error": mark("Erreur"),
    "warning": mark("Avertissement"),
    "info": mark("Information"),
}

LEVELS: Mapping[str, str] = {"ok": mark("OK"), "review": mark("À revoir"), "ko": mark("KO")}
"""Badge of a report."""

DIMENSIONS: Mapping[str, str] = {
    "accuracy": mark("exactitude"),
    "completeness": mark("complétude"),
    "consistency": mark("cohérence"),
    "currentness": mark("actualité"),
    "uniqueness": mark("unicité"),
    "validity": mark("validité"),
    "confidentiality": mark("confidentialité"),
}

STATES: Mapping[str, str] = {
    "received": mark("Reçu, en attente de lecture"), "reading": mark("Lecture en cours"), "held": mark("Retenu : une décision est attendue"),
    "refused": mark("Refusé"), "published": mark("Publié"), "failed": mark("Échec du traitement"), "unchanged": mark("Identique à la version publiée"),
    "ready": mark("Prêt : à vous de le publier"),
    "outdated": mark("Dépassé par un fichier plus récent"),
    "waiting": mark("Arrêté par une panne, en attente"),
}  # fmt: skip
"""States of a deposit; waiting: one at work that an outage stopped for a while."""

KINDS: Mapping[str, str] = {
    "department": mark("Services de la collectivité"),
    "body": mark("Organismes du territoire"),
}

SORTS: Mapping[str, str] = {
    "relevance": mark("Pertinence"),
    "modified": mark("Mise à jour récente"),
    "title": mark("Titre, de A à Z"),
}

GOOD_FOR: Mapping[str, str] = {
    "csv": mark("pour un tableur, texte brut"),
    "xlsx": mark("pour un tableur"),
    "json": mark("tous les enregistrements"),
    "jsonl": mark("un enregistrement par ligne"),
    "geojson": mark("pour la cartographie"),
    "parquet": mark("pour l’analyse de données"),
    "fgb": mark("pour un SIG, lu par morceaux"),
    "gpx": mark("pour un GPS"),
    "kml": mark("pour un globe virtuel"),
    "shp": mark("pour un SIG"),
}
"""What each export is good for."""

TITLES: Mapping[int, str] = {
    400: mark("Demande mal formée"), 401: mark("Identification nécessaire"), 403: mark("Accès refusé"), 404: mark("Page introuvable"),
    405: mark("Méthode non permise"), 408: mark("Envoi trop lent"), 409: mark("En attente d’une décision"), 410: mark("Contenu retiré"),
    413: mark("Fichier trop volumineux"), 421: mark("Ce n’est pas le bon nom"), 422: mark("Fichier illisible"), 429: mark("Trop de demandes"),
    500: mark("Une erreur est survenue"), 502: mark("Source indisponible"), 503: mark("Trop d’affluence"),
}  # fmt: skip
"""Heading of the page by status."""

FACETS: Mapping[str, str] = {
    "theme": mark("Thème"),
    "organisation": mark("Organisation"),
    "format": mark("Format"),
    "licence": mark("Licence"),
    "freshness": mark("Fraîcheur"),
    "keyword": mark("Mot-clé"),
}

OPERATORS: Mapping[str, str] = {
    "contains": mark("contient"),
    "equals": mark("est égal à"),
    "differs": mark("est différent de"),
    "over": mark("est au moins"),
    "under": mark("est au plus"),
    "empty": mark("est vide"),
    "filled": mark("n’est pas vide"),
}
"""Conditions on a column, to follow its name."""

SUMS: Mapping[str, str] = {"sum": mark("somme"), "mean": mark("moyenne"), "count": mark("nombre de lignes")}

SENSITIVITIES: Mapping[str, str] = {
    "indirect": mark("donnée indirectement personnelle"),
    "direct": mark("donnée personnelle"),
    "special": mark("donnée sensible"),
    "secret": mark("secret"),
}

KIND: Mapping[str, str] = {
    "department": mark("service de la collectivité"),
    "body": mark("organisme du territoire"),
}

ORIGINS: Mapping[str, str] = {
    "parvis": mark("fourni avec Parvis"),
    "package": mark("apporté par un paquet installé"),
    "city": mark("écrit par la ville"),
    "national": mark("pris d’un catalogue"),
}
"""Where a schema comes from."""

BANDS: Mapping[str, str] = {
    "excellent": mark("Excellent"),
    "good": mark("Bien"),
    "sufficient": mark("Suffisant"),
    "bad": mark("Insuffisant"),
}
"""Bands of the metadata score of data.europa.eu."""

MQA: Mapping[str, str] = {
    "findability": mark("Facile à trouver"),
    "accessibility": mark("Facile à obtenir"),
    "interoperability": mark("Interopérable"),
    "reusability": mark("Réutilisable"),
    "contextuality": mark("Mis en contexte"),
}
"""Dimensions of that score."""

READ: Mapping[str, str] = {
    "cut": mark("coupé"),
    "default": mark("par défaut"),
    "missing": mark("absent"),
    "lost": mark("non compris"),
    "read": mark("lu"),
}
"""What becomes of a thing that our DCAT says, at data.gouv.fr."""

FIELD_TYPES: Mapping[str, str] = {
    name: name
    for name in (
        mark("texte"),
        mark("nombre entier"),
        mark("nombre"),
        mark("oui ou non"),
        mark("date"),
        mark("date et heure"),
        mark("heure"),
        mark("année"),
        mark("année et mois"),
        mark("liste"),
        mark("objet JSON"),
        mark("point"),
        mark("géométrie GeoJSON"),
        mark("libre"),
        mark("durée"),
    )
}
"""Types of a schema's field, as people read them."""

BASES: Mapping[str, str] = {
    "l312-1-2-anonyme": mark("Données rendues anonymes (CRPA, art. L. 312-1-2)"),
    "l312-1-2-loi": mark("Publication prévue par une loi ou un règlement (CRPA, art. L. 312-1-2)"),
    "accord": mark("Accord des personnes intéressées (CRPA, art. L. 312-1-2 ; RGPD, art. 6-1 a)"),
    "d312-1-3": mark("Catégorie publiable sans anonymisation (CRPA, art. D. 312-1-3)"),
    "l312-1-1": mark("Publication en ligne obligatoire, sans donnée personnelle (CRPA, art. L. 312-1-1)"),
    "mission": mark("Mission d’intérêt public, pour un partage entre services (RGPD, art. 6-1 e ; CRPA, art. L. 114-8)"),
    "sans-objet": mark("Sans objet : aucune donnée personnelle n’a été trouvée"), "non-precisee": mark("Non précisée"), "aucune": mark("Aucune"),
}  # fmt: skip
"""Legal grounds, in the words of `privacy.deciding`."""

VERDICTS: Mapping[str, str] = {
    "favourable": mark("Favorable"),
    "conditional": mark("Favorable sous conditions"),
    "unfavourable": mark("Défavorable"),
}
"""Opinions of the data protection officer."""

OUTCOMES: Mapping[str, str] = {"released": mark("Diffusion autorisée"), "refused": mark("Diffusion refusée")}

REPLIES: Mapping[str, str] = {"no": mark("Non"), "yes": mark("Oui"), "unsure": mark("Je ne sais pas")}

CRITERIA: Mapping[str, str] = {
    "evaluation": mark("Évaluation ou notation de personnes"), "automatique": mark("Décision automatique à effet juridique"),
    "surveillance": mark("Surveillance systématique"), "sensible": mark("Données sensibles ou très personnelles"), "echelle": mark("Grande échelle"),
    "croisement": mark("Croisement d’ensembles de données"), "vulnerables": mark("Personnes vulnérables : enfants, patients, personnes aidées, agents"),
    "innovation": mark("Usage nouveau ou innovant"), "blocage": mark("Exclusion d’un droit ou d’un contrat"),
}  # fmt: skip
"""Criteria of an impact assessment, in the words of `privacy.assessing`."""

MEASURES: Mapping[str, str] = {
    "k": mark("Plus petit groupe de lignes semblables (k)"), "prosecutor": mark("Chance de retrouver quelqu’un que l’on sait présent, au pire"),
    "marketer": mark("Part des lignes que l’on retrouverait en moyenne"), "alone": mark("Part des lignes uniques"),
    "alone-known": mark("Part des lignes uniques pour qui connaît aussi la valeur sensible de la personne"),
    "l": mark("Valeurs sensibles différentes dans un groupe, au pire (l)"), "t": mark("Écart d’un groupe à l’ensemble, au pire (t)"),
    "singling-out": mark("Individualiser : isoler quelqu’un"), "linkability": mark("Relier : rapprocher deux fichiers"),
    "inference": mark("Déduire : deviner une valeur d’une personne"),
}  # fmt: skip

NATURES: Mapping[str, str] = {
    "confidentiality": mark("Confidentialité : des données ont été vues ou prises"),
    "integrity": mark("Intégrité : des données ont été changées"),
    "availability": mark("Disponibilité : des données ont été perdues ou bloquées"),
}
"""Natures of a breach."""

RISKS: Mapping[str, str] = {
    "none": mark("Aucun risque pour les personnes"),
    "risk": mark("Un risque : l’autorité est prévenue"),
    "high": mark("Un risque élevé : l’autorité et les personnes sont prévenues"),
}

CLOCKS: Mapping[str, str] = {
    "running": mark("À notifier"),
    "overdue": mark("Délai dépassé"),
    "told": mark("Notifiée à temps"),
    "told-late": mark("Notifiée hors délai"),
    "not-due": mark("Notification non requise"),
}
"""Where the 72 hours of a breach stand."""

MISSING: tuple[str, ...] = (
    mark("L’avis de la protection des données n’est pas encore donné pour ces destinataires."), mark("Personne n’a signé la liste des autres secrets."),
    mark("Dites à quoi servira cette diffusion (dix caractères au moins)."), mark("Choisissez une base légale de la liste."),
    mark("Sans base légale, la seule décision possible est le refus."), mark("Des données personnelles ont été trouvées : il faut une base légale."),
    mark("Citez le texte, la délibération ou l’accord (dix caractères au moins)."),
    mark("L’avis pose des conditions : dites comment elles sont remplies."), mark("Cette décision va contre l’avis : écrivez pourquoi."),
    mark("La liste des autres secrets n’est pas sans réserve : écrivez pourquoi la diffusion est permise."),
    mark("Vous avez donné l’avis sur ce fichier : la décision revient à une autre personne."),
)  # fmt: skip
"""What `privacy.deciding` says is missing before a decision."""

ABOUT: Mapping[str, str] = {
    "move": mark("Se déplacer"),
    "health": mark("Santé et air"),
    "home": mark("Eau, déchets, énergie"),
    "outings": mark("Sortir"),
    "town": mark("La ville et son argent"),
}
"""What services are for, as the home page parts them."""

ACTS_OF_USE: Mapping[str, str] = {
    "view": mark("page vue"),
    "download": mark("fichier téléchargé"),
    "api": mark("appel d’API"),
}
CLIENTS: Mapping[str, str] = {
    "browser": mark("navigateur"),
    "program": mark("programme"),
    "robot": mark("robot"),
}
