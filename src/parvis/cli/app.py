"""The entry point: finds the command, and turns what goes wrong into an exit code.

Words and help of the commands are known here; the module of one is loaded when it is called: it brings what
it needs, and no other command waits for it.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

import click

from parvis import __version__
from parvis.cli.arguments import translations
from parvis.cli.commands import Commands
from parvis.cli.output import fault, say
from parvis.core.errors import ParvisError
from parvis.core.sentence import FRENCH

USAGE = 64
FAULT = 70

COMMANDS: Mapping[str, str] = {
    "init": "Crée le dossier d’une ville : parvis.toml et var/.",
    "inspect": "Dit ce que le lecteur voit : format, codage, séparateur, en-tête, lignes, colonnes et types, doutes.",
    "check": "Contrôle un fichier : types et règles d’un Table Schema, ou ce que ses valeurs laissent attendre.",
    "scan": "Cherche les données personnelles et les secrets, colonne par colonne ; les preuves sont masquées, rien n’est gardé.",
    "anonymise": "Rend un fichier anonyme selon une politique, et dit le risque avant et après ; rien n’est publié.",
    "tabulate": "Compte un fichier par zones et catégories sans trahir personne (petites cases secrètes, ou arrondi) ; rien n’est publié.",
    "prepare": "Passe un fichier par une recette et écrit le résultat en CSV ; rien n’est publié.",
    "publish": "Publie des fichiers, ou un dossier décrit par datasets.toml.",
    "advise": "Donne l’avis de la protection des données sur une version retenue.",
    "sign": "Signe la liste des autres secrets d’une version retenue.",
    "release": "Décide qu’une version retenue peut être lue, par qui et pourquoi ; la décision est écrite au registre.",
    "retry": "Relance les dépôts qu’une panne a arrêtés, depuis les octets gardés.",
    "export": "Écrit un jeu de données, ou toute la ville (fichiers et catalogue DCAT).",
    "service": "Services publics bâtis sur les données.",
    "study": "Études : demander avec des paramètres, suivre, lire, comparer.",
    "verify": "Vérifie à nouveau ce qui est publié : octets, règles d’aujourd’hui, liens. Le processus de traitement le fait chaque nuit.",
    "compare": "Dit ce qui a changé d’un fichier à l’autre, ou depuis ce qu’une ressource publie ; rien n’est publié.",
    "people": "Comptes et rôles.",
    "alerts": "Messages d’alerte aux abonnés : compte, accord d’une personne, messages écrits par la ville.",
    "groups": "Groupes avec qui une table peut être partagée sans être publiée.",
    "schemas": "Schémas de données (Table Schema).",
    "metadata": "Ce que data.europa.eu et data.gouv.fr liront des descriptions, leurs notes, et ce qui gagne le plus.",
    "serve": "Sert le portail ; lance aussi le processus de traitement, sauf serve.worker = false.",
    "worker": "Traite les dépôts et les flux ; un seul par ville, les autres attendent leur tour.",
    "demo": "Construit la ville de démonstration, la publie et la sert.",
    "plugins": "Ce que les paquets installés apportent à Parvis (contrôles, lecteurs, services…), et ce qui en est laissé de côté.",
    "doctor": "Vérifie la ville : base, fichiers, empreintes, décisions, dépôts en attente, place.",
    "withdraw": "Retire une version, une ressource ou un jeu : de partout, en un seul acte, octets détruits.",
    "backup": "Sauvegarde la ville entière dans un fichier, sans l’arrêter ; la clé (var/key) n’y est pas : gardez-en une copie ailleurs.",
    "keys": "La clé de ce qui est retenu : en changer, sceller à nouveau.",
    "restore": "Remet une ville depuis une sauvegarde, puis rejoue les retraits faits depuis.",
    "install": "Installe Parvis sur cette machine Debian : service, HTTPS, sauvegardes, journaux ; dit tout avant de le faire.",
    "upgrade": "Met à jour Parvis sur cette machine : sauvegarde d’abord, et revient en arrière si le portail ne répond pas.",
    "uninstall": "Retire Parvis de cette machine ; la ville et ses sauvegardes restent.",
}
"""What each word does, in the order of the help. `cli/<word>.py` registers it, unless it stands beside
another.
"""
BESIDE: Mapping[str, str] = {
    "restore": "backup",
    "advise": "release",
    "sign": "release",
    "upgrade": "install",
    "uninstall": "install",
}
"""Modules of the commands that stand beside another."""


class Program(Commands):
    """`parvis`: all commands by their words, each loaded when it is called."""

    def __init__(self) -> None:
        super().__init__("parvis", "Parvis : des fichiers bruts d’une ville à ses données ouvertes.")
        version = click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help="Affiche la version.",
        )
        self.params.append(version)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self.load(cmd_name) if cmd_name in COMMANDS else None

    def load(self, word: str) -> click.Command:
        """The command of that word."""
        if word not in self.commands:
            collected = gc.isenabled()
            gc.disable()  # what is loaded stays: the collector need not look through it, now or later
            import_module(f"parvis.cli.{BESIDE.get(word, word)}").register(self)
            gc.freeze()
            if collected:
                gc.enable()
        return self.commands[word]

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        cmd.help = COMMANDS[name or cmd.name or ""]
        super().add_command(cmd, name)

    def words(self) -> Mapping[str, str]:
        return COMMANDS


def _version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        sys.stdout.write(f"parvis {__version__}\n")
        ctx.exit()


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code. A fault of the program is not caught here: it leaves its
    trace, with exit 70 from `main`.
    """
    try:
        answer = Program().main(args=list(arguments), prog_name="parvis", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as bare:
        say(bare.format_message())
        return USAGE
    except click.ClickException as wrong:
        say(
            f"Erreur : {_french(wrong)}\n→ « {' '.join(['parvis', *(w for w in arguments[:1] if w in COMMANDS), '--help'])} » dit comment l’appeler."
        )
        return USAGE
    except click.Abort:
        return USAGE
    except ParvisError as error:
        fault(error, as_json="--json" in arguments, lang=_language(arguments), folders=translations())
        return error.exit_code
    except _may_be_away() as stopped:
        from parvis.store.outage import outage

        down = outage(stopped)
        if down is None:
            raise
        fault(down, as_json="--json" in arguments, lang=_language(arguments), folders=translations())
        return down.exit_code
    return answer if isinstance(answer, int) else 0


def _may_be_away() -> tuple[type[Exception], ...]:
    """Faults that an outage may stand behind. Asked for when something was raised, so that no command waits
    for what this imports.
    """
    from parvis.store.outage import FAULTS

    return FAULTS


def _french(wrong: click.ClickException) -> str:
    """What is wrong in a call, in words: click speaks English only."""
    if isinstance(wrong, click.MissingParameter) and wrong.param is not None:
        return f"il manque « {(wrong.param.name or '').upper()} »."
    if isinstance(wrong, click.NoSuchOption):
        return f"option inconnue : {wrong.option_name}."
    if isinstance(wrong, click.BadParameter) and wrong.param is not None:
        return f"la valeur de « {wrong.param.name} » n’est pas du bon type ou hors des limites."
    text = wrong.format_message()
    return f"commande inconnue : {text.split(chr(39))[1]}." if text.startswith("No such command") else text


def _language(arguments: Sequence[str]) -> str:
    """The language of `--lang`; French where it is not said."""
    words = [*arguments, ""]
    named = (
        a.partition("=")[2] if "=" in a else words[i + 1]
        for i, a in enumerate(arguments)
        if a.split("=")[0] == "--lang"
    )
    return next(named, "") or FRENCH


ONE_FILE = frozenset({"check", "scan", "inspect", "prepare", "anonymise", "tabulate", "compare"})
"""Commands about a file that anybody may have sent: they work in a process that can be ended."""


def main() -> None:
    """Entry point of `parvis`."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # before NumPy: small matrices go slower by several threads that wait for each other and for the polls
    if sys.argv[1:2] == ["check"]:
        # one answer about one file, and the end: what the collector would find is gone sooner with the
        # process
        gc.disable()
    else:
        gc.set_threshold(
            100_000
        )  # modules and declarations stay: looking through them again and again took a fifth of a quick command's time
    if len(sys.argv) > 2 and sys.argv[1] in ONE_FILE and hasattr(os, "fork"):
        from parvis.cli import limited

        limited.apart(sys.argv[1:], _language(sys.argv[1:]))
    ours = [FAULT]  # an exception that passes through is our fault: the trace is printed, the exit is 70
    try:
        ours[0] = run(sys.argv[1:])
    finally:
        if (
            ours[0] == FAULT
            and sys.exc_info()[0] is not None
            and not issubclass(sys.exc_info()[0] or Exception, (KeyboardInterrupt, SystemExit))
        ):
            from parvis.core import traces

            sys.stderr.write(traces.told(sys.exc_info()[1] or Exception()) + "\n")
            say("C’est une faute de Parvis, pas de vos données. Merci de nous envoyer la trace ci-dessus.")
            sys.exit(FAULT)
    _leave(ours[0])


def _leave(code: int) -> NoReturn:
    """End the process as the interpreter does (threads, what asked to be called, what is still to be
    written), but for taking every module apart: 20 ms.
    """
    threading._shutdown()  # pyright: ignore
    atexit._run_exitfuncs()  # pyright: ignore
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):  # whoever read it has seen enough
            stream.flush()
    os._exit(code)
