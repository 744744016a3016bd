"""Names of people: first names, surnames and full names, decided column by column but with an eye on the
neighbours.

Lists know frequent names only and streets bear people's names, so it is the share of the distinct values that
speaks, phrases of places are put aside, and the header weighs: see `confidence`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from parvis.core.text import fold
from parvis.privacy.confidence import confidence
from parvis.privacy.eponyms import EPONYMS
from parvis.privacy.headers import says_name, says_nothing, says_place, says_role, spoken, spoken_of_names
from parvis.privacy.names import FIRST, PLACES, SURNAMES, listed_words
from parvis.privacy.text.words import ASIDE, COMMON, NOT_A_NAME

Kind = Literal["first", "surname", "full"]

ENOUGH = 20
"""Distinct values from which a column is judged whatever its header."""
FEWEST = 8
"""Distinct values under which a column without a telling header is not judged."""

_FIRST_HEADER = re.compile(
    r"\bpr[ae]?n(?:om)?s?\d*\b|\bpnom\d*\b|prenoms?|\bf(?:irst)? ?(?:name|nm)|\bgiven ?name|\bfore ?name"
)
_SURNAME_HEADER = re.compile(
    r"^noms?\d*$|^nm$|\bpatronym|\bsurname|\bl(?:ast)? ?(?:name|nm)\b|\bfamily ?name"
    r"|\bnom ?(?:de la |de l |de |d |du )?(?:fam|usage|usuel|nais|marit|jf\b|jeune fille|epou|pers\b|patro|agt\b|agent|usager|enfant|eleve|adherent|demandeur"
    r"|dem\b|beneficiaire|contact|resp|titul|pere|mere|elu\b|salarie|locataire|proprietaire|defunt|client|assure|allocataire|abonne|candidat)"
)
_FULL_HEADER = re.compile(
    r"\bnoms? ?(?:et |ou )?prenoms?\b|\bprenoms? ?(?:et |ou )?noms?\b|\bfull ?name|\bcontact ?name|\bagents?\b|\btitul(?:aires?)?\b"
    r"|\bdemandeu(?:r|se)|\bbeneficiaire"
    r"|\bresp(?:onsables?)?\b|\bsignataire|\bauteur|\bredacteur|\bdeclarant|\bplaignant|\binteresse|\bconcessionnaire|\bayants? droit|\btresori|\ballocataire"
    r"|\binterlocuteur|\bcontact\b|\belue?s?\b|\bpresident|\bgerant|\busager|\blocataire|\bproprio|\bproprietaire|\benfant|\beleve|\bparent|\brepresentant"
    r"|\binstructeur|\bdirect(?:eur|rice)|\bpersonne|\bnom complet|\bdefunt|\badherent|\babonne|\bsalarie|\bassure|\bcandidat|\btuteur|\brequerant"
    r"|\b(?:pere|mere)\b|\bconjoint|\bepou(?:x|se)\b|\btemoin|\bparrain|\bmarraine"
)
_DIGIT = re.compile("[0-9]")
_INITIALLED = re.compile(r"[a-z]\.(?: ?-?[a-z]\.)? ?[a-z' -]{2,}|[a-z' -]{2,} (?:[a-z]\.(?: ?-?[a-z]\.)?)")
_WRITTEN = re.compile(
    r"(?P<s>[^\W\d_a-zß-öø-ÿ][^\W\d_a-zß-öø-ÿ’' -]{2,}),? [A-ZÀ-Þ][a-zß-öø-ÿ].*|[A-ZÀ-Þ][a-zß-öø-ÿ][\w’' -]* [^\W\d_a-zß-öø-ÿ][^\W\d_a-zß-öø-ÿ’' -]{2,}"
)
"""A name as clerks write it: the surname in capitals, the first name not."""
_BETWEEN = re.compile(r"[\s'.,/-]+")
_TITLES = frozenset(
    {
        "m",
        "mr",
        "mme",
        "mlle",
        "monsieur",
        "madame",
        "mademoiselle",
        "dr",
        "docteur",
        "prof",
        "me",
        "maitre",
        "pr",
        "mm",
        "mmes",
    }
)
_HOUSES = frozenset(
    {"famille", "fam", "consorts", "indivision", "succession", "hoirs", "heritiers", "veuve", "vve"}
)
"""What stands before the name of a household or of heirs: a title where a name follows, not a kind of
household.
"""
_RANKS = frozenset(
    {
        "brigadier",
        "gendarme",
        "adjudant",
        "inspecteur",
        "inspectrice",
        "brig",
        "bgd",
        "gpx",
        "adj",
        "lt",
        "cne",
        "cdt",
        "sgt",
        "mdl",
        "asvp",
        "infirmier",
        "infirmiere",
        "notaire",
        "educ",
        "ing",
    }
)
"""Ranks and callings that stand before a surname, « Brig. Martin »; before ordinary words they are grades."""
_RANKED = re.compile(r"\s*[^\W\d_]+\.? [A-ZÀ-Þ][a-zß-öø-ÿ]|\s*[^\W\d_a-zß-öø-ÿ]?[a-zß-öø-ÿ]+\.? [A-ZÀ-Þ]{3,}")
_ALSO_SURNAMES = frozenset({"petit", "grand"})
"""Of the words of places: the sixth surname of France and its like. A fountain bears first names too («
Fontaine Wallace »), so « fontaine » is not one.
"""
_PARTICLES = listed_words("""
    de du des la le les d l van von der den ter zu el al ben bin bint ibn abu da das do dos di del della y e et ait oglu
