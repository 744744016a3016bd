"""What the row of one person tells of where they live and come from, of what they do and what they have: a place of birth,
an occupation, a household, a benefit.

None of it is personal by its header alone, for halls have a state and an occupation too; in the row of somebody it is what
a neighbour recognises them by (RGPD, recital 26).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from parvis.core.text import fold
from parvis.core.types import Column
from parvis.privacy.addresses import shaped
from parvis.privacy.detection import Detection
from parvis.privacy.headers import names_body, says_birth, says_count, says_role, spoken
from parvis.privacy.looking import WORDS, Look, integers
from parvis.privacy.people import Named
from parvis.privacy.row_cells import within
from parvis.privacy.rows import About
from parvis.privacy.traits import HOUSEHOLD, trait

_HOME = re.compile(
    r"^(?:(?:nom|code) )?(?:quartiers?|hameau|ville|commune|localite|cp|code postal|iris)"
    r" (?:de |d |du |des )?(?:residence|residents?|resid|habitation|domicile|dom|usagers?|eleves?|enfants?|famille|foyer)$"
    r"|^qpv$|^home (?:town|city|postcode)$"
)
"""Where somebody lives, said so: a part of town alone may be where something happened, and is left to the whole table."""
_ORIGIN = re.compile(
    r"\b(?:lieu|ville|commune|com|pays|dep|dept|departement|cp|code) ?(?:de |d )?n(?:ais\w*|e|ee)?$|^(?:dep|lieu|com|pays)nais"
    r"|^pays(?: (?:de |d )?origine)?$|^natios?$|\bnationalites?\b|\bnationality\b|\bcountry of (?:birth|origin)\b"
    r"|\bplace of birth\b|\blangues? (?:maternelle|parlees?)\b"
)
_OCCUPATION = re.compile(
    r"\bcsp ?\d*\b|\bpcs\b|\bsocio ?pro\w*|\bprofessions?\b|^metier exerce$|\bemploi (?:actuel|occupe)\b|\boccupation$|\bemployeurs?\b"
    r"|\bsit(?:uation)?s? (?:pro\w*|fam\w*|mat\w*|scol\w*|log\w*|adm\w*|emploi)|^sit(?:pro|fam|mat|scol|log|emp)\w*|\bmarital status\b"
    r"|\bdiplomes?\b|\bniv(?:eau)? (?:d |de )?(?:etudes?|scolaire|diplome|instruction)\b"
)
_STATE = re.compile(r"^(?:statuts?|stat|profils?|situations?|sit|publics?|status)$")
_STATES = re.compile(
    r"propri\w*|proprio|locat\w*|loge\w*|heberge\w*|sdf|sans abri|squat|etud\w*|retr\w*|actif|active|inactif|inactive|chom\w*|demandeu\w* d ?emploi|salari\w*"
    r"|independant\w*|sans emploi|au foyer|lyce\w*|college\w*|scolaire|apprenti\w*|marie\w*|celib\w*|divorce\w*|veu[fv]\w*|pacs\w*|concub\w*|separe\w*"
    r"|en couple|seule?|isole\w*"
    r"|pmr|solid\w*|seniors?|jeunes?|adultes?|enfants?|riverain\w*|resident\w*|usager\w*|handicap\w*|cfa|mfr|descolaris\w*|titulaire|contractuel\w*"
)
"""What somebody is, as a cell says it in a word, folded."""
_MEANS = re.compile(
    r"^(?:(?:montant|mt|dont|droits?) )?(?:apl|aah|rsa|aspa|apa|pch|qm|qf|rfr|ars)\b|\bquotients?\b|\bimpayes?\b|\breste du\b|\bdettes?\b"
    r"|^(?:reste a vivre|rav)\b|\b(?:tx|taux) (?:d )?effort\b|^sft\b|\bsupplement familial\b|^oppo(?:s|sitions?)?$"
    r"|\bsaisies? (?:sur )?(?:salaires?|remuneration)"
)
"""Benefits, quotients, what is owed, and what is added to or taken from a pay because of a family."""
_OWED = re.compile(r"^(?:sommes? )?dus?\b|^retards?$|^solde du\b|^arrieres?$")
"""What somebody owes, in numbers: « du » is also a beginning, « retard » a word."""
_DEATH = re.compile(r"\bdeces\b|\bdcd\b|\bdecedee?s?\b|^dd$|\bdeath\b")
_DWELLING = re.compile(
    r"^(?:etages?|etg|digi ?codes?|interphone|code (?:porte|entree|immeuble|acces)|cles?(?: chez)?|escalier|esc)$"
)
"""How one comes to the door of somebody, and who has its key."""
_KEY = re.compile(r"^cles?$")
_FLOORS = re.compile(
    r"(?:rdc|rdj|rez de (?:chaussee|jardin)|[0-9]{1,2} ?(?:er|e|eme|nd)?(?: etg?(?:age)?)?|dernier|sous sol|maison|pavillon|appt?|appartement)"
    r"(?: (?:s|ss|sans|av|avec|a)? ?(?:asc\w*|[0-9]{1,3}))?"
)
_GROUND = re.compile(r"rd[cj]|rez de|maison|pavillon|sous sol|ss? asc|sans asc")
"""On which floor somebody lives, in what kind of house: one cell says so in a word, for numbers alone are anything."""
_STOP = re.compile(
    r"^(?:arrets?|stop|(?:pt|point) (?:de )?(?:montee|ramassage))(?: (?:bus|car|matin|soir|montee|descente))?$"
)
_STREET = re.compile(r"^(?:rue|voie|nom (?:de )?(?:la )?(?:rue|voie))$")
_TOWN = re.compile(r"^(?:nom )?(?:communes?|ville|village|localite|cp|code postal)$")
_DISTRICT = re.compile(r"^(?:nom )?(?:quartiers?|qtier|qrt|hameau|lieu dit)$")
_ADDRESS = re.compile(r"\badr(?:esse)?s?\b|\bdomicile\b|\bnumero (?:de )?(?:rue|voie)\b")
_BESIDE_A_BIRTH = re.compile(r"^(?:a|lieu|ville|commune|dep|dpt|pays|en)$")
_PLOT = re.compile(r"\bparcelles?\b|\bcad(?:astr\w*)?\b|^sect(?:ions?)?\b")
_PLOTS = re.compile(r"(?:[0-9]{3} ?)?(?P<section>[A-Z]{1,2}) ?[0-9]{1,4}")
"""A plot as the cadastre numbers it: a section of one or two letters, a number in it."""
_TRADE = re.compile(r"^metiers?$|^emploi$|^job$")
_CATEGORY = re.compile(r"^cat(?:egor\w*)?(?: (?:d )?age)?$")
_CATEGORIES = re.compile(
    r"u ?\d{1,2}|(?:baby|eveil|mini ?pou\w*|pou(?:ss?\w*)?|ben(?:jamin\w*)?|min(?:imes?)?|cad(?:et\w*)?|jun?(?:iors?)?"
    r"|esp(?:oirs?)?|sen?(?:iors?)?|vet(?:erans?)?"
    r"|masters?|bb|ea|po|be|mi|ca|es|[vm]\d{1,2}) ?[0-9]?[mfhg]?"
)
"""Classes of age of the sports federations, with the sex behind."""
_NATION_OF = re.compile(r"\b[a-z]+ nat$|^nat [12]$")
_COUNTRIES = re.compile(r"[A-Z]{2,3}")
MOST = 0.8
"""Share of distinct cells of one grammar."""
_HOUSEHOLD = re.compile(
    r"^(?:nb |nbre |n )?(?:p|pers|personnes?|enf|enfants?|parts?|adultes?|occup|occupants?|foyer)$|^enf(?:ants)? (?:a )?charge$"
)
_ELSEWHERE = re.compile(
    r"\bservice|\btravail|\baffect|\binterven|\baccident|\bincident|\bfaits?\b|\breponse|\baccueil|\bcontrole|\bdepart\b|\barrivee\b|\borganism|\bentreprise"
)
"""Where somebody works or something happened: not where they live."""
STATED = 0.6
"""Share of the distinct cells that say what somebody is."""
SURE = 0.75
"""How sure a circumstance is, in the row of somebody."""

_FIX = "Dans la ligne d’une personne, ce qui la décrit aide à la reconnaître : gardez une tranche, ou des totaux."


def circumstances(
    look: Look, names: Mapping[str, Named], about: About, known: Collection[str]
) -> Iterator[Detection]:
    """The columns that tell them, in rows that are people. known: columns of which something was told already."""
    if (
        about.past
        or about.counts
        or about.ground
        or about.candidacies
        or about.rules
        or (about.bodies and about.apart and not _each_named(look, names))
        or (
            names and all(n in about.grounds for n in names)
        )  # mayors, authors: what they did goes out with them
    ):
        return
    happened = about.incidents and not about.named
    bodies = about.bodies and about.apart
    still = not _dated(look, known)
    lived = about.named and not bodies and not about.incidents and still
    before: Column | None = None
    for column in look.schema.columns:
        born = (
            before is not None and before.name in known and (before.type == "date" or says_birth(before.name))
        )
        before = column
        if column.name in names or column.name in known or column.name in about.grounds:
            continue
        if (
            _speaks(look, column)
            if happened
            else _tells(look, column)
            or (about.named and not bodies and _of_named(look, column))
            or (lived and _lives(look, column))
            or (still and column.type == "text" and _STOP.search(spoken(column.name)) is not None)
            or (
                born
                and _BESIDE_A_BIRTH.search(spoken(column.name)) is not None
                and column.type in ("text", "integer")
            )
        ):
            yield trait(look, column, SURE, _FIX)


def _each_named(look: Look, names: Mapping[str, Named]) -> bool:
    """Whether each row names somebody else whole, so that what is owed there is theirs, whatever body stands beside."""
    return any(
        n.kind == "full"
        and not names_body(c)
        and not says_role(c)
        and len(look.samples.get(c, ())) >= EACH * look.filled(c)[0] > 0
        for c, n in names.items()
    )


EACH = 0.8
"""Different names by row from which each row is of one of them."""


def _dated(look: Look, known: Collection[str]) -> bool:
    """Whether rows tell of a day that is nobody's birth: what has a place then may have happened there."""
    return any(c.type in ("date", "datetime") and c.name not in known for c in look.schema.columns)


