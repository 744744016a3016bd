"""What the clauses of a French text say together: days and seasons that one of them leaves to another, what an
exception is of, how long a heading holds.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from parvis.methods.hours.chart import Chart
from parvis.methods.hours.french_clauses import ALWAYS, Clause, On, When
from parvis.methods.hours.french_doubled import unsettled
from parvis.methods.hours.french_entries import (
    BINDING,
    DASH,
    EVEN_DAYS,
    EVENING,
    EVERY,
    EXCEPTED,
    FEAST_DAYS,
    HALF_BEGINS,
    HALF_OF,
    HOLIDAYS,
    LED,
    LONG_DAY,
    MIDDAY,
    NO_DAY,
    NOON,
    NTH,
    ONCE,
    OTHERS,
    OVERLAP,
    PARTLY,
    RDV,
    READINGS,
    SAME_HALF,
    SEASON_GOES_ON,
    SHUT_END,
    SLASH,
    SOME_DAYS,
    WEEK,
    Days,
    Entry,
    Span,
    Text,
    days_between,
    disjoint,
    half,
    of_part,
    season_code,
    without_part,
)
from parvis.methods.hours.french_flat import otherwise
from parvis.methods.hours.french_grammar import GRAMMAR, LONG
from parvis.methods.hours.french_order import in_order
from parvis.methods.hours.french_schedule import (
    Hours,
    Key,
    Schedule,
    all_days,
    days_of,
    heads,
    keys_of,
    spans_of,
)
from parvis.methods.hours.french_seasons import Ask, settled
from parvis.methods.hours.french_words import OF_HOURS, NotFrench, Word, fold
from parvis.methods.hours.french_writing import write

LONGEST = 200
"""Words of a text that are read by the table: two seasons of seven days, and more."""
EARLY = 7 * 60
"""Behind hours of the morning, these may be of the afternoon."""
SMALL_HOURS = 6 * 60
"""An end until then is of the night before."""
RUN = 3
"""Of so many days on, one that lies outside of them is left out for clarity; of two, something was not understood."""
MOST = 3
"""Readings that a text may have; with more it is refused."""
_STRONG = frozenset({";", ".", "\n", "|"})
_OPENING = frozenset({"open", "feast-too", "every-week"})
_BEFORE_TO = frozenset(
    (
        ";",
        ",",
        ":",
        "(",
        "part",
        "and",
        "except",
        "closed",
        "only",
        "idem",
        "from",
        "between",
        "opens",
        "until",
    )
)
"""Behind these « à » and « au » say nothing."""
_PLACES = frozenset(
    {"bureau", "batiment", "etage", "centre-ville", "bourg", "hall", "guichet", "entree", "rez-de-chaussee"}
)
_BUT_DATES = frozenset({"except", "month", "date", "num", "and", "to", ","})
_PERMANENCE = frozenset({"permanence", "permanences"})


def meant(said: list[Word]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All readings of the words in the grammar of OpenStreetMap, and the doubts. Raises NotFrench."""
    kept = plain(said)
    if len(kept) > LONGEST:
        raise NotFrench("too long", "")
    chart = Chart(GRAMMAR, kept)
    found: dict[str, None] = {}
    doubts: dict[str, None] = {}
    level: int | None = None
    refused: NotFrench | None = None
    for cost, value in chart.readings("Text"):
        if level is not None and cost > level:
            break
        try:
            texts, asked = _readings(value)  # pyright: ignore[reportArgumentType]
        except NotFrench as error:
            refused = refused or error
            continue
        level = cost
        found |= dict.fromkeys(texts)
        doubts |= dict.fromkeys(asked)
    if refused and not found:
        raise refused
    if found:
        for other, doubt in otherwise(kept):
            more = _cheapest(other)
            found |= dict.fromkeys(more)
            doubts |= dict.fromkeys([doubt] * bool(more))
    if not found:
        near = kept[max(0, chart.reach() - 1) : chart.reach() + 2]
        raise NotFrench("not understood", " ".join(w.text for w in near))
    if len(found) > MOST:
        raise NotFrench("too many readings", "")
    dashed = [[w.kind for w in kept[i : i + 3]] for i in range(len(kept))].count(["day", "-", "day"])
    if (refused and refused.reason == "a day that is said twice" and dashed) or _listed_by_dashes(said):
        doubts[DASH] = None
    if len(found) > 1 and not doubts:
        doubts[_why(kept)] = None
    if any(w.kind == "days" and "7" in w.text for w in kept) and _shut_day(kept):
        doubts[SHUT_END] = None
    if _season_behind(kept):
        doubts[BINDING] = None
    if _excepted_at(kept):
        doubts[EXCEPTED] = None
    if _times_in_brackets(kept):
        doubts[OVERLAP] = None
    if any(w.kind == "parity" and len(w.value) > 1 for w in kept):
        doubts[EVEN_DAYS] = None
    if any(w.kind == "ph" and fold(w.text).endswith("fetes") for w in kept):
        doubts[FEAST_DAYS] = None
    if any(a.kind == "nth" and b.kind == "day" for a, b in itertools.pairwise(kept)) and all(
        w.kind != "of-month" for w in kept
    ):
        doubts[NTH] = None
    return tuple(found), tuple(doubts)


def _cheapest(said: list[Word]) -> list[str]:
    """The readings of words that another reading of the text puts in place of its own; none where they are refused."""
    for _, value in Chart(GRAMMAR, said).readings("Text"):
        try:
            return _readings(value)[0]  # pyright: ignore[reportArgumentType]
        except NotFrench:
            continue
    return []


def _listed_by_dashes(said: list[Word]) -> bool:
    """« lundi-mercredi-vendredi » beside « mardi-jeudi »: two days, or what lies between them too."""
    kinds = [w.kind for w in said]
    chain = ["day", "-", "day", "-", "day"]
    pairs = [
        i
        for i in range(len(kinds) - 2)
        if kinds[i : i + 3] == chain[:3]
        and kinds[i + 3 : i + 5] != ["-", "day"]
        and kinds[max(0, i - 2) : i] != ["day", "-"]
    ]
    return bool(pairs) and any(kinds[i : i + 5] == chain for i in range(len(kinds)))


def _why(said: list[Word]) -> str:
    """The doubt that several readings of these words come from."""
    three = [[w.kind for w in said[i : i + 3]] for i in range(len(said))]
    if _long(said):
        return LONG_DAY
    if any(w.kind == "days" and len(w.value) == 7 and "semaine" in w.text for w in said):
        return WEEK
    return SLASH if ["day", "/", "day"] in three else DASH if ["day", "-", "day"] in three else READINGS


def _long(said: list[Word]) -> bool:
    """An end of the small hours, of which the afternoon is meant too."""
    return any(
        a.kind == c.kind == "time" and 60 <= c.value[0] < a.value[0] and c.value[0] + 1440 - a.value[0] > LONG
        for a, c in zip(said, said[2:], strict=False)
    )