""")


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the distinct values of a column, which share could be what. distinct: how many there are."""

    distinct: int
    first: float
    surname: float
    full: float
    plain: float
    """One to three words of letters, and no place."""
    written: float = 0.0
    """As clerks write a name: DUPONT Jean, Jean DUPONT."""
    rows: int = 0
    """Cells that were looked at, 0 where that is not known."""
    body: float = 0.0
    """Firms and shops by their legal form, their trade, their sign: a register of operators holds them beside
    people.
    """
    place: float = 0.0
    """Places, buildings and institutions."""
    strong: float = 0.0
    """Somebody beyond doubt: a first name and a surname that lists know, neither an ordinary word, or a
    title.
    """
    paired: float = 0.0
    """Words on both sides of a stroke, as a couple or a crew is written: DUPONT/MARTIN."""
    civil: float = 0.0
    """A title and nothing else: the civility of who is named beside it."""
    single: float = 0.0
    """First names of one word, compounds among them: of two words, « Philippe Richard », one may be a surname."""
    famous: float = 0.0
    """Those after whom streets, schools and halls are called."""
    listed: float = 0.0
    """Of which lists know every word as a name, ordinary words (« Petit », « Blanc ») and namesakes of streets among them."""

    @property
    def few(self) -> float:
        """From 0 to 1: how little so few distinct values say; a list of kinds comes again and again, a list
        of people does not.
        """
        if self.distinct >= ENOUGH:
            return 0.0
        return 1.0 if self.distinct < FEWEST or self.distinct < 0.5 * self.rows or not self.rows else 0.3

    @property
    def people(self) -> float:
        """Share that could be full names among what is no firm, where there are some of each; else among all."""
        some = self.full * self.distinct >= LEAST and 0 < self.body < 1
        return min(1.0, self.full / (1 - self.body)) if some else self.full

    @property
    def doubt(self) -> float:
        """`few`, but for full names that leave no doubt: nine teams of two words each bear a name of somebody
        that lists know only if they are people.
        """
        sure = max(self.strong, self.written if self.full >= 0.6 else 0.0)
        if self.distinct <= LEAST and self.full < 1 and not self.body:
            sure = max(0.0, 2 * sure - 1)  # of three names, one that is nobody's makes them names of places
        return (
            self.few * (1 - min(1.0, 1.6 * sure))
            if self.distinct >= LEAST and self.famous < FAMED
            else self.few
        )


