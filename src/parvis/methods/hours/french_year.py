"""What the parts of the year in French opening hours mean: dates, seasons, school holidays, weeks, and lists of these. Meanings of the
productions of `french_grammar`.
"""

from __future__ import annotations

from parvis.methods.hours.french_clauses import When
from parvis.methods.hours.french_entries import MONTH_DAYS, Point, Season, exists
from parvis.methods.hours.french_words import Word


def month(word: Word) -> Point:
    return Point(word.value[0])


def day_of_month(day: Word, month: Word, year: Word | None = None) -> Point | None:
    if year and not 1900 < year.value[0] < 2200:
        return None
    point = Point(month.value[0], day.value[0], year.value[0] if year else 0)
    return point if exists(point.month, point.day, point.year) else None


def date(word: Word, year: Word | None = None) -> Point | None:
    """A date in digits (month, day, 0, maybe its year), or a feast by its name (month, day, 1; of Easter 0, days)."""
    month, day, feast = word.value[0], word.value[1], word.value[2:3] == (1,)
    said = word.value[3] if len(word.value) > 3 else year.value[0] if year else 0
    if (year and not 1900 < year.value[0] < 2200) or (year and len(word.value) > 3):
        return None
    if not month:
        return Point(4, day, base="easter", feast=True) if not year else None
    return Point(month, day, said, feast=feast) if exists(month, day, said) else None


def slashed(day: Word, month: Word) -> Point | None:
    """« fermé 1/1, 1/5 et 25/12 »."""
    known = 1 <= month.value[0] <= 12 and exists(month.value[0], day.value[0])
    return Point(month.value[0], day.value[0]) if known else None


def about(word: Word) -> Point:
    """On the near side of a beginning; where it is an end, the sides change."""
    month, day, far_month, far_day = word.value
    return Point(month, day, far=(far_month, far_day))


def season(first: Point, last: Point) -> Season | None:
    if first.far:  # what is sure of « de la mi-juin à… » begins at its end
        first = first._replace(month=first.far[0], day=first.far[1], far=(first.month, first.day))
    if first.whole != last.whole:
        first = first._replace(day=1) if first.whole else first
        last = last._replace(day=MONTH_DAYS[last.month - 1]) if last.whole else last
    if last.year and not first.year:
        first = first._replace(year=last.year - (first[:2] > last[:2]))
    return None if bool(first.year) != bool(last.year) or first == last else Season(first, last)


def season_of_days(first: Point, last: Point) -> Season | None:
    """« 1er avril / 30 septembre »: from one to the other, or both days."""
    found = None if first.whole or last.whole or first.base or last.base else season(first, last)
    return found if found and found.first.feast == found.last.feast else None


def days_of_month(first: Word, last: Word, month: Word, year: Word | None = None) -> Season | None:
    begin, end = day_of_month(first, month, year), day_of_month(last, month, year)
    return Season(begin, end) if begin and end and begin < end else None


def days_to_date(first: Word, word: Word) -> Season | None:
    """« du 1er au 31/08 »."""
    last = date(word)
    if not last or last.feast or last.base or not 1 <= first.value[0] < last.day:
        return None
    return Season(last._replace(day=first.value[0]), last)


def point(point: Point) -> Season | None:
    return Season(point, point) if (not point.year or point.day) and not point.far else None


def numbers(word: Word, more: tuple[int, ...] = ()) -> tuple[int, ...]:
    return (word.value[0], *more)


def same_numbers(word: Word, more: tuple[int, ...]) -> tuple[int, ...]:
    return (word.value[0], *more)


def some_days(numbers: tuple[int, ...], month: Word, year: Word | None = None) -> tuple[Season, ...] | None:
    """« les 6, 13 et 20 mars »."""
    if year and not 1900 < year.value[0] < 2200:
        return None
    days = [Point(month.value[0], n, year.value[0] if year else 0) for n in numbers]
    known = len(days) > 1 and all(exists(day.month, day.day, day.year) for day in days)
    return tuple(Season(day, day) for day in days) if known else None


def every_month(numbers: tuple[int, ...], word: Word) -> tuple[Season, ...] | None:
    """« le 15 de chaque mois », « les 5 et 20 du mois »; « les 1er et 3e » may be of a weekday that is not said."""
    if any(not 1 <= n <= 31 for n in numbers):
        return None
    days = [
        Point(m, n) for n in numbers for m in range(1, 13) if n <= MONTH_DAYS[m - 1] and (m, n) != (2, 29)
    ]
    return tuple(Season(day, day) for day in days)


def these_days(weekday: Word, seasons: tuple[Season, ...]) -> tuple[Season, ...] | None:
    """« les samedis 6 et 20 mars 2027 »: the year must be known, and the days be such days."""
    right = all(falls_on(weekday, one.first) for one in seasons)
    return seasons if right else None


