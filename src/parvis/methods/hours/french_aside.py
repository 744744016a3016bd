"""Clauses that say nothing of hours, known by what they lack: no day, no time, no season, nothing that opens or closes.

What stands in a text besides its hours never comes twice (an address, a price, the public, a law); what hours are made of
does. So a clause without any of it is passed over, whatever its words are, and the doubt is said. A clause that has a time
is passed over when its own subject is at a moment, not open from one time to another.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from parvis.methods.hours.french_beside import PUBLIC
from parvis.methods.hours.french_entries import HEAD, TAIL
from parvis.methods.hours.french_words import OF_HOURS, Word, fold

_NOUNS = frozenset({"label", "name", "unknown", "where"})
_SIGNS = frozenset({"to", "and", "-", "/", ",", ":", "(", ")"})
_EMPTY = _NOUNS | _SIGNS | {"num", "nth", "open", "more", "from", "until", "between", "only", "of-month"}
"""Kinds of words that say nothing of hours where no day, time or season stands beside them."""
_DAYS = frozenset({"day", "days", "worked", "ph", "eve", "letters", "others", "same-days", "other-days"})
_MOMENT = _EMPTY | {"day", "days", "time", "nth", "date", "month", "ph"}
_SCHEDULE = re.compile(
    # Words of no list that say when, how often, or that it changes.
    r"semaines?|jours|quinzaine|bimensuel.*|mensuel.*|alternan.*|alternati.*|roulement|fois|variables?|varie.*|chang.*|modifi.*|exception.*|provisoire.*|"
    r"temporaire.*|suspen.*|annul.*|supprim.*|absen[ct].*|conges?|travaux|vacances?|saison.*|estiv.*|hiver.*|ete|printemps|automne|fetes?|feries?|ponts?|"
    r"veilles?|lendemains?|week.*|matin.*|soir.*|selon|si|sinon|suivant|beau|mauvais|meteo|intemperies|mois|trimestre.*|debut|fin|milieu|mi|re?ouv.*|ouv.*|"
    r"ferme.*|reprises?|retour|repor.*|deplac.*|interr.*|prochain.*|horaires?|rentree|carnaval|ramadan|careme|calendrier|planning|partir|compter|jusque|"
    r"depuis|tot|tard|actuel.*|pairs?|impairs?|habituel.*|periode|nocturnes?|sauf|excepte.*|hormis|sf|certains|environ|vers|dates?|indisponib.*|complet|tour"
)
_LENGTHS = re.compile(r"min|mn|minutes?|h|heures?|jours?|semaines?|mois|fois|annees?|quarts?|secondes?")
"""What is counted of time, and is no thing."""
_ROUGHLY = frozenset({"environ", "pres", "plus", "moins", "maximum"})
_NEAR = re.compile(r"avant|apres")
_ITSELF = re.compile(
    r"permanences?|mairies?|bibliotheques?|mediatheques?|musees?|decheteries?|dechetteries?|piscines?|pharmacies?|ludotheques?|ecoles?|postes?|agences?"
)
"""A permanence is of the place itself; two places of their own in one text are not one."""
_BARS = re.compile(
    r"cas|n|ne|ni|non|pas|plus|jamais|aucune?|sans|moins|parfois|souvent|pour|anciens?|anciennes?"
)
_ONLY = re.compile(r"reserve.*|seule?s?|exclusive.*|interdi.*")


def quantities(said: Sequence[Word]) -> list[Word]:
    """Numbers with what they count, or what they number, as one word: « 45 places », « 0-3 ans », « ligne 12 », « 1,90 m ».

    >>> from parvis.methods.hours.french_words import words
    >>> [w.text for w in quantities(words("camping 45 places, lundi 9h"))]
    ['camping', '45 places', ',', 'lundi', '9h']
    """
    out: list[Word] = []
    i = 0
    while i < len(said):
        end = _counted(said, i) or _numbered(said, i, out)
        if end:
            while out and fold(out[-1].text) in _ROUGHLY and out[-1].kind == "unknown":
                out.pop()
            out.append(Word("unknown", (), " ".join(w.text for w in said[i:end])))
            i = end
        else:
            out.append(said[i])
            i += 1
    return out


def _counted(said: Sequence[Word], at: int) -> int:
    """Where « 45 places » ends that begins here; 0 when it does not."""
    if said[at].kind != "num" or (
        at > 1 and said[at - 1].kind in ("-", "to", "/") and said[at - 2].kind in ("time", "num")
    ):
        return 0
    end = at + 1
    while end + 1 < len(said) and said[end].kind in ("-", "to", ",", "and") and said[end + 1].kind == "num":
        end += 2
    known = end < len(said) and said[end].kind in _NOUNS and not _LENGTHS.fullmatch(fold(said[end].text))
    return end + 1 if known else 0


def _numbered(said: Sequence[Word], at: int, before: Sequence[Word]) -> int:
    """Where « 12 » or « 4 et 12 » ends behind « ligne »; 0 when no number stands so."""
    if (
        said[at].kind != "num"
        or not before
        or before[-1].kind not in _NOUNS
        or fold(before[-1].text) in OF_HOURS
    ):
        return 0
    end = at + 1
    while end + 1 < len(said) and said[end].kind in ("and", ",") and said[end + 1].kind == "num":
        end += 2
    return end if end == len(said) or said[end].kind in (":", ")", ";", ",", "(") else 0


def without_asides(said: Sequence[Word]) -> tuple[list[Word], list[str]]:
    """The words without the clauses that are not about hours, and the doubts that this leaves.

    >>> from parvis.methods.hours.french_words import words
    >>> " ".join(w.text for w in without_asides(words("Lundi 9h-12h (ligne B). Les vélos sont interdits."))[0])
    'Lundi 9h - 12h .'
    """
    out: list[Word] = []
    doubts: list[str] = []
    late: list[Word] = []
    """What a bracket at the head says of the whole: it is said behind all hours."""
    sentences = list(_sentences(quantities(said)))
    for i, (sentence, end) in enumerate(sentences):
        told = any(w.kind in ("time", "always", "sun") for w in out)
        sentence = _behind_colon(_unbracketed(sentence))
        if not _about(sentence) and not (told and _heads(sentence, end, sentences[i + 1 :])):
            doubts += [TAIL if told else HEAD] if any(w.kind in ("name", "unknown") for w in sentence) else []
            continue
        kept, more = _within(sentence, told=told)
        doubts += more
        if not told and (begin := _head(kept)):
            doubts += [HEAD] if any(w.kind in ("name", "unknown") for w in kept[:begin]) else []
            late += _closing(kept[:begin])
            kept = _led(kept[:begin]) + kept[begin:]
        if kept:
            out += [*kept, *([end] if end else [])]
    if late:
        out += [Word(";", (), "."), *late]
    return out, list(dict.fromkeys(doubts))


def without_others(said: Sequence[Word], whole: Sequence[Word]) -> tuple[list[Word], list[str]]:
    """The words without the sentences of another service: behind days and hours, a subject with days and hours of its own.

    whole: the text as it stood, whose first words say what it is about.
    """
    out: list[Word] = []
    doubts: list[str] = []
    head = itertools.takewhile(lambda w: w.kind not in _DAYS | {"time"}, whole)
    first = {fold(w.text) for w in head if w.kind in _NOUNS}
    heading = False
    """Under the heading of another service."""
    sentences = list(_sentences(said))
    for i, (sentence, end) in enumerate(sentences):
        subject = list(itertools.takewhile(lambda w: w.kind in _NOUNS | {"to", "and", "-", "/"}, sentence))
        named = {fold(w.text) for w in subject if w.kind in _NOUNS} - OF_HOURS
        told = {w.kind for w in out}
        hours = "time" in told and bool(told & _DAYS)
        heading |= hours and not _about(sentence) and _heads(sentence, end, sentences[i + 1 :])
        other = bool(named - first) and not named & first and not any(_ITSELF.fullmatch(one) for one in named)
        apart = not out or out[-1].text in (".", "\n")
        own = (
            other
            and apart
            and any(w.kind == "time" for w in sentence)
            and not any(_bars(w) for w in sentence)
        )
        if hours and (heading or own):
            doubts = [TAIL]
            continue
        out += [*sentence, *([end] if end else [])]
    return out, doubts


def _sentences(said: Sequence[Word]) -> Iterator[tuple[list[Word], Word | None]]:
    """What stands between points, semicolons and ends of lines, outside brackets, and the sign behind it."""
    part: list[Word] = []
    depth = 0
    for word in said:
        depth = max(0, depth + (word.kind == "(") - (word.kind == ")"))
        if word.kind == ";" and not depth:
            yield part, word
            part = []
        elif word.kind != ";" or word.text == "\n":
            part.append(word)
        else:
            part.append(Word(",", (), ","))
    if part:
        yield part, None


def _about(words: Sequence[Word]) -> bool:
    """Something in these words may be of hours: « 14-18 » too."""
    kinds = [w.kind for w in words]
    ranged = any(
        kinds[i] == "num" and kinds[i + 1] in ("-", "to") and kinds[i + 2] == "num"
        for i in range(len(kinds) - 2)
    )
    return ranged or any(
        w.kind not in _EMPTY or (w.kind in ("unknown", "name") and _turns(w, words)) for w in words
    )


def _turns(word: Word, words: Sequence[Word]) -> bool:
    """A word that says when; beside a price it says of what."""
    if any(w.text.endswith("€") for w in words):
        return False
    return any(_SCHEDULE.fullmatch(part) for part in re.split(r"[ -]", fold(word.text)))


def _heads(
    sentence: Sequence[Word], end: Word | None, more: Sequence[tuple[list[Word], Word | None]]
) -> bool:
    """« Piscine : », on a line of its own before days: other hours follow."""
    following = next((words for words, _ in more if words), [])
    line = bool(sentence) and (sentence[-1].kind == ":" or (end is not None and end.text == "\n"))
    return line and bool(following) and following[0].kind in _DAYS | {"time", "part", "from"}


def _unbracketed(sentence: list[Word]) -> list[Word]:
    """« (fermeture exceptionnelle le 30 janvier) », alone on its line."""
    inner = sentence[1:-1]
    alone = len(sentence) > 2 and (sentence[0].kind, sentence[-1].kind) == ("(", ")")
    return inner if alone and not any(w.kind in ("(", ")") for w in inner) else sentence


def _behind_colon(sentence: list[Word]) -> list[Word]:
    """« caisse ouverte 30 min avant la séance : du mercredi… »: what stands before the colon is no opening."""
    at = next((i for i, w in enumerate(sentence) if w.kind == ":"), 0)
    return sentence[at + 1 :] if at and _before_something(sentence[:at]) else sentence


def _within(sentence: Sequence[Word], *, told: bool) -> tuple[list[Word], list[str]]:
    """The sentence without its brackets and last clauses that are not about hours."""
    out: list[Word] = []
    doubts: list[str] = []
    i = 0
    while i < len(sentence):
        word = sentence[i]
        hours = told or any(w.kind in ("time", "always") for w in out)
        if word.kind == "(":
            end = next((k for k in range(i, len(sentence)) if sentence[k].kind == ")"), len(sentence) - 1)
            if _passed(sentence[i + 1 : end], hours=hours):
                doubts.append(TAIL)
                i = end + 1
                continue
            if hours and (fewer := _some_passed(sentence[i + 1 : end])):
                doubts.append(TAIL)
                out += [word, *fewer, sentence[end]]
                i = end + 1
                continue
        if word.kind in (",", "-") and hours:
            end = _clause_end(sentence, i + 1)
            if (
                sentence[i + 1 : end]
                and _passed(sentence[i + 1 : end], hours=True)
                and _named(sentence[i + 1 : end])
            ):
                doubts.append(TAIL)
                i = end
                continue
        out.append(word)
        i += 1
    return out, doubts


def _some_passed(inner: Sequence[Word]) -> list[Word]:
    """« (état civil uniquement, les semaines impaires) »: what of a bracket is about hours; none where all is, or nothing."""
    parts: list[list[Word]] = [[]]
    for word in inner:
        if word.kind == ",":
            parts.append([])
        else:
            parts[-1].append(word)
    kept = [part for part in parts if part and not _passed(part, hours=True)]
    if len(kept) == len(parts) or any(w.kind in ("(", ")") for w in inner):
        return []
    return [w for n, part in enumerate(kept) for w in ([Word(",", (), ",")] * bool(n) + part)]


def _clause_end(sentence: Sequence[Word], at: int) -> int:
    """The next comma or bracket, or the end."""
    return next((k for k in range(at, len(sentence)) if sentence[k].kind in (",", "(", ")")), len(sentence))


def _named(words: Sequence[Word]) -> bool:
    return words[0].kind in _NOUNS | {"to", "open"} and any(w.kind in ("unknown", "name") for w in words)


def _passed(words: Sequence[Word], *, hours: bool) -> bool:
    """Not about hours; or once these were said, at a moment, or some time before or after something."""
    if all(w.kind != "unknown" and w.kind != "name" and w.kind != "label" for w in words) or _public(words):
        return False
    return not _about(words) or (hours and (_at_a_moment(words) or _before_something(words)))


def _public(words: Sequence[Word]) -> bool:
    """Whom alone these hours are for."""
    texts = [fold(w.text) for w in words if w.kind in _NOUNS]
    return any(PUBLIC.fullmatch(one) for one in texts) or any(_ONLY.fullmatch(one) for one in texts)


def _at_a_moment(words: Sequence[Word]) -> bool:
    """« messe le dimanche à 10h30 », « les documents ne sont plus communiqués après 16h30 »."""
    kinds = [w.kind for w in words]
    ranged = any(
        kinds[i] == "time"
        and kinds[i + 1 : i + 2]
        and kinds[i + 1] in ("-", "to", "until", "/")
        and kinds[i + 2 : i + 3] == ["time"]
        for i in range(len(kinds))
    )
    subject = list(itertools.takewhile(lambda w: w.kind in _NOUNS | {"to", "and"}, words))
    return (
        "time" in kinds
        and not ranged
        and {*kinds} <= _MOMENT - {"open", "only", "more"}
        and any(w.kind in ("unknown", "name") for w in subject)
        and not any(w.kind in ("unknown", "name") and _turns(w, words) for w in words)
    )


def _before_something(words: Sequence[Word]) -> bool:
    """« ouverture du portail 10 minutes avant »: a length of time before or after something, on no day."""
    near = next((i for i, w in enumerate(words) if w.kind == "unknown" and _NEAR.fullmatch(fold(w.text))), 0)
    length = any(w.kind in ("num", "time") or "heure" in fold(w.text) for w in words[max(0, near - 2) : near])
    return length and not any(w.kind in _DAYS for w in words)


def _head(sentence: Sequence[Word]) -> int:
    """Where the name of the place ends that stands before the first day or time: behind it begin the hours; 0 where that is
    not sure.
    """
    i = 0
    while i < len(sentence):
        word = sentence[i]
        if word.kind == "(":
            end = next((k for k in range(i, len(sentence)) if sentence[k].kind == ")"), 0)
            behind = sentence[end + 1 : end + 2]
            whole = bool(behind) and behind[0].kind in (":", ",", "-")
            if not end or not whole or not _of_all(sentence[i + 1 : end]):
                break
            i = end + 1
        elif word.kind in _NOUNS | {"to", "and", "-", "/", ",", ":"} and not _bars(word):
            i += 1
        else:
            break
    while i and sentence[i - 1].kind == "to":
        i -= 1
    sure = i < len(sentence) and sentence[i].kind in _DAYS | {
        "time",
        "from",
        "between",
        "open",
        "always",
        "part",
        "nth",
        "sun",
        "parity",
        "term",
        "sh",
        "appointment",
    }
    return i if sure and any(w.kind in _NOUNS for w in sentence[:i]) else 0


def _bars(word: Word) -> bool:
    """A word that makes of the name something else: a condition, a negation, whom alone the hours are for."""
    said = fold(word.text)
    return word.kind in ("unknown", "name") and (
        _turns(word, [word]) or any(pattern.fullmatch(said) for pattern in (_BARS, PUBLIC, _ONLY))
    )


def _of_all(inner: Sequence[Word]) -> bool:
    """What a bracket at the head may say of the whole."""
    kinds = [w.kind for w in inner]
    return bool(kinds) and (kinds[0] == "closed" or {*kinds} <= {"walk-in", "appointment", "only"})


def _closing(head: Sequence[Word]) -> list[Word]:
    begin = next((i for i, w in enumerate(head) if w.kind == "closed"), 0)
    end = next((i for i in range(begin, len(head)) if head[i].kind == ")"), len(head))
    return list(head[begin:end]) if begin else []


def _led(head: Sequence[Word]) -> list[Word]:
    booked = [w for w in head if w.kind == "appointment"]
    return [*booked[:1], Word(":", (), ":")] if booked else []