LEAST = 3
"""Full names below which a column says nothing by its values alone."""
LISTED = 0.15
"""Share of known surnames from which a column of single words under somebody's part holds surnames: our list
knows one in six.
"""
SURELY = 0.5
"""Share of people beyond doubt from which coordinates beside them are theirs."""
LISTED_ALL, UNDER_A_PART = 0.8, 0.6
"""Share of words that lists know as names, from which a column under somebody's part (« gardien ») names people, be they ordinary
words, and how sure that is.
"""
FAMED = 0.25
"""Share of names of streets and schools from which a column is one of places."""
FAMED_WHOSE = 0.5
"""The same where the header says whose names these are (« contact »): one namesake of Jean Moulin among four is somebody.
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A column that holds names of people, and how sure that is."""

    kind: Kind
    confidence: float


def shares(values: Iterable[str], rows: int = 0) -> Shares:
    """Look at the distinct values of a column, folded. rows: cells that hold them."""
    distinct = {_unmarked(v) for v in values}
    worded = [
        v for v in distinct if not _DIGIT.search(v)
    ]  # most columns of a city are codes: they are not even folded
    seen = {fold(plain := v if v.isascii() else v.translate(UNSEEN)).strip(): plain for v in worded}
    seen.pop("", None)
    count = len(seen) + sum(
        any(map(str.isalpha, v)) for v in distinct if _DIGIT.search(v)
    )  # numbers alone say nothing of what the words are
    if not count:
        return Shares(0, 0, 0, 0, 0)
    first = surname = full = plain = body = strong = famous = place = civil = single = listed = 0
    written = sum(
        1
        for v in worded
        if v.count(" ") <= 5 and _WRITTEN.fullmatch(v.strip()) and not _of_a_place(_BETWEEN.split(fold(v)))
    )
    paired = sum(_PAIRED.fullmatch(v) is not None for v in worded)
    for value, raw in seen.items():
        words = [w for w in _BETWEEN.split(value) if w]
        housed = (
            len(words) > 1
            and (words[0] in _HOUSES or (words[0] in _RANKS and _RANKED.match(raw) is not None))
            and _follows(raw)
        )
        titled = bool(words) and (words[0] in _TITLES or housed)
        words = [w for w in words[housed:] if w not in _TITLES]
        bare = [w for w in words if w not in _PARTICLES]
        civil += titled and not words
        if not bare or len(words) > 6 or not all(w.isalpha() for w in words):
            body += not _BODY_WORDS.isdisjoint(words)
            place += bool(bare) and _BODY_WORDS.isdisjoint(words) and _of_a_place(bare)
            continue
        called = len(bare) > 1 and not EPONYMS.isdisjoint((" ".join(bare), " ".join((*bare[1:], bare[0]))))
        famous += called
        if _of_a_body(words):
            body += 1
            continue
        if _of_a_place(bare):
            place += 1
            continue
        place += len(bare) > 1 and bare[0] in ASIDE and bare[0] not in SURNAMES
        known = [w in FIRST for w in bare]
        plain += len(bare) <= 3
        listed += len(bare) <= 3 and all(w in FIRST or w in SURNAMES for w in bare)
        given = (
            (all(known) or (known[0] and "-" in value and " " not in value)) and len(bare) <= 3 and not titled
        )
        first += given
        single += given and " " not in value
        surname += any(w in SURNAMES for w in bare) and len(bare) <= 3
        initialled = _INITIALLED.fullmatch(value) is not None and len(bare) <= 4
        named = (2 <= len(bare) <= 5 and (known[0] or known[-1])) or (titled and len(bare) <= 3) or initialled
        if named and not titled and _of_words(raw):
            continue
        full += named
        strong += named and not called and (titled or _known(bare))
    return Shares(
        count,
        first / count,
        surname / count,
        full / count,
        plain / count,
        written / count,
        rows,
        body=body / count,
        place=place / count,
        strong=strong / count,
        paired=paired / count,
        civil=civil / count,
        single=single / count,
        famous=famous / count,
        listed=listed / count,
    )


def _follows(raw: str) -> bool:
    """Whether the words after the first are a name: capitals, and no ordinary word."""
    rest = [w for w in _BETWEEN.split(raw)[1:] if w and fold(w) not in _PARTICLES and fold(w) not in _TITLES]
    return bool(rest) and all(
        w[0].isupper() and fold(w) not in COMMON and fold(w) not in PLACES for w in rest
    )


