"""What is said to people, as a value: a French sentence with named places and what stands in them, put into
words at the face that shows it.

    Unreadable(Sentence("La feuille « {name} » n’est pas dans le classeur.", name=sheet))

A `Sentence` is a `str`: the French text, so that whoever needs only that uses it as it is. Beside it stand the
sentence as it is written in the source (`msgid`, what a translation is found by) and its `values`. Nothing
reads a finished text back: what is put together by an f-string is plain text, and stays French.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Protocol, Self

from parvis.core.text import french_number

FRENCH = "fr"
"""The language that sentences are written in."""

Value = str | int | float
"""What stands in a place: data, written as it is, or a `Spoken`, put into words in its turn."""

_PLACED = "{where} : {what}"
_PLACE = re.compile(r"\{([a-z_][a-z_0-9]*)\}")


class Speaker(Protocol):
    """A language, as sentences need it; `core.language.Language` is one."""

    @property
    def code(self) -> str: ...

    def translated(self, msgid: str, many: str = "", n: int = 0) -> str:
        """The sentence in the language, its places still open; "" when no translation holds it. many, n: its
        French plural, and the number that decides between its forms.
        """
        ...

    def number(self, value: float | None, digits: int | None = None) -> str: ...


class _French:
    """French, for who says nothing in another language: it needs no translation, and no Babel."""

    code = FRENCH

    def translated(self, msgid: str, many: str = "", n: int = 0) -> str:
        return ""

    def number(self, value: float | None, digits: int | None = None) -> str:
        return "" if value is None else french_number(value, digits)


IN_FRENCH: Speaker = _French()


def either(pair: tuple[str, str], speaker: Speaker) -> str:
    """A text declared in French and in English: English is said as it stands there; any other language by its
    translation of the French, and stays French where that lacks.
    """
    french, english = pair
    return (english if speaker.code == "en" else "") or speaker.translated(french) or french


def mark(msgid: str) -> str:
    """Mark a French sentence for translation where it is declared; it is translated where it is shown.

    >>> mark("Transports")
    'Transports'
    """
    return msgid


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with its places filled. Braces that hold no known name stand for themselves.

    >>> fill("{n} lignes de {x}, en {json}", {"n": "3", "x": "{n}"})
    '3 lignes de {n}, en {json}'
    """
    return _PLACE.sub(lambda m: values.get(m[1], m[0]), template)


class Spoken(str):
    """A text that knows how other languages say it. As a `str` it is French."""

    __slots__ = ()

    def said_in(self, speaker: Speaker) -> str:
        """The text in that language; what no translation holds stays French."""
        raise NotImplementedError

    def known_to(self, speaker: Speaker) -> bool:
        """Whether the language has words for it, without any that are only data."""
        return True

    def as_data(self) -> object:
        """What it is made of, for JSON; `restored` takes it back."""
        raise NotImplementedError

    def __reduce__(self) -> tuple[object, ...]:
        return restored, (self.as_data(),)


class Sentence(Spoken):
    """A French sentence and what stands in its {places}.

    >>> Sentence("Il manque {what} à la ligne {line}.", what="le nom", line=3)
    'Il manque le nom à la ligne 3.'
    """

    __slots__ = ("many", "msgid", "n", "values")
    msgid: str
    values: Mapping[str, Value]
    many: str
    """The French plural, of a sentence that counts; "" for the others."""
    n: int
    """What decides between its forms."""

    def __new__(cls, msgid: str, /, **values: object) -> Self:
        return cls._of(msgid, values)

    @classmethod
    def _of(cls, msgid: str, values: Mapping[str, object], many: str = "", n: int = 0) -> Self:
        parameters = {
            name: value if isinstance(value, str | int | float) else str(value)
            for name, value in values.items()
        }
        text = many if many and abs(n) >= 2 else msgid
        sentence = super().__new__(cls, fill(text, {name: str(value) for name, value in parameters.items()}))
        sentence.msgid, sentence.values, sentence.many, sentence.n = msgid, parameters, many, n
        return sentence

    @classmethod
    def counting(cls, n: int, one: str, many: str, /, **values: object) -> Self:
        """A sentence that depends on a number, {n}, as each language has its plurals (in French 0 and 1 are
        singular).

        >>> Sentence.counting(2000, "{n} ligne de « {name} »", "{n} lignes de « {name} »", name="a").replace(chr(0x202f), " ")
        '2 000 lignes de « a »'
        """
        return cls._of(one, {"n": Number(n), **values}, many, n)

    def said_in(self, speaker: Speaker) -> str:
        template = speaker.translated(self.msgid, self.many, self.n) if self.msgid else ""
        if not template:
            template = self.many if self.many and abs(self.n) >= 2 else self.msgid
        return fill(template, {name: put(value, speaker) for name, value in self.values.items()})

    def known_to(self, speaker: Speaker) -> bool:
        return bool(self.msgid and speaker.translated(self.msgid, self.many, self.n))

    def as_data(self) -> object:
        data: dict[str, object] = {"msgid": self.msgid}
        if self.values:
            data["values"] = {
                name: value.as_data() if isinstance(value, Spoken) else value
                for name, value in self.values.items()
            }
        return data | ({"many": self.many, "n": self.n} if self.many else {})


def _sentence(msgid: str, values: Mapping[str, object], many: str, n: int) -> Sentence:
    return Sentence._of(msgid, values, many, n)  # pyright: ignore[reportPrivateUsage]


