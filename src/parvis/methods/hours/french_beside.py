"""What a French text of opening hours says beside the hours: the place or service at its head, the last
admission, what closes before the closing.
"""

from __future__ import annotations

import itertools
import re

from parvis.methods.hours.french_entries import HEAD, TAIL
from parvis.methods.hours.french_words import OF_HOURS, NotFrench, Word, fold

_DAYS = frozenset({"day", "days", "worked", "ph", "eve", "month", "date", "about", "feast-days", "some-sh"})
_BEGINS = _DAYS | {
    "nth",
    "num",
    "time",
    "from",
    "between",
    "open",
    "closed",
    "always",
    "sun",
    "part",
    "term",
    "sh",
    "no-sh",
    "parity",
    "summer",
    "appointment",
    "until",
    "walk-in",
    "rest",
    "since",
    "before-then",
}
_ASIDE = frozenset({"label", "name", "unknown", "where", "to", "and", "-", "/", ",", ":", "(", ")"})
_FOR = frozenset({"pour", "reserve", "reservee", "reserves", "reservees"})
_BETWEEN = frozenset({"to", ":", ";", ",", "-", "/"})
TURNS = re.compile(
    # Negations, quantities, changes for a time: words that turn what stands beside them into something else.
    r"n|ne|ni|non|pas|plus|jamais|aucune?|sans|moins|sur|fois|deux|trois|quatre|certaine?s?|quelques|plusieurs|parfois|souvent|alternan[ct].*|quinzaine|bimensuel.*|mensuel.*|"
    r"alternati.*|cas|semaines?|jours?|jusque|partir|compter|depuis|environ|vers|apres|avant|si|exception.*|prochain.*|provisoire.*|temporaire.*|actuel.*|ancien.*|suspen.*|annul.*|supprim.*|interdi.*|"
    # Days, feasts and seasons that no list holds: what they say is lost with them.
    r"fete|carnaval|rentree|printemps|automne|paques|toussaint|ascension|pentecote|noel|careme|ramadan|hiver.*|ete|estiv.*|saison.*|vacances?|feries?|veilles?|lendemains?|"
    r"ponts?|week.*|matin.*|soir.*|annee.*|trimestre.*|mi|debut|fin|milieu|mois|"
    r"absen[ct].*|interr.*|ferme.*|reprises?|retour|re?ouv.*|repor.*|indisponib.*|travaux|conges?|complet|complete|selon|variables?|deplace.*|modifi.*|reserve.*"
)
PUBLIC = re.compile(
    r"groupes?|scolaires|professionnels?|artisans?|entreprises?|associations?|abonnes?|adherents?|membres?"
)
"""Whom hours are for, when not for all."""
_MONTHLY = re.compile(r"(?:bi)?mensuel(?:le)?s?")
"""Beside « 1er dimanche du mois » they say nothing more."""
_SEVERAL = re.compile(r"deux|trois|quatre")
"""« Deux marchés : »"""
_LIMIT = frozenset({"limite", "limites", "levee", "levees"})


def beside(said: list[Word]) -> tuple[list[Word], list[str]]:
    """The words without what is said beside the hours, and the doubts that this leaves.

    Words of no list are the place or the service when they stand before all days and times, or alone at the
    end of a sentence: the doubt is said. Raises NotFrench where one of them turns the hours into something
    else.
    """
    kept: list[Word] = []
    doubts: list[str] = []
    said, calls = _without_calls(said)
    doubts += calls
    clauses = _clauses(_without_places(said))
    aside = False
    for clause, then in zip(clauses, [*clauses[1:], []], strict=False):
        hours = any(w.kind in ("time", "always", "sun") for w in kept)
        opening = clause[:1] if clause and clause[0].kind in (";", ",", "(") else []
        words = clause[len(opening) :]
        bracket = bool(opening) and opening[0].kind == "("
        tail = hours and _tail(words, bracket=bracket, last=not then or then[0].kind == ";")
        moment = hours and (
            _moment(words, new=bool(opening) and opening[0].kind == ";")
            or (aside and _moments(words))
            or _note_until(words, bracket=bracket)
        )
        if tail or moment:
            doubts.append(TAIL)
        early = not hours and _last_admission(words)
        if early:
            doubts.append(TAIL)
            continue
        aside = hours and bool(words) and (tail or moment or _admission(words) or _before_closing(words))
        if aside:
            kept += [] if bracket else opening
        else:
            kept += clause
    begin = 0
    while begin < len(kept) and (
        kept[begin].kind in _ASIDE
        or (begin and kept[begin].kind == ";")
        or (kept[begin].kind == "open" and _named_behind(kept, begin))
        or (
            kept[begin].kind in ("nth", "num")
            and begin
            and kept[begin - 1].kind == "name"
            and kept[begin + 1 : begin + 2]
            and kept[begin + 1].kind in (";", ":")
        )
    ):  # « Brigade de gendarmerie. Du lundi… »
        begin += 1
    while any(w.kind == "(" for w in kept[:begin]) and sum(
        (w.kind == "(") - (w.kind == ")") for w in kept[:begin]
    ):
        begin -= 1
    head = kept[:begin]
    if begin == len(kept) or kept[begin].kind not in _BEGINS:
        return kept, doubts
    monthly = any(w.kind == "nth" for w in kept[begin:])
    several = {
        i
        for i, w in enumerate(head)
        if _SEVERAL.fullmatch(fold(w.text)) and [x.kind for x in head[i + 1 : i + 2]] == ["label"]
    }
    told = [
        w
        for i, w in enumerate(head)
        if i not in several and not (monthly and _MONTHLY.fullmatch(fold(w.text)))
    ]
    _refuse(told, TURNS, PUBLIC)
    if (
        begin
        and kept[begin].kind in ("date", "about", "month", "num", "nth")
        and (head[-1].kind == "to" or [w.kind for w in head[-2:]] == ["name", "-"])
    ):
        raise NotFrench("a range whose beginning is not known", " ".join(w.text for w in head[-3:]))
    return kept[begin:], doubts if _of_the_place(head) else [HEAD, *doubts]


