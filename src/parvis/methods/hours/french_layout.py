"""How a French text of opening hours lies on the page: lines under a day, cells of a table, cells that are
empty, put back into one line of words.
"""

from __future__ import annotations

from collections.abc import Iterable

from parvis.methods.hours.french_words import Word, fold

_APART = frozenset({"\n", "|"})
_SIGNS = frozenset({",", ":", "-", "/", "and", "to", ";"})
_DAYS = frozenset({"day", "days", "worked", "ph", "eve", "nth", "of-month"})
_TIMES = frozenset({"time", "num", "from", "between", "part"})
_HEADING = frozenset(
    {
        "month",
        "date",
        "about",
        "feast-days",
        "summer",
        "rest",
        "term",
        "sh",
        "some-sh",
        "no-sh",
        "part",
        "since",
        "before-then",
    }
)
_WEAK = Word(",", (), ",")
_END, _COLON, _COMMA, _CLOSED = (
    Word(";", (), "\n"),
    Word(":", (), ":"),
    Word(",", (), ","),
    Word("closed", (), "fermé"),
)


def laid_out(said: list[Word]) -> list[Word]:
    """The words, with times that stand below or beside a day joined to it. An empty cell beside a day is « fermé »; a row that heads columns is left out.

    >>> from parvis.methods.hours.french_words import words
    >>> " ".join(w.text for w in laid_out(words("lundi | 8h-12h | 14h-17h\\nmardi | 8h-12h | -")))
    'lundi : 8h - 12h , 14h - 17h \\n mardi : 8h - 12h \\n'
    """
    filled = _filled(said)
    if not any(w.text in _APART for w in filled):
        return filled
    out: list[Word] = []
    under: list[list[Word]] | None = None
    """The cells under the day at hand, of which the first may be its own; None: no day is at hand."""
    before, headed, parts = "", False, False
    for piece, end in _pieces(filled):
        kinds = {w.kind for w in piece} - _SIGNS
        closed = kinds <= {"part", "closed"} and (before == "|" or "part" in kinds or not under)
        closed |= (
            kinds <= _TIMES | {"closed"} and {"part", "closed"} <= kinds
        )  # « 8h-12h, fermé l’après-midi »
        if under is not None and not (parts and kinds == {"part"}) and (kinds <= _TIMES or closed):
            under.append(piece)
        elif (
            kinds
            and kinds <= {"time", "from", "num"}
            and out[-2:-1]
            and out[-2].kind == "time"
            and out[-1] == _END
        ):
            out[-1:] = [
                _COMMA,
                *piece,
                _END,
            ]  # « Été : lundi au samedi 9h-12h », and on the next line « 14h-18h »
        else:
            out += _joined(under)
            under = None
            heading = bool(kinds & _HEADING) and kinds <= _HEADING | {"num", "nth", "label", "(", ")"}
            goes_on = headed and piece[0].kind in _DAYS | _TIMES and not heading
            if goes_on and out[-1] == _END:
                out[-1] = _WEAK  # under the same heading
            headed = heading or goes_on
            parts |= kinds == {"part"}
            out += piece
            if heading:
                out.append(_COLON)
            elif kinds & _DAYS and kinds <= _DAYS | {"part", "open", "label"}:
                under = []
            elif kinds & _DAYS and kinds <= _DAYS | _TIMES:
                under = [[]]
            else:
                out.append(_END)
        before = end
    return out + _joined(under)


def _filled(said: list[Word]) -> list[Word]:
    """« Mercredi : - », « Jeudi / »: closed; « 8h30-12h/- »: no more than the times. A dash that nothing
    follows.
    """
    out: list[Word] = []
    for i, word in enumerate(said):
        last = i + 1 == len(said) or said[i + 1].kind in (";", ",")
        if not (word.kind in ("-", "/") and last and out):
            out.append(word)
            continue
        if out[-1].kind in ("-", "/", ":"):
            out.pop()
        if out and (out[-1].kind in _DAYS or out[-1].text in _APART):
            out += [_CLOSED] if out[-1].text in _APART else [_COLON, _CLOSED]
    return out


def _pieces(said: list[Word]) -> Iterable[tuple[list[Word], str]]:
    """What stands between ends of lines and bars, each with the sign behind it; without rows that head
    columns (« jour | matin | après-midi »).
    """
    row: list[tuple[list[Word], str]] = []
    piece: list[Word] = []
    for word in [*said, Word(";", (), "\n")]:
        if word.text not in _APART:
            piece.append(word)
            continue
        while piece and piece[-1].kind in (";", ",", ":"):
            piece.pop()
        if piece:
            row.append((piece, word.text))
        piece = []
        if word.text == "\n":
            kinds = {w.kind for cell, _ in row for w in cell}
            texts = {fold(w.text) for cell, _ in row for w in cell}
            named = "part" in kinds or bool(texts & {"jour", "jours", "horaire", "horaires"})
            if not (len(row) > 1 and named and kinds <= {"label", "name", "unknown", "part"}):
                yield from row
            row = []


def _joined(under: list[list[Word]] | None) -> list[Word]:
    """The cells under a day, in one line. Where none has a time, and one says so, the day is closed."""
    if under is None:
        return []
    timed = [cell for cell in under if not cell or any(w.kind in ("time", "num") for w in cell)]
    if under and not timed:
        return [_COLON, _CLOSED, _END]
    out: list[Word] = []
    for i, cell in enumerate(timed):
        out += [_COMMA if i else _COLON, *cell] if cell else []
    return [*out, _END]
