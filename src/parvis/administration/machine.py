"""What `parvis install` puts on one Debian machine, said before it is done: files, then commands.

A plan is a value: the command says it, writes the files where they differ, and runs what is to be run. Below another
root nothing is run. Every file of ours begins with a line that says so; one without it is somebody else's, and is
never written over nor taken away.

    /opt/parvis/<version>          the program, one environment a version; /opt/parvis/current is the one that runs
    /var/lib/parvis/ville          the city, of the account `parvis` alone
    /var/backups/parvis            a backup a night, thirty days
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence

MARK = "# Écrit par « parvis install »"
"""What a file of ours begins with."""

PROGRAM = Path("/opt/parvis")
CITY = Path("/var/lib/parvis/ville")
BACKUPS = Path("/var/backups/parvis")
CADDYFILE = Path("/etc/caddy/Caddyfile")
IMPORT = "import conf.d/*.caddy"

State = Literal["new", "same", "changed", "foreign"]


@dataclass(frozen=True, slots=True)
class Machine:
    """What is chosen of an installation. package: what pip installs; port: where the portal listens, for the proxy
    alone; days: backups and journals are kept.
    """

    domain: str
    name: str
    version: str
    package: str
    port: int = 8000
    days: int = 30

    def __post_init__(self) -> None:
        labels = self.domain.split(".")
        if len(self.domain) > 253 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
            raise UsageError(
                Sentence("« {domain} » n’est pas un nom de domaine.", domain=self.domain[:80]),
                mend="Exemple : parvis install donnees.ville.fr",
            )
        if not re.fullmatch(r"[\w.+!-]+", self.version):
            raise UsageError(Sentence("« {version} » n’est pas une version.", version=self.version[:40]))

    @property
    def program(self) -> Path:
        """The environment of this version."""
        return PROGRAM / self.version


_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the plan. why: what it is for; mode: its rights."""

    path: Path
    text: str
    why: str
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the plan. why: what it does; needless: a path whose being there makes it needless; undo: what is
    run where it, or a step after it, fails.
    """

    command: tuple[str, ...]
    why: str
    needless: Path | None = None
    undo: tuple[tuple[str, ...], ...] = ()

    def __str__(self) -> str:
        return shlex.join(self.command)


def files(machine: Machine) -> tuple[Written, ...]:
    """What is written, in order."""
    return (
        Written(
            Path("/etc/sysusers.d/parvis.conf"),
            _SYSUSERS,
            "le compte « parvis », sans mot de passe ni terminal",
        ),
        Written(
            Path("/etc/tmpfiles.d/parvis.conf"),
            _TMPFILES.format(days=machine.days),
            "les dossiers de la ville et des sauvegardes, et leur durée",
        ),
        Written(
            Path("/etc/systemd/journald@parvis.conf"),
            _JOURNAL.format(days=machine.days),
            "les journaux du service, à part et pour une durée",
        ),
        Written(
            Path("/etc/systemd/system/parvis.service"),
            _SERVICE.format(hardening=_HARDENING),
            "le service : il démarre avec la machine et redémarre s’il tombe",
        ),
        Written(
            Path("/etc/systemd/system/parvis-backup.service"),
            _BACKUP.format(hardening=_HARDENING, backups=BACKUPS),
            "une sauvegarde de la ville",
        ),
        Written(
            Path("/etc/systemd/system/parvis-backup.timer"), _TIMER, "la sauvegarde, chaque nuit à 2 h 30"
        ),
        Written(
            Path("/etc/caddy/conf.d/parvis.caddy"),
            _CADDY.format(domain=machine.domain, port=machine.port),
            "le serveur mandataire : HTTPS, certificat demandé et renouvelé tout seul",
        ),
    )


def settings_of(machine: Machine) -> Mapping[str, Mapping[str, str]]:
    """What the city's parvis.toml says of the machine, as TOML."""
    return {
        "serve": {
            "base_url": f'"https://{machine.domain}"',
            "port": str(machine.port),
            "trusted_proxies": '["127.0.0.1", "::1"]',
        },
        "logs": {"days": str(machine.days)},
    }