def _lives(look: Look, column: Column) -> bool:
    """Whether a column says where those live whom rows name, where nothing happens: a street or a town that differs; a
    district where an address or a town stands beside it, for alone it may be that of what somebody asks for.
    """
    header = spoken(column.name)
    if _TOWN.search(header) is not None or (_DISTRICT.search(header) is not None and _addressed(look)):
        return (
            column.type in ("text", "integer")
            and len(
                integers(look, column.name) if column.type == "integer" else look.values(column.name, WORDS)
            )
            > 1
        )
    if _STREET.search(header) is None:
        return False
    streets = shaped(look.values(column.name, WORDS))
    return streets.street + streets.numbered >= MOST


def _addressed(look: Look) -> bool:
    """Whether rows have an address, a street or a town."""
    headers = [spoken(c.name) for c in look.schema.columns]
    return any(p.search(header) is not None for header in headers for p in (_TOWN, _STREET, _ADDRESS))


def _of_named(look: Look, column: Column) -> bool:
    """Whether a column tells of those whom rows name when they died, of what land, or in which class of age they play."""
    header = spoken(column.name)
    if column.type == "date":
        return _DEATH.search(header) is not None
    if column.type != "text":
        return False
    values = look.values(column.name, WORDS)
    if len(values) < 2:
        return False
    if _PLOT.search(header) is not None:
        plots = [m["section"] for v in values if (m := _PLOTS.fullmatch(v.strip())) is not None]
        return len(plots) >= MOST * len(values) and (len(set(plots)) > 1 or len(plots[0]) > 1)
    if _TRADE.search(header) is not None:
        return len(values) > 2
    if _CATEGORY.search(header) is not None:
        return sum(_CATEGORIES.fullmatch(fold(v).strip(" .")) is not None for v in values) >= MOST * len(
            values
        ) and any(len(v.strip()) > 1 for v in values)
    return _NATION_OF.search(header) is not None and all(_COUNTRIES.fullmatch(v.strip()) for v in values)