_PAIRED = re.compile(r"\s*[^\W\d_][^\W\d_’' -]+(?:\s*[/&+]\s*[^\W\d_][^\W\d_’' -]+)+\s*")
_TAG = re.compile("</?[A-Za-z][^<>]{0,200}>")


_NUMBERED = re.compile(r"[^\w]*[0-9][0-9A-Z]{0,12}(?:[\s:;,.)/-]+)(?=[^\W\d_]+[\s,]+[^\W\d_])")
"""A number before two words and more: that of somebody in a register, or in a street."""
_SPELT = re.compile(r"(?<![^\W\d_])([^\W\d_]\.?) ?\(([^\W\d_][^()]*)\)$")
"""An initial, and the word that it begins between brackets: « Anne P. (Petit) »."""
_TAIL = re.compile(r"(?<=[^\W\d_])[\s:;,(/-]+[0-9]{1,12}\)?$")
"""One behind them."""


def _unmarked(text: str) -> str:
    """A value without the tags of a page nor a number before or behind it, and with spaces where a program writes underscores.

    >>> _unmarked("<p>Anne Petit</p>"), _unmarked("PETIT_Anne"), _unmarked("3 < 4"), _unmarked("00012-Anne Petit"), _unmarked("Petit Anne;7")
    ('Anne Petit', 'PETIT Anne', '3 < 4', 'Anne Petit', 'Petit Anne')
    >>> _unmarked("Anne P. (Petit)")
    'Anne P. Petit'
    """
    text = _SPELT.sub(r"\1 \2", text) if "(" in text else text
    plain = _TAG.sub(" ", text).replace("_", " ").strip() if "_" in text or "<" in text else text
    return (
        _TAIL.sub("", _NUMBERED.sub("", plain, count=1) if _NUMBERED.match(plain) else plain)
        if _DIGIT.search(plain)
        else plain
    )


UNSEEN = dict.fromkeys(
    map(ord, "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff")
)
"""Signs that nobody sees, and that part a name in two for a machine."""

_BODY_WORDS = listed_words("""
    sarl sas sasu sa eurl sci scm scp sccv snc scop scic gaec earl scea selarl selas ei eirl gie sem spl epic epci ltd gmbh inc llc bv spa
    nv ets etablissements societe entreprise entreprises compagnie cie groupe holding fils freres associes association asso federation
    fondation cooperative mutuelle comite amicale syndicat union club cercle collectif agence cabinet office banque caisse credit assurance
    assurances immobilier immobiliere transports transport logistique batiment btp construction constructions travaux maconnerie menuiserie
    plomberie electricite chauffage toiture couverture peinture paysages paysage espaces jardins terrassement travaux services service
    conseil consulting ingenierie etudes architectes architecture communication production productions distribution industrie industries
    ime esat sessad ehpad itep cmpp csapa chrs saad samsah clinique
    energie energies environnement telecom telecoms informatique numerique digital solutions systemes boulangerie boucherie charcuterie
    patisserie epicerie primeur primeurs fromagerie poissonnerie traiteur restaurant brasserie pizzeria creperie snack kebab bar cafe tabac
    presse hotel librairie papeterie pharmacie optique pressing laverie coiffure esthetique fleuriste fleurs bijouterie garage auto
    automobiles carrosserie ambulances taxis imprimerie quincaillerie droguerie supermarche superette boutique ateliers studio
""")
"""What a firm, a shop or a body says of itself: its legal form, its trade. A list of ours."""
_SIGN = frozenset({"chez", "au", "aux", "the", "o"})
"""How a sign begins."""
_ARTICLES = frozenset({"le", "la", "les", "l"})


def _of_a_body(words: list[str]) -> bool:
    """« SARL Dupont », « Boulangerie Petit », « Chez Paul », « Le Fournil »; not « Le Goff Anne »."""
    if not _BODY_WORDS.isdisjoint(words) or words[0] in _SIGN:
        return True
    return (
        words[0] in _ARTICLES
        and len(words) > 1
        and FIRST.isdisjoint(words[1:])
        and not any(w in SURNAMES for w in words[1:])
    )


