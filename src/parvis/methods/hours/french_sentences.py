"""A French sentence of opening hours: entries under what is said first, with what is left out of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from parvis.methods.hours.french_entries import (
    BINDING,
    EVENING,
    EVERY,
    EXCEPTED,
    NO_DAY,
    NOON,
    OTHERS,
    RDV,
    SAME_HALF,
    SEASON_GOES_ON,
    Days,
    Entry,
    Scope,
    Season,
    Span,
    begun_at,
    check_part,
    complement,
    disjoint,
    ended_at,
    follows_on,
    half,
    season_code,
    span_code,
    union,
    without_part,
)
from parvis.methods.hours.french_lists import Lists
from parvis.methods.hours.french_words import OF_HOURS, Word, fold

_PLURAL = ("lundis", "mardis", "mercredis", "jeudis", "vendredis", "samedis", "dimanches")


class Sentence:
    """One sentence: entries under what is said first."""

    def __init__(self, parser: Lists, number: int) -> None:
        self.p = parser
        self.number = number
        self.begin = parser.at
        self.sign = parser.said[parser.at - 1].text if parser.at else ""
        """What parts this sentence from the one before."""
        self.pending: Days | None = None
        self.early: tuple[Span, ...] = ()
        """Times that were said before their days."""
        self.appointment = False
        self.only = False
        """« uniquement » was said."""
        self.more = False
        """What follows is open beside the other hours."""
        self.linked = False
        """« et » stands before what follows."""
        self.once_seasons: tuple[Season, ...] = ()
        self.once_parity: int | None = None
        self.by_appointment_all = ""
        """« sur rendez-vous » stands at the head: "sure" with a colon, else "maybe"."""
        self.settled = 0
        """How many entries were said to be of every week."""
        self.behind = False
        """The season stands behind the first days: does it hold for the next ones?"""
        """In brackets between days and their times."""
        self.part: int | None = None
        self.own = 0
        self.depth = 0
        self.colon = False
        """A colon stands behind the days at hand: times must follow."""
        self.led = False
        """A season or a part of the year was said, and no entry since."""
        parser.times_first = False
        self.fresh = bool(parser.seasons or parser.scope) and number > 0 and not parser.held

    def entries(self) -> list[Entry]:
        return self.p.out.entries

    def read(self) -> None:
        p = self.p
        outside = (p.seasons, p.scope, p.parity, 0)
        self.labels()
        while p.kind() not in ("end", ";") or (p.kind() == ";" and self.depth):
            kind = p.kind()
            if kind in (",", ":", "-", "/", "and", "open", "to"):
                self.colon |= kind == ":" and self.pending is not None
                self.linked |= kind == "and" and self.own > 0 and self.pending is None
                p.at += 1
            elif kind == "only":
                p.only_then |= p.scope == "sh"
                p.only_in |= set(p.seasons)
                self.only = True
                p.at += 1
            elif kind == "more":
                behind = p.said[p.at - 1].kind == "time" and p.kind(1) in ("end", ";", ",", ")")
                if self.own and behind:  # « mercredi 10h-12h également, samedi 9h-12h »
                    self.entries()[-1] = replace(self.entries()[-1], adds=True)
                else:
                    self.more = True
                p.at += 1
            elif kind == "(":
                self.depth += 1
                p.at += 1
                if self.pending is not None and p.day_ahead():
                    raise p.fail("which of these days")  # « en semaine (du mardi au vendredi) »
                outside = (p.seasons, p.scope, p.parity, self.own)
                if self.note():
                    continue
            elif kind == ")":
                self.depth = max(self.depth - 1, 0)
                p.at += 1
                if (
                    self.own > outside[3]
                ):  # « (en juillet : 10h-12h), mardi 14h-17h »: the season ends with the bracket
                    p.seasons, p.scope, p.parity = outside[:3]
            elif kind == "always":
                p.at += 1
                mark = p.at
                p.skip(",")
                p.at = p.at if p.day_ahead() else mark
                if self.pending is None and p.day_ahead():
                    self.early = ((0, 1440),)
                else:
                    self.entry(self.pending or Days(EVERY), ((0, 1440),))
            elif kind == "sun":
                p.at += 1
                self.flush()
                p.out.fallback = ""
                self.entries().append(
                    Entry(
                        self.pending or Days(EVERY),
                        (),
                        note="sunrise-sunset",
                        sentence=self.number,
                        seasons=p.seasons,
                        scope=p.scope,
                    )
                )
                self.pending = None
                self.own += 1
            elif kind == "except":
                p.at += 1
                self.but()
            elif kind == "no-sh":
                p.at += 1
                self.scope_word("term", sh_off=True)
                if p.kind() in ("and", ",") and p.kind(1) == "ph" and p.kind(2) in ("end", ";", ",", ")"):
                    p.at += 2  # « sauf vacances scolaires et jours fériés »
                    p.out.off.append("PH off")
            elif kind in ("term", "sh"):
                p.at += 1
                self.scope_word("term" if kind == "term" else "sh")
            elif kind in ("feast-too", "walk-in"):
                self.by_appointment_all = "" if kind == "walk-in" else self.by_appointment_all
                p.at += 1
            elif kind == "closed":
                p.at += 1
                self.closed()
            elif p.season_ahead():
                self.season()
            elif p.day_ahead():
                self.day_list()
            elif kind == "others":
                p.at += 1
                self.others()
            elif kind == "rest":
                p.at += 1
                self.rest()
            elif kind == "same-days":
                p.at += 1
                self.same_days()
            elif kind == "other-days":
                p.at += 1
                self.other_days()
            elif kind == "every-week":
                p.at += 1
                self.settled = len(self.entries())
            elif kind == "parity":
                self.parity()
            elif kind == "until":
                p.at += 1
                self.until()
            elif p.time_ahead():
                self.times()
            elif kind == "appointment":
                p.at += 1
                self.by_appointment()
            elif kind == "part":
                self.part = p.value()[0]
                p.at += 1
            elif kind == "idem":
                p.at += 1
                self.same_times()
            elif kind == "label" and self.said_of_the_place():
                p.skip("label", "name")
            else:
                raise p.fail("not understood")
        self.flush()
        self.end()

    def said_of_the_place(self) -> bool:
        """« la mairie est fermée »: the place, and then what it does."""
        ahead = self.p.at
        while self.p.said[ahead].kind in ("label", "name"):
            ahead += 1
        return self.p.said[ahead].kind in ("open", "closed")

    def labels(self) -> None:
        """The name of the place, at the head of a sentence."""
        p = self.p
        mark = p.at
        opened = False
        while p.kind() in ("label", "name", "-", ",", "to", "open") and (
            p.kind() not in ("name", "to") or p.at > mark
        ):
            opened |= p.kind() == "open"
            if (
                opened and p.kind() == "name"
            ):  # « ouvert de la Saint-Jean à la Toussaint »: a name behind the verb is no name of the place
                raise p.fail("a word that may say when")
            p.at += 1
        if p.at > mark:
            passed = p.said[mark : p.at]
            if self.entries() and any(
                w.kind == "name" or (w.kind == "label" and fold(w.text) not in OF_HOURS) for w in passed
            ):
                raise p.fail("another place or service")
            p.skip(":", "open", "-", ",")
        p.skip("open", "only")

    def note(self) -> bool:
        """Words in brackets that say no day and no time: they are the comment of the hours before."""
        p = self.p
        ahead = p.at
        while p.said[ahead].kind in ("label", "name", "unknown", "-", "and"):
            ahead += 1
        if p.said[ahead].kind != ")" or ahead == p.at:
            return False
        if not self.own:
            raise p.fail("a note of what")
        note = " ".join(w.text for w in p.said[p.at : ahead])
        self.entries()[-1] = replace(self.entries()[-1], note=note)
        p.at = ahead
        return True

    # Entries.

    def entry(self, days: Days, spans: tuple[Span, ...], *, adds: bool = False) -> None:
        p = self.p
        if self.fresh and not self.own and not self.under_heading():
            p.out.doubts.append(SEASON_GOES_ON)
            if p.other.get(SEASON_GOES_ON):
                p.seasons, p.scope = (), ""
        part = days.part if days.part is not None else self.part
        if part is not None and not adds and not p.parted:
            check_part(part, spans)
        known = [
            e
            for e in self.entries()
            if e.days.week & days.week
            and e.spans
            and (e.seasons, e.scope, e.parity) == (p.seasons, p.scope, p.parity)
        ]
        if len(spans) == 1 and spans[0][1] is None and known and days.week < known[-1].days.week:
            spans = begun_at(
                known[-1].spans, spans[0][0]
            )  # « tous les jours 11h-19h, le lundi à partir de 14h »
        if part is not None and not adds:
            adds, spans = self.beside_other_half(known, days, part, spans)
        adds = (
            adds
            or self.more
            or (self.linked and bool(known) and all(disjoint(e.spans, spans) for e in known))
        )
        if self.behind and self.own and not self.once_seasons:
            self.behind = False
            p.out.doubts.append(BINDING)  # « samedi d’avril à octobre 9h-12h, mercredi 14h-17h »
            p.seasons = () if p.other.get(BINDING) else p.seasons
        if self.by_appointment_all and self.own and not self.appointment:
            p.out.doubts += [BINDING] * (self.by_appointment_all == "maybe")
            self.appointment = self.by_appointment_all == "sure" or BINDING not in p.other
        seasons, parity = (
            self.once_seasons or p.seasons,
            p.parity if self.once_parity is None else self.once_parity,
        )
        self.once_seasons, self.once_parity = (), None
        found = Entry(
            replace(days, part=None),
            spans,
            appointment=self.appointment,
            seasons=seasons,
            scope=p.scope,
            parity=parity,
            sentence=self.number,
            adds=adds,
            headed=bool(p.seasons),
        )
        self.entries().append(found)
        p.mentioned |= days.week | {d for d, _ in days.nth}
        if days.worked:
            p.out.off.append("PH off")
        self.pending, self.early, self.part, self.appointment, self.more, self.linked, p.parted = (
            None,
            (),
            None,
            False,
            False,
            False,
            False,
        )
        self.led = self.colon = False
        self.own += 1
        self.fresh = False

    def under_heading(self) -> bool:
        """The season said above goes on: another one is said below, or a weaker sign parts this sentence from
        it than parts it from other seasons.
        """
        heads = [
            i for i in range(1, len(self.p.said)) if self.p.said[i - 1].kind == ";" and self.p.heading_at(i)
        ]
        return any(i > self.begin for i in heads) or (
            self.sign == ";" and bool(heads) and all(self.p.said[i - 1].text != ";" for i in heads)
        )

    def beside_other_half(
        self, known: list[Entry], days: Days, part: int, spans: tuple[Span, ...]
    ) -> tuple[bool, tuple[Span, ...]]:
        """« du mardi au samedi 9h-12h et le jeudi après-midi 14h-18h »: the times add to those of the other
        half of the day. « du lundi au vendredi 9h-12h et 14h-17h, vendredi après-midi 14h-16h »: they stand
        in for one half, and the other one stays.
        """
        if not known or all(disjoint(e.spans, spans) for e in known):
            return bool(known), spans
        if len(known) > 1 or not days.week <= known[0].days.week:
            raise self.p.fail("half of which hours")
        return False, tuple(sorted((*(s for s in known[0].spans if (half(s) == 0) != (part == 0)), *spans)))

    def day_list(self) -> None:
        p = self.p
        if self.early and p.said[p.at - 1].kind == "," and self.days_have_times():
            p.out.doubts.append(NO_DAY)
            early, self.early = self.early, ()
            self.entry(Days(EVERY), early)  # « 6h30-13h et 15h30-19h30, dimanche 6h30-13h »
        if self.early:
            p.times_first = True
            days = p.days()
            p.times_first = False
            early = self.early
            self.early = ()
            self.entry(days, early)
            return
        days = p.days()
        if self.pending is not None:
            if self.pending.part is not None or self.colon:
                raise p.fail("two days without a time between")
            days = self.pending | days
        self.pending, self.colon = days, False

    def days_have_times(self) -> bool:
        """Times stand behind the days at hand, and no other days behind them."""
        p = self.p
        mark, noted = p.at, len(p.out.doubts)
        p.days()
        found = self.timed_next()
        if found:
            p.skip(":", ",", "to")
            p.spans()
            found = not p.day_ahead()
        p.at = mark
        del p.out.doubts[noted:]
        return found

    def times(self) -> None:
        p = self.p
        if self.depth and p.kind() == "time" and self.pending is None:
            mark, end = p.at, p.value()[0]
            p.at += 1
            p.skip("to")
            if p.day_ahead() or p.season_ahead():  # « (17h le samedi) », « (17h en hiver) »
                self.ends(end)
                return
            p.at = mark
        if self.depth and self.own and p.kind() == "time" and p.kind(1) == ")":  # « (vendredi 17h) »
            end = p.value()[0]
            p.at += 1
            self.ends(end)
            return
        behind = p.at - 1
        while behind > 0 and p.said[behind].kind in ("and", ",", "to"):
            behind -= 1
        after_bracket = p.said[behind].kind == ")"
        spans = p.spans(self.part)
        if not spans:
            raise p.fail("numbers that are no times")
        if self.pending is not None and self.colon and self.days_behind(self.pending):
            self.pending, self.colon, self.early = None, False, spans
            return
        if self.pending is not None:
            self.entry(self.pending, spans)
            return
        mark = p.at
        p.skip(",", "to", *([] if self.own else [":"]))
        follows = p.day_ahead()
        p.skip("(")
        season_follows = p.season_ahead() or p.kind() == "rest"
        p.at = mark
        previous = [e for e in self.entries() if not e.closed]
        if self.part is not None and previous and self.own and not follows:
            self.entry(previous[-1].days, spans, adds=True)
        elif follows and (not self.own or self.depth == 0):
            if self.early:
                raise p.fail("times without days")
            self.early = spans
            if p.parted:
                self.part = None
        elif self.own and season_follows and previous and previous[-1].seasons and not p.seasons:
            self.entry(previous[-1].days, spans)  # « 8h-20h d’avril à septembre, 8h-17h d’octobre à mars »
        elif self.depth and season_follows and len(previous) == self.own == 1:
            self.once_seasons = p.season()  # « 9h-17h (9h-12h en août) »
            self.entry(previous[-1].days, spans)
        elif self.depth and p.kind() == "sh" and len(previous) == self.own == 1:
            p.at += 1  # « mercredi 14h-17h (10h-12h pendant les vacances scolaires) »
            self.entry(previous[-1].days, spans)
            self.entries()[-1] = replace(self.entries()[-1], scope="sh", adds=False)
        elif self.own and not self.led and after_bracket and follows_on(previous[-1].spans, spans):
            self.entry(
                previous[-1].days, spans, adds=True
            )  # « 9h-12h (sans rendez-vous) et 14h-17h (sur rendez-vous) »
        elif self.own and not self.led:
            raise p.fail("times without days")
        elif p.seasons or p.scope or season_follows:
            base = [e for e in previous if e.seasons != p.seasons or e.scope != p.scope]
            if p.seasons and all(s.brief for s in p.seasons):
                # « du mardi au dimanche 10h-18h, et le lundi de Pâques 14h-18h »: that day, whichever it is
                base = []
            days = base[-1].days if base else Days(EVERY)
            self.entry(days, spans)
            self.entries()[-1] = replace(self.entries()[-1], assumed=not base or base[-1].assumed)
        elif previous and self.number and previous[-1].spans and follows_on(previous[-1].spans, spans):
            if (
                p.kind() == "appointment" or self.part is not None or self.appointment
            ):  # « 9h-12h. De 14h à 17h sur rendez-vous. »
                self.entries().append(
                    replace(
                        previous[-1],
                        spans=spans,
                        sentence=self.number,
                        adds=True,
                        appointment=self.appointment,
                    )
                )
                self.part, self.appointment = None, False
            else:
                self.entries()[-1] = replace(previous[-1], spans=previous[-1].spans + spans)
            self.own += 1
        elif not previous and self.number == 0 and p.out.off:
            self.early = spans
        else:
            self.early = spans

    def days_behind(self, whole: Days) -> bool:
        """« du lundi au vendredi : 9h-12h lundi et mercredi, 14h-17h mardi, jeudi et vendredi »: the days
        said first, all of them, behind their own times.
        """
        p = self.p
        mark, noted, told = p.at, len(p.out.doubts), p.times_first
        p.times_first = True
        found = Days()
        while p.day_ahead() and not (days := p.days()).week & found.week and days.plain:
            found |= days
            p.skip(",", ";", "and", ":")
            if p.kind() == "end" or not p.time_ahead():
                break
            p.spans()
        ended = p.kind() == "end"
        p.at, p.times_first = mark, told
        del p.out.doubts[noted:]
        return ended and whole.plain and bool(found.week) and found.week == whole.week

    def flush(self) -> None:
        """What was begun and has no other half."""
        p = self.p
        if self.early:
            if p.mentioned - p.out.shut or len(p.out.entries):
                raise p.fail("times without days")
            if not (p.out.off or p.out.shut):
                p.out.doubts.append(NO_DAY)
            early, self.early = self.early, ()
            self.entry(Days(EVERY), early)
        if self.pending is None and self.part is not None and not self.early:
            raise p.fail("a part of the day without times")
        if self.pending is not None and (self.pending.part is not None or self.part is not None):
            self.same_half()
        if self.pending is not None:
            days, self.pending = self.pending, None
            heads = [season_code(s) for s in p.seasons] or (["SH"] if p.scope == "sh" else [])
            if self.appointment:
                self.entry(days, ())
            elif (
                self.only and heads and p.out.entries and days.plain
            ):  # « En juillet, ouvert le samedi uniquement »
                rest = replace(days, week=EVERY - days.week)
                p.out.off += [f"{head} {rest.code()} off" for head in heads]
                self.led, self.own = False, self.own + 1
            elif p.out.entries and not self.own and days.plain and all(e.assumed for e in p.out.entries):
                p.out.entries = [
                    replace(e, days=days, assumed=False) for e in p.out.entries
                ]  # « d’avril à mai : 9h-12h. Ouvert tous les jours. »
            else:
                if self.own or p.out.entries:
                    raise p.fail("days without times")
                self.entry(days, ())
        if self.part is not None:
            raise p.fail("a part of the day without times")
        if self.appointment:
            self.p.out.fallback = RDV

    def same_half(self) -> None:
        """« Lundi et mardi : 9h-12h et 14h-17h. Mercredi : matin uniquement »: the hours of that half of the
        other days, where they are all the same.
        """
        p = self.p
        days = self.pending or Days()
        part = days.part if days.part is not None else self.part
        halves = {
            tuple(s for s in e.spans if (half(s) == 0) == (part == 0))
            for e in self.entries()
            if e.spans and e.days.plain
        } - {()}
        if (
            len(halves) != 1
            or part == 2
            or days.mixed
            or not days.plain
            or any(e.days.week & days.week and e.sentence == self.number for e in self.entries())
        ):
            raise p.fail("a part of the day without times")
        p.out.doubts.append(SAME_HALF)
        self.part = None
        self.entry(replace(days, part=None), halves.pop())

    def end(self) -> None:
        p = self.p
        if self.p.said[self.p.at].kind == ";":
            self.p.at += 1
        if self.depth:
            raise p.fail("a bracket that is not closed")
        p.parity = None
        if self.led and self.own:
            raise p.fail("a season without hours")
        if (self.led and not self.own and not p.held) or (p.seasons and all(s.brief for s in p.seasons)):
            p.seasons, p.scope = (), ""  # « En août : fermé le samedi. » says nothing of the next sentence

    # Words.

    def scope_word(self, scope: Scope, *, sh_off: bool = False) -> None:
        p = self.p
        if sh_off and self.own and p.kind() == "closed" and p.kind(1) == "day":
            p.at += 1  # « sauf vacances scolaires où elle est fermée le samedi »
            p.out.off.append(f"SH {p.days().code()} off")
            return
        leading = self.next_is_body() and (not self.own or self.after_comma())
        if leading and sh_off and self.own and p.kind() != "closed":
            raise p.fail("in the holidays, or out of them")
        if leading or (not self.own and self.pending is None and not self.early):
            p.scope, p.seasons = scope, ()
            self.fresh, self.led = False, True
            return
        if self.pending is not None or self.early:
            # « Du lundi au vendredi, hors vacances scolaires : 16h30-18h30 »
            p.scope = scope
            self.fresh = False
            return
        self.trailing(lambda e: replace(e, scope=scope))

    def next_is_body(self) -> bool:
        p = self.p
        mark = p.at
        if p.kind() == "(":  # « pendant les vacances (sauf Noël) du lundi au vendredi »
            while p.kind() not in (")", "end"):
                p.at += 1
        p.skip(":", ",", "to", "open", "only", ")")
        found = p.day_ahead() or p.time_ahead() or p.kind() in ("others", "part", "appointment", "closed")
        p.at = mark
        return found

    def after_comma(self) -> bool:
        """What was read last but this word is a comma, a dash or a colon stands behind it."""
        return self.p.kind() == ":" or self.p.said[self.p.at - 2].kind in (",", "-", "/", "and")

    def trailing(self, change: Callable[[Entry], Entry]) -> None:
        """Something said behind entries: of the last one, or of all of this sentence."""
        p = self.p
        mine = [i for i, e in enumerate(self.entries()) if e.sentence == self.number and i >= self.settled]
        if not mine:
            raise p.fail("of which hours")
        free = [
            i
            for i in mine
            if not (self.entries()[i].seasons or self.entries()[i].scope) and self.entries()[i].parity is None
        ]
        mine = (
            free if mine[-1] in free else mine
        )  # « mercredi 9h-12h en juillet, samedi 9h-12h en août »: each has its own
        targets = mine[-1:]
        if len(mine) > 1:
            p.out.doubts.append(BINDING)
            targets = mine if p.other.get(BINDING) else mine[-1:]
        for i in targets:
            before, after = self.entries()[i], change(self.entries()[i])
            if any(
                old and old != new
                for old, new in ((before.seasons, after.seasons), (before.scope, after.scope))
            ):
                raise p.fail("two seasons for the same hours")  # what was said first is never lost
            self.entries()[i] = after

    def season(self) -> None:
        p = self.p
        before = p.said[p.at - 1].kind if p.at else ""
        seasons = p.season()
        if self.pending is not None and (p.kind() == ")" if self.depth else self.own and self.timed_next()):
            # « samedi (d’avril à octobre) 9h-12h », « 9h-19h, le week-end de novembre à mars de 14h à 17h »
            self.once_seasons = seasons
            return
        colon = p.kind() == ":" or (p.kind() == ")" and p.kind(1) == ":")
        if (
            self.own
            and not colon
            and before in ("and", ",")
            and all(s.brief for s in seasons)
            and not self.next_is_body()
        ):
            last = self.last_of(None)  # « du mardi au dimanche 10h-18h, ainsi que le lundi de Pâques »
            if before == ",":
                raise p.fail("these days as well, or only")
            self.entries().append(
                replace(
                    last,
                    days=Days(EVERY),
                    seasons=seasons,
                    scope="",
                    parity=None,
                    sentence=self.number,
                    headed=False,
                )
            )
            return
        if (
            self.own
            and not colon
            and not (self.next_is_body() and before in (",", "-", "/", "and") and not self.depth)
        ):
            self.trailing(lambda e: replace(e, seasons=seasons, headed=False))
            return
        if self.early and not self.next_is_body():
            early, self.early = self.early, ()
            p.seasons = seasons
            self.fresh = False
            self.entry(Days(EVERY), early)
            return
        if self.pending is not None and p.seasons and p.seasons != seasons:
            raise p.fail(
                "days that have a season already"
            )  # « tous les jours de juin à septembre, les samedis en avril : 10h-18h »
        p.seasons = seasons
        if self.pending is None:
            p.scope = ""
        self.behind = self.pending is not None and not self.own
        self.fresh, self.led = False, True
        if p.kind() in ("end", ";") and not self.own and self.pending is None:
            later = [w.kind for w in p.said[p.at :]]
            if (
                self.number == 0
                and "time" in later
                and not all(s.brief for s in seasons)
                and not {"month", "date", "summer", "rest", "sh", "term"} & {*later}
            ):
                p.held = True  # « Ouvert d’avril à octobre. Tous les jours de 8h à 20h. »
            else:
                self.entry(Days(EVERY), ())

    def parity(self) -> None:
        p = self.p
        if self.pending is not None:  # « samedi (semaines impaires) 9h-12h »: of this entry alone
            self.once_parity = p.value()[0]
            p.at += 1
            return
        p.parity = p.value()[0]
        p.at += 1
        if self.own and (not self.next_is_body() or (self.depth and p.kind() == ")")):
            parity, p.parity = p.parity, None
            self.trailing(lambda e: replace(e, parity=parity))

    def rest(self) -> None:
        p = self.p
        known = [s for e in p.out.entries for s in e.seasons] or p.told
        if not known:
            raise p.fail("the rest of what")
        seasons = complement(known)
        if self.own and p.kind() in ("end", ";", ",", ")") and self.pending is None:
            self.trailing(lambda e: replace(e, seasons=seasons, headed=False))
            return
        p.seasons, p.scope = seasons, ""
        self.fresh, self.led = False, True

    def others(self) -> None:
        p = self.p
        left = EVERY - p.mentioned - p.out.shut
        if not left:
            raise p.fail("which other days")
        if self.about_closed():
            return
        mark = p.at
        p.skip(",", "(")
        if p.day_ahead() and p.said[p.at - 1].kind in (
            ",",
            "(",
        ):  # « les autres jours, du lundi au samedi »: what they are
            left &= p.days().week
            if not left:
                raise p.fail("which other days")
            self.pending = Days(frozenset(left))
            return
        p.at = mark
        if 6 in left and len(left) > 1:
            p.out.doubts.append(OTHERS)
            left -= {6} if p.other.get(OTHERS) else set()
        self.pending = Days(frozenset(left))

    def same_times(self) -> None:
        """« jeudi : idem », « jeudi : mêmes horaires que lundi »."""
        p = self.p
        known = [e for e in self.entries() if e.spans]
        last = known[-1:]
        if p.day_ahead():
            days = p.days()
            last = [e for e in known if e.days.week & days.week]
            if not days.plain or any(not days.week <= e.days.week for e in last):
                raise p.fail("the same as what")
        if (
            self.pending is None
            or len(last) != 1
            or last[0].adds
            or any(e.adds and e.days.week & last[0].days.week for e in known)
        ):
            raise p.fail("the same as what")
        self.entry(self.pending, last[0].spans)

    def same_days(self) -> None:
        """« Du 1er novembre au 31 mars : mêmes jours, 9h-12h »: those of the hours above, where they have one
        list of days.
        """
        p = self.p
        known = {replace(e.days, part=None) for e in self.entries() if e.spans}
        if len(known) != 1 or self.pending is not None:
            raise p.fail("the same days as when")
        self.pending = known.pop()

    def other_days(self) -> None:
        """« le 1er samedi du mois 14h-17h ; les autres samedis 9h-12h »: under the rule of some of them, so
        that it stands before it.
        """
        p = self.p
        name = fold(p.said[p.at - 1].text).split()[-1]
        day = next(i for i, known in enumerate(_PLURAL) if known == name)
        some = [
            i
            for i, e in enumerate(self.entries())
            if any(d == day for d, _ in e.days.nth) or (e.parity is not None and day in e.days.week)
        ]
        if (
            not some
            or self.pending is not None
            or any(day in e.days.week and e.parity is None for e in self.entries())
        ):
            raise p.fail("which other days")
        p.skip(",", ":", "to")
        self.early = ()
        if p.kind() == "closed":
            p.at += 1
            return
        spans = p.spans()
        self.entries().insert(
            some[0],
            replace(
                self.entries()[some[0]], days=Days(frozenset({day})), spans=spans, parity=None, adds=False
            ),
        )
        p.mentioned |= {day}
        self.own += 1

    def about_closed(self) -> bool:
        """« Fermé les autres jours »: nothing more than the hours said."""
        p = self.p
        return p.said[p.at - 2].kind == "closed"

    def until(self) -> None:
        """« le vendredi jusqu’à 16h30 », « (fermeture à 17h le samedi) »: the end of the hours said before,
        on these days.
        """
        p = self.p
        if p.kind() != "time":
            raise p.fail("until when")
        end = p.value()[0]
        p.at += 1
        self.ends(end)

    def ends(self, end: int) -> None:
        p = self.p
        if self.early and self.pending is None:  # « de 10h à 18h (17h en hiver) »
            p.out.doubts.append(NO_DAY)
            early, self.early = self.early, ()
            self.entry(Days(EVERY), early)
        days = self.pending
        self.pending, self.part = None, None
        self.led = False
        if days is None:
            p.skip(",")
            if p.season_ahead():
                seasons = p.season()
                last = self.last_of(None)
                self.entries().append(
                    replace(last, spans=ended_at(last.spans, end), seasons=seasons, sentence=self.number)
                )
                return
            if not p.day_ahead():
                raise p.fail("on which days")
            days = p.days()
        last = self.last_of(
            days if any(days.week <= e.days.week for e in self.entries() if e.spans) else None
        )
        self.entries().append(
            replace(
                last,
                days=replace(days, part=None),
                spans=ended_at(last.spans, end),
                sentence=self.number,
                seasons=p.seasons or last.seasons,
                headed=bool(p.seasons) or last.headed,
            )
        )
        p.mentioned |= days.week
        self.own += 1

    def last_of(self, days: Days | None) -> Entry:
        """The last entry with times that covers these days."""
        for entry in reversed(self.entries()):
            if entry.spans and (days is None or days.week <= entry.days.week):
                return entry
        raise self.p.fail("the end of which hours")

    def by_appointment(self) -> None:
        p = self.p
        if self.pending is not None:
            self.appointment = True
            mark = p.at
            p.skip(",", ":", "to")
            timed = p.time_ahead()
            p.at = mark
            if not timed:
                days, self.pending = self.pending, None
                if days.part is not None:
                    self.half_by_appointment(days, days.part)
                else:
                    self.entry(days, ())
            return
        if not self.own and not self.early and self.part is None:
            self.by_appointment_all = "sure" if p.kind() == ":" else "maybe"
        joined = p.said[p.at - 2].kind == "and" and not (p.day_ahead() or p.time_ahead())
        behind = (
            p.said[p.at - 2].kind in ("time", "num") and p.kind() == ","
        )  # « mardi 14h-17h sur rendez-vous, mercredi 9h-12h »
        if (
            self.own
            and (behind or not self.next_is_body())
            and not joined
            and self.part is None
            and p.kind() != "part"
        ):
            mine = [i for i, e in enumerate(self.entries()) if e.sentence == self.number]
            if not mine:
                raise p.fail("which hours by appointment")
            last = self.entries()[mine[-1]]
            if len(last.spans) > 1:  # « de 9h à 12h et de 14h à 17h sur rendez-vous »: the afternoon, or both
                p.out.doubts.append(BINDING)
                if not p.other.get(BINDING):
                    self.entries()[mine[-1]] = replace(last, spans=last.spans[:-1])
                    self.entries().append(replace(last, spans=last.spans[-1:], appointment=True, adds=True))
                    return
            for i in mine[-1:]:
                self.entries()[i] = replace(self.entries()[i], appointment=True)
            if len(mine) > 1 and all(w.kind != "walk-in" for w in p.said):
                p.out.doubts.append(BINDING)
                if p.other.get(BINDING):
                    for i in mine:
                        self.entries()[i] = replace(self.entries()[i], appointment=True)
            return
        if p.kind() == "part" and self.part is None:
            self.part = p.value()[0]
            p.at += 1
            p.skip(*([] if joined else ["to", ":", ","]))
        if self.part is not None and not p.time_ahead():
            part, self.part, self.appointment = self.part, None, False
            self.half_by_appointment(self.days_said(), part)
            return
        if joined:
            p.out.fallback = RDV
            self.part = None
            return
        self.appointment = True
        if p.kind() in ("end", ";", ")") and not self.own and not self.early:
            if not self.entries() and not p.seasons:
                p.out.fallback = RDV
                self.appointment = False
            elif p.seasons:
                self.entry(Days(EVERY), ())

    def half_by_appointment(self, days: Days, part: int) -> None:
        """« l’après-midi sur rendez-vous »: what is open without one stays, the other half of these days is
        unknown.
        """
        whole = ((7 * 60, NOON), (NOON, 20 * 60), (EVENING, 22 * 60))[part]
        taken = [
            s
            for e in self.entries()
            if e.days.week & days.week
            for s in e.spans
            if s[1] is None or (s[0] < whole[1] and s[1] > whole[0])
        ]
        begin = max([whole[0], *(end for start, end in taken if end is not None and start < whole[0])])
        end = min([whole[1], *(start for start, _ in taken if start >= whole[0])])
        self.appointment = True
        if begin >= end or any(stop is None for _, stop in taken):
            self.p.out.fallback, self.appointment = RDV, False
            return
        self.entry(replace(days, part=None), ((begin, end),), adds=True)

    def closed(self) -> None:
        """« fermé », of the days before it or of what follows."""
        p = self.p
        following = (
            p.said[p.at - 2].kind == "," and p.day_ahead()
        )  # « du mardi au samedi, fermé le dimanche : 9h-12h »
        if self.pending is not None and not following:
            p.skip(":")
            days, self.pending = self.pending, None
            if p.kind() == "part":
                part = p.value()[0]
                p.at += 1
                self.shut_part(replace(days, part=part))
                if part == 0 or p.time_ahead() or p.kind() == ",":
                    mark = p.at
                    p.skip(",", ":", "open", "to")
                    if p.time_ahead():
                        self.pending = days
                    else:
                        p.at = mark
                return
            mark = p.at
            p.skip("to", ",")
            if p.season_ahead():  # « samedi fermé en juillet »
                p.out.off += [f"{season_code(s)} {replace(days, part=None).code()} off" for s in p.season()]
            elif p.kind() == "sh":
                p.at += 1
                p.out.off.append(f"SH {replace(days, part=None).code()} off")
            else:
                p.at = mark
                if days.part is not None:
                    self.shut_part(days)
                else:
                    self.shut(days)
                return
            if days.part is not None:
                raise p.fail("half a day in a season")
            return
        if self.part is not None and self.pending is None and self.own:  # « 9h-12h, après-midi fermé »
            part, self.part = self.part, None
            self.shut_part(replace(self.entries()[-1].days, part=part))
            return
        p.skip(":", "to")
        if p.kind() == "others":
            return
        if self.led and p.kind() in ("end", ";", ",", ")", "-", "/"):
            # « Août : fermé », « Vacances scolaires : fermé »
            heads = [season_code(s) for s in p.seasons] or (["SH"] if p.scope == "sh" else [])
            if not heads:
                raise p.fail("closed when")
            p.out.off += [f"{head} off" for head in heads]
            p.seasons, p.scope, self.led = (), "", False
            return
        if p.time_ahead():
            self.pause(p.spans())
            return
        if p.kind() == "part":
            part = p.value()[0]
            p.at += 1
            if p.season_ahead():
                raise p.fail("half a day, in a season")
            scope_sh = p.kind() == "sh"
            if scope_sh:
                p.at += 1
            if p.day_ahead():
                self.shut_part(replace(p.days(), part=part))
            else:
                self.shut_part(replace(self.days_said(), part=part), sh=scope_sh)
            return
        found = False
        while True:
            mark = p.at
            p.skip(",", "and", "to")
            if p.day_ahead():
                if not found and self.pending is None and (days := self.closed_then_open()) is not None:
                    self.shut(days)
                    return
                begin = p.at
                days = self.excepted()
                if (
                    self.pending is not None
                    and p.time_ahead()
                    and any(w.kind == "," for w in p.said[begin : p.at])
                ):
                    raise p.fail("closed, or open then")  # « lundi, fermé mardi, mercredi 9h-12h »
                if self.pending is None and self.times_of_these():
                    if found:  # « fermé le samedi, le mercredi 14h-17h »: open then
                        p.at = mark
                        break
                    p.skip(":", ",", "to")
                    said = ",".join(span_code(s) for s in p.spans())
                    p.out.off.append(f"{replace(days, part=None).code()} {said} off")
                elif p.kind() == "sh":
                    p.at += 1
                    p.out.off.append(f"SH {days.code()} off")
                elif p.season_ahead():
                    p.out.off += [f"{season_code(s)} {days.code()} off" for s in p.season()]
                elif days.part is not None:
                    self.shut_part(days)
                else:
                    self.shut(days)
            elif p.season_ahead():
                seasons = p.season()
                mine = [e for e in self.entries() if e.sentence == self.number]
                if self.depth and len(mine) > 1:  # « lundi 9h-17h, samedi 9h-12h (fermé en juillet) »
                    p.out.doubts.append(BINDING)
                last = (
                    f"{mine[-1].days.code()} "
                    if self.depth and len(mine) > 1 and p.other.get(BINDING)
                    else ""
                )
                p.out.off += [f"{season_code(s)} {last}off" for s in seasons]
            elif p.kind() == "sh":
                p.at += 1
                if p.day_ahead() and not self.own:
                    p.out.off.append(f"SH {p.days().code()} off")
                else:
                    p.out.off.append("SH off")
            elif p.kind() == "rest":
                p.at += 1
            else:
                break
            found = True
        if not found and not self.own and p.kind() in ("end", ";"):
            if len(p.said) > p.at + 1 and p.out.entries:
                raise p.fail("closed when")
            p.out.off.append("off")
        elif not found:
            raise p.fail("closed when")

    def pause(self, spans: tuple[Span, ...]) -> None:
        """« fermé de 12h à 14h »: of all hours; where it reaches past the hours of some days, of these days too,
        or only of those whose hours hold it.
        """
        p = self.p
        for span in spans:
            meets = [e for e in self.entries() if not disjoint(e.spans, (span,))]
            holds = [e for e in meets if any(_holds(hours, span) for hours in e.spans)]
            days = ""
            if holds and len(holds) < len(meets):
                p.out.doubts.append(BINDING)
                if p.other.get(BINDING):
                    days = union(e.days for e in holds).code() + " "
            p.out.off.append(f"{days}{span_code(span)} off")

    def closed_then_open(self) -> Days | None:
        """« fermé le samedi et le dimanche, lundi : 9h-12h »: closed days end at the comma behind « et », or
        at the only one. None: no times follow.
        """
        p = self.p
        mark, noted = p.at, len(p.out.doubts)
        p.days()
        end, timed = p.at, self.timed_next()
        p.at = mark
        del p.out.doubts[noted:]
        signs = [i for i in range(mark, end) if p.said[i].kind in (",", "-", "/")]
        commas = [i for i in signs if p.said[i].kind == ","]
        signs = commas if len(commas) == 1 and commas[0] == signs[0] else signs
        only = len(commas) == len(signs) == 1 and p.said[end].kind == ":"
        complete = [i for i in signs if any(w.kind == "and" for w in p.said[mark:i])]
        if not timed or not signs or (self.own and not complete and not only):
            return None
        if not complete and (len(signs) > 1 or p.said[signs[0]].kind != ","):
            raise p.fail("closed, or open then")
        cut = complete[0] if complete else signs[0]
        p.said.insert(cut, Word("end"))
        days = p.days()
        stop = p.at
        p.said.pop(cut)
        if stop != cut:
            raise p.fail("closed, or open then")
        if days.part is not None or not days.plain:
            raise p.fail("closed, or open then")
        return days

    def times_of_these(self) -> bool:
        """Times stand behind the days that are left out, and are theirs: « fermé le mercredi 14h-17h ».
        Behind a comma they are of the days to come.
        """
        p = self.p
        if not self.timed_next():
            return False
        if p.kind() != ",":
            return True
        mark, noted = p.at, len(p.out.doubts)
        p.skip(",", "to")
        p.spans()
        follows = p.day_ahead()
        p.at = mark
        del p.out.doubts[noted:]
        if not follows:
            raise p.fail("closed, or open then")
        return False

    def timed_next(self) -> bool:
        """Times stand here, behind at most a colon."""
        p = self.p
        mark = p.at
        p.skip(":", ",", "to")
        found = p.time_ahead()
        p.at = mark
        return found

    def days_said(self) -> Days:
        """All weekdays of which hours were said."""
        week = frozenset(d for e in self.entries() if not e.closed for d in e.days.week)
        if not week:
            raise self.p.fail("closed when")
        return Days(week)

    def shut(self, days: Days) -> None:
        """These days are closed, under the season or the part of the school year that was said before them."""
        p = self.p
        p.mentioned |= days.week
        if (
            self.fresh
            and not self.own
            and days.plain
            and all(e.assumed for e in self.entries())
            and self.entries()
        ):
            # « D’avril à octobre : 9h-19h ; de novembre à mars : 9h-17h. Fermé le dimanche. »: the days that
            # were not said are the others
            p.out.entries = [
                replace(e, days=replace(e.days, week=e.days.week - days.week)) for e in self.entries()
            ]
            p.out.shut |= days.week
            return
        if self.fresh and not self.own and not self.under_heading():
            p.out.doubts.append(SEASON_GOES_ON)
            if p.other.get(SEASON_GOES_ON):
                p.seasons, p.scope = (), ""
            self.fresh = False
        heads = [season_code(s) for s in p.seasons] or (["SH"] if p.scope == "sh" else [])
        if heads:
            p.out.off += [f"{head} {replace(days, part=None).code()} off" for head in heads]
            return
        if p.scope != "term":
            p.out.shut |= days.week
        rest = replace(days, week=frozenset(), part=None)
        if rest.code():
            p.out.off.append(f"{rest.code()} off")

    def shut_part(self, days: Days, *, sh: bool = False) -> None:
        """Half a day is closed: what is left of the hours of these days."""
        p = self.p
        if days.nth or days.mixed:
            raise p.fail("half of which days")
        hits = [e for e in self.entries() if e.days.week & days.week and e.spans]
        if not hits:
            p.out.halves.append(
                days
            )  # « (sauf le mercredi après-midi) de 9h à 12h et de 14h à 17h »: when the hours are known
            return
        for i, entry in enumerate(list(self.entries())):
            hit = entry.days.week & days.week
            if not hit or not entry.spans:
                continue
            left = without_part(entry.spans, days.part)
            if sh:
                self.entries().append(
                    replace(entry, days=replace(entry.days, week=hit), spans=left, scope="sh")
                )
                continue
            self.entries()[i] = replace(entry, days=replace(entry.days, week=entry.days.week - hit))
            if left:
                self.entries().append(replace(entry, days=Days(hit), spans=left))
        p.mentioned |= days.week

    def but(self) -> None:
        """« sauf le mardi », « sauf jours fériés », « sauf en août »."""
        p = self.p
        found = False
        nothing = not self.own and self.pending is None and self.part is None and not self.early
        while True:
            mark = p.at
            p.skip(",", "and", "to")
            if found and nothing and p.said[p.at - 1].kind == "," and p.day_ahead():
                p.at = mark  # « sauf en janvier, du mardi au samedi 14h-18h »
                break
            if p.season_ahead():
                self.but_season(p.season())
            elif p.day_ahead():
                self.but_days(self.excepted())
            elif p.kind() == "sh":
                p.at += 1
                self.scope_word("term", sh_off=True)
            elif p.kind() == "part":
                raise p.fail("but which day")
            else:
                p.at = mark
                break
            found = True
            if p.said[p.at - 1].kind in ("time", "num") or (
                self.pending is not None and p.kind() in (":", ",")
            ):
                break
        if not found:
            raise p.fail("but what")

    def excepted(self) -> Days:
        """The days that are left out. « de 7h à 13h sauf le lundi, dimanche de 8h à 12h »: Sunday begins
        something else, or is left out too.
        """
        p = self.p
        p.halves_apart = True
        try:
            return self.left_out()
        finally:
            p.halves_apart = False

    def left_out(self) -> Days:
        p = self.p
        if not self.own or self.pending is not None:
            return p.days()
        mark, noted = p.at, len(p.out.doubts)
        whole = p.days()
        end = p.at
        p.at = mark
        del p.out.doubts[noted:]
        p.times_first = True
        days = p.days()
        p.times_first = False
        if days != whole and any(w.kind == "and" for w in p.said[mark : p.at]):
            return days  # « fermé le lundi et le mardi, dimanche : 9h-12h »
        if days != whole:
            p.out.doubts.append(BINDING)
            if p.other.get(BINDING):
                p.at = end
                return whole
        return days

    def but_days(self, days: Days) -> None:
        p = self.p
        if days.ph:
            p.out.off.append("PH off")
            days = replace(days, ph=False)
            if not days.week and not days.nth:
                return
        if (
            days.nth and self.own and p.kind() == ":" and self.timed_next()
        ):  # « samedi 9h-12h, sauf le 1er samedi du mois : 14h-17h »
            self.pending, self.colon = days, False
            return
        if days.nth:
            p.out.off.append(f"{replace(days, part=None).code()} off")
            return
        p.mentioned |= days.week
        if days.part is not None:
            mark = p.at
            p.skip(":", ",")
            if p.time_ahead():
                raise p.fail("half a day, and times")
            p.at = mark
            self.shut_part(days)
            return
        if self.pending is not None and not self.own:
            self.pending = replace(self.pending, week=self.pending.week - days.week)
            return
        if self.pending is not None:
            self.pending = replace(self.pending, week=self.pending.week - days.week)
            return
        if self.early:
            self.early, early = (), self.early
            self.entry(Days(EVERY - days.week), early)
            return
        if not self.own:  # « tous les matins sauf le dimanche de 7h à 13h »
            self.pending = Days(EVERY - days.week)
            return
        timed = self.times_of_these()
        if timed and p.kind() != ":":
            self.but_times(days)
            return
        self.cut(days)
        if timed:  # « 8h-17h sauf mercredi : 9h-12h »
            self.pending = days

    def but_times(self, days: Days) -> None:
        """« 8h-17h sauf le mercredi 9h-12h »: open then only, or closed then; where it is not open then
        anyway, open then too.
        """
        p = self.p
        p.skip(",", "to")
        spans = p.spans()
        hit = [e for e in self.entries() if e.sentence == self.number and e.days.week & days.week]
        p.out.doubts.append(EXCEPTED)
        if EXCEPTED not in p.other:
            self.cut(days)
            self.entry(days, spans)
        elif all(disjoint(e.spans, spans) for e in hit):
            self.entry(days, spans, adds=True)
        else:
            p.out.off += [f"{days.code()} {span_code(s)} off" for s in spans]

    def cut(self, days: Days) -> None:
        p = self.p
        mine = [i for i, e in enumerate(self.entries()) if e.sentence == self.number and not e.closed]
        hit = [i for i in mine if self.entries()[i].days.week & days.week]
        if not hit and OTHERS not in p.other:
            raise p.fail("but a day that is not open")
        for i in hit:
            entry = self.entries()[i]
            self.entries()[i] = replace(entry, days=replace(entry.days, week=entry.days.week - days.week))
            if (
                p.spans_apart and len(entry.spans) > 1
            ):  # « 9h-12h, et 14h-16h sauf mercredi »: closed that day, or then
                p.out.doubts.append(BINDING)
                if p.other.get(BINDING):
                    self.entries().append(
                        replace(entry, days=Days(entry.days.week & days.week), spans=entry.spans[:-1])
                    )

    def but_season(self, seasons: tuple[Season, ...]) -> None:
        p = self.p
        mine = [e for e in self.entries() if e.sentence == self.number and not e.closed]
        whole = [f"{season_code(s)} off" for s in seasons]
        if len(mine) > 1 and not all(s.single for s in seasons):
            p.out.doubts.append(BINDING)
            if not p.other.get(BINDING):
                p.out.off += [f"{season_code(s)} {mine[-1].days.code()} off" for s in seasons]
                return
        if len(mine) == 1 and len(self.entries()) > 1 and not all(s.single for s in seasons):
            p.out.off += [f"{season_code(s)} {mine[-1].days.code()} off" for s in seasons]
            return
        p.out.off += whole


def _holds(hours: Span, span: Span) -> bool:
    """The span lies within the hours."""
    return hours[1] is not None and span[1] is not None and hours[0] <= span[0] < span[1] <= hours[1]