def _speaks(look: Look, column: Column) -> bool:
    """Whether cells say what somebody is, or a header what they have, wherever something happened to them."""
    header = spoken(column.name)
    if says_count(column.name) or column.type not in ("text", "integer", "number"):
        return False
    if column.type != "text":
        return _MEANS.search(header) is not None
    return (
        _STATE.search(header) is not None
        and len(values := look.values(column.name, WORDS)) > 1
        and _stated(values)
    )


def _tells(look: Look, column: Column) -> bool:
    """Whether a column of somebody's row tells a circumstance of theirs: it is not the same for all of them."""
    header = spoken(column.name)
    if _ELSEWHERE.search(header) is not None:
        return False
    if column.type in ("integer", "number") and _HOUSEHOLD.search(header) is not None:
        return within(look, column, 0, HOUSEHOLD)
    if says_count(column.name):
        return False
    if _MEANS.search(header) is not None or (
        column.type in ("integer", "number") and _OWED.search(header) is not None
    ):
        return True
    if column.type == "boolean":
        return _DWELLING.search(header) is not None
    distinct = integers(look, column.name) if column.type == "integer" else look.values(column.name, WORDS)
    if len(distinct) < 2:
        return False
    if _KEY.search(header) is not None and sum(any(map(str.isdigit, v)) for v in distinct) > 0.5 * len(
        distinct
    ):
        return False  # which key, not who has it
    if any(p.search(header) for p in (_HOME, _ORIGIN, _OCCUPATION, _DWELLING)):
        return column.type in ("text", "integer")
    if column.type == "text" and _on_floors(distinct):
        return True
    return column.type == "text" and _STATE.search(header) is not None and _stated(distinct)


def _on_floors(values: Collection[str]) -> bool:
    """Whether distinct cells are the floors and houses where people live."""
    plain = [" ".join(re.split(r"[^a-z0-9]+", fold(v))).strip() for v in values]
    return any(map(_GROUND.search, plain)) and sum(
        _FLOORS.fullmatch(v) is not None for v in plain
    ) >= MOST * len(plain)


def _stated(values: Collection[str]) -> bool:
    """Whether most distinct cells say what somebody is."""
    plain = [" ".join(re.split(r"[^a-z0-9]+", fold(v))).strip() for v in values]
    return sum(_STATES.fullmatch(v) is not None for v in plain) >= STATED * len(plain)