def before(machine: Machine) -> tuple[Step, ...]:
    """What is run before the service starts, after the files are there."""
    python = str(machine.program / "bin" / "python")
    return (
        Step(
            ("apt-get", "install", "--yes", "--no-install-recommends", "python3-venv", "caddy", "curl"),
            "installe Python et le serveur mandataire",
        ),
        Step(("systemd-sysusers", "/etc/sysusers.d/parvis.conf"), "crée le compte"),
        Step(("systemd-tmpfiles", "--create", "/etc/tmpfiles.d/parvis.conf"), "crée les dossiers"),
        *_program(machine, python),
    )


def _program(machine: Machine, python: str) -> tuple[Step, ...]:
    return (
        Step(
            ("python3", "-m", "venv", str(machine.program)),
            "crée l’environnement du programme",
            needless=machine.program / "bin" / "python",
        ),
        Step(
            (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", machine.package),
            "y installe Parvis",
            needless=machine.program / "bin" / "parvis",
        ),
    )


CURRENT = PROGRAM / "current"


def _switch(to: Path) -> tuple[str, ...]:
    return ("ln", "--symbolic", "--force", "--no-dereference", str(to), str(CURRENT))


def after(machine: Machine) -> tuple[Step, ...]:
    """What starts it all."""
    return (
        Step(_switch(machine.program), "fait de cette version celle qui sert"),
        Step(("chown", "--recursive", "parvis:parvis", str(CITY)), "donne la ville au compte"),
        Step(("systemctl", "daemon-reload"), "fait lire les unités à systemd"),
        Step(("systemctl", "enable", "--now", "parvis.service"), "démarre le portail, et avec la machine"),
        Step(("systemctl", "enable", "--now", "parvis-backup.timer"), "programme la sauvegarde"),
        Step(("systemctl", "enable", "caddy.service"), "démarre le serveur mandataire avec la machine"),
        Step(("systemctl", "reload-or-restart", "caddy.service"), "ouvre le portail en HTTPS"),
        healthy(machine.port),
    )


def healthy(port: int) -> Step:
    """Wait for the portal to answer, a minute at most."""
    return Step(
        ("curl", "--silent", "--show-error", "--fail", "--output", "/dev/null", "--retry", "30", "--retry-delay", "2",
         "--retry-connrefused", f"http://127.0.0.1:{port}/healthz"),
        "attend que le portail réponde",
    )  # fmt: skip


def upgrade(machine: Machine, before: Path) -> tuple[Step, ...]:
    """From the version at `before` to this one: a backup first; where the new one does not answer, the old one is
    put back.
    """
    python = str(machine.program / "bin" / "python")
    back = (_switch(before), ("systemctl", "restart", "parvis.service"))
    return (
        Step(("systemctl", "start", "parvis-backup.service"), "sauvegarde la ville"),
        *_program(machine, python),
        Step(_switch(machine.program), "fait de cette version celle qui sert", undo=back),
        Step(("systemctl", "daemon-reload"), "fait lire les unités à systemd"),
        Step(("systemctl", "restart", "parvis.service"), "redémarre le portail"),
        Step(("systemctl", "reload-or-restart", "caddy.service"), "ouvre le portail en HTTPS"),
        healthy(machine.port),
    )


def removal() -> tuple[Step, ...]:
    """What is run before our files are taken away."""
    return (
        Step(
            ("systemctl", "disable", "--now", "parvis-backup.timer", "parvis.service"),
            "arrête le portail et les sauvegardes",
        ),
    )


def removed() -> tuple[Step, ...]:
    """What is run once they are gone."""
    return (
        Step(("systemctl", "daemon-reload"), "fait oublier les unités à systemd"),
        Step(("systemctl", "reload-or-restart", "caddy.service"), "ferme l’adresse du portail"),
        Step(("rm", "--recursive", "--force", str(PROGRAM)), "retire le programme"),
    )


def state(root: Path, file: Written) -> State:
    """What is at the place of a file already."""
    path = below(root, file.path)
    if not path.exists():
        return "new"
    there = path.read_text("utf-8", errors="replace")
    return "same" if there == file.text else "changed" if there.startswith(MARK) else "foreign"


def write(root: Path, file: Written) -> None:
    """Put a file in its place, whole or not at all. Raises UsageError where somebody else's is."""
    if state(root, file) == "foreign":
        raise UsageError(
            Sentence("{path} n’a pas été écrit par Parvis : il n’est pas remplacé.", path=file.path),
            mend="Déplacez-le, puis relancez la commande.",
        )
    path = below(root, file.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".nouveau")
    draft.write_text(file.text, "utf-8")
    draft.chmod(file.mode)
    draft.replace(path)


def below(root: Path, path: Path) -> Path:
    """The place of an absolute path below another root."""
    return root / path.relative_to("/")


def caddy_imports(root: Path) -> bool:
    """Whether Caddy reads our file already."""
    file = below(root, CADDYFILE)
    return file.exists() and any(line.strip() == IMPORT for line in file.read_text("utf-8").splitlines())


def caddy_lines(root: Path, *, wanted: bool) -> None:
    """Add the line that makes Caddy read our file to its own, or take it away; the rest stays as it is."""
    file = below(root, CADDYFILE)
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    others = [line for line in lines if line.strip() != IMPORT]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*others, *([IMPORT] if wanted else [])]) + "\n", "utf-8")