class Number(Spoken):
    """A number as each language writes it.

    >>> Number(1204.5, 1).replace(chr(0x202f), " ")
    '1 204,5'
    """

    __slots__ = ("digits", "value")
    value: float
    digits: int | None

    def __new__(cls, value: float, digits: int | None = None) -> Self:
        number = super().__new__(cls, french_number(value, digits))
        number.value, number.digits = value, digits
        return number

    def said_in(self, speaker: Speaker) -> str:
        return speaker.number(self.value, self.digits)

    def as_data(self) -> object:
        return {"number": self.value} | ({} if self.digits is None else {"digits": self.digits})


class Listed(Spoken):
    """Several things one after the other, each said in its turn.

    >>> quoted(["a", "b"])
    '« a », « b »'
    """

    __slots__ = ("between", "items")
    items: tuple[str, ...]
    between: str

    def __new__(cls, items: Iterable[str], between: str = ", ") -> Self:
        parts = tuple(items)
        listed = super().__new__(cls, between.join(parts))
        listed.items, listed.between = parts, between
        return listed

    def said_in(self, speaker: Speaker) -> str:
        return self.between.join(put(item, speaker) for item in self.items)

    def known_to(self, speaker: Speaker) -> bool:
        return all(item.known_to(speaker) for item in self.items if isinstance(item, Spoken))

    def as_data(self) -> object:
        items = [item.as_data() if isinstance(item, Spoken) else item for item in self.items]
        return {"items": items, "between": self.between}


class Within(Spoken):
    """A sentence as it stands within another one, or by itself: with a capital or without, with its stop or
    without.

    >>> Within("Le texte est trop long.", capital=False, stop=False)
    'le texte est trop long'
    """

    __slots__ = ("capital", "stop", "text")
    text: str
    capital: bool
    stop: bool

    def __new__(cls, text: str, *, capital: bool, stop: bool = True) -> Self:
        within = super().__new__(cls, _within(text, capital, stop))
        within.text, within.capital, within.stop = text, capital, stop
        return within

    def said_in(self, speaker: Speaker) -> str:
        return _within(put(self.text, speaker), self.capital, self.stop)

    def known_to(self, speaker: Speaker) -> bool:
        return spoken(self.text).known_to(speaker)

    def as_data(self) -> object:
        text = self.text.as_data() if isinstance(self.text, Spoken) else self.text
        return {"within": text, "capital": self.capital, "stop": self.stop}


def _within(text: str, capital: bool, stop: bool) -> str:
    first = text[:1].upper() if capital else text[:1].lower()
    return first + (text[1:] if stop else text[1:].removesuffix("."))


def quoted(names: Iterable[object], between: str = ", ") -> Listed:
    """Names between quotation marks, as each language has them."""
    return Listed((Sentence("« {name} »", name=name) for name in names), between)


def placed(where: str, what: str) -> Sentence:
    """Where, then what is wrong there.

    >>> placed("Étape 2", "il manque un nom.")
    'Étape 2 : il manque un nom.'
    """
    return Sentence(_PLACED, where=where, what=what)


def unplaced(message: str) -> str:
    """What `placed` says without its place, for who sees where it is; any other message as it is."""
    if isinstance(message, Sentence) and message.msgid == _PLACED:
        return str(what) if not isinstance(what := message.values["what"], str) else what
    return message


def put(value: Value, speaker: Speaker) -> str:
    """A value in words: a `Spoken` in that language, data as it is."""
    return value.said_in(speaker) if isinstance(value, Spoken) else str(value)


def spoken(text: str) -> Spoken:
    """The text as something that languages may say: itself where it is, else the sentence that is written
    that way.
    """
    return text if isinstance(text, Spoken) else Sentence(text)


def joined(*sentences: str) -> Spoken:
    """One sentence after the other: what is wrong, then how to mend it. Empty ones are left out."""
    sentences_left = [spoken(one) for one in sentences if one]
    return sentences_left[0] if len(sentences_left) == 1 else Listed(sentences_left, " ")


def restored(data: object) -> str:
    """What `as_data` gave, as it was; a plain text stays one. Raises ValueError for anything else."""
    match data:
        case str():
            return data
        case {"msgid": str(msgid), **rest}:
            values, many, n = rest.get("values", {}), rest.get("many", ""), rest.get("n", 0)
            if isinstance(values, dict) and isinstance(many, str) and isinstance(n, int):
                return _sentence(msgid, {str(k): _value(v) for k, v in values.items()}, many, n)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case {"number": int() | float() as value, **rest}:
            digits = rest.get("digits")
            return Number(value, digits if isinstance(digits, int) else None)
        case {"items": list(items), "between": str(between)}:
            return Listed(map(restored, items), between)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        case {"within": text, "capital": bool(capital), "stop": bool(stop)}:
            return Within(restored(text), capital=capital, stop=stop)
        case _:
            pass
    raise ValueError(f"not a sentence: {type(data).__name__}")


def written(text: str) -> str:
    """The text as a store keeps it: what is one is kept as it is, a `Spoken` with what it is made of."""
    spoken_text = Listed([text], "") if text.startswith("{") and not isinstance(text, Spoken) else text
    if isinstance(spoken_text, Spoken):
        data = spoken_text.as_data()
        if data != {"msgid": str(spoken_text)} or spoken_text.startswith("{"):
            return json.dumps(data, ensure_ascii=False, sort_keys=True)
    return str(spoken_text)


def reread(stored: str) -> str:
    """What `written` gave, as it was; texts of before it are plain ones."""
    if not stored.startswith("{"):
        return stored
    try:
        return restored(json.loads(stored))
    except ValueError:
        return stored


def _value(data: object) -> Value:
    return data if isinstance(data, int | float) else restored(data)
