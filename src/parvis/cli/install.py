"""`parvis install DOMAIN`, `parvis upgrade` and `parvis uninstall`: Parvis on one Debian machine."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from parvis import __version__
from parvis.administration import machine as plan
from parvis.administration.machine import Machine, Step
from parvis.cli import init
from parvis.cli.arguments import AsJson
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, say, show
from parvis.core import settings
from parvis.core.errors import Refused, UsageError
from parvis.core.sentence import Sentence

REAL = Path("/")

Root = Annotated[
    Path, Option("--root", help="Écrit les fichiers sous ce dossier et n’exécute rien : pour essayer.")
]
DryRun = Annotated[bool, Option("--dry-run", help="Dit tout ce qui serait fait, et ne fait rien.")]
Package = Annotated[
    str,
    Option(
        "--package",
        help="Ce que pip installe : le chemin d’un dossier ou d’un fichier .whl ; sans lui, ce dont vient cette commande.",
    ),
]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is done, or would be."""

    act: str
    """« write », « keep », « remove » or « run »."""
    what: str
    why: str


def register(app: Commands) -> None:
    """Add the commands."""

    @app.declare("install")
    def install(
        domain: Annotated[str, Argument(help="Nom de domaine du portail, qui mène déjà à cette machine.")],
        name: Annotated[str, Option(help="Nom de la collectivité, d’une ville nouvelle.")] = "Ma ville",
        package: Package = "",
        port: Annotated[int, Option(min=1024, help="Port local du portail, pour le mandataire seul.")] = 8000,
        days: Annotated[int, Option(min=1, help="Jours de sauvegardes et de journaux gardés.")] = 30,
        root: Root = REAL,
        dry_run: DryRun = False,
        as_json: AsJson = False,
    ) -> None:
        chosen = Machine(domain, name, __version__, package or origin(_direct_url(), __version__), port, days)
        work = Work(root, dry=dry_run, quiet=as_json)
        work.may_run()
        work.refuse_foreign(plan.files(chosen))
        lines = [
            *work.put(chosen),
            *work.run(plan.before(chosen)),
            *work.city(chosen),
            *work.run(plan.after(chosen)),
        ]
        _answer(lines, chosen, work, as_json)

    @app.declare("upgrade")
    def upgrade(
        package: Package = "",
        version: Annotated[
            str, Option(help="Version à installer ; sans elle, celle de cette commande.")
        ] = "",
        root: Root = REAL,
        dry_run: DryRun = False,
        as_json: AsJson = False,
    ) -> None:
        work = Work(root, dry=dry_run, quiet=as_json)
        work.may_run()
        before = work.current()
        to = version or __version__
        source = origin(_direct_url(), to)
        chosen = work.known(to, package or source)
        if before == chosen.program:
            say(f"La version {to} sert déjà : rien n’est changé.")
            if as_json:
                print_json({"ok": True, "version": to, "steps": []})
            return
        work.refuse_foreign(plan.files(chosen))
        lines = [*work.put(chosen), *work.run(plan.upgrade(chosen, before))]
        _answer(lines, chosen, work, as_json)

    @app.declare("uninstall")
    def uninstall(root: Root = REAL, dry_run: DryRun = False, as_json: AsJson = False) -> None:
        work = Work(root, dry=dry_run, quiet=as_json)
        work.may_run()
        chosen = work.known(__version__, "parvis")
        lines = [*work.run(plan.removal()), *work.take(chosen), *work.run(plan.removed())]
        if as_json:
            print_json({"ok": True, "done": work.real, "steps": lines, "left": [plan.CITY, plan.BACKUPS]})
        say(
            f"Restent la ville ({plan.CITY}) et ses sauvegardes ({plan.BACKUPS}) : elles ne sont jamais détruites d’ici."
        )


def origin(direct_url: str, version: str) -> str:
    """What pip installs to have the very program that runs: the folder, file or commit it came from (PEP 610), else that
    version of the index that it came from. A name alone would run as root whatever an index calls so.

    direct_url: the text of `direct_url.json`, "" for a program that came from an index.
    """
    if not direct_url:
        return f"parvis=={version}"
    record = json.loads(direct_url)
    url = str(record["url"])
    if "vcs_info" in record:
        return f"{record['vcs_info']['vcs']}+{url}@{record['vcs_info']['commit_id']}"
    return unquote(urlsplit(url).path) if urlsplit(url).scheme == "file" else url


def _direct_url() -> str:
    return distribution("parvis").read_text("direct_url.json") or ""


def _answer(lines: Sequence[Line], chosen: Machine, work: Work, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "ok": True,
                "done": work.real,
                "version": chosen.version,
                "address": f"https://{chosen.domain}/",
                "steps": lines,
            }
        )
    if work.real:
        say(
            f"Le portail répond sur https://{chosen.domain}/. Première visite : journalctl --namespace=parvis --unit=parvis --grep=premiere-visite"
        )
        say(
            f"Gardez à part, hors de cette machine : {plan.CITY}/var/key et {plan.CITY}/var/retraits.jsonl ; sans eux une sauvegarde ne suffit pas."
        )
    else:
        say("Rien n’a été exécuté." if not work.dry else "Rien n’a été fait.")


