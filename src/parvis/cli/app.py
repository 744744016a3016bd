"""The entry point: finds the commands, and turns what goes wrong into an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
import typer

from parvis import __version__
from parvis.cli import demo, doctor, export, files, init, inspect, people, publish, release, serve, service
from parvis.cli.out import fault, say
from parvis.core.errors import ParvisError

USAGE = 64
FAULT = 70

app = typer.Typer(
    name="parvis", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Parvis : des fichiers bruts d’une ville à ses données ouvertes.",
)  # fmt: skip
for module in (init, inspect, files, publish, release, export, service, people, serve, demo, doctor):
    module.register(app)


def _version(value: bool) -> None:
    if value:
        sys.stdout.write(f"parvis {__version__}\n")
        raise typer.Exit


@app.callback()
def _root(version: bool = typer.Option(False, "--version", help="Affiche la version.", callback=_version, is_eager=True)) -> None: ...


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code. A fault of the program is not caught here: it leaves its trace, with exit 70 from `main`."""
    try:
        answer = typer.main.get_command(app).main(args=list(arguments), prog_name="parvis", standalone_mode=False)
    except click.UsageError as wrong:
        say(f"Erreur : {wrong.format_message()}")
        if wrong.ctx is not None:
            say(wrong.ctx.get_usage())
        return USAGE
    except click.Abort:
        return USAGE
    except ParvisError as error:
        fault(error, as_json="--json" in arguments)
        return error.exit_code
    return answer if isinstance(answer, int) else 0


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