def plain(said: list[Word]) -> list[Word]:
    """The words that the table knows: without the names of the hours themselves (« horaires », « ouvert »), and
    of several signs side by side the one that parts more.
    """
    out: list[Word] = []
    rows = [[w.kind for w in said[i : i + 5]] for i in range(len(said))]
    slashes = ["day", "/", "day", "/", "day"] in rows or _crossed(
        said
    )  # three days and more so: all are lists
    dashes = ["day", "-", "day", "-", "day"] in rows
    closes = any(w.kind == "closed" for w in said)
    head = next((i for i, w in enumerate(said) if w.kind not in ("label", "name")), 0)
    opening = next((i for i, w in enumerate(said) if w.kind not in ("label", "open", "to")), 0)
    past = 0
    """Where a place in brackets ends."""
    depth = 0
    for i, word in enumerate(said):
        depth += (word.kind == "(") - (word.kind == ")")
        if word.kind == ";" and depth > 0 and word.text == ";":
            word = Word(",", (), ",")
        if i < head and said[head].kind == "(" and said[0].kind == "label":
            continue  # « Piscine (période scolaire) : »
        if i < opening and word.kind == "label":
            continue  # « Ouverture du secrétariat : »
        if i < past:
            continue
        past = _place_in_brackets(said, i)
        if past:
            continue
        following = [w.kind for w in said[i + 1 : i + 3]]
        before = out[-1].kind if out else ";"
        if word.kind == "open" and _opens_at([w.kind for w in said[i + 1 : i + 4]]):
            out.append(Word("opens", (), word.text))
        elif word.kind == "open" and closes and before in (",", "and"):
            out.append(Word("opened", (), word.text))  # « fermé le mardi, ouvert le mercredi »
        elif word.kind == "open" and closes and before == "-":
            out[-1] = Word(";", (), ";")  # « fermé le lundi - ouvert mardi-dimanche »
        elif word.kind == "no-sh" and fold(word.text).startswith("sauf"):
            out.append(Word("but-sh", (), word.text))  # no heading
        elif (
            ((word.kind == "/" and slashes) or (word.kind == "-" and dashes))
            and before == "day"
            and following[:1] == ["day"]
        ):
            out.append(Word(",", (), ","))
        elif (
            _unsaid(word, before)
            or (word.kind == "of-month" and before == "time" and any(w.kind == "nth" for w in out))
            or _of_the_place(said, i)
            or (word.kind == "," and before == ",")
            or (word.kind == "-" and before in (";", ":"))
        ):
            continue
        elif word.kind == ":" and out and out[0].kind == "except" and all(w.kind in _BUT_DATES for w in out):
            out.append(Word(",", (), ","))  # « toute l’année sauf en janvier : »
        elif word.kind == ":" and before == ",":
            out[-1] = word
        elif word.kind in (";", ",", ":") and before in (";", "("):
            if out and word.text == "\n":
                out[-1] = word
        elif word.kind == ";" and before in (",", ":"):
            out[-1] = word
        elif word.kind != ":" or before != ":":
            out.append(word)
        if (
            [w.kind for w in out[-3:]] in (["(", "feast-days", ")"], ["(", "date", ")"])
            and out[-2].value[2:3] != (0,)
            and out[-4:-3]
            and out[-4].kind in ("num", "month", "date")
        ):
            del out[-3:]  # « le 15 mai 2026 (pont de l’Ascension) »
        if (
            [w.kind for w in out[-2:]] == [",", "feast-days"]
            and following[:1] == [")"]
            and out[-3:-2]
            and out[-3].kind in ("num", "month", "date")
        ):
            del out[-2:]  # « (fermé le 15 mai 2026, pont de l’Ascension) »
        if [w.kind for w in out[-3:]] == ["(", "closed", ")"] and _left_out(out[:-3]):
            del out[-3:]  # « sauf le lundi (fermeture hebdomadaire) »
        if len(out) > 1 and out[-1].kind == ")" and out[-2].kind == "(":
            del out[-2:]  # « (journée continue) »
    while out and out[-1].kind in (";", ",", ":", "-"):
        out.pop()
    return out


def _shut_day(said: list[Word]) -> bool:
    """« 7j/7 … Fermé le dimanche »."""
    kinds = [w.kind for w in said]
    return any(kinds[i : i + 2] in (["closed", "day"], ["day", "closed"]) for i in range(len(kinds)))


def _season_behind(said: list[Word]) -> bool:
    """« 10h-12h, 14h-18h en juillet »: of the last hours, or of both."""
    kinds = [w.kind for w in said]
    return any(
        kinds[i] == ","
        and kinds[i - 1] == kinds[i + 1] == kinds[i + 3] == "time"
        and kinds[i + 4] in ("month", "summer", "sh", "some-sh", "term")
        for i in range(1, len(kinds) - 4)
    )


def _excepted_at(said: list[Word]) -> bool:
    """« sauf vendredi 16h »: until then, or from then on."""
    kinds = ["", *(w.kind for w in said), ""]
    return any(
        kinds[i : i + 3] == ["except", "day", "time"] and kinds[i + 3] not in ("to", "-", "/", "until")
        for i in range(len(kinds) - 3)
    )


def _times_in_brackets(said: list[Word]) -> bool:
    """« 9h-12h (14h-17h) »: then too, or instead at some times."""
    kinds = [w.kind for w in said]
    return any(
        kinds[i : i + 3] == ["time", "(", "time"] and kinds[i + 4 : i + 6] == ["time", ")"]
        for i in range(len(kinds) - 5)
    )


def _crossed(said: list[Word]) -> bool:
    """« lundi/jeudi …, mardi/vendredi … »: as ranges these would have days in common."""
    pairs = [
        set(days_between(a.value[0], c.value[0]))
        for a, b, c in zip(said, said[1:], said[2:], strict=False)
        if (a.kind, b.kind, c.kind) == ("day", "/", "day")
    ]
    return any(one & other for one, other in itertools.combinations(pairs, 2))


def _left_out(said: list[Word]) -> bool:
    """Its last words are days that were left out."""
    i = len(said)
    while i and said[i - 1].kind in ("day", "days", "ph", "and", ","):
        i -= 1
    return 0 < i < len(said) and said[i - 1].kind == "except"


def _place_in_brackets(said: list[Word], at: int) -> int:
    """« (bureau 2) », « (salle des fêtes) »: where it ends; 0 when none begins here."""
    if said[at].kind != "(" or at + 1 == len(said) or not at:
        return 0
    end = next((i for i in range(at, len(said)) if said[i].kind == ")"), 0)
    inner = said[at + 1 : end]
    place = bool(inner) and (inner[0].kind == "where" or fold(inner[0].text) in _PLACES)
    return (
        end + 1
        if place and all(w.kind in ("where", "label", "name", "unknown", "num", "nth") for w in inner)
        else 0
    )


def _opens_at(behind: list[str]) -> bool:
    """« ouverture à 10h », and no « ouvert 10h - 18h »."""
    behind = [*(behind[1:] if behind[:1] == ["to"] else behind), ""]
    return behind[0] == "time" and behind[1] not in ("to", "-", "/", "until")