@dataclass(frozen=True, slots=True)
class Work:
    """How a plan is carried out. root: where files lie; dry: nothing is done; quiet: nothing is said on standard
    output, which is for one object.
    """

    root: Path
    dry: bool
    quiet: bool

    @property
    def real(self) -> bool:
        """Whether commands are run."""
        return not self.dry and self.root == REAL

    def may_run(self) -> None:
        """Raises Refused where this machine or this person can't."""
        if not self.real:
            return
        if os.geteuid() != 0:
            raise Refused(
                "Il faut être root pour installer sur la machine.",
                mend="Relancez avec sudo, ou avec --dry-run.",
            )
        if not Path("/run/systemd/system").is_dir() or not Path("/etc/debian_version").is_file():
            raise Refused(
                "Cette machine n’est pas une Debian que systemd démarre.",
                mend="Essayez avec --root DOSSIER, ou prenez la recette de conteneur (deploy/).",
            )

    def refuse_foreign(self, files: Sequence[plan.Written]) -> None:
        """Raises UsageError, before anything is done, where a file of somebody else stands in the way."""
        for file in files:
            if plan.state(self.root, file) == "foreign":
                plan.write(self.root, file)

    def put(self, chosen: Machine) -> Iterator[Line]:
        """Write the files that differ."""
        for file in plan.files(chosen):
            state = plan.state(self.root, file)
            yield self._say(
                Line("keep" if state == "same" else "write", str(plan.below(self.root, file.path)), file.why)
            )
            if state != "same" and not self.dry:
                plan.write(self.root, file)
        there = plan.caddy_imports(self.root)
        file = plan.below(self.root, plan.CADDYFILE)
        yield self._say(Line("keep" if there else "write", str(file), f"la ligne « {plan.IMPORT} »"))
        if not there and not self.dry:
            plan.caddy_lines(self.root, wanted=True)

    def city(self, chosen: Machine) -> Iterator[Line]:
        """Make the city's folder, where there is none; settings of one that is there are never changed."""
        folder = plan.below(self.root, plan.CITY)
        there = (folder / "parvis.toml").exists()
        yield self._say(
            Line(
                "keep" if there else "write",
                str(folder / "parvis.toml"),
                "les réglages de la ville, à son adresse publique",
            )
        )
        if there:
            _check_address(folder, chosen)
        elif not self.dry:
            values = {section: dict(stated) for section, stated in plan.settings_of(chosen).items()}
            init.create(folder, chosen.name, values).chmod(0o600)

    def take(self, chosen: Machine) -> Iterator[Line]:
        """Take our files away."""
        for path in plan.ours(self.root, plan.files(chosen)):
            yield self._say(Line("remove", str(path), "écrit par Parvis"))
            if not self.dry:
                path.unlink()
        if plan.caddy_imports(self.root):
            yield self._say(
                Line("remove", str(plan.below(self.root, plan.CADDYFILE)), f"la ligne « {plan.IMPORT} »")
            )
            if not self.dry:
                plan.caddy_lines(self.root, wanted=False)

    def run(self, steps: Sequence[Step]) -> Iterator[Line]:
        """Run commands one after the other. Raises UsageError at the first that fails, once what undoes it is run."""
        undo: tuple[tuple[str, ...], ...] = ()
        for step in steps:
            needless = step.needless is not None and plan.below(self.root, step.needless).exists()
            yield self._say(Line("keep" if needless else "run", str(step), step.why))
            if needless or not self.real:
                continue
            undo = step.undo or undo
            done = subprocess.run(step.command, check=False)
            if done.returncode:
                for command in undo:
                    say(f"→ {' '.join(command)}")
                    subprocess.run(command, check=False)
                raise UsageError(
                    Sentence(
                        "« {step} » a échoué (code {code}).", step=str(step)[:200], code=done.returncode
                    ),
                    mend=Sentence("L’ancienne version a été remise en service.")
                    if undo
                    else Sentence(
                        "Corrigez ce que dit la commande, puis relancez : ce qui est fait n’est pas refait."
                    ),
                )

    def current(self) -> Path:
        """The environment that serves. Raises UsageError where none does."""
        link = plan.below(self.root, plan.CURRENT)
        if not link.is_symlink():
            raise UsageError("Parvis n’est pas installé sur cette machine.", mend="parvis install DOMAINE")
        return Path(os.readlink(link))

    def known(self, version: str, package: str) -> Machine:
        """The installation as its city says it. Raises UsageError where there is none."""
        folder = plan.below(self.root, plan.CITY)
        if not (folder / "parvis.toml").exists():
            raise UsageError("Parvis n’est pas installé sur cette machine.", mend="parvis install DOMAINE")
        config = settings.load(folder, _NO_ENVIRONMENT)
        domain = config.serve.base_url.removeprefix("https://").removeprefix("http://").split(":")[0]
        return Machine(
            domain, config.city.name, version, package, config.serve.port, max(config.logs.days, 1)
        )

    def _say(self, line: Line) -> Line:
        """Say a thing before it is done."""
        words = {"write": "écrit", "keep": "déjà là", "remove": "retire", "run": "lance"}
        text = f"{words[line.act]:8} {line.what}  ({line.why})"
        (say if self.quiet else show)(text)
        return line


_NO_ENVIRONMENT: Mapping[str, str] = {}


def _check_address(folder: Path, chosen: Machine) -> None:
    """Say what the settings of a city that is there lack to be served at the domain."""
    stated = settings.load(folder, _NO_ENVIRONMENT).serve
    if (
        stated.base_url != f"https://{chosen.domain}"
        or not stated.trusted_proxies
        or stated.port != chosen.port
    ):
        say(
            f"Vérifiez dans parvis.toml : serve.base_url = https://{chosen.domain}, serve.port = {chosen.port}, "
            "serve.trusted_proxies = 127.0.0.1 et ::1."
        )
