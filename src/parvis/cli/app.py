"""The entry point: finds the commands, and turns what goes wrong into an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from parvis import __version__
from parvis.cli.out import fault, say
from parvis.core.errors import ParvisError

USAGE = 64
FAULT = 70
_WRONG_USAGE: type[Exception] = typer.BadParameter.__mro__[1]
"""The parent of every error of usage: typer brings a copy of click of its own, which it does not show otherwise."""

MODULES = (
    "init", "inspect", "check", "scan", "anonymise", "tabulate", "prepare", "publish", "release", "export", "service", "verify", "compare", "people", "groups",
    "schemas", "metadata", "serve", "demo", "doctor", "withdraw", "backup",
)  # fmt: skip
"""Each registers its commands."""
ALONE = {"check": "check", "inspect": "inspect", "schemas": "schemas", "tabulate": "tabulate"}
"""Commands that are called many times a day on small files: only their own module is loaded, not all that a city needs."""


def commands(name: str = "") -> typer.Typer:
    """The program with all of its commands; with that one alone when it needs no other."""
    made = typer.Typer(
        name="parvis", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
        help="Parvis : des fichiers bruts d’une ville à ses données ouvertes.",
    )  # fmt: skip
    for module in (ALONE[name],) if name in ALONE else MODULES:
        import_module(f"parvis.cli.{module}").register(made)
    made.callback()(_root)
    return made


def _version(value: bool) -> None:
    if value:
        sys.stdout.write(f"parvis {__version__}\n")
        raise typer.Exit


def _root(version: bool = typer.Option(False, "--version", help="Affiche la version.", callback=_version, is_eager=True)) -> None: ...


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code. A fault of the program is not caught here: it leaves its trace, with exit 70 from `main`."""
    app = commands(*arguments[:1])
    try:
        answer = typer.main.get_command(app).main(args=list(arguments), prog_name="parvis", standalone_mode=False)
    except _WRONG_USAGE as wrong:
        if type(wrong).__name__ == "NoArgsIsHelpError":
            say(str(wrong))
            return USAGE
        known = [w for w in arguments[:1] if w in {g.name for g in app.registered_groups} | {c.name for c in app.registered_commands}]
        say(f"Erreur : {_french(wrong)}\n→ « {' '.join(['parvis', *known, '--help'])} » dit comment l’appeler.")
        return USAGE
    except typer.Abort:
        return USAGE
    except ParvisError as error:
        fault(error, as_json="--json" in arguments)
        return error.exit_code
    return answer if isinstance(answer, int) else 0


def _french(wrong: Exception) -> str:
    """What is wrong in a call, in words: typer speaks English only."""
    parameter = getattr(getattr(wrong, "param", None), "name", None)
    option = getattr(wrong, "option_name", None)
    if type(wrong).__name__ == "MissingParameter" and parameter:
        return f"il manque « {parameter.upper()} »."
    if type(wrong).__name__ == "NoSuchOption" and option:
        return f"option inconnue : {option}."
    if type(wrong).__name__ == "BadParameter" and parameter:
        return f"la valeur de « {parameter} » n’est pas du bon type ou hors des limites."
    text = str(wrong)
    return f"commande inconnue : {text.split(chr(39))[1]}." if text.startswith("No such command") else text


def main() -> None:
    """Entry point of `parvis`."""
    ours = [FAULT]  # an exception that passes through is our fault: the trace is printed, the exit is 70
    try:
        ours[0] = run(sys.argv[1:])
    finally:
        if ours[0] == FAULT and sys.exc_info()[0] is not None and not issubclass(sys.exc_info()[0] or Exception, (KeyboardInterrupt, SystemExit)):
            sys.excepthook(*sys.exc_info())  # pyright: ignore[reportArgumentType]
            say("C’est une faute de Parvis, pas de vos données. Merci de nous envoyer la trace ci-dessus.")
            sys.exit(FAULT)
    sys.exit(ours[0])