def _unsaid(word: Word, before: str) -> bool:
    """The word says nothing where it stands."""
    if word.kind == "to":
        return before in _BEFORE_TO
    return word.kind in _OPENING or (word.kind == "label" and fold(word.text) in OF_HOURS)


def _of_the_place(said: list[Word], at: int) -> bool:
    """« . Permanence le samedi 9h-12h », « . La mairie est fermée le 1er mai »: the place itself, again."""
    if said[at].kind != "label":
        return False
    begin = next((i for i in range(at, -1, -1) if said[i].kind != "label"), -1) + 1
    end = next((i for i in range(at, len(said)) if said[i].kind != "label"), len(said))
    following = said[end].kind if end < len(said) else ""
    if fold(said[begin].text) in _PERMANENCE:  # « permanence état civil le samedi »
        return following in ("day", "days", "nth", ":", *(("time", "open") if end == begin + 1 else ()))
    if following == "part" and at and said[at - 1].kind == ";" and end == at + 1:
        return True  # « . Service soir : 19h-22h »
    if end != at + 1 or (at and said[at - 1].kind in ("label", "name", "unknown")):
        return False
    others = {fold(w.text) for w in said if w.kind in ("label", "name")} - OF_HOURS
    again = (
        bool(at) and fold(said[0].text) == fold(said[at].text) and following in ("part", "day", "days", "nth")
    )
    return len(others) == 1 and (following in ("closed", "open") or again)


def _readings(said: tuple[Clause, ...]) -> tuple[list[str], list[str]]:
    """The reading, and those that each doubt opens."""
    said = in_order(said)
    asked: dict[str, None] = {}

    def asking(turned: str) -> Ask:
        def ask(doubt: str) -> bool:
            asked[doubt] = None
            return doubt == turned

        return ask

    out = [write(_Meaning(said, asking("")).text())]
    notes: list[str] = []
    for doubt in list(asked):
        if doubt in (NO_DAY, SOME_DAYS):
            continue
        try:
            out.append(write(_Meaning(said, asking(doubt)).text()))
        except NotFrench:
            notes.append(doubt)
    return list(dict.fromkeys(out)), [*asked, *unsettled(settled(said, lambda _: False))]