def _known(bare: list[str]) -> bool:
    """A first name that is nothing else, beside a surname that lists know or that is no word of theirs."""
    given = [w for w in bare if w in FIRST and w not in COMMON]
    rest = [w for w in bare if w not in given]
    if not given:
        return False
    return (
        len(given) > 1
        or any(w in SURNAMES for w in rest)
        or (len(rest) == 1 and rest[0] not in COMMON and rest[0] not in NOT_A_NAME)
    )


def _of_words(raw: str) -> bool:
    """Whether a phrase bears capitals here and none there, as « salade César » does: a name has them on each
    of its words, or on none.
    """
    parts = [
        w
        for w in re.split(r"[\s,/-]+", raw)
        if w and fold(w.rstrip(".")) not in _PARTICLES and w[0].isalpha() and w[1:2] not in ("'", "’")
    ]
    return any(w[0].islower() for w in parts) and any(w[0].isupper() for w in parts)


def says_whose(name: str) -> bool:
    """Whether a header says whose names these are: a part (« Chef de projet », « demandeur »), not a name
    alone nor an elected office.
    """
    said = re.sub(r"\belue?s?\b", " ", spoken_of_names(name))
    return says_role(said) or (_FULL_HEADER.search(_NEUTRAL.sub(" ", said)) is not None)


_NEUTRAL = re.compile(
    r"\bnoms? ?(?:et |ou )?prenoms?\b|\bprenoms? ?(?:et |ou )?noms?\b|\bnom complet|\bfull ?name|\bpresident\w*"
)


def _of_a_place(bare: list[str]) -> bool:
    """« rue Victor Hugo » is; « Petit » alone is a surname, and « Petit Anne » is somebody."""
    told = [w for w in bare if w in PLACES]
    if not told or (len(bare) == 1 and bare[0] in SURNAMES):
        return False
    rest = [w for w in bare if w and w not in PLACES]
    return not (len(told) == 1 and told[0] in _ALSO_SURNAMES and rest and all(w in FIRST for w in rest))


def name_columns(
    samples: Mapping[str, Shares], *, bodies: bool = False, placed: bool = False
) -> dict[str, Named]:
    """Which columns hold names of people. samples: shares by column name, in the order of the table.

    bodies: whether its rows are organisations or places; placed: whether they have coordinates of their own,
    as places have.
    """
    found: dict[str, Named] = {}
    for name, seen in samples.items():
        said = spoken_of_names(name)
        first_said = _FIRST_HEADER.search(said) is not None
        full_said = _FULL_HEADER.search(said) is not None or (first_said and "nom" in said.split())
        operators = (
            seen.body >= 0.15
            and seen.people * (1 - seen.body) * seen.distinct >= LEAST
            and seen.famous < FAMED
        )
        place = says_place(name) and not first_said and not operators
        others = 1 - seen.body if 0 < seen.body < 1 and seen.full * seen.distinct >= LEAST else 1.0
        strong = 0.0 if place else min(1.0, seen.strong / others)
        whose = full_said or says_role(name)
        aside = (
            1.0
            if place
            or seen.famous >= (FAMED_WHOSE if whose else FAMED)
            or (placed and seen.place >= LISTED and not full_said)
            else 0.5
            if ((bodies and not whose) or (placed and strong < SURELY and not full_said))
            or (bodies and seen.body > 0 and max(seen.people, strong) < SURELY and not operators)
            else 0.0
        )
        people, alone = seen.people, min(1.0, seen.single / others)
        listed = max(people - alone, min(0.5, people) if seen.written > 0.5 else 0)
        header = 1.0 if full_said else 0.5 if says_role(name) or says_name(name) else 0.0
        evidence = {
            "header": header,
            "listed": listed,
            "written": seen.written,
            "strong": strong,
            "place": aside,
        }
        parted = seen.distinct >= LEAST and seen.first >= 0.8 and says_role(name)
        full = confidence(
            "full", {**evidence, "few": 0 if full_said else seen.doubt * (0.5 if header else 1)}
        )
        first = confidence(
            "first",
            {
                "header": 1 if first_said and not full_said else 0.5 if parted else 0,
                "listed": seen.first,
                "few": 0 if first_said else seen.few * (0.5 if parted else 1),
                "place": aside,
            },
        )
        if (
            full < 0.5
            and says_role(name)
            and not place
            and seen.listed >= LISTED_ALL
            and seen.famous <= FAMED
            and max(seen.surname, seen.full)
        ):
            full = UNDER_A_PART
        beside = first_said and not full_said and any(_SURNAME_HEADER.search(spoken(n)) for n in samples)
        if full >= 0.5 and seen.distinct:  # « Prénoms : Émile Joseph » beside « Nom »
            found[name] = Named("first" if beside else "full", full)
        elif first >= 0.5 and seen.distinct:
            found[name] = Named("first", first)
    given = any(n.kind == "first" for n in found.values()) or any(
        seen.civil >= 0.9 and seen.distinct > 1 for seen in samples.values()
    )
    order = list(samples)
    beside_given = {
        order[j]
        for i, n in enumerate(order)
        if n in found and found[n].kind == "first"
        for j in (i - 1, i + 1)
        if 0 <= j < len(order)
    }
    for name, seen in samples.items():
        own = _SURNAME_HEADER.search(spoken_of_names(name)) is not None
        said = (
            1.0
            if own
            else 0.8
            if _FULL_HEADER.search(spoken_of_names(name))
            else 0.5
            if says_role(name) or says_name(name) or seen.paired >= 0.6
            else 0.0
        )
        if (
            name in found
            or seen.plain < 0.8
            or not (own or given or (said and seen.surname >= LISTED))
            or (says_place(name) and not own)
        ):
            continue
        if not given and seen.famous >= FAMED:
            continue
        said = said if own or not given else 0.0
        few = 0 if own else float(seen.few == 1)
        near = name in beside_given and says_nothing(name)
        evidence = {
            "header": said,
            "beside": given,
            "next": near,
            "listed": min(0.5, seen.surname),
            "few": few,
            "plain": seen.plain,
        }
        sure = confidence("surname", evidence)
        if sure >= 0.5:
            found[name] = Named("surname", sure)
    return found