def _named_behind(said: list[Word], at: int) -> bool:
    """« ouverture de la Maison de l’eau », « ouverture : Mairie de Luz »: no hours yet."""
    following = next((w.kind for w in said[at + 1 :] if w.kind not in _BETWEEN), "")
    return following in ("label", "name", "unknown", "where")


def _of_the_place(head: list[Word]) -> bool:
    """Every word that no list holds is a name right behind what the place is: « Halle Jules », not « Horaires
    Jules », nor « Halle : Jules ».
    """
    named = False
    for word in head:
        if word.kind == "unknown" or (word.kind == "name" and not named):
            return False
        named = word.kind == "name" or (word.kind == "label" and fold(word.text) not in OF_HOURS)
    return True


def _without_places(said: list[Word]) -> list[Word]:
    """Without « , place de la Mairie », « sur le parking du stade », once days were said."""
    out: list[Word] = []
    place: list[Word] | None = None
    for i, word in enumerate(said):
        following = said[i + 1].kind if i + 1 < len(said) else ""
        if place and word.kind == "and" and following in ("where", "label", "name", "unknown"):
            continue  # « sous la halle et boulevard Foch »
        if word.kind == "where" and any(w.kind in _DAYS for w in out):
            place = [word]
        elif place is not None and (
            word.kind in ("label", "name", "unknown") or (word.kind == "num" and place[-1].kind == "where")
        ):
            place.append(word)
        else:
            _refuse(place or [], *_turning(place or []))
            place = None
            out.append(word)
    _refuse(place or [], *_turning(place or []))
    return out


def _turning(place: list[Word]) -> list[re.Pattern[str]]:
    """« place des Artisans » is a place; « sous la halle, pour les artisans » says whom the hours are for."""
    return [TURNS, PUBLIC] if any(fold(w.text) in _FOR for w in place) else [TURNS]


def _without_calls(said: list[Word]) -> tuple[list[Word], list[str]]:
    """Without a sentence of its own about the telephone, once hours were said: « . Standard téléphonique :
    8h30-17h ».
    """
    starts = [0, *(i + 1 for i, w in enumerate(said) if w.kind == ";"), len(said) + 1]
    out: list[Word] = []
    doubts: list[str] = []
    for begin, end in itertools.pairwise(starts):
        sentence = said[begin : end - 1]
        named = list(
            itertools.takewhile(lambda w: w.kind in ("label", "name", "unknown", "to", "open"), sentence)
        )
        phone = [w for w in named if fold(w.text).startswith("telephon")]
        call = phone and all(w.kind in ("label", "open", "to") or w in phone for w in named)
        if call and any(w.kind == "time" for w in out) and any(w.kind == "time" for w in sentence):
            doubts = [TAIL]
            continue
        out += said[begin:end]
    return out, doubts


def _refuse(words: list[Word], *patterns: re.Pattern[str]) -> None:
    for word in words:
        if word.kind in ("unknown", "name") and any(
            p.fullmatch(part)
            for p in patterns
            for part in ([fold(word.text)] if word.kind == "name" else fold(word.text).split("-"))
        ):
            raise NotFrench("a word that turns the hours", word.text)


def _clauses(said: list[Word]) -> list[list[Word]]:
    """The text cut where something else may begin: at a bracket, a point, a comma. Each clause begins with
    the sign that opens it.
    """
    out: list[list[Word]] = [[]]
    depth = 0
    for word in said:
        if word.kind == "(" or (not depth and word.kind in (";", ",")):
            out.append([])
        depth += (word.kind == "(") - (word.kind == ")")
        out[-1].append(word)
        if word.kind == ")" and not depth:
            out.append([])
    return [clause for clause in out if clause]