class _Meaning:
    """Goes through the clauses once."""

    def __init__(self, said: Sequence[Clause], ask: Ask) -> None:
        self.said = settled(said, ask)
        self.rest_beside = any(c.when.rest for c in said)
        """The text says what holds in the rest of the year."""
        self.ask = ask
        self.out = Schedule(ask)
        self.heading = ALWAYS
        self.headings = [i for i, c in enumerate(self.said) if c.act == "when"]
        self.under = 0
        """Clauses under the heading at hand."""
        self.sentence: list[tuple[When, list[Key]]] = []
        """What the sentence at hand has opened so far."""
        self.listed: list[tuple[When, list[Key]]] = []
        """What the lines before have opened, with no more than a semicolon between."""
        self.halves: list[tuple[When, tuple[On, ...]]] = []
        self.also: list[When] = []
        """Days of the year that are open too."""
        self.spread = self._spread()
        self.style = ""
        """Whether days or times stood first in the last hours that had days."""
        self.appointment = False
        """« sur rendez-vous : lundi 9h-12h »: it may be of the next hours too."""
        self.booked_all = False
        """« sur rendez-vous : »: of all hours of the sentence."""
        self.before = ""
        """What the clause before does."""
        self.loose = ALWAYS
        """The part of the year of the hours before, which may hold for these too."""
        self.closed = False
        """Closed days stand just before: where their list ends a comma does not say."""
        self.shut_halves: list[tuple[frozenset[Key], int]] = []
        """Halves of days that were said to be closed."""
        self.at = 0
        """Which clause is at hand."""
        self.on_dates = False
        """« les 21 mars et 18 avril. Horaires : 9h-12h »: hours of these dates, and of no other."""
        self.every = not any(c.on and c.act != "shut" for c in self.said)

    def text(self) -> Text:
        first = self.said[0]
        if (
            len(self.said) == 1 and first.act == "when" and first.when.seasons
        ):  # « ouvert de mai à septembre »
            return Text([Entry(Days(EVERY), seasons=first.when.seasons, scope=first.when.scope)])
        for i, clause in enumerate(self.said):
            self.at = i
            if clause.sign.split(" ")[0] in _STRONG or "\n" in clause.sign:
                self.listed = [*self.listed, *self.sentence] if clause.sign.split(" ")[0] == ";" else []
                self.sentence = []
            if clause.act == "when":
                following = self.said[i + 1] if i + 1 < len(self.said) else None
                if (
                    clause.when.seasons
                    and all(s.brief for s in clause.when.seasons)
                    and (not following or following.sign.split(" ")[0] in _STRONG)
                ):
                    self.also.append(clause.when)
                    continue
                if following is None and self._all_within(clause):
                    continue
                if following is None or following.act in ("when", "except", "days"):
                    raise NotFrench("a heading of nothing", "")
                self.heading, self.under = clause.when, 0
                continue
            self._goes_on(i, clause)
            self._one(clause)
            self.before = clause.act
            self.closed = clause.act == "shut" and bool(clause.on) and not clause.ended
            self.under += 1
        for when, ons in self.halves:
            self.out.without_half(when, ons)
        for when in self.also:
            usual = set(self.out.layers.get(ALWAYS, {}).values())
            if len(usual) != 1:
                raise NotFrench("at which hours", "")
            self.out.put(when, all_days(set()), usual.pop())
        if self.on_dates:
            del self.out.layers[ALWAYS]
        return self.out.text()

    def _all_within(self, clause: Clause) -> bool:
        """« Accueil tous les jours 9h-20h. Ouvert du 15 avril au 15 octobre. »: of all hours."""
        layers = self.out.layers
        if clause.sign.split(" ")[0] not in _STRONG or set(layers) != {ALWAYS} or not clause.when.seasons:
            return False
        layers[clause.when] = layers.pop(ALWAYS)
        return True

    # What one clause leaves to another.

    def _spread(self) -> tuple[On, ...]:
        """Days that are said once for all hours of the text. A list of days before hours that name some of them
        each says no more than they do.
        """
        alone = [c for c in self.said if c.act == "days"]
        if not alone:
            return ()
        openings = [c for c in self.said if c.act == "open"]
        if len(alone) > 1 or not openings or any(on.others for on in alone[0].on):
            raise NotFrench("days without times", "")
        at = self.said.index(alone[0])
        apart = self.said[at].sign if at else self.said[at + 1].sign
        whole = at == len(self.said) - 1 and all(on.days.week == EVERY for on in alone[0].on)
        if apart in (",", "and", "") and not (alone[0].colon and apart == "") and not whole:
            raise NotFrench("days without times", "")
        if all(not c.on for c in openings):
            return alone[0].on
        said = {k for c in openings for on in c.on for k in keys_of(on.days)}
        whole = {k for on in alone[0].on for k in keys_of(on.days)}
        if said != whole or any(not c.on for c in openings) or self.said[0].act != "days":
            raise NotFrench("days without times", "")
        return ()

    def _goes_on(self, at: int, clause: Clause) -> None:
        """Whether the heading holds for this clause too."""
        if self.heading == ALWAYS or not self.under or clause.act in ("days",):
            return
        scopes = {clause.when.scope, self.heading.scope} - {""}
        if (clause.when.dated and self.heading.dated) or len(scopes) > 1:
            self.heading = ALWAYS
            return
        sign = clause.sign.split(" ")[0]
        if sign not in _STRONG or any(i > at for i in self.headings):
            return
        heads_apart = {self.said[i].sign.split(" ")[0] for i in self.headings if i}
        if len(self.headings) > 1 and sign == ";" and ";" not in heads_apart:
            return
        if clause.act == "shut" and clause.on and len(self.headings) > 1:
            self.heading = ALWAYS
            return
        if self.headings == [0] and self.said[0].colon:
            return
        if sign != ";" and clause.act == "shut" and _of_the_year(clause):
            self.heading = ALWAYS  # « Vacances : 10h-18h. Fermé les jours fériés. »: of the place
            return
        if self.headings != [0]:
            raise NotFrench("whether the season goes on", "")
        if sign == ";" and self.heading.seasons and all(s.first.year for s in self.heading.seasons):
            return  # « du 4 au 23 décembre 2026 : lundi 14h-19h ; samedi 10h-21h »: nothing is said of other times
        if self.ask(SEASON_GOES_ON):
            self.heading = ALWAYS

    def _keys(self, clause: Clause) -> list[Key]:
        """The days of a clause; where it names none, those of the clauses before it."""
        if clause.on:
            return self._listed(clause.on, halves=True)
        if clause.when.seasons and all(s.brief for s in clause.when.seasons):
            return all_days(set())
        if self.spread:
            return self._listed(self.spread)
        if self.every and self.also and not self.out.layers:
            self.on_dates = True
            return all_days(set())
        if self.every:
            shut = {
                d
                for c in self.said
                if c.act == "shut" and c.when == ALWAYS
                for on in c.on
                if on.part is None
                for d in on.days.week
            }
            if not shut:
                self.ask(NO_DAY)
            return all_days(shut)
        if self.sentence and (self.heading, clause.when) != (ALWAYS, ALWAYS):
            few = 0 < len([k for k in self.sentence[-1][1] if k[0] == "week"]) < 5
            if "sh" in (clause.when.scope, self.heading.scope) and few and self.ask(HOLIDAYS):
                return all_days(set())  # « mercredi 14h-18h, vacances 10h-18h »
            return self.sentence[-1][1]
        if self.sentence and ("and" in clause.sign or (clause.led and clause.sign == ",")):
            return self.sentence[-1][1]
        said_apart = clause.part is not None or any(c.act == "except" for c in clause.bound)
        if not self.out.lists and (self.heading, clause.when) == (ALWAYS, ALWAYS) and not said_apart:
            return self._but_said()
        if not self.out.lists and not said_apart and self.rest_beside:
            self.ask(NO_DAY)  # « juillet-août : 10h-19h ; le reste de l’année : samedi 14h-18h »
            return all_days(set())
        if self.before == "open" and self.style != "times" and self._follows(clause):
            return self.out.last
        lists = set(self.out.lists)
        if len(lists) == 1 and (self.heading != ALWAYS or clause.when != ALWAYS):
            return list(self.out.last)
        raise NotFrench("times without days", "")

    def _but_said(self) -> list[Key]:
        """« 9h-19h, dimanche 9h-13h, fermé le lundi »: on all days of which nothing else is said."""
        said = {
            d
            for c in self.said
            if c.act in ("open", "shut") and c.when == ALWAYS and c.part is None
            for on in c.on
            if on.part is None
            for d in on.days.week
        }
        self.ask(NO_DAY)
        return all_days(said)

    def _follows(self, clause: Clause) -> bool:
        """« lundi : 9h-12h ; 14h-17h »: the hours go on."""
        ends = [end for key in self.out.last for _, end, _ in self.out.hours(self.out.last_when, key)]
        return (
            bool(ends)
            and all(end is not None and end <= clause.spans[0][0] for end in ends)
            and self.out.last_when == self.heading
        )

    def _listed(self, ons: tuple[On, ...], *, halves: bool = False) -> list[Key]:
        """halves: each day may have its own half."""
        if not halves and len({on.part for on in ons} - {None}) > 1:
            raise NotFrench("halves of several days", "")
        keys = [k for on in ons if not on.others for k in keys_of(on.days)]
        for on in ons:
            if on.same and len(set(self.out.lists)) != 1:
                raise NotFrench("the same days as when", "")
            if on.same:
                keys += list(self.out.last)
            if on.others:
                keys += keys_of(Days(self._others(on)))
        if any(on.days.worked for on in ons):
            self.out.off.append("PH off")
        return list(dict.fromkeys(keys))

    def _others(self, on: On) -> frozenset[int]:
        """Of all days, or of those that are said to be the others, what nothing else is said of."""
        said = {d for c in self.said for one in c.on if not one.others for d in one.days.week}
        left = (on.days.week or EVERY) - said
        listed = bool(on.days.week) or any(
            c.act in ("days", "except") and c.on for one in self.said for c in one.bound
        )
        if not left:
            raise NotFrench("which other days", "")
        if not said and any(c.act == "shut" and c.when.seasons for c in self.said):
            return left  # « fermé le 1er mai, ouvert tous les autres jours »
        return left - {6} if 6 in left and len(left) > 1 and not listed and self.ask(OTHERS) else left

    # Clauses.

    def _one(self, clause: Clause) -> None:
        if clause.act == "open":
            self._open(clause)
        elif clause.act == "days":
            return
        elif clause.act == "also":
            self.also.append(clause.when)
        elif clause.act == "else":
            if not self.sentence and not (self.out.layers and ("and" in clause.sign or clause.colon)):
                raise NotFrench("by appointment, or else", "")
            self.out.fallback = RDV
        elif clause.act == "booked":
            self._booked(clause)
        elif clause.act == "only":
            self._none_but(clause)
        elif clause.act == "shut":
            self._shut(clause, None)
        else:
            self._change(clause, None)

    def _open(self, clause: Clause) -> None:
        when = self.heading.and_(clause.when)
        if when is None:
            raise NotFrench("two seasons", "")
        if self.before == "shut" and clause.sign in ("", "-", "/", "/ /") and not clause.on:
            raise NotFrench("closed, or open then", "")  # « mercredi : fermé 9h-12h »
        when = self._loosely(clause, when)
        if when.but:
            self.out.off += [f"{season_code(one)} off" for one in when.but]
            when = replace(when, but=())
        sign = clause.sign.split(" ")[0]
        if (
            clause.times_first
            and sign not in _STRONG
            and self.sentence
            and self.style == "days"
            and not (sign == "and" and len(self.sentence) == 1 and self._ends_here())
        ):
            raise NotFrench("times of which days", "")
        if (
            sign == "and"
            and not clause.times_first
            and self.style == "times"
            and len(self.sentence) == 1
            and len(self.sentence[0][1]) == 1
            and len(clause.on) == 1
        ):
            raise NotFrench("times of which days", "")  # « 9h-12h, mardi et jeudi 14h-17h »
        if sign == ";" and self.appointment and self.booked_all and clause.on and not clause.led:
            clause = replace(
                clause, appointment=not self.ask(LED), led=True, colon=True
            )  # « sur rendez-vous : lundi 9h-12h ; mardi 14h-17h »
        if sign not in _STRONG and self.appointment and not clause.led and self.booked_all:
            clause = replace(clause, appointment=True, led=True)
        if sign not in _STRONG and self.appointment and not clause.led:
            if clause.walk_in or not clause.on:
                raise NotFrench("by appointment or not", "")
            clause = replace(clause, appointment=not self.ask(LED), led=True)
        if (
            sign not in _STRONG
            and self.closed
            and not clause.ended
            and not (clause.times_first and self.style == "times")
        ):
            raise NotFrench("closed, or open then", "")
        self.style = "times" if clause.times_first else "days" if clause.on else self.style
        self.appointment = clause.appointment and not clause.times_first and clause.led
        self.booked_all = self.appointment and (self.booked_all or clause.colon)
        keys = self._with(clause, self._keys(clause))
        if (
            not clause.on
            and clause.spans
            and clause.spans[0][0] < EARLY
            and self._goes_back(keys, clause.spans[0])
        ):
            raise NotFrench("hours that go back", "")  # « 8h30-12h30 et 1h30-5h30 »
        if any(
            set(keys) & gone and any(_in_half(s, part) for s in clause.spans)
            for gone, part in self.shut_halves
            if part < 2
        ):
            raise NotFrench("a day that is open and closed", "")
        if clause.gone is not None:
            self.shut_halves.append((frozenset(keys), clause.gone))
        late = [c for c in clause.bound if c.act == "except" and c.when.scope == "sh" and not c.on]
        if late:
            term = when.and_(When(scope="term"))
            if term is None or len(late) > 1:
                raise NotFrench("two seasons", "")
            if self.sentence:
                raise NotFrench("of which hours", "")
            when = term
        hours: Hours = tuple((a, b, clause.appointment) for a, b in clause.spans)
        for one in [
            c for c in clause.bound if c.act == "days"
        ]:  # « les autres jours (du mercredi au samedi) »
            listed = self._listed(one.on)
            if not any(on.others for on in clause.on) and set(listed) != set(keys):
                raise NotFrench("which days", "")
            keys = listed
        clause = replace(
            clause,
            bound=tuple(replace(c, on=self._halved(c.on)) if c.act == "except" else c for c in clause.bound),
        )
        first = [
            c
            for c in clause.bound
            if c.act == "except" and c.when == ALWAYS and any(on.part is None for on in c.on)
        ]
        listed = keys
        for one in first:
            keys = self._without(keys, one.on)
        gone = [key for key in listed if key not in keys and key in self.out.layers.get(when, {})]
        if gone and not clause.on and sign in _STRONG and not self.ask(BINDING):
            for key in gone:  # « tous les jours 9h-12h ; 14h-18h, sauf mercredi »: of both
                del self.out.layers[when][key]
        parted = clause.part is not None or any(on.part is not None for on in clause.on)
        hours = self._beside_half(clause, when, keys, hours)
        if len({on.part for on in clause.on} - {None}) > 1:
            for on in clause.on:
                self.out.put(
                    when, [k for k in keys if k in keys_of(on.days)], _of_part(hours, on.part), adds=True
                )
        elif clause.mixed:
            every = not any(on.sure for on in clause.on) and self.ask(HALF_OF)
            for on in clause.on:
                kept = (
                    hours if on.part is None or every else tuple(h for h in hours if of_part(h[:2], on.part))
                )
                self.out.put(when, [k for k in keys if k in keys_of(on.days)], kept, adds=True)
        else:
            if clause.instead and parted:
                for key in keys:
                    self.out.layers.get(when, {}).pop(key, None)
            for mine, some in self._beside_usual(clause, when, keys, hours).items():
                self.out.put(
                    when,
                    some,
                    mine,
                    adds=clause.more or parted or clause.led or not clause.on or "and" in clause.sign,
                )
        if clause.only and when == ALWAYS and frozenset(keys) in self.out.lists[:-1]:
            raise NotFrench("only, and others", "")
        if clause.only and when != ALWAYS:
            self.out.only.add(when)
        if self.rest_beside and any(s.school for s in when.seasons):
            self.out.only.add(when)
        if self.heading != ALWAYS and not clause.more:
            self.out.headed.add(when)
        if clause.trailing and (earlier := self.sentence[-1:] or (self.listed if clause.when.scope else [])):
            self._trailing(clause.when, earlier)
        self.sentence.append((when, keys))
        for one in clause.bound:
            if one in late or one.act == "days":
                continue
            if one.act == "with":
                for on in one.on:
                    new = [k for k in keys_of(on.days) if k not in keys]
                    if new:  # « samedi matin compris »
                        self.out.put(when, new, _of_part(hours, on.part))
                continue
            self._bound(one, when, keys)

    def _with(self, clause: Clause, keys: list[Key]) -> list[Key]:
        """« du lundi au vendredi 9h-18h, samedi compris »: on that day too."""
        ons = [on for one in clause.bound if one.act == "with" for on in one.on]
        more = [k for k in self._listed(tuple(on for on in ons if on.part is None)) if k not in keys]
        if self.sentence and any(k not in keys for on in ons for k in keys_of(on.days)):
            raise NotFrench("at which hours", "")
        return [*keys, *more]

    def _goes_back(self, keys: list[Key], span: Span) -> bool:
        """It stands behind hours that are later, and none of these begins before it."""
        usual = [h for k in keys for h in self.out.hours(self.out.last_when, k)]
        return bool(usual) and all(span[0] < start for start, _, _ in usual)

    def _ends_here(self) -> bool:
        """Nothing follows in the sentence."""
        following = self.said[self.at + 1 : self.at + 2]
        return not following or following[0].sign.split(" ")[0] in _STRONG

    def _beside_usual(
        self, clause: Clause, when: When, keys: list[Key], hours: Hours
    ) -> dict[Hours, list[Key]]:
        """« et le lundi après-midi des semaines paires de 14h à 17h »: what is usual on that day stays, or the
        hours of that part of the year stand in for it.
        """
        part = clause.on[0].part if len(clause.on) == 1 else None
        part = clause.part if part is None else part
        usual = self.out.layers.get(ALWAYS, {}) if self.heading == ALWAYS and clause.when != ALWAYS else {}
        brief = bool(when.seasons) and all(s.brief for s in when.seasons)
        out: dict[Hours, list[Key]] = {}
        for key in keys:
            base = () if brief or key in self.out.layers.get(when, {}) else usual.get(key, ())
            if base and part in (0, 1):
                base = tuple(h for h in base if (half(h[:2]) == 0) != (part == 0))
            elif base and disjoint(spans_of(base), spans_of(hours)) and not clause.only:
                weekly = when.parity is not None and not when.dated
                adds = clause.more or self.ask(OVERLAP) != (weekly or "and" in clause.sign)
                base = base if adds else ()
            else:
                base = ()
            out.setdefault(tuple(sorted((*base, *hours))), []).append(key)
        return out

    def _beside_half(self, clause: Clause, when: When, keys: list[Key], hours: Hours) -> Hours:
        """« du lundi au vendredi 9h-12h et 14h-17h, vendredi après-midi 14h-16h »: they stand in for one half of the
        day, and the other one stays.
        """
        part = clause.on[0].part if len(clause.on) == 1 else None
        part = clause.part if part is None else part
        old = {self.out.layers.get(when, {}).get(k, ()) for k in keys}
        if part is None or part < 0 or len(old) != 1 or disjoint(spans_of(*old), spans_of(hours)):
            return hours
        if clause.only or (set(hours) <= set(*old) and not self.ask(OVERLAP)):
            return hours  # « tous les jours 9h-12h et 14h-19h, dimanche matin 9h-12h »
        kept = tuple(h for h in next(iter(old)) if not of_part(h[:2], part))
        return tuple(sorted((*kept, *hours)))

    def _trailing(self, when: When, before: list[tuple[When, list[Key]]]) -> None:
        """« mercredi 14h-18h, samedi 10h-12h (hors vacances scolaires) »: the last hours, or those before it too."""
        if not when.dated and not when.scope:
            return  # « mardi 14h-17h, samedi 10h-12h (semaines paires) »: of the last
        if any(earlier != self.heading for earlier, _ in before) or not self.ask(BINDING):
            return
        for earlier, keys in before:
            then = earlier.and_(when)
            if then is None:
                raise NotFrench("two seasons", "")
            for key in keys:
                hours = self.out.layers.get(earlier, {}).pop(key, None)
                if hours:
                    self.out.layers.setdefault(then, {})[key] = hours

    def _booked(self, clause: Clause) -> None:
        """« l’après-midi sur rendez-vous »: what is open without one stays, the rest of that half is unknown."""
        keys = self._listed(clause.on) if clause.on else self.out.known(self.heading)
        part = clause.part or 0
        if part == MIDDAY:
            raise NotFrench("which half by appointment", "")
        keys = self._booked_there(keys, part)
        if not keys:
            return
        whole = ((7 * 60, NOON), (NOON, 20 * 60), (EVENING, 22 * 60))[part]
        spans = [s for key in keys for s in spans_of(self.out.hours(self.heading, key))]
        taken = [s for s in spans if s[1] is None or (s[0] < whole[1] and s[1] > whole[0])]
        begin = max([whole[0], *(end for start, end in taken if end is not None and start < whole[0])])
        end = min([whole[1], *(start for start, _ in taken if start >= whole[0])])
        if not keys or begin >= end or any(stop is None for _, stop in taken):
            raise NotFrench("which half by appointment", "")
        self.out.put(self.heading, keys, ((begin, end, True),), adds=True)

    def _booked_there(self, keys: list[Key], part: int) -> list[Key]:
        """« 9h-12h et 14h-17h. L’après-midi sur rendez-vous »: the hours that are said of that half are meant. Leaves the
        days of which none are said.
        """
        layer = self.out.layers.get(self.heading, {})
        mine = {k: tuple(h for h in layer.get(k, ()) if not h[2] and _in_half(h[:2], part)) for k in keys}
        there = [k for k in keys if mine[k]]
        if not there or any(c.walk_in for c in self.said) or part == 2:
            return keys
        left = [k for k in keys if not mine[k]]
        if not left or self.ask(LED):
            for key in there:
                layer[key] = tuple((a, b, r or (a, b, r) in mine[key]) for a, b, r in layer[key])
        return left

    def _none_but(self, clause: Clause) -> None:
        """« en juillet, ouvert le samedi uniquement »: at its usual hours."""
        if self.heading == ALWAYS:
            raise NotFrench("days without times", "")
        for key in self._listed(clause.on):
            hours = self.out.hours(ALWAYS, key)
            if not hours:
                raise NotFrench("a day of which no hours are said", "")
            self.out.put(self.heading, [key], hours)
        self.out.only.add(self.heading)
        self.out.headed.add(self.heading)

    def _without(self, keys: list[Key], ons: tuple[On, ...]) -> list[Key]:
        """« du lundi au vendredi sauf le mercredi »."""
        for on in ons:
            if on.part is not None:
                continue
            gone = keys_of(on.days)
            if on.days.ph or on.days.nth:
                self.out.off.append(f"{days_of([k for k in gone if k[0] != 'week']).code()} off")
            for key in gone:
                if key[0] != "week":
                    continue
                if key in keys or (any(key in k for _, k in self.sentence) and self.out.remove([key])):
                    continue
                few = sum(k[0] == "week" for k in keys) < RUN
                if few or any(key in layer for layer in self.out.layers.values()):
                    raise NotFrench("but a day that is not open", "")
                self.out.shut.add(key[1])  # « du lundi au samedi, dimanche exclu »
            keys = [k for k in keys if k not in gone]
        return keys

    def _bound(self, clause: Clause, when: When, keys: list[Key]) -> None:
        if clause.act == "open" and clause.vague:
            self._excepted(clause, when)
        elif clause.act == "open" and clause.on and clause.when != ALWAYS:
            then = when.and_(clause.when)
            if then is None:
                raise NotFrench("two seasons", "")
            self.out.put(
                then, self._listed(clause.on), tuple((a, b, clause.appointment) for a, b in clause.spans)
            )
        elif clause.act == "open" and clause.on:
            listed = self._listed(clause.on)
            if clause.only:
                layer = self.out.layers.get(when, {})
                for key in listed:
                    layer.pop(key, None)
            for key in listed:
                self.out.put(when, [key], self._half_instead(when, key, clause))
        elif clause.act == "open":
            then = when.and_(clause.when)
            if then is None:
                raise NotFrench("two seasons", "")
            self.out.put(then, keys, tuple((a, b, clause.appointment) for a, b in clause.spans))
        elif clause.act in ("shut", "except"):
            self._shut(clause, (when, keys))
        else:
            self._change(clause, (when, keys))

    def _half_instead(self, when: When, key: Key, clause: Clause) -> Hours:
        """« 9h-12h, 14h-18h (jeudi 15h-18h) »: in that half of the day, or these alone."""
        usual = self.out.hours(when, key)
        hours: Hours = tuple((a, b, False) for a, b in clause.spans)
        part = next((n for n in (0, 1) if all(_in_half(s, n) for s in clause.spans)), None)
        mine = [h for h in usual if part is not None and _in_half(h[:2], part)]
        if (
            clause.only
            or not mine
            or len(mine) == len(usual)
            or set(hours) <= set(usual)
            or self.ask(OVERLAP)
        ):
            return hours
        return tuple(sorted((*(h for h in usual if h not in mine), *hours)))

    def _excepted(self, clause: Clause, when: When) -> None:
        """« 9h-12h, sauf mercredi 14h-17h »: at these hours instead, or with them, or without them."""
        for key in self._listed(clause.on):
            usual = self.out.hours(when, key)
            hours: Hours = tuple((a, b, False) for a, b in clause.spans)
            if not usual and key[0] != "ph":
                raise NotFrench("but a day that is not open", "")
            if any(
                a < c and d is not None and b is not None and d < b for a, b, _ in usual for c, d, _ in hours
            ):
                left = _cut(usual, hours)
                slivers = any(b is not None and b - a < 60 for a, b, _ in left)
                hours = left if not slivers and self.ask(EXCEPTED) else hours
            elif set(hours) <= set(usual):
                hours = tuple(h for h in usual if h not in hours) if self.ask(EXCEPTED) else hours
            elif disjoint(spans_of(usual), clause.spans) and self.ask(EXCEPTED):
                hours = tuple(sorted((*usual, *hours)))
            self.out.put(when, [key], hours)

    def _loosely(self, clause: Clause, when: When) -> When:
        """« samedi d’avril à octobre 9h-12h, mercredi 14h-17h »: in that season too, or all the year."""
        before, self.loose = self.loose, clause.when if clause.loose else ALWAYS
        if before == ALWAYS or clause.sign.split(" ")[0] in _STRONG or clause.when != ALWAYS:
            return when
        if clause.more or not clause.on:
            return when
        both = when.and_(before)
        return both if both and self.ask(SEASON_GOES_ON) else when

    def _shut(self, clause: Clause, bound: tuple[When, list[Key]] | None) -> None:
        if clause.act == "except" and bound is None:
            raise NotFrench("but of what", "")
        when = clause.when if bound else self.heading.and_(clause.when)
        if when is None:
            raise NotFrench("two seasons", "")
        if clause.vague:
            self.out.off += [f"{head} unknown {PARTLY}" for head in heads(when)]
            self.ask(SOME_DAYS)
        elif clause.part is not None:
            self._shut_part(clause, when, bound)
        elif clause.once and self.ask(ONCE):
            return  # of a year that is past, or to come
        elif clause.on:
            self._shut_days(clause, when, bound)
        elif when.rest:
            if ALWAYS in self.out.layers:
                raise NotFrench("closed when", "")
        elif when != ALWAYS:
            days = self._of_which(bound, whole=clause.act == "shut" and when.scope == "sh")
            self.out.off += [f"{head}{days} off" for head in heads(when)]
        else:
            raise NotFrench("closed when", "")
        for one in clause.bound:
            self._shut(one, bound)

    def _of_which(self, bound: tuple[When, list[Key]] | None, *, whole: bool) -> str:
        """« lundi 9h-17h, samedi 9h-12h (fermé en juillet) »: the last days, or all."""
        if whole:
            return ""
        follow = any(c.act == "open" and c.on for c in self.said[self.at + 1 :])
        if bound is not None and len(self.sentence) < 2 and follow:
            return f" {days_of(bound[1]).code()}"
        if bound is None or len(self.sentence) < 2:
            return "" if len(self.out.lists) == 1 or bound is None else f" {days_of(bound[1]).code()}"
        return "" if self.ask(BINDING) else f" {days_of(bound[1]).code()}"

    def _shut_part(self, clause: Clause, when: When, bound: tuple[When, list[Key]] | None) -> None:
        keys = bound[1] if bound else self.out.known(when)
        base = bound[0] if bound else ALWAYS
        if when == ALWAYS and clause.part is not None:
            self.shut_halves.append((frozenset(keys), clause.part))
        then = base.and_(when)
        if then is None or not keys:
            raise NotFrench("half of what", "")
        whole = bound is not None and then == base
        usual = [spans_of(self.out.hours(then, key)) for key in keys]
        if whole and any(without_part(s, clause.part) not in ((), s) for s in usual) and self.ask(SHUT_END):
            return  # « 9h-12h et 14h-17h (fermé l’après-midi) »
        for key in keys:
            spans = spans_of(self.out.hours(then, key))
            left = without_part(spans, clause.part)
            if left != spans and then == base and bound is None:
                raise NotFrench("half of which days", "")  # « samedi 9h-12h ; après-midi : fermé »
            if left != spans or then != base:
                self.out.set(then, key, left)

    def _shut_days(self, clause: Clause, when: When, bound: tuple[When, list[Key]] | None) -> None:
        said = {k for on in clause.on for k in keys_of(on.days) if on.part is None}
        if clause.act == "shut" and bound and when == ALWAYS and said >= set(bound[1]):
            raise NotFrench("a day that is open and closed", "")
        for on in self._halved(clause.on):
            if on.others:
                continue
            if on.part is not None:
                self.halves.append((when, (on,)))
                continue
            keys = keys_of(on.days)
            if when.scope == "term" and not any(
                k in self.out.layers.get(w, {}) for k in keys for w in (when, ALWAYS)
            ):
                continue  # nothing is said of them then
            if when != ALWAYS:
                self.out.off += [f"{head} {on.days.code()} off" for head in heads(when)]
                continue
            rest = [k for k in keys if k[0] != "week"]
            if rest:
                self.out.off.append(f"{days_of(rest).code()} off")
            if clause.act == "except":
                continue  # taken out of the days before they were opened
            open_now = [k for k in keys if any(k in layer for layer in self.out.layers.values())]
            if open_now and bound is None and not self._wider(open_now):
                raise NotFrench("a day that is open and closed", "")
            if bound is None and any(self._ends_a_list(k) for k in open_now) and self.ask(SHUT_END):
                continue
            self.out.remove(keys)
            self.out.shut |= on.days.week

    def _halved(self, ons: tuple[On, ...]) -> tuple[On, ...]:
        """« fermé mercredi et samedi après-midi »: all day on Wednesday, or not."""
        parts = [on.part for on in ons]
        after = any(a is None and b is not None for a, b in itertools.pairwise(parts))
        if not after or not self.ask(HALF_OF):
            return ons
        if len(set(parts) - {None}) > 1:
            raise NotFrench("half of which days", "")
        return tuple(replace(on, part=parts[-1]) for on in ons)

    def _ends_a_list(self, key: Key) -> bool:
        """« du lundi au samedi … fermé le samedi »: who says where a list ends knows that it is open there."""
        runs = [
            sorted(k[1] for k in one)
            for one in self.out.lists
            if key in one and all(k[0] == "week" for k in one)
        ]
        return any(
            2 < len(run) < 7 and run[-1] - run[0] == len(run) - 1 and key[1] in (run[0], run[-1])
            for run in runs
        )

    def _wider(self, keys: list[Key]) -> bool:
        """These days were opened in a longer list: they are taken out of it."""
        return all(any(set(keys) < one for one in self.out.lists if k in one) for k in keys)

    def _change(self, clause: Clause, bound: tuple[When, list[Key]] | None) -> None:
        when = (bound[0] if bound else self.heading).and_(clause.when)
        if when is None:
            raise NotFrench("two seasons", "")
        if clause.act == "ends" and not clause.on and clause.when == ALWAYS and bound is None:
            if self.before != "same" or not self.sentence:
                raise NotFrench("the end of which hours", "")
            bound = self.sentence[-1]
        if clause.act == "ends" and clause.vague and clause.sign != ",":
            raise NotFrench("the end of which hours", "")
        keys = self._listed(clause.on) if clause.on else bound[1] if bound else self.out.known(when)
        if not keys:
            raise NotFrench("of which days", "")
        if clause.act == "same":
            if clause.only and any(key in self.out.layers.get(ALWAYS, {}) for key in keys):
                raise NotFrench(
                    "only then, and always", ""
                )  # « lundi au samedi 9h-12h, samedi uniquement en juin »
            like = self._listed(clause.like) if clause.like else self.out.last[-1:]
            known = {self.out.hours(self.out.last_when, key) for key in like}
            halves = any(on.part is not None for on in clause.on)  # « le samedi matin aux mêmes heures »
            if halves or len(known) != 1 or not (hours := known.pop()):
                raise NotFrench("the same as what", "")
            self.out.put(when, keys, hours)
            self.sentence.append((when, keys))
            return
        if clause.act == "begins":
            for key in keys:  # « le 1er mardi du mois, ouverture à 10h »: until when, is not said
                if key[0] == "nth" and not self.ask(HALF_BEGINS):
                    self.out.of_its_week(key)
        if clause.act == "half" and not all(self.out.hours(when, k) for k in keys):
            self._half_of_others(clause, when, keys)
            return
        if clause.act == "begins" and bound is None and not any(self.out.hours(when, k) for k in keys):
            self.out.put(when, keys, ((clause.at, None, False),))
            self.sentence.append((when, keys))
            return
        if clause.act == "ends" and not any(self.out.hours(when, k) for k in keys):
            self._ends_like(clause, when, keys)
            return
        changed = False
        for key in keys:
            for w in self.out.where(when, [key]):
                spans = spans_of(self.out.hours(w, key))
                gap = next(
                    (
                        i
                        for i, (a, b) in enumerate(itertools.pairwise(spans), 1)
                        if a[1] is not None and a[1] <= clause.at < b[0]
                    ),
                    0,
                )
                if clause.act == "begins" and gap and not self.ask(HALF_BEGINS):
                    new = (*spans[:gap], (clause.at, spans[gap][1]), *spans[gap + 1 :])
                elif clause.act == "begins" and gap:
                    new = ((clause.at, spans[gap][1]), *spans[gap + 1 :])
                else:
                    new = _changed(spans, clause)
                changed |= new != spans
                if new != spans or w != ALWAYS:
                    self.out.set(w, key, new)
        if not changed:
            raise NotFrench("a change that changes nothing", "")

    def _ends_like(self, clause: Clause, when: When, keys: list[Key]) -> None:
        """« du lundi au jeudi 8h-12h et 13h-17h, le vendredi jusqu’à 16h »."""
        likes = [("week", k[1], 0) for k in keys] if keys[0][0] == "nth" else self.out.last
        known = {self.out.hours(when, k) for k in likes}
        if len(known) != 1 or not (usual := known.pop()):
            raise NotFrench("the end of which hours", "")
        if clause.through and not clause.at:
            raise NotFrench("a day of which no hours are said", "")
        within = usual[-1][0] < clause.at < (usual[-1][1] or 0)
        if clause.vague and not (within and len(likes) > 1):
            raise NotFrench("the end of which hours", "")
        self.out.put(when, keys, tuple((a, b, False) for a, b in _changed(spans_of(usual), clause)))
        self.sentence.append((when, keys))

    def _half_of_others(self, clause: Clause, when: When, keys: list[Key]) -> None:
        """« lundi, mardi : 9h-12h et 14h-17h. Mercredi : matin uniquement »."""
        usual = set(self.out.layers.get(when, {}).values())
        if len(usual) != 1 or any(self.out.hours(when, k) for k in keys):
            raise NotFrench("half of which hours", "")
        self.ask(SAME_HALF)
        kept = tuple(h for h in usual.pop() if of_part(h[:2], clause.part))
        if not kept:
            raise NotFrench("half of which hours", "")
        self.out.put(when, keys, kept)
        self.sentence.append((when, keys))


