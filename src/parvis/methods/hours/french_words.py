"""The words of French opening hours: days, months, times, and what town halls write around them, as tokens."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, replace

from parvis.methods.hours.french_numbers import clock_in_words
from parvis.methods.hours.words import MONTHS, WEEKDAYS


class NotFrench(ValueError):
    """The sentence is not understood. near: what stands there."""

    def __init__(self, reason: str, near: str) -> None:
        super().__init__(f"{reason}: {near!r}")
        self.reason = reason
        self.near = near


@dataclass(frozen=True, slots=True)
class Word:
    """kind: day, days, ph, eve, sh, term, month, date, time, num, nth, part, to, until, from, and, between,
    closed, open, nonstop, except, excluded, including, included, appointment, always, idem, rest, others, other-days, same-days, only, where, parity,
    summer, about, since, before-then, some-sh, feast-days, label, name, unknown, or a sign itself (, ; : . -
    / ( )). text: as it was written.
    """

    kind: str
    value: tuple[int, ...] = ()
    text: str = ""


def fold(text: str) -> str:
    """Lower case without accents, one character for one."""
    out: list[str] = []
    for char in text:
        base = unicodedata.normalize("NFD", char)[0].lower()
        out.append(base if len(base) == 1 else char)
    return "".join(out)


_SIGNS = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "→": "-", ">": "-", "•": ";", "·": ";", "\r": "\n",
                        "\xa0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "&": "+"})  # fmt: skip
_DAYS = (
    "lundis?|lund?",
    "mardis?|mard?",
    "mercredis?|mercr|merc?",
    "jeudis?|jeud?",
    "vendredis?|vendr|vend?",
    "samedis?|same?",
    "dimanches?|dima?",
)
DAY_PATTERN = "|".join(_DAYS)
"""The days of the week, as a regular expression on folded text."""
_PLURALS = ("lundis", "mardis", "mercredis", "jeudis", "vendredis", "samedis", "dimanches", "jours")
_SHORT = ("lu", "ma", "me", "je", "ve", "sa", "di")
_MONTHS = ("janvier|janv", "fevrier|fevr|fev", "mars", "avril|avr", "mai", "juin", "juillet|juil", "aout", "septembre|sept", "octobre|oct", "novembre|nov",
           "decembre|dec")  # fmt: skip
_NTH = {"premiere?s?": 1, "deuxiemes?": 2, "seconde?s?": 2, "troisiemes?": 3, "quatriemes?": 4, "cinquiemes?": 5,
        "avant-derni(?:er|ere)s?": -2, "derni(?:er|ere)s?": -1}  # fmt: skip
_E, _Z = r"(?<![\w])", r"(?!\w)"
_TIME = (
    r"(?P<h>\d{1,2})(?: ?(?:h(?:eures?|rs?)?)(?: ?(?P<m>\d\d)(?: ?mi?n)?(?!\d| ?h(?:eures?|rs?)?(?![a-z])| ?:\d))?"
    r"|(?P<colon>[:.])(?P<m2>\d\d)(?!\d)(?: ?h)?)(?!\w)"
)

# What a place, a service or its public is called: said before the hours, and nothing of them.
_LABELS = frozenset((
    "accompagnement", "accompagnements", "accueil", "activites", "adjoints", "administratif", "administratifs", "administrative", "administratives",
    "agence", "agglomeration", "agricole", "aide", "aire", "alimentaire", "animation", "annexe", "antenne", "antennes", "aquatique", "archives",
    "artisanal", "associatif", "associative", "atelier", "ateliers", "bar", "basket", "bibliotheque", "billetterie", "bio", "boulangerie", "boulodrome",
    "boutique", "bowling", "brasserie", "brocante", "bureau", "bureaux", "cabinet", "cafe", "caisse", "camping", "cantine", "carte", "cathedrale", "ccas",
    "central", "centrale", "centre", "centres", "chambre", "chapelle", "chateau", "cias", "cimetiere", "cinema", "citoyen", "citoyenne", "civil",
    "collection", "college", "commerce", "communal", "communale", "communaute", "commune", "complexe", "conservatoire", "courrier", "couvert", "couverte",
    "creche", "crematorium", "culture", "culturel", "cyber", "decheterie", "dechets", "dechetterie", "departemental", "departementale", "domaine", "droit",
    "eau", "eaux", "ecole", "eglise", "elu", "elus", "emploi", "enfance", "ensemble", "environnement", "epicerie", "equipement", "espace", "espaces",
    "etablissement", "etat", "exposition", "expositions", "famille", "foire", "forum", "fourriere", "foyer", "francaise", "france", "garde", "garderie",
    "gare", "gestion", "golf", "grand", "guichet", "gymnase", "halte", "hebdomadaire", "heure", "heures", "hopital", "horaire", "horaires", "hotel",
    "identite", "infirmier", "infirmiere", "infirmieres", "info", "information", "infos", "intercommunal", "intercommunale", "internet", "jardin",
    "jeunesse", "jeux", "kiosque", "laboratoire", "laverie", "lavoir", "librairie", "local", "locale", "loisirs", "ludotheque", "lycee", "magasin", "maire",
    "mairie", "maison", "maisons", "marche", "marches", "maternelle", "maternelles", "medecin", "mediatheque", "mediation", "medical", "medicale",
    "medicaux", "memoire", "menuiserie", "mission", "mobilite", "monument", "multi-accueil", "municipal", "municipale", "municipaux", "musee", "musees",
    "musique", "national", "nationale", "nautique", "noel", "nos", "notre", "nouveau",
    "nouveaux", "nouvelle", "nuit", "numerique", "objets", "observatoire", "oeuvres",
    "office", "ordures", "parc", "paroisse", "passeport", "passeports", "patinoire", "patrimoine", "paysan", "periscolaire", "permanence", "permanences",
    "petit", "petite", "petits", "pharmacie", "pharmacies", "physique", "piscine", "plage", "plateforme", "point", "pole", "police", "polyvalent",
    "polyvalente", "postale", "poste", "prefecture", "presbytere", "prevention", "primaire", "principal", "principale", "producteurs", "proprete",
    "proximite", "public", "publique", "publiques", "puces", "quartier", "ram", "reception", "recyclerie", "regie", "regional", "regionale", "relais",
    "renseignement", "renseignements", "republique", "reseau", "residence", "ressourcerie", "restaurant", "saint", "sainte", "salle", "sanitaire", "sante",
    "scolaire", "secretariat", "service", "services", "skatepark", "social", "societe", "solidaire", "solidarite", "solidarites", "spectacle", "sport",
    "sportif", "sports", "square", "stade", "standard", "structure", "syndicat", "taxi", "technique", "techniques", "territoire", "theatre", "thermes",
    "tiers-lieu", "toilettes", "tourisme", "transport", "transports", "tresorerie", "tri", "tribunal", "unique", "urbain", "urbanisme", "vaccination",
    "grille", "grilles", "baignade", "surveillee", "velo", "vert", "verts", "vestiaire", "veterinaire", "vide-grenier", "village",
    "ville", "vos", "votre", "zoo",
))  # fmt: skip
_NOISE = frozenset((
    "a", "accueille", "accueillent", "accueillons", "ainsi", "assure", "assuree", "assurees", "assures",
    "au", "aux", "avec", "chaque", "compris", "comprise", "comprises", "d", "dans", "de",
    "deroule", "des", "du", "durant", "elle", "elles", "en", "est", "habituels", "il", "ils", "inclus", "journee", "l", "la", "le", "les", "lieu",
    "lors", "mois", "nocturne", "nocturnes", "nous", "ouverts", "pendant", "periode", "periodes", "que", "recoit", "se", "sera", "seront",
    "sa", "ses", "son", "sinon",
    "sommes", "sont", "tient", "tous", "tout", "tt", "tte", "ttes", "tts", "toute", "toutes", "un", "une", "vous", "y",
))  # fmt: skip


def says_nothing(word: str) -> bool:
    """A folded word that names a place, a service or its public, or binds others: nothing of hours."""
    return all(part in _LABELS or part in _NOISE for part in re.split("[-']", word) if part)


_RDV = "(?:rdv|rendez-vous|rendez vous)"
_BEFORE_PLACE = "(?:(?:sur|a|dans|devant|sous|derriere|face a) )?(?:la |le |les |l'|l)?"
_SEVEN = r"7 ?j?(?:ours)? ?(?:/|sur) ?7 ?j?(?:ours)?"
_ROUND = r"(?:24 ?h?(?:eures)? ?(?:/|sur) ?24 ?h?(?:eures)?|h24)"
_SCHOOL = {
    "toussaint": (10, 11),
    "noel|fin d'annee": (12, 1),
    "hiver|fevrier": (2, 3),
    "printemps|paques": (4, 5),
    "ete": (7, 8),
}
"""The months of the school holidays that have a name. Source: calendrier scolaire, code de l’éducation, art.
L521-1.
"""
_NO_NAME = rf"(?!(?: scolaires)? (?:de la |de l'|de |d'|du |des )(?:{'|'.join(_SCHOOL)}))"
_NAMED_DAYS: tuple[tuple[str, tuple[int, int]], ...] = (
    # Feasts of a fixed date, month and day; then those of Easter, month 0 and days after Easter Sunday.
    ("(?:la )?veille de noel", (12, 24)), ("saint-sylvestre|(?:la )?veille du jour de l'an", (12, 31)),
    ("toussaint", (11, 1)), ("noel", (12, 25)), ("(?:le )?jour de l'an|(?:le )?nouvel an", (1, 1)), ("fete du travail", (5, 1)),
    ("(?<=la )saint-etienne(?= \\(?26)", (12, 26)),
    ("assomption", (8, 15)), ("fete nationale", (7, 14)), ("armistice(?: (?:de )?1918)?", (11, 11)), ("victoire(?: (?:de )?1945)?", (5, 8)),
    ("lundi (?:de )?(?:la )?pentecote", (0, 50)), ("(?:dimanche (?:de )?(?:la )?)?pentecote", (0, 49)), ("(?:jeudi (?:de )?l')?ascension", (0, 39)),
    ("lundi (?:de )?paques", (0, 1)), ("vendredi saint", (0, -2)), ("samedi (?:saint|(?:de )?paques)", (0, -1)), ("(?:dimanche (?:de )?)?paques", (0, 0)),
    ("(?:dimanche (?:des )?)?rameaux", (0, -7)), ("mardi gras", (0, -47)), ("mercredi des cendres", (0, -46)),
)  # fmt: skip
_NO_RANGE = "(?! (?:a|au|jusqu))"
_OF_A_FEAST = rf" (?:de |du |d'|des )?(?:la |l')?(?:{'|'.join(day for day, _ in _NAMED_DAYS)}){_Z}{_NO_RANGE}"
_LONG_WEEKENDS = (
    # Days after Easter Sunday, first and last, with the public holidays around it and without.
    ("week-? ?end", "paques", (-1, 1, -1, 0)),
    ("week-? ?end", "pentecote", (48, 50, 48, 49)),
    ("week-? ?end", "ascension", (39, 42, 41, 42)),
    ("pont", "ascension", (39, 42, 40, 40)),
)
_AROUND = rf"{_E}(?:tous )?(?:les? |la |l')?(?:week-? ?ends?|ponts?|veilles?|lendemains?|semaines?|nuits?|soirs?|fetes?)"
_SOME_WEEKS = (
    r"(?:les |pour )?(?:\d|une|deux|trois|quatre|cinq|six|quelques) (?:premieres |dernieres )?semaines?"
)
_AT_FEAST = (
    "(?:(?:a|au|aux|pour|pendant|durant|en|lors de) |entre (?=noel et (?:le )?(?:jour de l'an|nouvel an|1er janvier)))?(?:la |l'|les )?"
    "(?:fetes? de |vacances (?:de |d')(?:la |l')?)?"
)
_AROUND_FEASTS = (
    # Days within which « une semaine à Noël » lies: the school holidays of that name in any zone.
    (
        "noel et (?:le )?(?:jour de l'an|nouvel an|1er janvier)|noel|nouvel an|fin d'annee|fetes",
        (12, 15, 1, 10),
    ),
    ("toussaint", (10, 15, 11, 10)),
    ("paques|printemps", (3, 20, 5, 15)),
    ("ete", (7, 1, 9, 10)),
)
_UNFORESEEN = (
    "(?:en )?(?:(?:cas d[e'u]|cas particulier|indications? contraires?|avis contraire|conditions? (?:meteo|climatiques)|mauvais temps|intemperies|gel|"
    "evenements?|manifestations?|exceptions?|competitions?|urgences?|imprevus?|force majeure)(?!\\w))"
)
"""What may happen on any day."""
_NO_DAYS = rf"(?![^,;.\n()]*(?:\d|feri|vacances|janvier|fevrier|mars|avril|juin|juil|aout|{'|'.join(_DAYS)}))"
_ROOM = (
    rf"{_E}(?:au |situee? au )?(?:rez-de-chaussee|sous-sol|(?:1er|2nde?|\d{{1,2}} ?e(?:me)?|premier|deuxieme|troisieme) etage){_Z}"
    r"|(?:(?<=, )|(?<=- )|(?<=\())(?:porte|bureau|guichet|salle|batiment|bat\.|niveau|etage|escalier|box|hall) (?:n ?[°o] ?)?(?:\d{1,3}|[a-z])"
    rf"{_Z}(?! ?h| ?:|\.\d| ?(?:-|a) ?\d)"
)
_UPDATED = "(?:mis(?:e|es)? a jour|actualise[es]*|modifie[es]*|publie[es]*|releve[es]*)"
_LEAVE = "(?:annuels|d'ete|d'hiver|de noel|de fin d'annee|estivaux)"
_CLOSED_FOR = "(?:d'ete|d'hiver|de printemps|de (?:la )?toussaint|de noel|de fin d'annee|(?:pour|pendant|durant) les fetes(?: de fin d'annee)?)"
"""« fermeture d’été du 3 au 22 août »: what the closing is called for; its dates follow."""
_CAUSE = r"[a-z-]{4,}(?: (?:annuelle?s?|techniques?|generale?s?|d'[a-z-]+|d[eu] [a-z-]+|des [a-z-]+))?"
"""« pour vidange annuelle », « pour désinfection du bassin »: why it is closed; its dates follow."""
_MONTH_ENDS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_OUTSIDE = "(?:en dehors|hors) (?:de )?ces (?:jours|horaires?|heures|plages|creneaux)"
_SOME_DAY = rf"(?:{DAY_PATTERN}|week-? ?ends?|(?:jours? )?feries?|jours? de fetes?|veilles?){_Z}"
_INCLUDED = "(?:compris|inclus)(?:es?)?"
_EXCLUDED = f"(?:excepte[es]*|exclue?s?|non {_INCLUDED}|mise?s? a part)"
"""« jeudi excepté », « excepté le jeudi »: behind the days or before them."""
_DAY_KINDS = frozenset({"day", "days", "worked", "ph", "eve", "part"})
_HUNG = _DAY_KINDS | frozenset({"month", "date", "num", "sh", "some-sh", "summer", ")"})
"""Behind these « compris » and « excepté » are said of what stands before them."""
_LETTER_DAYS = (("l", 0), ("j", 3), ("v", 4), ("s", 5), ("d", 6))
"""« J fermé », in a row of such letters."""
_RULES: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    (r"(?:(?<!\w)(?:tel|telephone)[ .:]*|(?<!\w)au )?(?<![\w:.])(?:\+33 ?[1-9]|0[1-9])(?:[ .-]?\d\d){4}(?!\w)"
     r"(?: ?[-/|,] ?(?=[\w.+-]+@|https?:|www\.))?", "noise", ()),
    (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S*[\w/]|www\.[\w-]+(?:\.[\w-]+)*(?:/\S*[\w/])?", "noise", ()),
    (rf"{_E}{_SEVEN},? ?(?:et )?{_ROUND}{_Z}|{_E}{_ROUND},? ?(?:et )?{_SEVEN}{_Z}", "always", (7,)),
    (rf"{_E}{_ROUND}{_Z}", "always", ()),
    (rf"{_E}(?:accessibles?|ouverte?s?) en permanence{_Z}", "always", ()),
    (rf"{_E}(?:jour et nuit|en permanence(?=[ ,(]*{_ROUND})|en permanence(?=[^\d]*$)){_Z}", "always", ()),
    (rf"{_E}(?:le )?pont de l'ascension ?:(?= ?ferm)", "noise", ()),
    *((rf"{_E}(?:le )?{long}(?: prolonge)? (?:de |de la |de l'){feast}{_Z}{_NO_RANGE}", "feast-days", days) for long, feast, days in _LONG_WEEKENDS),
    (rf"{_AROUND} du \d{{1,2}}(?:er)? [a-z]+(?! au)", "unknown", ()),
    *((rf"{_E}(?:{day}){_Z}", "date", (*at, 1)) for day, at in _NAMED_DAYS[:2]),
    (rf"{_AROUND}{_OF_A_FEAST}", "unknown", ()),
    *((rf"{_E}(?:(?:le |la |l')?jour de (?:la |l')?)?(?:{day}){_Z}", "date", (*at, 1)) for day, at in _NAMED_DAYS),
    (rf"{_E}(?:{'|'.join(_DAYS)}){_OF_A_FEAST}", "unknown", ()),
    (rf"{_E}rentree(?: (?:scolaire|des classes))?{_Z}", "about", (8, 31, 9, 10)),
    (rf"{_E}(?:du |de )?lever (?:du soleil )?(?:au|jusqu'au) coucher du soleil{_Z}|{_E}du lever au coucher{_Z}", "sun", ()),
    (rf"{_E}365 ?j(?:ours)? ?(?:/|sur|par) ?(?:365|an){_Z}", "days", (0, 1, 2, 3, 4, 5, 6)),
    (rf"{_E}[2-6] ?j(?:ours)? ?(?:/|sur) ?7(?: ?j(?:ours)?)?{_Z}(?=[ ,:]*\(?(?:du |le |les )?(?:{'|'.join(_DAYS)}){_Z})", "noise", ()),
    (rf"{_E}6 ?j(?:ours)? ?(?:/|sur) ?7(?: ?j(?:ours)?)?{_Z}(?=[ ,]*\(?(?:ferm\w+|sauf|hors) (?:(?:le|les|du) )?(?:{'|'.join(_DAYS)}){_Z}\)? ?:? ?(?:de )?\d)",
     "days", (0, 1, 2, 3, 4, 5, 6)),
    (rf"{_E}6 ?j(?:ours)? ?(?:/|sur) ?7(?: ?j(?:ours)?)?{_Z}(?=[^\n]*(?:ferm\w+|sauf|hors) (?:(?:le|les|du) )?(?:{'|'.join(_DAYS)}){_Z})", "noise", ()),
    (rf"{_E}(?:aux )?memes? horaires que (?:la |le |les |l')?(?:mairie|bibliotheque|mediatheque|poste){_Z},?", "noise", ()),
    (rf"{_E}(?:en )?nocturnes?(?= (?:(?:le|les|du|tous les|chaque) )?(?:{'|'.join(_DAYS)})[ :,(]*(?:de )?\d{{1,2}} ?h(?: ?\d\d)? ?(?:-|a) ?\d)", "more", ()),
    (rf"(?<=: )fermetures? exceptionnelles?{_Z}(?=[ .]*(?:[;.\n)]|$))", "closed", ()),
    (r"(?:(?:et|ou|,) )?(?:les |de )?(?:fermetures?|evenements?|ouvertures?) exceptionnel\w*(?=[ .]*(?:[;.\n)]|$))", "unless", ()),
    (rf"{_E}(?:horaires? )?(?:derniere (?:mise a jour|modification)|{_UPDATED}(?= le | en | :))(?: ?:| le| du| en)?[^;\n(]*", "noise", ()),
    (r"(?<![\w.,:])\d+[.,]\d+ ?(?:€|euros?|%|m²|m2|m|km|kg|t|ha)(?!\w)", "unknown", ()),
    (rf"{_E}\d{{1,3}} ?h(?:eures?)? (?:par|/) ?(?:semaine|mois|jour){_Z}|{_E}\d{{1,3}} ?h(?:eures?)? hebdomadaires{_Z}", "unknown", ()),
    (rf"{_E}(?:1|une|2|deux|\d/2|demi-?) ?(?:h(?:eures?)?|heure) (?:gratuit|offert)\w*", "unknown", ()),
    (rf"{_E}(?:sous|dans (?:les|un delai de)|en moins de|delai de|au moins|au minimum|maximum) \d{{1,3}} ?h(?:eures?)?(?! ?[-\d/]| a \d){_Z}", "unknown", ()),
    (rf"{_E}(?:24|48|72) ?h(?:eures?)? (?:avant|a l'avance|auparavant|ouvrees|au (?:plus|moins)|maximum|minimum){_Z}", "unknown", ()),
    (r"(?<=[\dh] )(?:du|le|au) lendemain(?: matin)?(?!\w)", "noise", ()),
    (rf", c'est{_Z}", "noise", ()),
    (rf"{_E}vend(?=(?: (?:ses|des|du|de|les|la|le|son|sa|aussi|en)|ent){_Z})", "unknown", ()),
    (rf"{_E}(?:a partir de|des|jusqu'a|de|moins de|plus de) \d{{1,2}}(?: a \d{{1,2}})? (?:ans|semaines|mois){_Z}", "noise", ()),
    (r"(?<!\w)n'hesitez pas[^;.\n]*", "noise", ()),
    (rf"{_E}(?:au )?printemps ?(?:-|/|et) ?(?:en )?ete{_Z}", "summer", (0,)),
    (rf"{_E}(?:en )?automne ?(?:-|/|et) ?(?:en )?hiver{_Z}", "summer", (1,)),
    (r"(?:(?<=de la )|(?<=la )|(?<=bord de )|(?<=front de )|(?<=fruits de ))mer(?! ?[.,:/-] ?(?:\d|jeu|ven|sam))(?!\w)", "label", ()),
    (rf"{_E}(?:aires?|salles?|terrains?|espaces?|coins?|points?|temps|maisons?) (?:de |du )?jeu{_Z}(?!\.)", "label", ()),
    (rf"{_E}(?:places?|rue|avenue|boulevard|salle|square|quai|esplanade|cours|parking|allee|stade) (?:du |des )"
     rf"\d{{1,2}}(?:er)? (?:{'|'.join(_MONTHS)})(?: \d{{4}})?{_Z}", "label", ()),
    (rf"{_E}tous les jours feries{_Z}", "ph", ()),
    (rf"{_E}(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?:s feries| ferie){_Z}", "unknown", ()),  # on those weekdays alone
    (rf"{_E}(?:tous )?(?:les )?jours ouvres{_Z}", "worked", (0, 1, 2, 3, 4)),
    (rf"{_E}(?:tous )?(?:les )?jours ouvrables{_Z}", "worked", (0, 1, 2, 3, 4, 5)),
    (_ROOM, "noise", ()),
    (rf"{_E}\(?zones? [abc]{_Z}\)?", "noise", ()),
    (r"(?<![\w/.:-])\d{5}(?= (?!h)[^\W\d]{2}| *(?:\n|$))", "noise", ()),
    (r"(?:(?<=maison des )|(?<=espace des )|(?<=pole des )|(?<=forum des )|(?<=salle des ))(?:associations|artisans|entreprises|adherents)(?!\w)", "label", ()),
    (r"(?<!\w)(?:une )?(?:dizaine|douzaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine|centaine) d(?:e |')(?!jours?(?!\w))\w+", "noise", ()),
    (rf"{_E}(?:aux horaires )?(?:suivante?s?|ci-dessous|ci-apres){_Z}", "noise", ()),
    (r"\(?n(?:°|umeros?) de (?:la )?semaines?\)?(?!\w)", "noise", ()),
    *((rf"(?<={day}) pairs?{_Z}", "parity", (0, 1)) for day in _PLURALS),
    *((rf"(?<={day}) impairs?{_Z}", "parity", (1, 1)) for day in _PLURALS),
    (rf"{_E}(?:en dehors|hors) (?:de )?(?:cette|ces) (?:periodes?|dates?|saisons?){_Z}", "rest", ()),
    (rf"{_E}hors (?:(?:de )?la |de l'|l')?(?:periode estivale|saison estivale|periode d'ete|ete){_Z}", "rest", ()),
    (rf"{_E}(?:ouvertures?|accueil) (?:estivale?s?|d'ete){_Z}", "summer", (0,)),
    (rf"{_E}(?:ouvertures?|accueil) (?:hivernale?s?|d'hiver){_Z}", "summer", (1,)),
    (rf"{_E}(?:{_SEVEN}|tlj{_Z}|t\.l\.j\.?|(?:tous les|tts? les|ts les|chaque) jours?(?: de (?:l'annee|la semaine))?)(?!\w)", "days", (0, 1, 2, 3, 4, 5, 6)),
    (rf"{_E}(?:tous les |chaque |les )?(?:apres[- ]midis?|aprems?|ap[-.]? ?midis?){_Z}", "part", (1,)),
    (rf"{_E}(?:en |le )?(?:debut|milieu|fin) d'(?:apres[- ]midis?|aprem){_Z}", "part", (1,)),
    (rf"{_E}(?:en |le )?(?:debut|milieu|fin) de (?:matin|matinee){_Z}", "part", (0,)),
    (rf"{_E}(?:en |le )?(?:debut|fin) de soiree{_Z}", "part", (2,)),
    (rf"{_E}l'apres[- ]midi{_Z}", "part", (1,)),
    (r"(?:(?<=mois )|(?<=20\d\d ))au (?:matin|matinee)(?!\w)", "part", (0,)),
    (r"(?<=mois )au soir(?!\w)", "part", (2,)),
    (rf"{_E}(?:tou(?:s|tes) les |chaque |les |le )?(?:matins?|matinees?){_Z}", "part", (0,)),
    (rf"{_E}(?:tou(?:s|tes) les |chaque |les |le |en )?(?:soirs?|soirees?){_Z}", "part", (2,)),
    (rf"{_E}(?:toutes les|chaque) semaines?{_Z}(?! (?:im)?paires?)", "every-week", ()),
    (rf"{_E}(?:les )?autres (?:lundis|mardis|mercredis|jeudis|vendredis|samedis|dimanches){_Z}", "other-days", ()),
    (rf"{_E}memes jours{_Z}", "same-days", ()),
    (rf"{_E}(?:jusqu'a|avant|d'ici(?: a)?) cette date{_Z}|{_E}(?:jusque-la|d'ici la|auparavant){_Z}", "before-then", ()),
    (rf"{_E}(?:(?:a partir|a compter) du|des le|depuis le)(?= ?\d| ?(?:{'|'.join(_DAYS)}) \d)", "since", ()),
    (rf"{_E}(?:en semaine(?! (?:im)?paires?)|jours de semaine){_Z}", "days", (0, 1, 2, 3, 4)),
    (rf"{_E}(?:tous )?(?:les |le )?(?:week-? ?ends?{_Z}|w\.? ?[-/]? ?e{_Z}\.?)", "days", (5, 6)),
    (rf"{_E}(?:du )?l\.? (?:au|a) v{_Z}\.?", "days", (0, 1, 2, 3, 4)),
    (rf"{_E}(?:du )?l\.? (?:au|a) s{_Z}\.?", "days", (0, 1, 2, 3, 4, 5)),
    (rf"{_E}l ?[-a] ?v{_Z}", "days", (0, 1, 2, 3, 4)),
    (rf"{_E}l ?[-a] ?s{_Z}", "days", (0, 1, 2, 3, 4, 5)),
    (rf"{_E}l ?[-a] ?d{_Z}", "days", (0, 1, 2, 3, 4, 5, 6)),
    (rf"{_E}l(?P<by>[-, ./]{{0,2}})m(?P=by)m(?P=by)j(?P=by)v(?P=by)s(?P=by)d{_Z}", "days", (0, 1, 2, 3, 4, 5, 6)),
    (rf"{_E}l(?P<by>[-, ./]{{0,2}})m(?P=by)m(?P=by)j(?P=by)v(?P=by)s{_Z}", "days", (0, 1, 2, 3, 4, 5)),
    (rf"{_E}l(?P<by>[-, ./]{{0,2}})m(?P=by)m(?P=by)j(?P=by)v{_Z}", "days", (0, 1, 2, 3, 4)),
    (rf"{_E}(?:meme |y compris )(?:pendant |durant |en |lors des )?(?:periodes? de |les )?(?:vacances|conges)(?: scolaires)?{_Z}{_NO_NAME}", "feast-too", ()),
    (rf"{_E}vacances(?: scolaires)? (?:comprises?|incluses?){_Z}", "feast-too", ()),
    (rf"{_E}(?:meme |y compris )(?:les )?(?:jours? )?feries?{_Z}|(?<!et )(?<!et les ){_E}(?:jours? )?feries? {_INCLUDED}{_Z}", "feast-too", ()),
    (rf"{_E}(?:y compris|meme|incluant)(?= (?:le |les )?{_SOME_DAY})", "including", ()),
    (rf"{_E}(?:y )?{_INCLUDED}{_Z}", "included", ()),
    (r"(?<=midi et )(?:deux|quatorze)(?: heures)?(?!\w)|(?<=midi a )(?:deux|quatorze)(?: heures)?(?!\w)", "time", (840,)),
    (r"(?<=midi et )une heure(?!\w)|(?<=midi a )une heure(?!\w)", "time", (780,)),
    (rf"{_E}(?:fermee?s?|fermetures?) (?:le )?midis?{_Z}(?!,? \(?(?:de |entre )?\d)(?! ?(?:et|a|-) ?(?:\d|deux|quatorze|une))", "unknown", ()),
    (rf"{_E}nocturnes? (?:(?:le|les|tous les|chaque|du|un|une|par) )*(?:{'|'.join(_DAYS)}|semaine|mois){_Z}(?=[^\d;.\n]*(?:[;.\n]|$))", "unknown", ()),
    (rf"{_E}(?:les? |la )?veilles? (?:de |des )?(?:(?:jours? )?feries?|(?:jours? de )?fetes){_Z}", "eve", ()),
    (rf"{_E}(?:jf|j\.f\.|j(?:ou)?rs? fer\.?|j(?:\.|rs?)? feries?){_Z}", "ph", ()),
    (rf"{_E}(?:jours? )?feries?{_Z}|{_E}jours? de fetes?{_Z}|(?<=et )fetes{_Z}", "ph", ()),
    (rf"{_E}(?:hors|en dehors des|sauf(?: pendant| durant| en)?(?: les)?)(?: periodes? de)? "
     rf"(?:vacances(?: scolaires)?|conges scolaires){_Z}{_NO_NAME}", "no-sh", ()),
    (rf"{_E}periodes? scolaires?{_Z}|{_E}temps scolaire{_Z}", "term", ()),
    *((rf"{_E}vacances (?:scolaires )?(?:de la |de l'|de |d'|du |des )(?:{name}){_Z}", "some-sh", months) for name, months in _SCHOOL.items()),
    (rf"{_E}petites vacances(?: scolaires)?{_Z}", "some-sh", (10, 5)),
    (rf"{_E}grandes vacances(?: scolaires)?{_Z}", "some-sh", (7, 8)),
    (rf"{_E}(?:petites et grandes )?vacances(?: scolaires)?{_Z}|{_E}conges scolaires{_Z}", "sh", ()),
    (rf"{_E}(?:le )?reste (?:de l'annee|du temps)?{_Z}|{_E}(?:les )?autres (?:mois|saisons|periodes)(?: de l'annee)?{_Z}", "rest", ()),
    (rf"{_E}(?:(?:les )?autres jours|(?:le )?reste de la semaine){_Z}", "others", ()),
    (rf"{_E}(?:toute l'annee|de l'annee){_Z}", "noise", ()),
    (rf"{_E}(?:du|de|de chaque|chaque|de tous les|des) mois{_Z}", "of-month", ()),
    (rf"{_E}(?:des? |les |en )?sem(?:aines?|\.)? paire?s?{_Z}", "parity", (0,)),
    (rf"{_E}(?:des? |les |en )?sem(?:aines?|\.)? impaire?s?{_Z}", "parity", (1,)),
    (rf"{_E}(?:sans|hors) {_RDV}{_Z}", "walk-in", ()),
    (rf"{_E}(?:1|un) (?=(?:{'|'.join(_DAYS)}) sur (?:deux|2)[ ,(]*(?:(?:les|en|des) )?semaines? (?:im)?paires?{_Z})", "noise", ()),
    (rf"{_E}(?:une |1 )?semaines? sur (?:deux|2)(?=[ ,(]*(?:(?:les|en|des) )?semaines? (?:im)?paires?{_Z})", "noise", ()),
    (rf"{_E}sur (?:deux|2)(?=[ ,(]*(?:(?:les|en|des) )?semaines? (?:im)?paires?{_Z})", "noise", ()),
    (rf"{_E}(?:(?:et |ou )?(?:uniquement |possible )?(?:sur |avec )?{_RDV}(?: uniquement| possibles?)? {_OUTSIDE}"
     rf"|{_OUTSIDE},? ?:?(?: accueil| ouverture)? ?(?:uniquement |possible )?(?:sur |avec )?{_RDV}){_Z}", "or-booked", ()),
    (rf"{_E}(?:en dehors|hors) (?:de )?ces (?:jours|horaires?|heures|plages)[^;.\n]*?(?:appele|compose|contacte|garde|urgence)[^;.\n]*", "noise", ()),
    (rf"{_E}(?:en dehors|hors) (?:de )?ces (?:jours|horaires?|heures|plages)(?:(?!\d{{1,2}} ?h)[^;.\n])*", "noise", ()),
    (rf"{_E}c'est{_Z}|{_E}(?:vous |nous )*re(?:cevons|coivent){_Z}", "noise", ()),
    (rf"{_E}ne re(?:coit|coivent) que(?= (?:sur )?{_RDV})", "noise", ()),
    (rf"{_E}(?:deux|trois|quatre|cinq|[2-5]) (?:fois|jours) par semaine(?= ?[:,(]+ ?(?:le |les )?(?:{'|'.join(_DAYS)}){_Z})", "noise", ()),
    (rf"{_E}exceptionnellement(?= (?:le |les |du )?(?:(?:{'|'.join(_DAYS)}) )?\d{{1,2}}(?:er)? (?:{'|'.join(_MONTHS)}) 20\d\d{_Z})", "noise", ()),
    (rf"{_E}(?:une|deux|trois|quatre|cinq) (?:permanences|matinees|demi-journees|apres-midis?|ouvertures|jours) (?:par|dans la) semaine(?= ?:)", "noise", ()),
    (rf"{_E}jours?(?: d'ouverture)?(?= ?:)|{_E}jours d'ouverture(?! ?\d){_Z}", "noise", ()),
    (rf"{_E}(?:horaires?|ouvertures?) exceptionnel(?:le)?s?(?= ?:? (?:le|les|du|au) (?:(?:{'|'.join(_DAYS)}) )?\d)", "noise", ()),
    (rf"{_E}conges(?= ?: ?(?:du|le|les) \d)", "closed", ()),
    (rf"{_E}(?:deux|trois|quatre|[2-4]) fois par mois(?= ?[:,(]+ ?(?:le |les )?(?:\d|premier|dernier|deuxieme))", "noise", ()),
    (rf"{_E}(?:la )?semaine(?= ?: ?(?:de )?\d)", "days", (0, 1, 2, 3, 4)),
    (rf"{_E}(?:attention|bonjour|nota bene|n\.?b\.?|a noter|important|rappel)(?: ?[:,!]|{_Z})", "noise", ()),
    (rf"{_E}(?:avec|sur) (?:ou|et) sans {_RDV}{_Z}", "noise", ()),
    (rf"{_E}jours et (?:horaires|heures) (?=d'ouverture)", "noise", ()),
    (r"(?<=horaires )(?:actuels|normaux|ordinaires|usuels|courants|classiques|complets|detailles|valables|en vigueur|applicables)(?!\w)", "noise", ()),
    (r"(?:(?<=horaires )|(?<=horaires pour )|(?<=annee )|(?<=saison ))20\d\d(?: ?[-/] ?20\d\d)?(?= ?(?:[:\n;|-]|$))", "unknown", ()),
    (rf"{_E}(?:en |les |des )?(?:acces libre|libre acces|entree libre){_Z}(?! ?(?:/|,|et|;) ?(?:de )?\d)", "noise", ()),
    (rf"{_E}(?:en )?(?:(?:acces|accueil|entree) libre|libre acces){_Z}", "walk-in", ()),
    (rf"{_E}(?:sans interruption|non[- ]stop|(?:en )?(?:journees? )?continue?s?) (?:le midi|entre midi et (?:deux|2 ?h?|14 ?h)){_Z}", "noise", ()),
    (rf"{_E}(?:sans interruption|non[- ]stop|(?:en )?journees? continues?|en continu){_Z}", "nonstop", ()),
    (rf"{_E}(?:[ad]u public|aux particuliers){_Z}", "noise", ()),
    (rf"{_E}{_RDV} (?:est |sont )?possibles?{_Z}(?= (?:en dehors|hors))", "appointment", ()),
    (rf"{_E}(?:uniquement |seulement |que )?(?:(?:sur |a )?{_RDV}|sur (?:reservation|inscription))(?: uniquement| seulement)?{_Z}"
     r"(?: (?:pris|a prendre|prealable)[^,;.\n()\d]*| exceptionnels?(?!\w))?", "appointment", ()),
    (r"(?<=la )ferme(?!\w)", "label", ()),
    (rf"{_E}(?:fermeture|ferme)(?: anticipee)? a(?: partir de)?(?= ?\d| midi| minuit)", "until", ()),
    (rf"{_E}fermetures? exceptionnelles?(?=[^;\n]*[ /.]20\d\d{_Z})", "closed", ()),
    (rf"{_E}fermetures? exceptionnelles?(?= ?:? ?(?:du \d|le \d|les \d|au \d|\d)[^;\n]*(?:{'|'.join(_MONTHS)}){_Z})", "closed-once", ()),
    (rf"{_E}(?:fermee?s?|fermetures?)(?: annuelle| technique)? pour (?!le |la |les |l'|un |une |des |tous ){_CAUSE}"
     r"(?= (?:du |le |les |au |jusqu'au )(?:[a-z]+ )?\d| en [a-z]+)", "closed", ()),
    (rf"{_E}(?:fermee?s?|fermetures?) (?:annuelle )?pour (?:conges|travaux|inventaire|vacances)(?: {_LEAVE})?{_Z}", "closed", ()),
    *((rf"{_E}(?:la )?(?:{which}) quinzaine (?:de |d'|du mois de |du mois d')(?:{month}){_Z}", "fortnight", (number, *((16, last) if late else (1, 15))))
      for late, which in enumerate(("1ere|premiere", "2e|2eme|2nde|deuxieme|seconde|derniere"))
      for number, (month, last) in enumerate(zip(_MONTHS, _MONTH_ENDS, strict=True), 1)),
    (rf"{_E}exceptionnellement fermee?s?{_Z}(?=[^;\n.]*[ /.]20\d\d{_Z})", "closed", ()),
    (rf"{_E}fermetures? (?:(?:estivale|hivernale|saisonniere|technique|administrative|obligatoire)s?|{_CLOSED_FOR})(?! a \d| a partir){_Z}", "closed", ()),
    (rf"{_E}conges {_LEAVE}(?: ?:)?(?= (?:ferm|ouvert))", "noise", ()),
    (rf"{_E}re-?ouvertures? (?:le |la |a partir d)[^:;.\n]*(?:horaires|heures)? ?:?", "noise", ()),
    (rf"{_E}conges {_LEAVE}{_Z}|{_E}(?:fermee?s?|fermeture) pour(?= (?:la |l'|le )?(?:{'|'.join(day for day, _ in _NAMED_DAYS)}){_Z})", "closed", ()),
    (rf"{_E}(?:(?:une |la )?pause(?: meridienne| dejeuner| de midi)?|(?:une )?coupure|(?<!sans )(?:une )?interruption)"
     r"(?= ?:? ?(?:de |entre )?\d)", "closed", ()),
    (rf"{_E}(?:fermee?s?|fermetures?) (?:le |du )?midi(?=,? \(?(?:de |entre )?\d)", "closed", ()),
    (rf"{_E}fermee?s? (?:uniquement|seulement)(?= (?:le |les )?(?:{'|'.join(_DAYS)}){_Z})", "closed", ()),
    (rf"{_E}ferm\.(?= ?:| (?:le |les )?(?:{'|'.join(_DAYS)}){_Z})", "closed", ()),
    (rf"{_E}ouv\.(?= ?:| (?:du |de |le |les )?(?:{'|'.join(_DAYS)}|\d))", "open", ()),
    (rf"{_E}(?:pas d'(?:accueil|ouverture)|pas de (?:permanence|reception)){_Z}(?! [^;\n.]*\d ?h)", "closed", ()),
    (rf"{_E}jours? de fermeture(?: hebdomadaire)?(?: ?:)?", "closed", ()),
    (rf"{_E}\d{{1,4}}(?: ?(?:bis|ter))?,? (?=(?:rue|avenue|place|boulevard|chemin|route|impasse|quai|allee){_Z})", "noise", ()),
    (rf"{_E}(?:repos(?: hebdomadaire)?|relache){_Z}", "closed", ()),
    (rf"{_E}dominical(?:e|es|aux)?{_Z}", "day", (6,)),
    (rf"{_E}(?:le )?midis? et (?:le )?soirs?{_Z}", "noise", ()),
    *((rf"{_E}{_SOME_WEEKS} {_AT_FEAST}(?:{feast}){_Z}", "some-week", about) for feast, about in _AROUND_FEASTS),
    (rf"{_E}{_SOME_WEEKS} (?:en|d'|de|du mois de|du mois d')(?= ?(?:{'|'.join(_MONTHS)}){_Z})", "some-of", ()),
    (rf"{_E}une partie d(?:es?|u mois)(?: de| d')?(?= ?(?:{'|'.join(_MONTHS)}){_Z})", "some-of", ()),
    (rf"{_E}(?:fermetures?(?: annuelles?| hebdomadaires?)?|fermee?s?|closed?|off){_Z}", "closed", ()),
    (rf"{_E}jusqu'(?:a|au|aux){_Z}|{_E}jusque(?= ?\d)", "until", ()),
    (rf"{_E}(?:a partir de|a compter de|des)(?= ?\d| ?le | ?midi)", "from", ()),
    (rf"{_E}hors[ -]saison{_Z}(?= ?\()|{_E}(?:en )?saison{_Z}(?= ?\(| du \d)", "summer", ()),
    (rf"{_E}hors[ -]saison{_Z}", "rest", ()),
    (rf"{_E}(?:sauf|hors|hormis) {_UNFORESEEN}{_NO_DAYS}[^,;.\n()]*", "unless", ()),
    (rf"{_E}{_EXCLUDED}{_Z}(?= *(?:$|[,;.:()|\n]|(?:de )?\d{{1,2}} ?(?:h|:)|et{_Z}))", "excluded", ()),
    (rf"{_E}(?:(?:sauf|hors|hormis)(?!-\w)|{_EXCLUDED}|a l'(?:exception|exclusion) (?:de|du|des|d')|exception faite (?:de|du|des|d')|si ce n'est"
     rf"|sans compter|a part(?= (?:le |les )?{_SOME_DAY})|en dehors (?:de|du|des)){_Z}", "except", ()),
    (rf"{_E}sf{_Z}\.?", "except", ()),
    (rf"{_E}(?:reste(?:nt)? )?(?:ouverte?s?|ouvertures?|ouvre(?:nt)?|accessibles?){_Z}", "open", ()),
    (rf"{_E}plus(?= (?:(?:le|les|du|tous les|chaque) )?(?:{'|'.join(_DAYS)}){_Z})", "more", ()),
    (rf"{_E}(?:supplementaires?|en plus|aussi|egalement){_Z}", "more", ()),
    (rf"{_E}ainsi que{_Z}", "and", ()),
    (rf"{_E}(?:uniquement|seulement|exclusivement){_Z}", "only", ()),
    (rf"{_E}s(?= ?:? ?\d{{1,2}} ?(?:h|[:.]\d\d))", "day", (5,)),
    (rf"{_E}d(?= ?:? ?\d{{1,2}} ?(?:h|[:.]\d\d))", "day", (6,)),
    (rf"{_E}entre{_Z}", "between", ()),
    (rf"{_E}(?:aux )?memes? (?:horaires?|heures?) qu(?:e |')", "idem", (1,)),
    (rf"{_E}(?:idem|(?:aux )?memes? (?:horaires?|heures?)){_Z}|{_E}comme(?= (?:le |les )?(?:{'|'.join(_DAYS)}){_Z})", "idem", ()),
    (rf"{_E}{_BEFORE_PLACE}(?:place|salle|rue|avenue|boulevard|parking|esplanade|cours|quai|allee|halles?|parvis|bourg){_Z}", "where", ()),
    (rf"{_E}mais(?= (?:ferm|ouv|jusqu|seulement|le |la |les |du |{'|'.join(_DAYS)}))", ",", ()),
    (rf"{_E}(?:et|puis){_Z}|\+", "and", ()),
    (rf"{_E}ou(?= (?:sur )?{_RDV}{_Z})", "or", ()),
    *((rf"(?<=; ){letter}(?= ?:? ?ferme)|(?<=[|,\n]){letter}(?= ?:? ?ferme)", "day", (day,)) for letter, day in _LETTER_DAYS),
    (rf"{_E}ma(?=,? (?:me|j|v|s)(?!\w))", "day", (1,)),
    (rf"{_E}me(?=,? (?:j|v|s)(?!\w))", "day", (2,)),
    (r"(?<=, )v(?= ?:)", "day", (4,)),
    (rf"{_E}l(?=,? (?:ma|me|j|v|s)(?!\w))|{_E}l(?=,? ?\d{{1,2}} ?h)", "day", (0,)),
    (rf"{_E}j(?= [vs](?!\w))|{_E}j(?=,? ?\d{{1,2}} ?h)|{_E}(?<=ma )j{_Z}|(?<=me )j{_Z}", "day", (3,)),
    (rf"{_E}v(?=,? ?\d{{1,2}} ?h)|{_E}v(?= s(?!\w))", "day", (4,)),
    (rf"{_E}(?:au|a){_Z}", "to", ()),
    (rf"{_E}(?:en |a l'|aux )?heures? d'ete{_Z}", "summer", (0, 1)),
    (rf"{_E}(?:en |a l'|aux )?heures? d'hiver{_Z}", "summer", (1, 1)),
    (rf"{_E}(?:horaires? d'|saison d'|(?:en )?periode d')?(?:en |l')?ete{_Z}|{_E}(?:en )?(?:horaires?|saison|periode) estivale?s?{_Z}", "summer", (0,)),
    (rf"{_E}(?:horaires? d'|saison d'|(?:en )?periode d')?(?:en |l')?hiver{_Z}|{_E}(?:en )?(?:horaires?|saison|periode) hivernale?s?{_Z}", "summer", (1,)),
    (rf"{_E}(?:en )?(?:haute|moyenne|pleine|basse) saison{_Z}|{_E}(?:au )?printemps{_Z}|{_E}(?:en |a l')?automne{_Z}", "summer", ()),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern), kind, value) for pattern, kind, value in _RULES)
_DAY_RE = tuple(re.compile(rf"{_E}(?:{d}){_Z}(?P<dot>\.?)") for d in _DAYS)
_SHORT_RE = tuple(re.compile(rf"{_E}{d}{_Z}(?P<dot>\.?)") for d in _SHORT)
_MONTH_RE = tuple(re.compile(rf"{_E}(?:{m}){_Z}(?P<dot>\.?)") for m in _MONTHS)
_DATED = re.compile(rf"{_E}(?:du|de) (?:1er |\d{{1,2}} |debut |mi-|fin )?(?:{'|'.join(_MONTHS)}) (?:au|a) ")
OF_HOURS = frozenset(("heure", "heures", "horaire", "horaires", "periode", "saison", "accueil", "ouverture", "ouvertures", "public", "nouveau", "nouveaux",
                      "nouvelle"))  # fmt: skip
"""Labels that name no place of their own."""
_ABOUT = re.compile(
    rf"{_E}(?:la )?(?P<when>mi|debut|fin|milieu)(?:[ -](?:de |d'|du mois de )?)(?P<month>{'|'.join(_MONTHS)}){_Z}"
)
_NTH_RE = tuple((re.compile(rf"{_E}{word}{_Z}"), n) for word, n in _NTH.items())
_NTH_NUM = re.compile(rf"{_E}([1-9]|[12]\d|3[01])(?:ere?s?|emes?|e|nde?|de)s?{_Z}")
_FULL_DATE = re.compile(
    r"(?<![\w/.])(0?[1-9]|[12]\d|3[01])[/.](0?[1-9]|1[0-2])[/.](20\d\d|\d\d)(?![\w/]| ?h)"
)
_SLASH_DATE = re.compile(r"(?<=le |au |du )(\d{1,2})/(0?[1-9]|1[0-2])(?![\w/]| ?h)()()")
_SLASH_RANGE = re.compile(
    r"(?<=\()(\d{1,2})/(0?[1-9]|1[0-2])(?= ?(?:-|au|a) ?\d{1,2}/\d{1,2}(?![\w/]| ?h))|(?:(?<=- )|(?<=\d-))(\d{1,2})/(0?[1-9]|1[0-2])(?=\))"
)
"""« (15/03 au 15/10) »"""
_AND_SO_ON = re.compile(r"(?:\.{2,}|…)(?= *(?:$|\n|[A-Z]))|[?]")
_TRAILING = re.compile(r"(?:\.{3,}|…)(?= *[^\W\d]| *\))")
"""« portage de repas…) », « 12 heures… en attendant »: something is left out, or the sentence goes on."""
_ROUND_SIGNS = str.maketrans({"[": "(", "]": ")", "=": ":"})
_TILDE = re.compile(r"(?<=[\dhH]) ?~ ?(?=\d)")
_OH = re.compile(
    r"(?<=\d[hH:])[oO]{2}(?!\w)|(?<=\d[hH:] )[oO]{2}(?!\w)|(?<=\d)[oO](?= ?[hH:])|(?<=\d[hH:]\d)[oO](?!\w)"
)
"""« 10hOO »: a letter for the figure."""
_DOTTED = re.compile(
    r"(?<!\d)(0?[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])(?P<by> ?(?:-|au|a) ?)(0?[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])(?![\d.]| ?h)"
)
"""« 01.10 au 31.03 »: dates, when one of them is no time of the day."""
_EACH_MIDDAY = re.compile(r"(?<!\w)(?:le|les|chaque) $")
_EACH_MIDDAY_OF = re.compile(rf" ?(?:du |les? )?(?:{'|'.join(_DAYS)}){_Z}")
_TIMES_AHEAD = re.compile(r"(?! ?(?:uniquement|seulement|et |\())[^;.\n()]*\(?\d ?h")
_LETTER = "(?:lu|ma|me|je|ve|sa|di|[lmjvsd])"
_LETTERS = re.compile(
    rf"{_E}(?:les )?{_LETTER}(?P<by> ?[-,./] ?| ){_LETTER}(?:(?P=by){_LETTER})+{_Z}(?:(?<=\.\w)\.|(?<=\. \w)\.)?(?! ?h)"
)
_FROM_M = re.compile(rf"{_E}(?:du )?m\.? ?(?:au|a|-) ?[jvsd]{_Z}")
"""« du M. au S. »"""
_LEAP_DAY = re.compile(
    rf"{_E}(?:28 ?(?:\( ?(?:ou )?29 ?\)|/ ?29|ou 29|- ?29) (?:{_MONTHS[1]}){_Z}"
    rf"|28 (?:{_MONTHS[1]}) ?\(? ?(?:ou )?(?:le )?29(?: (?:{_MONTHS[1]}))?"
    r"(?: (?:les|en) annees? bissextiles?)? ?\))"
)
"""The last day of February, of any year."""
_EVEN = re.compile(r"(?<=s) (?:im)?pairs?(?!\w)")
_DOT = re.compile(r"\.(?= ?[:,(\d])")
_ROOM_RE = re.compile(_ROOM)
_INITIALS = re.compile(rf"{_E}(?:[a-z]\.-?){{2,}}(?=[ :,]|$)")
_NO_INITIALS = re.compile(r"[jh]\.f\.|t\.l\.j|n\.b\.|w\.e\.|r\.d\.v|r\.v\.")
"""Days, appointments."""
_TIME_RE = re.compile(_TIME)
_HALF_RE = re.compile(
    r"(?P<h>[01]?\d|2[0-3]) ?h(?:eures?)? (?P<half>trente|quinze|quarante-cinq|et demie|et quart)(?!\w)"
)
"""« 17 heures trente »"""
_ENDS = re.compile(r"\d ?h? ?(?:-|a) ?$")
_GOES_ON = re.compile(r" ?(?:-|a) ?\d")
_OF_DAY = re.compile(r" ?du (matin|soir)(?!\w)| ?de l'apres-midi(?!\w)")
_NUM_RE = re.compile(rf"\d+{_Z}")
_WORD_RE = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PROSE = (
    *_DAYS, "tous les jours", "tlj", r"t\.l\.j", "week-? ?ends?", "en semaine", "semaine", "feries?", "vacances", "fermee?s?|fermeture", "ouvert[es]*",
    "semaines? (?:im)?paires?", "jours? ouvr[a-z]+", "veilles?", "sauf", "hors", "matin", "apres-midi", "a partir", "des le", "jour et nuit", "lever",
    "rdv|rendez-vous", "toute l'annee", "de \\d{1,2} ?h(?: ?\\d\\d)? a \\d{1,2} ?h", "7 ?j", "jours sur 7", "heures? d'(?:ete|hiver)",
    "(?:accessibles?|ouverte?s?) en permanence",
    "paques|toussaint|pentecote|ascension|noel", _ROUND, rf"(?=(?:\w\w[ ,./-]+)*[lmjvsd](?!\w)){_LETTER}(?P<sep> ?[-,./] ?| ){_LETTER}(?:(?P=sep){_LETTER})+",
    "dominical[es]*", "midi et soir", "l-[vsd]", "l (?:au|a) [vsd]", "l(?P<by>[-, ./]{0,2})m(?P=by)m(?P=by)j(?P=by)v(?:(?P=by)s(?:(?P=by)d)?)?",
)  # fmt: skip
_DATE_SENTENCE = re.compile(rf"{_E}(?:du|au|le) \d{{1,2}}/\d{{1,2}}(?!\d).*\d ?h(?![^\W\d])")
_FULL_DAY = re.compile(rf"{_E}(?:{'|'.join(_PROSE)}){_Z}")
_JOINED = re.compile(r"(?<![\w:/])([01]\d)([0-5]\d) ?- ?([01]\d|2[0-4])([0-5]\d)(?![\w:])")
"""« 0830-1230 »"""
_ARROW = re.compile(r"([^\W\d_]\.?) ?(?:→|[-–]?>) ?(?=[^\W\d_])")
"""« Lundi → vendredi »: from one to the other."""
_CODES = re.compile(
    rf"({'|'.join(code for code in (*WEEKDAYS, *MONTHS, 'PH', 'SH') if code != 'Mar')})(?!\w)"
)  # « Mar » is Tuesday here
_MONTH_SENTENCE = re.compile(
    rf"{_E}(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre){_Z}.*\d ?h(?![^\W\d])"
)
_SHORT_DAYS = re.compile(rf"{_E}(?:lu|me|je|ve){_Z}")
_SHORT_LISTED = re.compile(rf"{_E}({'|'.join(_SHORT)})(?= ?[,/&:-]| \d)")
_ENGLISH = re.compile(
    r"(?<!\w)(?:Mo|Tu|We|Th|Fr|Su|PH|SH|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Do|Mi(?!-[a-z]{3}))(?!\w)(?!\.)"
)
_BUT = re.compile(rf"{_E}(?:sauf|hors|excepte){_Z}")
_WITH_H = re.compile(r"\d ?h(?!\w)|\d ?h ?\d\d")
_BARE = re.compile(r"(?<![\d:.h])\d{1,2} ?- ?\d{1,2}(?![\d:.h])")
"""« 10-12 »: OpenStreetMap has minutes."""
_LINKED = re.compile(
    rf"{_E}(?:lu|ma|me|je|ve|sa|di) (?:a|au|et) (?:lu|ma|me|je|ve|sa|di){_Z}|\d \+ \d"
    rf"|{_E}(?:lu|ma|me|je|ve)\.? ?[-/,] ?(?:ma|me|je|ve|sa|di){_Z}[^:]*\d\.\d\d"
)
"""« ma à je 08:30-12:00 + 14:00-17:00 »: what no grammar but French has between days."""
_HOURS_ALONE = re.compile(r"^(?=.*\d ?h)(?:\d|h|a|de|et|du|[\s:.,;/()+-])+$")
_LITTLE = re.compile(rf"{_E}(?:de|du|des|le|la|les|et|au|aux|en|tous|toutes?){_Z}")
"""Words of French and of no grammar of hours."""
_FOREIGN_MONTH = re.compile(r"(?<!\w)(?:Jan|Feb|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?!\w)", re.IGNORECASE)
_SHORT_ONLY = re.compile(r"(?<!\w)(?:Lu|Ma|Me|Je|Ve|lu|ma|me|je|ve|LU|MA|ME|JE|VE)(?!\w)")


_SENTENCE = re.compile(
    rf"(?<=\.) (?!(?:{DAY_PATTERN}|{'|'.join(_SHORT)}|{'|'.join(_MONTHS)})(?!\w))(?-i:[A-ZÀ-Ý][a-zà-ÿ])",
    re.IGNORECASE,
)
"""« fermé le 25 déc. Dernière entrée 17h »: behind the point of an abbreviation, what begins a sentence."""
_FULL = frozenset((
    "aout", "avril", "decembre", "dimanche", "dimanches", "fevrier", "janvier", "jeudi", "jeudis", "juillet", "juin", "lundi", "lundis", "mai",
    "mardi", "mardis", "mars", "mercredi", "mercredis", "novembre", "octobre", "samedi", "samedis", "septembre", "vendredi", "vendredis",
))  # fmt: skip
"""Not abbreviations: a point behind them ends the sentence."""


def french(text: str) -> bool:
    """The text speaks of days in French, so that it is to be read as a French sentence and as nothing else.

    >>> french("lun 9h-12h, mar 14h-18h"), french("Mo-Fr 09:00-12:00"), french("Lu-Ve 9h-12h")
    (True, False, True)
    """
    folded = fold(text).translate(_SIGNS).replace("\n", ";").replace("|", ";")
    if '"' in text or "«" in text or "||" in text or "„" in text or "“" in text:
        return False
    if _ENGLISH.search(text) and not _BUT.search(folded):
        return False
    said = {found[0] for found in _FULL_DAY.finditer(folded)}
    if not said and _WITH_H.search(folded):
        said = {word for word in re.findall(r"[a-z]{6,}", folded) if slip(word)}
    clear = _WITH_H.search(folded) or _BARE.search(folded) or (not said and _LINKED.search(folded))
    if not clear and all(re.fullmatch("7 ?j|jours sur 7", one) for one in said):
        return False
    if said == {"mar"} and (_FOREIGN_MONTH.search(text) or not _WITH_H.search(folded)):
        return False  # « Mar-Oct », « Mar 09:00-18:00 » are March
    if _HOURS_ALONE.match(folded) or (_WITH_H.search(folded) and _LITTLE.search(folded)):
        return True
    return bool(
        said
        or _MONTH_SENTENCE.search(folded)
        or _DATE_SENTENCE.search(folded)
        or (_SHORT_DAYS.search(folded) and _SHORT_ONLY.search(text))
    )


def words(text: str) -> list[Word]:
    """The words of a text. Raises NotFrench at a sign that has no place in hours, or a time that no clock
    shows.
    """
    plain = _JOINED.sub(r"\1h\2-\3h\4", _ARROW.sub(r"\1 au ", text).replace("->", "→").translate(_SIGNS))
    if "{" not in plain:
        plain = _TILDE.sub("-", plain.translate(_ROUND_SIGNS))
    plain = _TRAILING.sub(_left_out, _AND_SO_ON.sub(r".", plain))
    plain = _DOTTED.sub(_slashed, _OH.sub(lambda found: "0" * len(found[0]), plain))
    folded = fold(plain)
    short = bool(_SHORT_DAYS.search(folded)) and (
        not re.search(rf"{_E}(?:lundi|mardi|mercredi|jeudi|vendredi){_Z}", folded)
        or len(set(_SHORT_LISTED.findall(folded))) > 2
    )
    dated = (
        bool(_DATED.search(folded))
        and len({name for name in ("ete", "hiver") if re.search(rf"{_E}{name}{_Z}", folded)}) == 1
    )
    out: list[Word] = []
    at = 0
    while at < len(folded):
        if folded[at] == " " and not _EVEN.match(folded, at):
            at += 1
            continue
        begin = at
        word, at = _one(plain, folded, at, short)
        if word is not None and word.kind == "nonstop" and not _without_pause(out, folded[at:]):
            word = None
        if word is not None and word.kind in ("included", "excluded"):
            word = _of_days(out, word)
        if word is not None and _midday(out, word, folded[:begin], folded[at:]):
            word = Word("part", (3,), word.text)
        if word is not None:
            out.append(_of_a_name(out, word, folded[:begin], dated))
    return _dated_once(out)


def _of_days(before: list[Word], word: Word) -> Word | None:
    """« samedi compris », « jeudi excepté »; « du 3 au 21 août inclus » and « location comprise » say nothing more, and behind anything
    else « excepté » is of what follows.
    """
    last = before[-1].kind if before else ""
    if word.kind == "excluded":
        return word if last in _HUNG else replace(word, kind="except")
    return word if last in _DAY_KINDS else None


def _left_out(found: re.Match[str]) -> str:
    """At the end of a bracket, something of its kind is left out, days perhaps: a word of which nothing is known. What goes on
    with days or hours behind such points was perhaps said before them: they stay, and are refused.
    """
    behind = fold(found.string[found.end() :]).lstrip()
    if behind.startswith(")"):
        return " etc"
    return found[0] if re.search(rf"\d|{_E}(?:{DAY_PATTERN}|ferm\w*|sauf|hors|tous){_Z}", behind) else "."


def _slashed(found: re.Match[str]) -> str:
    late = max(int(found[1]), int(found[4])) > 24
    return f"{found[1]}/{found[2]} au {found[4]}/{found[5]}" if late else found[0]


def _dated_once(said: list[Word]) -> list[Word]:
    """« fermé jusqu’au 13 septembre 2026. À partir du lundi 14 septembre : … »: a date from which or until which
    something holds is of the only year that the text says.
    """
    years = {w.value[0] for w in said if w.kind == "num" and 2000 <= w.value[0] < 2100}
    years |= {w.value[3] for w in said if w.kind == "date" and len(w.value) > 3}
    if len(years) != 1:
        return said
    year = years.pop()
    out: list[Word] = []
    for i, word in enumerate(said):
        out.append(word)
        before = [w.kind for w in said[max(0, i - 3) : i]]
        since = (
            before[-2:] == ["since", "num"]
            or before == ["since", "day", "num"]
            or before[-2:] == ["since", "nth"]
        )
        until = before[-2:] in (["until", "num"], ["until", "nth"])
        dated = i + 1 < len(said) and said[i + 1].kind == "num" and said[i + 1].value[0] == year
        if word.kind == "month" and (since or until) and not dated:
            out.append(Word("num", (year,), str(year)))
    return out


def _without_pause(before: list[Word], behind: str) -> bool:
    """« le jeudi en continu jusqu’à 18h », « (sans interruption le mardi) »: said of days whose hours stand elsewhere. Beside hours of
    its own it says nothing more than they do.
    """
    kinds = [w.kind for w in before[-2:]]
    ends = re.match(r" ?(?:$|[;.,\n)])", behind) is not None
    last = next((i for i in range(len(before), 0, -1) if before[i - 1].kind in (";", ",", "(")), 0)
    if (
        kinds[-1:] == ["time"]
        and kinds != ["until", "time"]
        and sum(w.kind == "time" for w in before[last:]) == 2
    ):
        return False  # « 9h-17h sans interruption du lundi au vendredi »
    return (
        re.match(r",? jusqu'a \d", behind) is not None
        or (kinds == ["until", "time"] and ends)
        or (kinds[-1:] in (["day"], ["days"]) and ends)
        or re.match(rf" (?:le |les |du |tous les )?(?:{DAY_PATTERN}){_Z}[^\d;.\n)]*(?:[;.\n)]|$)", behind)
        is not None
    )


def _midday(before: list[Word], word: Word, ahead: str, behind: str) -> bool:
    """« dimanche midi : 12h-14h », « midi (12h-14h) », « le midi du lundi au vendredi de 12h à 14h »: the middle of
    the day, no time.
    """
    if word.kind != "time" or fold(word.text) != "midi":
        return False
    begins = not before or before[-1].kind in (";", "label", "name", "open", ":")
    if begins and before and before[-1].kind == "label" and re.match(r" ?: ?(?:de )?\d", behind):
        return True  # « service midi : 12h-14h »
    if (
        begins
        and _EACH_MIDDAY.search(ahead)
        and (_TIMES_AHEAD.match(behind) or _EACH_MIDDAY_OF.match(behind))
    ):
        return True
    if not before and re.match(r" ?: ?(?:de )?\d", behind):
        return True  # « midi : 12h-14h »
    if begins and re.match(rf" du (?:{'|'.join(_DAYS)}){_Z}[^;.\n()]*\(?\d ?h", behind):
        return True
    if not before:
        return False
    if [w.kind for w in before[-3:]] == ["day", "to", "day"] and _TIMES_AHEAD.match(behind):
        return True
    last = next((i for i in range(len(before), 0, -1) if before[i - 1].kind == ";"), 0)
    apart = before[-1].kind == "day" and any(w.kind in ("closed", "except") for w in before[last:])
    if apart and re.match(r" ?(?:$|[;.,)\n]| et (?!\d|deux|quatorze|une))", behind):
        return True  # « fermé samedi midi et dimanche »
    if before[-1].kind in ("day", "days"):
        return bool(re.match(r" ?[:(]| (?:de )?\d", behind))
    return before[-1].kind in (",", "and", ";", ":") and behind.lstrip().startswith("(")


def _of_a_name(before: list[Word], word: Word, folded: str, dated: bool) -> Word:
    """« marché de Noël », « piscine d’été » whose dates are said: a part of the name, not a time of the year.
    « vacances (sauf Noël) »: its holidays.
    """
    if (
        word.kind == "date"
        and word.value[2:3] == (1,)
        and [w.kind for w in before if w.kind not in ("(", ",", "to")][-2:]
        in (["sh", "except"], ["some-sh", "except"], ["some-sh", "and"])
    ):
        name = fold(word.text)
        return next(
            (
                Word("some-sh", months, word.text)
                for names, months in _SCHOOL.items()
                if name in names.split("|")
            ),
            word,
        )
    if word.kind == "summer" and [w.kind for w in before[-2:]] == ["some-sh", "and"]:
        named = next(
            (
                months
                for names, months in _SCHOOL.items()
                if fold(word.text).split("'")[-1] in names.split("|")
            ),
            None,
        )
        return Word("some-sh", named, word.text) if named else word  # « vacances de Noël et d’été »
    named = bool(before) and before[-1].kind == "label" and fold(before[-1].text) not in OF_HOURS
    feast = word.kind == "date" and word.value[:2] == (12, 25) and folded.endswith(" de ")
    season = word.kind == "summer" and folded.endswith(" d'") and dated
    return Word("label", (), word.text) if named and (feast or season) else word


def _days_by_letter(said: str) -> tuple[int, ...]:
    """Days by their first letters, in the order of the week, as bits: one list, or two where « M » is Tuesday or
    Wednesday.

    >>> [bin(bits) for bits in _days_by_letter("l-m-m-j")], len(_days_by_letter("l, m, j"))
    (['0b1111'], 2)
    """
    letters = re.findall(_LETTER, said.removeprefix("les "))
    lists = [
        days
        for days in itertools.combinations(range(7), len(letters))
        if all(_SHORT[day].startswith(letter) for day, letter in zip(days, letters, strict=True))
    ]
    return tuple(sum(1 << day for day in days) for days in lists)


_NAMES = {name: ("day", i) for i, name in enumerate(("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"))} | {
    name: ("month", i) for i, name in enumerate(("janvier", "fevrier", "", "avril", "", "", "juillet", "", "septembre", "octobre", "novembre", "decembre"), 1)
    if name
}  # fmt: skip


def slip(said: str) -> Word | None:
    """A day or a month of which one letter is missing, is too many, is another one, or has changed places."""
    if len(said) < 5 or said in _LABELS | _NOISE:
        return None
    near = [at for name, at in _NAMES.items() if _one_letter(said.removesuffix("s"), name)]
    return Word(near[0][0], (near[0][1],), "") if len(near) == 1 else None


def _one_letter(said: str, name: str) -> bool:
    if said[0] != name[0] or abs(len(said) - len(name)) > 1:
        return False
    begin = next(
        (i for i, (a, b) in enumerate(zip(said, name, strict=False)) if a != b), min(len(said), len(name))
    )
    a, b = said[begin:], name[begin:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:] and len(b) > 1)


def _one(plain: str, folded: str, at: int, short: bool) -> tuple[Word | None, int]:
    if found := _CODES.match(plain, at):  # of OpenStreetMap, in a French sentence: « Mo-Fr 9h-18h sauf Aug »
        code = found[1]
        kind, value = (
            ("day", (WEEKDAYS.index(code),))
            if code in WEEKDAYS
            else ("month", (MONTHS.index(code) + 1,))
            if code in MONTHS
            else (code.lower(), ())
        )
        end = found.end() + (kind == "day" and bool(_DOT.match(folded, found.end())))  # « Sa. : », « Sa. 9h »
        return Word(kind, value, code), end
    if (found := _LETTERS.match(folded, at)) and re.search(r"(?<!\w)[lmjvsd](?!\w)", found[0]):
        if not (value := _days_by_letter(found[0])):
            raise NotFrench("first letters that are no days in order", found[0])
        return Word("letters", value, found[0]), found.end()
    if found := _FROM_M.match(folded, at):
        raise NotFrench("Tuesday or Wednesday", found[0])
    if found := _LEAP_DAY.match(folded, at):
        return Word("date", (2, 29), plain[at : found.end()]), found.end()
    if found := _ROOM_RE.match(folded, at):
        return None, found.end()
    if (found := _INITIALS.match(folded, at)) and not _NO_INITIALS.match(folded, at):
        return Word("name", (), found[0]), found.end()
    if found := _FULL_DATE.match(folded, at):
        year = int(found[3]) + 2000 * (len(found[3]) == 2)
        return Word("date", (int(found[2]), int(found[1]), 0, year), found[0]), found.end()
    if found := _SLASH_DATE.match(folded, at) or _SLASH_RANGE.match(folded, at):
        return Word("date", (int(found[2] or found[4]), int(found[1] or found[3])), found[0]), found.end()
    if found := _NTH_NUM.match(folded, at):
        return Word("nth", (int(found[1]),), found[0]), found.end()
    for pattern, kind, value in _COMPILED:
        if found := pattern.match(folded, at):
            return (None if kind == "noise" else Word(kind, value, plain[at : found.end()])), found.end()
    if (half := _HALF_RE.match(folded, at)) is not None:
        minute = {"trente": 30, "quinze": 15, "quarante-cinq": 45, "et demie": 30, "et quart": 15}[
            half["half"]
        ]
        return Word("time", (int(half["h"]) * 60 + minute, False), plain[at : half.end()]), half.end()
    if found := _TIME_RE.match(folded, at):
        minute = int(found["m"] or found["m2"] or 0)
        hour, end = int(found["h"]), found.end()
        if (
            found["m"]
            and " h" not in found[0]
            and folded[found.start("m") - 1] == " "
            and _ENDS.search(folded, 0, at)
            and _GOES_ON.match(folded, end)
        ):
            minute, end = 0, found.start("m") - 1  # « 9-12h 14-17h »: noon, and then from two o’clock
        if of_day := _OF_DAY.match(folded, end):
            hour, end = hour + (12 if of_day[1] != "matin" and hour < 12 else 0), of_day.end()
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            raise NotFrench("no such time", found[0])
        return Word("time", (hour * 60 + minute, of_day is not None), found[0]), end
    if (said_clock := clock_in_words(folded, at)) is not None:
        return Word("time", said_clock[:1], plain[at : said_clock[1]]), said_clock[1]
    if found := _ABOUT.match(folded, at):
        month = next(n for n, pattern in enumerate(_MONTH_RE, 1) if pattern.fullmatch(found["month"]))
        first, last = {
            "debut": (1, 10),
            "mi": (10, 20),
            "milieu": (10, 20),
            "fin": (20, _MONTH_ENDS[month - 1]),
        }[found["when"]]
        return Word("about", (month, first, month, last), found[0]), found.end()
    for patterns, kind in ((_DAY_RE, "day"), (_SHORT_RE if short else (), "day"), (_MONTH_RE, "month")):
        for number, pattern in enumerate(patterns):
            if found := pattern.match(folded, at):
                full = found[0].rstrip(".") in _FULL or _SENTENCE.match(plain, found.end())
                end = found.end() - (len(found["dot"]) if full else 0)
                return Word(kind, (number + (kind == "month"),), plain[at:end]), end
    for pattern, number in _NTH_RE:
        if found := pattern.match(folded, at):
            return Word("nth", (number,), found[0]), found.end()
    if found := _NUM_RE.match(folded, at):
        return Word("num", (int(found[0]),), found[0]), found.end()
    if found := _WORD_RE.match(folded, at):
        said, text = found[0], plain[at : found.end()]
        if (near := slip(said)) is not None:
            return replace(near, text=text), found.end()
        label = said in _LABELS or all(part in _LABELS | _NOISE for part in said.split("-"))
        kind = "noise" if said in _NOISE else "label" if label else "name" if text[0].isupper() else "unknown"
        return (None if kind == "noise" else Word(kind, (), text)), found.end()
    sign = folded[at]
    if sign == "'":
        return None, at + 1
    if sign == "." and folded[at + 1 : at + 2] == ")":
        return None, at + 1
    if sign == "." and at + 1 < len(folded) and folded[at + 1] not in " ;\n|":
        raise NotFrench("a point within a word", plain[max(0, at - 8) : at + 8])
    if sign in ",;:.-/()|\n!":
        return Word(";" if sign in ".|\n!" else sign, (), sign), at + 1
    if sign in "€%°²³*#":
        return Word("unknown", (), sign), at + 1
    raise NotFrench("unknown sign", sign)