def ours(root: Path, wanted: Sequence[Written]) -> Iterator[Path]:
    """Files of the plan that are there and ours."""
    yield from (p for f in wanted if state(root, f) in ("same", "changed") and (p := below(root, f.path)))


_SYSUSERS = f"""{MARK}
u parvis - "Portail de données Parvis" /var/lib/parvis /usr/sbin/nologin
"""

_TMPFILES = f"""{MARK}
d /var/lib/parvis 0700 parvis parvis -
d {BACKUPS} 0700 parvis parvis {{days}}d
"""

_JOURNAL = f"""{MARK}
[Journal]
Storage=persistent
MaxRetentionSec={{days}}day
SystemMaxUse=500M
"""

_HARDENING = """User=parvis
Group=parvis
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
LogNamespace=parvis"""
"""Not MemoryDenyWriteExecute: compiled kernels are written, then run."""

_SERVICE = f"""{MARK}
# À adapter par « systemctl edit parvis » : ce fichier est récrit à chaque mise à jour.
[Unit]
Description=Parvis, portail de données
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
ExecStart={CURRENT}/bin/parvis serve --city {CITY}
WorkingDirectory={CITY}
Restart=on-failure
RestartSec=5
TimeoutStopSec=60
ReadWritePaths=/var/lib/parvis
{{hardening}}

[Install]
WantedBy=multi-user.target
"""

_BACKUP = f"""{MARK}
[Unit]
Description=Sauvegarde de Parvis
ConditionPathExists={CITY}/parvis.toml

[Service]
Type=oneshot
ExecStart=/bin/sh -c 'exec {CURRENT}/bin/parvis backup {{backups}}/ville-$$(date +%%Y-%%m-%%dT%%H%%M%%S).tar --city {CITY}'
WorkingDirectory={CITY}
ReadWritePaths=/var/lib/parvis {{backups}}
Nice=10
IOSchedulingClass=idle
{{hardening}}
"""

_TIMER = f"""{MARK}
[Unit]
Description=Sauvegarde de Parvis, chaque nuit

[Timer]
OnCalendar=*-*-* 02:30:00
RandomizedDelaySec=15min
Persistent=yes

[Install]
WantedBy=timers.target
"""

_CADDY = f"""{MARK}
# Caddy demande le certificat, le renouvelle et mène de HTTP à HTTPS. Il n’écrit aucun journal des visites.
{{domain}} {{{{
	reverse_proxy 127.0.0.1:{{port}}
}}}}
"""
