"""How a command is declared: a function, whose parameters say what is typed after its name.

    @app.declare("check")
    def check(file: Path, limit: Annotated[int, Option(min=0, help="Lignes montrées par règle.")] = 100) ->
    int: ...

A parameter without default is an argument, known by its place; one with a default is an option, `--limit`;
`Argument` and `Option` say otherwise, and say more. Click reads what was typed. (Typer reads functions too,
but brings pydantic: it took as long to load as 100,000 rows take to check.)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, TypedDict, cast, get_args, get_origin, get_type_hints

import click

Run = Callable[..., int | None]
"""What a command does. Returns its exit code; None is 0."""


@dataclass(frozen=True, slots=True)
class Argument:
    """What is known of an argument beside its type."""

    help: str = ""
    metavar: str | None = None
    """How the help calls it."""


@dataclass(frozen=True, slots=True)
class Option:
    """What is known of an option beside its type."""

    names: str = ""
    """`--schema -S`, `--links/--no-links`; empty: the name of the parameter."""
    help: str = ""
    min: int | None = None
    formats: tuple[str, ...] = ()
    """Of a moment, as strftime writes them."""
    envvar: str | None = None
    shown: str = ""
    """What the help says of the default, where its value would say nothing."""
    hidden: bool = False


class Command(click.Command):
    """A command whose help says in French how to ask for it."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Affiche cette aide."
        return option


class Commands(click.Group, Command):
    """A word that other words follow: `parvis people add`."""

    def __init__(self, name: str, what: str = "") -> None:
        super().__init__(name, help=what, no_args_is_help=True)

    def words(self) -> Mapping[str, str]:
        """What each word that may follow does."""
        return {name: command.help or "" for name, command in sorted(self.commands.items())}

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commandes"):
            formatter.write_dl(list(self.words().items()))

    def group_of(self, name: str) -> Commands:
        """Add a word that other words follow."""
        group = Commands(name)
        self.add_command(group)
        return group

    def declare(self, name: str, what: str = "") -> Callable[[Run], Run]:
        """Add the function below as a command. what: it does; that of a command right below `parvis` stands
        in `app.COMMANDS`.
        """

        def added(function: Run) -> Run:
            self.add_command(Command(name, callback=function, params=_parameters(function), help=what))
            return function

        return added


class _Default(TypedDict, total=False):
    default: object


class _Member(click.Choice[Enum]):
    """A member of an enumeration, typed as its value."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        return str(choice.value) if isinstance(choice, Enum) else str(choice)


def _parameters(function: Run) -> list[click.Parameter]:
    hints = get_type_hints(function, include_extras=True)
    return [
        _parameter(name, hints[name], p.default) for name, p in inspect.signature(function).parameters.items()
    ]


def _parameter(name: str, hint: object, default: object) -> click.Parameter:
    """A parameter as click reads it. Raises TypeError for a type that no command line can give."""
    described: object = None
    if get_origin(hint) is Annotated:
        hint, described, *_ = get_args(hint)
    if get_origin(hint) is UnionType:  # of a type and None, which is what is not typed
        hint = next(kind for kind in get_args(hint) if kind is not NoneType)
    many = get_origin(hint) is list
    kind = get_args(hint)[0] if many else hint
    needed = default is inspect.Parameter.empty
    given: _Default = (
        {} if needed or many else {"default": default.value if isinstance(default, Enum) else default}
    )
    listed = (_listed if needed or default is not None else _listed_or_none) if many else None
    if isinstance(described, Argument) or (needed and not isinstance(described, Option)):
        argument = described if isinstance(described, Argument) else Argument()
        return click.Argument(
            [name],
            type=_kind(kind, Option()),
            required=needed,
            nargs=-1 if many else 1,
            metavar=argument.metavar,
            callback=listed,
            help=argument.help or None,
            **given,
        )
    option = described if isinstance(described, Option) else Option()
    names = option.names.split() or [f"--{name.replace('_', '-')}"]
    return click.Option(
        [*names, name],
        type=None if kind is bool else _kind(kind, option),
        is_flag=kind is bool,
        multiple=many,
        required=needed,
        callback=listed,
        help=option.help,
        envvar=option.envvar,
        hidden=option.hidden,
        show_default=option.shown or default not in ("", None),
        **given,
    )


def _kind(kind: object, option: Option) -> click.ParamType[object, object]:
    converter: object = None
    if kind is str:
        converter = click.STRING
    elif kind is int:
        converter = click.INT if option.min is None else click.IntRange(min=option.min)
    elif kind is Path:
        converter = click.Path(path_type=Path)
    elif kind is datetime:
        converter = click.DateTime(option.formats)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        converter = _Member(kind)
    if converter is None:
        raise TypeError(f"no command line gives a {kind}")
    return cast("click.ParamType[object, object]", converter)


def _listed(ctx: click.Context, parameter: click.Parameter, value: Sequence[object]) -> list[object]:
    return list(value)


def _listed_or_none(
    ctx: click.Context, parameter: click.Parameter, value: Sequence[object]
) -> list[object] | None:
    return list(value) or None
