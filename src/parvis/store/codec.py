"""The values of `core/types` as JSON text and back: explicit, typed, strict.

A `Coder` is built once for a type, from its annotations; `dumps` and `loads` use it. The text is canonical
(keys sorted, ASCII, no spaces), so that equal values have equal texts and a digest of it means something. A
field that holds its default is left out: a field added later, with a default, changes no digest and reads
from old rows. So the default of a stored field is part of the format: a test pins them.

Refused, with the path to the fault: an unknown key, a missing field without default, a value of another type,
a number that is not finite inside free JSON. Text that no database can hold (NUL, lone surrogates) passes:
ASCII escapes carry it.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Generic, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from parvis.core.types import Json

T = TypeVar("T")


class CodecError(ValueError):
    """A value or a text that is not of the type it should be. path: where, from the outermost field."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(f"{path or '.'}: {message}")
        self.path = path


@dataclass(frozen=True, slots=True)
class Coder(Generic[T]):
    """Both ways for one type. path: where the value stands, for the messages."""

    encode: Callable[[T, str], Json]
    decode: Callable[[Json, str], T]


def dumps(kind: type[T], value: T) -> str:
    """Canonical JSON text of a value. Raises CodecError when it is not of that type."""
    return canonical(coder(kind).encode(value, "")).decode("ascii")


def loads(kind: type[T], text: str) -> T:
    """The value of that type that a text says. Raises CodecError for anything else."""
    try:
        document = json.loads(text)
    except ValueError as wrong:
        raise CodecError(f"not JSON: {wrong}", "") from wrong
    return coder(kind).decode(document, "")


def encode(value: object) -> Json:
    """A dataclass of the house, or a tuple of them, as JSON. Raises CodecError when a field is not of its
    type.
    """
    if isinstance(value, tuple):
        return [encode(v) for v in cast(tuple[object, ...], value)]
    return coder(type(value)).encode(value, "")


def canonical(document: Json) -> bytes:
    """JSON as bytes of which there is one way only: keys sorted, ASCII, no spaces."""
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode("ascii")


def dump(value: object) -> bytes:
    """A dataclass of the house, or a tuple of them, as canonical JSON: what `load` reads back."""
    return canonical(encode(value))


def load(data: bytes, kind: type[T]) -> T:
    """The value of that type in some JSON bytes. Raises CodecError."""
    try:
        return loads(kind, data.decode("utf-8"))
    except UnicodeDecodeError as wrong:
        raise CodecError("not UTF-8", "") from wrong


class _AnyJson:
    """Stands for the alias `Json` while annotations are resolved: the alias itself is recursive."""


@cache
def coder(kind: type[T]) -> Coder[T]:
    """The coder of a type: built once. Raises TypeError for a type that has no JSON form here."""
    return cast(Coder[T], _coder(kind))


def _coder(kind: object) -> Coder[object]:
    origin, args = get_origin(kind), get_args(kind)
    if kind is _AnyJson or kind == Json:
        return Coder(_free, _free)
    if kind in _PLAIN:
        return _PLAIN[cast(type, kind)]
    if origin is Literal:
        return _literal(args)
    if origin in (Union, types.UnionType):
        return _optional(args)
    if origin is tuple:
        return (
            _sequence(_coder(args[0]))
            if len(args) == 2 and args[1] is Ellipsis
            else _fixed(tuple(_coder(a) for a in args))
        )
    if origin is Mapping and args[0] is str:
        return _mapping(_coder(args[1]))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _enum(kind)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _dataclass(kind)
    raise TypeError(f"no JSON form for {kind!r}")


def _is(value: object, kind: type[T], path: str) -> T:
    if type(value) is not kind:
        raise CodecError(f"{type(value).__name__} where {kind.__name__} is due", path)
    return value


def _exactly(kind: type[str] | type[int] | type[bool]) -> Coder[object]:
    def same(value: object, path: str) -> Json:
        # A StrEnum in a str field would come back as a str, equal to it: let it be written as what it is.
        return _is(str(value) if kind is str and isinstance(value, str) else value, kind, path)

    return Coder(same, lambda value, path: _is(value, kind, path))


_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def _write_float(value: object, path: str) -> Json:
    number = float(value) if type(value) is int else _is(value, float, path)
    return number if math.isfinite(number) else str(number)


def _read_float(value: Json, path: str) -> object:
    if isinstance(value, str) and value in _NOT_FINITE:
        return _NOT_FINITE[value]
    return float(value) if type(value) is int else _is(value, float, path)


def _write_moment(value: object, path: str) -> Json:
    moment = _is(value, datetime, path)
    if moment.utcoffset() is None:
        raise CodecError("a moment needs a time zone", path)
    return moment.astimezone(UTC).isoformat()


def _parse(parse: Callable[[str], T]) -> Callable[[Json, str], T]:
    def read(value: Json, path: str) -> T:
        try:
            return parse(_is(value, str, path))
        except ValueError as wrong:
            raise CodecError(str(wrong), path) from wrong

    return read


def _write_day(value: object, path: str) -> Json:
    return _is(value, date, path).isoformat()


_PLAIN: Mapping[type, Coder[object]] = {
    str: _exactly(str),
    int: _exactly(int),
    bool: _exactly(bool),
    float: Coder(_write_float, _read_float),
    datetime: Coder(_write_moment, _parse(datetime.fromisoformat)),
    date: Coder(_write_day, _parse(date.fromisoformat)),
}