def falls_on(weekday: Word, point: Point) -> bool:
    return bool(point.year and point.day) and point.in_year(point.year).weekday() == weekday.value[0]


def dated_days(weekday: Word, point: Point, more: tuple[Season, ...] = ()) -> tuple[Season, ...] | None:
    """« samedi 6 mars et dimanche 7 mars 2027 »: the year stands behind the last of them, or of each."""
    if point.base or not point.day or point.far:
        return None
    if not point.year and more:
        point = point._replace(year=more[0].first.year)
    return (Season(point, point), *more) if falls_on(weekday, point) else None


def dated_range(first_day: Word, first: Point, last_day: Word, last: Point) -> Season | None:
    """« du lundi 3 août au samedi 22 août 2026 »."""
    found = season(first, last)
    return found if found and falls_on(first_day, found.first) and falls_on(last_day, found.last) else None


def days_range(first_day: Word, number: Word, last_day: Word, last: Point) -> Season | None:
    """« du lundi 3 au samedi 22 août 2026 »."""
    if last.base or not last.year or not 1 <= number.value[0] < last.day:
        return None
    first = last._replace(day=number.value[0])
    return Season(first, last) if falls_on(first_day, first) and falls_on(last_day, last) else None


def for_good(point: Point) -> Season | None:
    """« à partir du 1er avril 2027 »: so that the year must be known."""
    return Season(point, Point(0)) if point.year and point.day else None


def for_good_day(weekday: Word, point: Point) -> Season | None:
    return for_good(point) if falls_on(weekday, point) else None


def until_then(point: Point) -> Season | None:
    return Season(Point(0), point) if point.year and point.day else None


def school(word: Word) -> Season:
    """Holidays by their name."""
    return Season(Point(word.value[0]), Point(word.value[1]), school=True)


def fortnight(word: Word) -> Season:
    """« la première quinzaine d’août »."""
    month, first, last = word.value
    return Season(Point(month, first), Point(month, last))


def long_weekend(word: Word) -> Season:
    first, last, other_first, other_last = word.value
    return Season(
        Point(4, first, base="easter", far=(4, other_first)),
        Point(4, last, base="easter", far=(4, other_last)),
    )


def summer(word: Word, seasons: tuple[Season, ...] = ()) -> When | None:
    """« été », « été (1er avril - 31 octobre) », « heure d’été »."""
    if seasons and all(one.single for one in seasons):
        return None  # « été (1er avril / 30 septembre) » are no two days
    if not word.value:
        return When(seasons) if seasons else None
    return When(seasons, summer=word.value[0], legal=len(word.value) > 1)


def summer_behind(seasons: tuple[Season, ...], word: Word) -> When | None:
    return summer(word, seasons)


def holidays_but(word: Word, but: Word) -> When:
    """« les vacances scolaires (sauf Noël) »."""
    return When(scope="sh", but=(school(but),))


def named_but(word: Word, but: Word) -> When:
    return When((school(word),), but=(school(but),))


def before_then(word: Word) -> When:
    return When(before=True)


def seasons(first: Season, more: tuple[Season, ...] = ()) -> tuple[Season, ...] | None:
    """A list whose dates all have their year, or none has."""
    return (
        (first, *more)
        if len({bool(one.first.year or one.last.year) for one in (first, *more)}) == 1
        else None
    )


def both_seasons(some: tuple[Season, ...], more: tuple[Season, ...]) -> tuple[Season, ...] | None:
    return seasons(some[0], (*some[1:], *more))


def same_seasons(seasons: tuple[Season, ...]) -> tuple[Season, ...]:
    return seasons


def in_seasons(seasons: tuple[Season, ...]) -> When:
    return When(seasons=seasons)


def in_term(word: Word) -> When:
    return When(scope="term")


def in_dated_term(word: Word, seasons: tuple[Season, ...], but: Word | None = None) -> When:
    """« période scolaire (du 7 septembre au 25 juin, hors vacances) »."""
    return When(seasons, scope="term")


def in_dated_holidays(word: Word, seasons: tuple[Season, ...]) -> When | None:
    """« vacances scolaires (du 6 juillet au 31 août) »: these are the dates of what is meant."""
    return When(seasons) if not any(one.school for one in seasons) else None


def in_holidays(word: Word) -> When:
    return When(scope="sh")


def in_weeks(word: Word) -> When:
    return When(parity=word.value[0])


def in_rest(word: Word) -> When:
    return When(rest=True)


def both_whens(first: When, second: When) -> When | None:
    return first.and_(second)


def same_part_of_year(when: When) -> When:
    return when