def _tail(words: list[Word], *, bracket: bool, last: bool) -> bool:
    """« , camion-bibliothèque », « ; groupes sur rendez-vous »: words of no list at the end of a sentence, or
    by appointment in brackets; no day, no time.
    """
    if not bracket and _counted(words):
        words = [w for w in words if w.kind != "num"]  # « Bus ligne 2 toutes les 15 min »
    kinds = {w.kind for w in words}
    appointment = "appointment" in kinds
    said = (
        bool(kinds & {"unknown", "name", "label"})
        and kinds <= _ASIDE | {"appointment"}
        and words[0].kind != "appointment"
        and not (
            appointment
            and all(w.kind not in ("unknown", "name", "label") or fold(w.text) in OF_HOURS for w in words)
        )
    )
    if not said or not (appointment if bracket else last):
        return False
    _refuse(words, *([TURNS] if appointment else [TURNS, PUBLIC]))
    return True


def _counted(words: list[Word]) -> bool:
    """Each number stands beside a word of no list, and none can be an hour."""
    kinds = ["", *(w.kind for w in words), ""]
    return (
        bool(words)
        and words[0].kind in ("name", "unknown")
        and all(
            "unknown" in (kinds[i - 1], kinds[i + 1]) or kinds[i - 1] == "name"
            for i, kind in enumerate(kinds)
            if kind == "num"
        )
        and not any(
            kinds[i] == "num" and {kinds[i - 1], kinds[i + 1]} & {"-", "to", "/", ":"}
            for i in range(1, len(kinds) - 1)
        )
    )


def _moments(words: list[Word]) -> bool:
    """Times that stand alone, each at most with its days: « 15h30 (samedi 11h30) » is no opening."""
    times = [i for i, w in enumerate(words) if w.kind == "time"]
    ranged = any(
        b - a == 2 and words[a + 1].kind in ("-", "to", "until") for a, b in itertools.pairwise(times)
    )
    return (
        bool(times)
        and not ranged
        and {w.kind for w in words} <= _DAYS | {"time", "to", "and", "-", ":", ")", "nth"}
    )


def _moment(words: list[Word], *, new: bool) -> bool:
    """« . Départ du courrier : 15h30 »: a sentence about something of no list, at times that stand alone."""
    begin = next(
        (i for i, w in enumerate(words) if w.kind not in ("label", "name", "unknown", "to")), len(words)
    )
    named = words[:begin]
    if not new or not any(w.kind in ("unknown", "name") for w in named) or not _moments(words[begin:]):
        return False
    _refuse(named, TURNS, PUBLIC)
    return True


def _note_until(words: list[Word], *, bracket: bool) -> bool:
    """« (prise des tickets jusqu’à 16h45) »: no day, no season, the end of something that is not the opening."""
    kinds = [w.kind for w in words if w.kind not in (")", "to", "and", "-", ":")]
    named = words[: next((i for i, w in enumerate(words) if w.kind == "until"), 0)]
    if kinds[-2:] != ["until", "time"] or not {*kinds[:-2]} <= {"label", "name", "unknown"} or not kinds[:-2]:
        return False
    if not bracket and all(w.kind != "unknown" for w in named):
        return False
    _refuse(named, TURNS, PUBLIC)
    return True


def _admission(words: list[Word]) -> bool:
    """« dernière entrée 17h15 », « heure limite de dépôt : 15h30 »."""
    if words[0].kind == "nth" and words[0].value == (-1,):
        return len(words) > 1 and words[1].kind in ("unknown", "name", "label")
    return any(fold(w.text) in _LIMIT for w in words[:2])


def _last_admission(words: list[Word]) -> bool:
    """« Dernière admission 16h30. » before all hours."""
    return (
        [w.kind for w in words if w.kind not in ("to", ":")][2:] == ["time"]
        and _admission(words)
        and not TURNS.fullmatch(fold(words[1].text))
    )


def _before_closing(words: list[Word]) -> bool:
    """« caisse fermée 30 min avant », « évacuation des bassins 15 minutes avant la fermeture »: no day, a
    length of time, « avant ».
    """
    if any(w.kind in _DAYS for w in words):
        return False
    if [w.kind for w in words if w.kind not in ("to", ")")] in (
        ["closed", "unknown", "time"],
        ["closed", "unknown", "until", "time"],
    ):
        return True  # « (fermeture des caisses à 17h30) »
    kinds = [w.kind for w in words if w.kind not in ("to", ")", "and")]
    if (
        kinds[:2] in (["until", "time"], ["closed", "time"])
        and kinds[2:]
        and {*kinds[2:]} <= {"label", "name", "unknown"}
    ):
        return True  # « (fermeture à 17h30 de l’espace jeux) »
    at = next((i for i, w in enumerate(words) if fold(w.text) == "avant"), 0)
    return any(w.kind in ("num", "time") or "heure" in fold(w.text) for w in words[max(0, at - 2) : at])