def _free(value: object, path: str) -> Json:
    """Whatever JSON can say; copied, so that nothing is shared with the caller."""
    if value is None or type(value) in (bool, int, str):
        return cast(Json, value)
    if type(value) is float:
        if not math.isfinite(value):
            raise CodecError("a number in free JSON must be finite", path)
        return value
    if isinstance(value, list | tuple):
        return [_free(v, f"{path}[{i}]") for i, v in enumerate(cast(list[object], value))]
    if isinstance(value, Mapping):
        return {
            _is(k, str, path): _free(v, f"{path}.{k}")
            for k, v in cast(Mapping[object, object], value).items()
        }
    raise CodecError(f"{type(value).__name__} is not JSON", path)


def _literal(allowed: tuple[object, ...]) -> Coder[object]:
    def one(value: object, path: str) -> Json:
        if value not in allowed or not isinstance(value, str):
            raise CodecError(f"{value!r} is none of {allowed!r}", path)
        return value

    return Coder(one, one)


def _enum(kind: type[StrEnum]) -> Coder[object]:
    return Coder(lambda value, path: _is(value, kind, path).value, _parse(kind))


def _optional(args: tuple[object, ...]) -> Coder[object]:
    others = [a for a in args if a is not types.NoneType]
    if len(others) != 1 or len(args) != 2:
        raise TypeError(f"only `X | None` has a JSON form, not {args!r}")
    inner = _coder(others[0])
    return Coder(
        lambda value, path: None if value is None else inner.encode(value, path),
        lambda value, path: None if value is None else inner.decode(value, path),
    )


def _sequence(inner: Coder[object]) -> Coder[object]:
    def encode(value: object, path: str) -> Json:
        return [
            inner.encode(v, f"{path}[{i}]")
            for i, v in enumerate(cast(tuple[object, ...], _is(value, tuple, path)))
        ]

    def decode(value: Json, path: str) -> object:
        return tuple(
            inner.decode(v, f"{path}[{i}]") for i, v in enumerate(cast(list[Json], _is(value, list, path)))
        )

    return Coder(encode, decode)


def _fixed(inner: tuple[Coder[object], ...]) -> Coder[object]:
    def encode(value: object, path: str) -> Json:
        items = cast(tuple[object, ...], _is(value, tuple, path))
        return [
            c.encode(v, f"{path}[{i}]")
            for i, (c, v) in enumerate(zip(inner, _sized(items, path), strict=True))
        ]

    def decode(value: Json, path: str) -> object:
        items = cast(list[Json], _is(value, list, path))
        return tuple(
            c.decode(v, f"{path}[{i}]")
            for i, (c, v) in enumerate(zip(inner, _sized(items, path), strict=True))
        )

    def _sized(items: T, path: str) -> T:
        if len(cast(tuple[object, ...], items)) != len(inner):
            raise CodecError(f"{len(inner)} values are due", path)
        return items

    return Coder(encode, decode)


def _mapping(inner: Coder[object]) -> Coder[object]:
    def encode(value: object, path: str) -> Json:
        if not isinstance(value, Mapping):
            raise CodecError(f"{type(value).__name__} where a mapping is due", path)
        return {
            _is(k, str, path): inner.encode(v, f"{path}.{k}")
            for k, v in cast(Mapping[object, object], value).items()
        }

    def decode(value: Json, path: str) -> object:
        return {
            k: inner.decode(v, f"{path}.{k}")
            for k, v in cast(dict[str, Json], _is(value, dict, path)).items()
        }

    return Coder(encode, decode)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    coder: Coder[object]
    default: Callable[[], object] | None


def _dataclass(kind: type) -> Coder[object]:
    # `Json` is swapped for a stand-in before the annotations are resolved: a recursive alias has no end.
    hints = get_type_hints(kind, localns={"Json": _AnyJson})
    fields = tuple(_Field(f.name, _coder(hints[f.name]), _default(f)) for f in dataclasses.fields(kind))
    names = frozenset(f.name for f in fields)

    def encode(value: object, path: str) -> Json:
        _is(value, kind, path)
        written: dict[str, Json] = {}
        for f in fields:
            held = getattr(value, f.name)
            if f.default is None or not _same(held, f.default()):
                written[f.name] = f.coder.encode(held, f"{path}.{f.name}")
        return written

    def decode(value: Json, path: str) -> object:
        members = cast(dict[str, Json], _is(value, dict, path))
        if not members.keys() <= names:
            raise CodecError(f"unknown: {', '.join(sorted(members.keys() - names))}", path)
        given: dict[str, object] = {}
        for f in fields:
            if f.name in members:
                given[f.name] = f.coder.decode(members[f.name], f"{path}.{f.name}")
            elif f.default is None:
                raise CodecError("missing", f"{path}.{f.name}")
        return kind(**given)

    return Coder(encode, decode)


def _same(held: object, default: object) -> bool:
    """Equal and of one type: `False` is not `0`, and a wrong type must reach its coder to be refused."""
    return type(held) is type(default) and held == default


def _default(f: dataclasses.Field[object]) -> Callable[[], object] | None:
    if f.default_factory is not dataclasses.MISSING:
        return f.default_factory
    if f.default is not dataclasses.MISSING:
        default = f.default
        return lambda: default
    return None