def of_animals(
    names: Mapping[str, Named], seen: Mapping[str, Shares], headers: Collection[str]
) -> frozenset[str]:
    """Columns of names that are those of animals: « nom » alone, of first names more than of surnames, where no other
    header says whose first names these are, and one says of which kind, breed or species a row is.

    seen: what values could be, by column; headers: of all columns.

    >>> seen = {"nom": shares(["Rocky", "Marcel", "Simone"])}
    >>> of_animals({"nom": Named("first", 0.9)}, seen, ["nom", "espèce", "race"])
    frozenset({'nom'})
    >>> of_animals({"nom": Named("first", 0.9)}, seen, ["nom", "prénom", "race"])
    frozenset()
    """
    said = [spoken(name) for name in headers]
    animals = any(_ANIMAL_HEADER.search(one) for one in said) and not any(
        _FIRST_HEADER.search(one) for one in said
    )
    return frozenset(
        name
        for name, one in names.items()
        if animals
        and one.kind != "full"
        and spoken(name) in _CALLED
        and seen[name].first > 2 * seen[name].surname
    )


_ANIMAL_HEADER = re.compile(r"\banima(?:l|ux)\b|\bespeces?\b|\bchiens?\b|\bchats?\b|\brace\b")
_CALLED = frozenset({"nom", "nom usuel", "nom animal", "nom de l animal", "nom du chien", "nom du chat"})


def echoing(
    names: Mapping[str, Named], values: Mapping[str, Collection[str]], seen: Mapping[str, Shares]
) -> dict[str, Named]:
    """Columns whose values are those of a column of names: the one who is on duty, the one who stands in.

    values: distinct ones by column of text; seen: what they could be.
    """
    known = {n: set(values.get(n, ())) for n in names}
    found: dict[str, Named] = {}
    for name, share in seen.items():
        if name in names or share.plain < 0.8 or share.distinct < LEAST or says_place(name):
            continue
        own = set(values.get(name, ()))
        of = next((n for n, others in known.items() if len(own & others) >= ECHO * len(own)), "")
        if of:
            found[name] = Named(names[of].kind, names[of].confidence)
    return found


ECHO = 0.5
"""Share of the distinct values of a column that another names people with, from which it names people too."""