def _of_the_year(clause: Clause) -> bool:
    """Closed on public holidays, or between dates: not on days of the week."""
    feasts = bool(clause.on) and all(on.days.ph and not on.days.week and not on.days.nth for on in clause.on)
    return feasts or (not clause.on and clause.when.dated and clause.part is None)


def _of_part(hours: Hours, part: int | None) -> Hours:
    """Of « lundi matin et jeudi : 9h-12h, 14h-17h » what each day has. Raises NotFrench where a half has none."""
    own = hours if part is None else tuple(h for h in hours if of_part(h[:2], part))
    own = tuple(h for h in own if part != 2 or h[0] >= EVENING)
    if not own:
        raise NotFrench("halves of several days", "")
    return own


def _past_midnight(span: Span) -> bool:
    """Its end is of the next day, or midnight."""
    start, end = span
    return end is not None and (end <= start or end == 1440)


def _in_half(span: Span, part: int) -> bool:
    start, end = span
    return start >= NOON if part else end is not None and end <= 13 * 60 + 30


def _cut(usual: Hours, hours: Hours) -> Hours:
    """The usual hours without these."""
    out: Hours = usual
    for start, end, _ in hours:
        out = tuple(
            one
            for a, b, booked in out
            for one in ((a, start if b is None else min(b, start), booked), (max(a, end or 1440), b, booked))
            if one[1] is None or one[0] < one[1]
        )
    return out


