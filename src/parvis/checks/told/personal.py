"""What the search for personal data and secrets has to tell. The detectors' own words are in `privacy/detectors`; here is what each means to a reader."""

from __future__ import annotations

from parvis.checks.declaration import English
from parvis.checks.telling import Told

_WHERE = (("dans", "in"), ("dans le texte libre de", "in the free text of"))
_ENDS = (
    ("", ""),
    (" Elles désignent des services : elles peuvent sortir.", " They point at services: they may go out."),
    (" La table décrit des organismes : vérifiez qu’ils sont publiés exprès.", " The table describes organisations: check that they are published on purpose."),
)


def _found(title: str, english: str) -> tuple[tuple[str, str], ...]:
    """The sentences of one detector: where, how many, which share, and what else is known."""
    return tuple(
        (
            f"{title} {where} la colonne « {{name}} » : {{n}} ({{share}} % des cellules remplies).{end}",
            f"{english} {place} column “{{name}}”: {{n}} ({{share}} % of the filled cells).{tail}",
        )
        for where, place in _WHERE
        for end, tail in _ENDS
    )


def _personal(code: str, title: str, why: str, fix: str, english: English) -> Told:
    return Told(f"privacy-{code}", title, why, fix, english, "error", "confidentiality", (*_found(title, english.title), (fix, english.fix)))


_LAW = "Publier une donnée personnelle sans base légale est une violation de données : elle se notifie à la CNIL, et ce qui est sorti ne revient pas."
_LAW_EN = "Publishing personal data without a legal ground is a data breach: it must be notified to the authority, and what went out does not come back."

email = _personal(
    "email", "Adresses électroniques", _LAW,
    "Une adresse nominative ne se publie qu’avec l’accord de la personne ou si un texte le prévoit ; préférez une adresse de service.",
    English(
        "E-mail addresses", fix="An address that names someone needs that person’s consent, or a law that says so; prefer the address of a service.",
        why=_LAW_EN,
    ),
)  # fmt: skip
iban = _personal(
    "iban", "Coordonnées bancaires (iban)", "Un IBAN suffit à préparer une fraude.", "Des coordonnées bancaires ne se publient pas : supprimez-les.",
    English("Bank account numbers (IBAN)", fix="Bank details are not to be published: delete them.", why="An IBAN is enough to prepare a fraud."),
)  # fmt: skip
ip = _personal(
    "ip", "Adresses ip", _LAW, "Une adresse IP est une donnée personnelle : supprimez-la ou agrégez par jour et par lieu.",
    English("IP addresses", fix="An IP address is personal data: delete it, or aggregate by day and place.", why=_LAW_EN),
)  # fmt: skip
nir = _personal(
    "nir", "Numéros de sécurité sociale", "Le NIR ouvre le dossier de santé et social d’une personne, pour la vie.",
    "Le NIR ne sort que dans les cas d’un décret (loi 78-17, article 30) : supprimez la colonne.",
    English(
        "Social security numbers", fix="A NIR goes out only in the cases of a decree (law 78-17, article 30): delete the column.",
        why="A social security number opens a person’s health and social files, for life.",
    ),
)  # fmt: skip
card = _personal(
    "payment-card", "Numéros de carte bancaire", "Un numéro de carte suffit à payer.",
    "Un numéro de carte ne se garde ni ne se publie : supprimez-le et prévenez votre service des paiements.",
    English(
        "Payment card numbers", fix="A card number is neither kept nor published: delete it and tell your payment service.",
        why="A card number is enough to pay.",
    ),
)  # fmt: skip
phone = _personal(
    "phone", "Numéros de téléphone", _LAW, "Un numéro personnel ne se publie qu’avec l’accord de la personne ; préférez le standard du service.",
    English("Telephone numbers", fix="A personal number may be published with that person’s consent only; prefer the number of the service.", why=_LAW_EN),
)  # fmt: skip
plate = _personal(
    "plate", "Plaques d’immatriculation", _LAW,
    "Une plaque désigne le titulaire du véhicule : supprimez-la, ou gardez la seule catégorie du véhicule.",
    English("Number plates", fix="A plate points at the holder of the vehicle: delete it, or keep the category of the vehicle only.", why=_LAW_EN),
)  # fmt: skip

_NAMES = (("Prénoms", "First names"), ("Noms de famille", "Surnames"), ("Noms de personnes", "Names of people"))
_NAME_ENDS = (
    ("", ""),
    (" Sans nom de famille à côté, ils ne désignent personne.", " Without a surname beside them they point at nobody."),
    (" Les noms et mandats des élus sont publics.", " The names and mandates of elected people are public."),
)
_NAME_FIX = (
    "Un nom ne se publie qu’avec l’accord de la personne ou si un texte le prévoit (élus, organigrammes, listes de promotion : CRPA, article D312-1-3) ; "
    "sinon supprimez la colonne.",
    "A name may be published with that person’s consent, or where a law says so (elected people, organisation charts, promotion lists: CRPA, D312-1-3); "
    "else delete the column.",
)
person_name = Told(
    "privacy-person-name", "Noms de personnes", _LAW, _NAME_FIX[0], English("Names of people", fix=_NAME_FIX[1], why=_LAW_EN), "error", "confidentiality",
    (
        *((f"{kind} dans la colonne « {{name}} » : {{n}} cellules remplies.{end}", f"{said} in column “{{name}}”: {{n}} filled cells.{tail}")
          for kind, said in _NAMES for end, tail in _NAME_ENDS),
        _NAME_FIX,
    ),
)  # fmt: skip
_BIRTH_FIX = (
    "Gardez l’année ou une tranche d’âge : avec le sexe et la commune, une date de naissance suffit à désigner quelqu’un.",
    "Keep the year or an age group: with sex and town, a date of birth is enough to point at someone.",
)
birth_date = Told(
    "privacy-birth-date", "Dates ou lieux de naissance", _LAW, _BIRTH_FIX[0], English("Dates or places of birth", fix=_BIRTH_FIX[1], why=_LAW_EN),
    "error", "confidentiality",
    (
        ("Dates ou lieux de naissance dans la colonne « {name} » : {n} cellules remplies.", "Dates or places of birth in column “{name}”: {n} filled cells."),
        _BIRTH_FIX,
    ),
)  # fmt: skip