def _changed(spans: tuple[Span, ...], clause: Clause) -> tuple[Span, ...]:
    if not spans:
        raise NotFrench("of which hours", "")
    if clause.act == "half":
        left = tuple(s for s in spans if of_part(s, clause.part))
        if not left:
            raise NotFrench("a half that is not open", "")
        return left
    if clause.act == "pause":
        out: list[Span] = []
        for start, end in spans:
            cuts = [
                (a, b or 1440) for a, b in clause.spans if end is not None and a < end and (b or 1440) > start
            ]
            if not cuts:
                out.append((start, end))
                continue
            a, b = cuts[0]
            if len(cuts) > 1 or a <= start or end is None or b >= end:
                raise NotFrench("a pause that is none", "")
            out += [(start, a), (b, end)]
        return tuple(out)
    if clause.through and (not clause.at or spans[0][0] < clause.at):
        return ((spans[0][0], clause.at or spans[-1][1]),)
    if clause.act == "ends" and clause.at <= SMALL_HOURS and _past_midnight(spans[-1]):
        return (*spans[:-1], (spans[-1][0], clause.at))
    if clause.act == "ends":
        kept = [s for s in spans if s[0] < clause.at]
        if not kept or (len(kept) < len(spans) and kept[-1][1] is not None and clause.at > kept[-1][1]):
            raise NotFrench("an end before the beginning", "")
        return (*kept[:-1], (kept[-1][0], clause.at))
    kept = [s for s in spans if s[1] is None or s[1] > clause.at]
    if not kept or (len(kept) < len(spans) and clause.at < kept[0][0]):
        raise NotFrench("a beginning after the end", "")
    return ((clause.at, kept[0][1]), *kept[1:])
