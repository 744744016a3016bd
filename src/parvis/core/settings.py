"""Settings of a city: TOML, then the environment. Each is declared once, here, with type, default and help.

`parvis.toml` has one section per class below: `[city] name = "Ville"`; the environment says the same as
`PARVIS_CITY_NAME`. A misspelt key is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Annotated, Literal, cast, get_args, get_type_hints
from urllib.parse import urlsplit

from parvis.core.errors import UsageError
from parvis.core.limits import Limits
from parvis.core.sentence import Sentence
from parvis.core.suggestions import near
from parvis.core.toml import Writable, parsed, written

Secret = Literal["", "always", "url"]
"""Whether a setting is a secret: always, or when it is a URL that bears a password. A secret is never copied,
shown nor backed up.
"""

Value = str | int | float | bool | tuple[float, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class City:
    """[city] who publishes."""

    name: Annotated[str, "Nom de la collectivité, affiché sur chaque page."] = "Ma ville"
    insee: Annotated[str, "Code INSEE de la commune ou SIREN de l’EPCI."] = ""
    bbox: Annotated[
        tuple[float, ...],
        "Emprise : lon min, lat min, lon max, lat max, en degrés WGS 84 ; vide si inconnue.",
    ] = ()
    contact: Annotated[str, "Adresse de courriel publique de l’équipe des données."] = ""
    dpo: Annotated[
        str,
        "Comment joindre la personne déléguée à la protection des données, écrit au registre des décisions.",
    ] = ""
    timezone: Annotated[str, "Fuseau horaire (nom IANA) des dates sans fuseau."] = "Europe/Paris"
    translations: Annotated[
        str,
        "Dossier de traductions : <langue>/LC_MESSAGES/*.po ajoutent une langue au portail, ou corrigent celle d’un autre dossier.",
    ] = "langues"


@dataclass(frozen=True, slots=True)
class Serve:
    """[serve] the web side."""

    host: Annotated[str, "Adresse d’écoute."] = "127.0.0.1"
    port: Annotated[int, "Port d’écoute du portail."] = 8000
    base_url: Annotated[str, "Adresse publique du portail, sans barre finale ; vide : celle d’écoute."] = ""
    hosts: Annotated[
        tuple[str, ...],
        "Autres noms du portail, hors base_url et la machine ; *.ville.fr : tous ceux de ville.fr ; nom:8443 : autre port.",
    ] = ()
    trusted_proxies: Annotated[
        tuple[str, ...],
        "Adresses ou réseaux des serveurs mandataires crus sur l’adresse du visiteur ; vide : aucun.",
    ] = ()
    proxy_headers: Annotated[
        str,
        "En-têtes qu’ils écrivent : x-forwarded (X-Forwarded-For, -Proto, -Host) ou forwarded (RFC 7239).",
    ] = "x-forwarded"
    worker: Annotated[bool, "Lancer aussi le processus de traitement (`parvis worker`)."] = True
    secret: Annotated[str, "Clé des sessions ; vide : tirée au hasard et gardée dans var/.", "always"] = ""
    session_hours: Annotated[
        float, "Durée maximale d’une session, en heures ; ensuite il faut se reconnecter."
    ] = 12.0
    idle_minutes: Annotated[
        float,
        "Minutes sans activité au bout desquelles une session finit ; 0 : seulement à sa durée maximale.",
    ] = 60.0
    second_factor: Annotated[
        tuple[str, ...],
        "Rôles dont la connexion demande un second facteur : city, admin, publisher, steward, dpo, delegate, reader, ou none ; vide : "
        "city, admin, dpo et delegate en HTTPS.",
    ] = ()
    query_s: Annotated[float, "Durée maximale d’une requête de visiteur, en secondes."] = 10.0
    query_mb: Annotated[
        int,
        "Mémoire maximale du moteur de requêtes d’un processus, en Mo : la moitié est pour les requêtes longues. Sur le disque, le double au plus.",
    ] = 2048


@dataclass(frozen=True, slots=True)
class Storage:
    """[storage] where files are kept. Relative paths start at the city's folder."""

    database: Annotated[str, "URL SQLAlchemy de la base ; vide : SQLite dans var/parvis.db.", "url"] = ""
    files: Annotated[str, "Dossier ou URL (file://, s3://) des versions.", "url"] = "var/files"
    inbox: Annotated[
        str, "Dossier ou URL des fichiers reçus, que le moteur des visiteurs ne voit pas.", "url"
    ] = "var/inbox"
    cache: Annotated[str, "Cache local des versions, par empreinte."] = "var/cache"
    index: Annotated[str, "Dossier de l’index de recherche."] = "var/index"
    spool: Annotated[str, "Dossier de travail des lectures."] = "var/spool"
    key: Annotated[
        str,
        "Clé des fichiers reçus et retenus, qui sont chiffrés ; vide : tirée au hasard et gardée dans var/key, à copier en lieu sûr.",
        "always",
    ] = ""
    history_days: Annotated[
        int,
        "Jours d’historique gardés d’un flux, par heures, jours et mois entiers, le reste est détruit ; 0 : tout est gardé.",
    ] = 0
    outage_hours: Annotated[
        int,
        "Heures pendant lesquelles un dépôt attend un stockage, une base ou un disque absent ; ensuite une personne le relance.",
    ] = 24
    takedowns: Annotated[
        str,
        "Liste signée des retraits, que toute restauration rejoue ; gardez-la hors de ce que vous sauvegardez.",
    ] = "var/retraits.jsonl"


@dataclass(frozen=True, slots=True)
class Quality:
    """[quality] what the findings on a new version do to it, and the nightly look at what is published."""

    errors: Annotated[
        str, "Une erreur de contrôle : warn (publier et le dire), hold (retenir) ou refuse (refuser)."
    ] = "warn"
    warnings: Annotated[str, "Un avertissement de contrôle : warn, hold ou refuse."] = "warn"
    changes: Annotated[
        str, "Un changement inattendu depuis la version précédente : warn, hold ou refuse."
    ] = "warn"
    breaks: Annotated[
        str,
        "Une rupture (fichier vide, presque toutes les lignes ou la plupart des colonnes perdues) : warn, hold ou refuse.",
    ] = "hold"
    night: Annotated[
        int, "Heure locale de la vérification quotidienne de ce qui est publié (0 à 23) ; -1 : jamais."
    ] = 3
    links: Annotated[bool, "Vérifier aussi que les adresses citées répondent."] = True


@dataclass(frozen=True, slots=True)
class Privacy:
    """[privacy] how long what nobody may read is kept, and what a better detector does."""

    held_days: Annotated[
        int,
        "Jours au bout desquels ce que personne ne peut lire (retenu, refusé, retiré, fini) est détruit ; 0 : jamais.",
    ] = 30
    rescan: Annotated[
        str,
        "De nouveaux détecteurs trouvent des données personnelles dans ce qui est publié : alert (alerter) ou withdraw (retirer).",
    ] = "alert"


@dataclass(frozen=True, slots=True)
class Alerts:
    """[alerts] messages to subscribers: who lets them out, and by which servers they go."""

    approval: Annotated[
        str,
        "Une personne laisse partir les messages : declared (selon l’alerte), none (jamais), first (à l’ouverture), each (toujours).",
    ] = "declared"
    sender: Annotated[
        str, "Adresse d’expédition des courriels et des messages CAP ; vide : city.contact."
    ] = ""
    smtp: Annotated[str, "Serveur de courrier, hôte:port ; vide : pas de courriel.", "url"] = ""
    smtp_tls: Annotated[str, "Chiffrement vers ce serveur : starttls, tls ou none (sur la même machine)."] = (
        "starttls"
    )
    smtp_user: Annotated[str, "Compte sur ce serveur, vide s’il n’en demande pas."] = ""
    smtp_password: Annotated[
        str, "Mot de passe de ce compte ; mieux : PARVIS_ALERTS_SMTP_PASSWORD.", "always"
    ] = ""
    sms: Annotated[str, "Fichier qui décrit la passerelle SMS ; vide : pas de SMS."] = ""
    webhooks: Annotated[bool, "Accepter des abonnements par webhook."] = True
    keep_days: Annotated[
        int, "Jours pendant lesquels on garde à qui un message est parti (identifiants opaques)."
    ] = 400


@dataclass(frozen=True, slots=True)
class Network:
    """[network] how what goes out goes out: feeds, links, webhooks, schemas."""

    private: Annotated[
        str,
        "Machines de votre réseau où un flux ou un catalogue peut être, séparées par des virgules : 10.1.2.3, 10.1.2.3:8080, 10.1.0.0/16.",
    ] = ""
    proxy: Annotated[
        str,
        "Mandataire (proxy) par lequel la ville sort vers l’Internet, http://hôte:port ; vide : aucun.",
        "url",
    ] = ""


@dataclass(frozen=True, slots=True)
class Logs:
    """[logs] what is written of requests, and who may read measures."""

    days: Annotated[
        int,
        "Jours pendant lesquels les journaux des requêtes sont gardés (var/journaux, une ligne JSON par requête) ; 0 : il n’y en a pas.",
    ] = 30
    metrics_token: Annotated[
        str,
        "Jeton par lequel Prometheus lit /metrics (Authorization: Bearer) ; vide : /metrics n’existe pas.",
        "always",
    ] = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one city, and the folder they belong to."""

    folder: Path = Path()
    city: City = field(default_factory=City)
    serve: Serve = field(default_factory=Serve)
    storage: Storage = field(default_factory=Storage)
    limits: Limits = field(default_factory=Limits)
    quality: Quality = field(default_factory=Quality)
    privacy: Privacy = field(default_factory=Privacy)
    alerts: Alerts = field(default_factory=Alerts)
    network: Network = field(default_factory=Network)
    logs: Logs = field(default_factory=Logs)

    @property
    def database_url(self) -> str:
        return self.storage.database or f"sqlite:///{self.path('var/parvis.db')}"

    def serve_memory_mb(self, workers: int = 1) -> int:
        """Resident memory that `parvis serve` and all its processes stay under, in MB: what each part may
        take, by its own limit.

        A web process: 500 for itself, `serve.query_mb` for the queries and exports under way, 25 for each of
        32 exports that wait for their readers, 400 for the process that checks and trials are forked from, and
        `limits.deposit_memory_mb` for all of these together. Once: 300 for the parent; 500 for the worker, 400 for
        the process that its own are forked from, `limits.deposit_memory_mb` for all deposits at work together, and
        `limits.study_memory_mb` for the study under way.
        """
        of = self.limits
        web = 500 + self.serve.query_mb + 32 * 25 + 400 + of.deposit_memory_mb
        worker = 500 + 400 + of.deposit_memory_mb + of.study_memory_mb
        return 300 + workers * web + (worker if self.serve.worker else 0)

    def spooling(self, folder: str) -> Settings:
        """The same, for a process that writes in passing to a folder of its own: what it leaves when it is
        ended goes with the folder.
        """
        return replace(self, storage=replace(self.storage, spool=folder))

    def path(self, relative: str) -> Path:
        """A path of the city: as it is when absolute, else below the city's folder."""
        return (self.folder / relative).resolve()

    @property
    def translations(self) -> tuple[Path, ...]:
        """Where translations of the city's own are, beside ours and those of installed packages."""
        return (self.path(self.city.translations),)


SECTIONS: Mapping[
    str,
    type[City] | type[Serve] | type[Storage] | type[Limits] | type[Quality] | type[Privacy] | type[Alerts]
    | type[Network] | type[Logs],
] = {
    "city": City, "serve": Serve, "storage": Storage, "limits": Limits, "quality": Quality, "privacy": Privacy, "alerts": Alerts,
    "network": Network, "logs": Logs,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, as the reference lists it."""

    section: str
    name: str
    kind: str
    default: Value
    help: str
    words: bool = False
    """A list of texts, not of numbers."""
    secret: Secret = ""

    def hides(self, value: object) -> bool:
        """Whether this value of it is a secret."""
        address = (
            isinstance(value, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", value) is not None
        )  # whatever the setting, it may bear a password
        if isinstance(value, str) and (self.secret == "url" or address):
            try:
                parts = urlsplit(value if address else f"//{value}")  # « compte:mot@hôte:587 » bears one too
            except ValueError:
                return True  # what can’t be read as a URL may hide anything
            return (
                parts.password is not None or "pass" in parts.query.lower() or "secret" in parts.query.lower()
            )
        return self.secret == "always" and value not in ("", None)

    @property
    def env(self) -> str:
        return f"PARVIS_{self.section}_{self.name}".upper()


def declared() -> Iterator[Setting]:
    """Every setting, in the order of the file."""
    for section, cls in SECTIONS.items():
        hints = get_type_hints(cls, include_extras=True)
        for f in fields(cls):
            kind, sentence = hints[f.name].__origin__, hints[f.name].__metadata__[0]
            secret = cast(
                "Secret", next((m for m in hints[f.name].__metadata__[1:] if m in get_args(Secret)), "")
            )
            yield Setting(
                section,
                f.name,
                getattr(kind, "__name__", str(kind)),
                getattr(cls(), f.name),
                sentence,
                kind == tuple[str, ...],
                secret,
            )


@dataclass(frozen=True, slots=True)
class Bared:
    """`parvis.toml` without its secrets: as TOML, and their names (`storage.key`)."""

    text: str
    left_out: tuple[str, ...]


def without_secrets(file: Path) -> Bared:
    """What `parvis.toml` says but for its secrets, which are known by their declaration; its comments too may
    hold one, and are left out. Raises UsageError.
    """
    known = {(s.section, s.name): s for s in declared()}
    lines: list[str] = []
    left: list[str] = []
    for section, body in parsed(file.read_bytes(), file.name).items():
        lines.append(f"[{section}]")
        for key, value in body.items() if isinstance(body, dict) else ():
            setting = known.get((section, cast("str", key)))
            if setting is None or setting.hides(value):
                left.append(f"{section}.{key}")
            else:
                lines.append(f"{key} = {written(cast('Writable', value))}")
        lines.append("")
    return Bared("\n".join(lines), tuple(left))


def load(folder: Path, env: Mapping[str, str]) -> Settings:
    """Settings of the city in `folder`. Raises UsageError that names the key, the file or variable, and the
    nearest right name.
    """
    file = folder / "parvis.toml"
    given: dict[tuple[str, str], tuple[object, str]] = {}
    if file.exists():
        for section, body in parsed(file.read_bytes(), file.name).items():
            if section not in SECTIONS or not isinstance(body, dict):
                raise UsageError(
                    Sentence("{name} : section inconnue [{section}].", name=file.name, section=section),
                    mend=_nearest(section, list(SECTIONS)),
                )
            given |= {
                (section, key): (value, f"{file.name} [{section}] {key}") for key, value in body.items()
            }
    known = {(s.section, s.name): s for s in declared()}
    by_env = {s.env: key for key, s in known.items()}
    for name, value in env.items():
        if name.startswith("PARVIS_"):
            if name not in by_env:
                raise UsageError(
                    Sentence("Variable d’environnement inconnue : {name}.", name=name),
                    mend=_nearest(name, list(by_env)),
                )
            given[by_env[name]] = (value, name)
    values: dict[str, dict[str, Value]] = {section: {} for section in SECTIONS}
    for (section, key), (value, where) in given.items():
        if (section, key) not in known:
            raise UsageError(
                Sentence("{where} : réglage inconnu.", where=where),
                mend=_nearest(key, [k for s, k in known if s == section]),
            )
        values[section][key] = _typed(value, known[section, key], where)
    return Settings(
        folder.resolve(),
        City(**values["city"]),  # pyright: ignore[reportArgumentType]
        Serve(**values["serve"]),  # pyright: ignore[reportArgumentType]
        Storage(**values["storage"]),  # pyright: ignore[reportArgumentType]
        Limits(**values["limits"]),  # pyright: ignore[reportArgumentType]
        Quality(**values["quality"]),  # pyright: ignore[reportArgumentType]
        Privacy(**values["privacy"]),  # pyright: ignore[reportArgumentType]
        Alerts(**values["alerts"]),  # pyright: ignore[reportArgumentType]
        Network(**values["network"]),  # pyright: ignore[reportArgumentType]
        Logs(**values["logs"]),  # pyright: ignore[reportArgumentType]
    )


def _nearest(name: str, known: list[str]) -> str:
    return near(name, known, Sentence("Noms connus : {list}.", list=", ".join(known)))


def _typed(value: object, setting: Setting, where: str) -> Value:
    default = setting.default
    try:
        if isinstance(default, bool):
            if isinstance(value, bool):
                return value
            return {"true": True, "1": True, "oui": True, "false": False, "0": False, "non": False}[
                str(value).strip().lower()
            ]
        if isinstance(default, tuple):
            parts = value if isinstance(value, list) else [p for p in str(value).split(",") if p.strip()]
            if setting.words:
                return tuple(str({str: p}[type(p)]).strip() for p in parts)
            return tuple(float(p) for p in parts)
        if isinstance(default, str):
            return {True: str(value)}[isinstance(value, str)]
        return type(default)(str(value))
    except (KeyError, ValueError) as wrong:
        raise UsageError(
            Sentence(
                "{where} : « {value} » n’est pas une valeur de type {kind}.",
                where=where,
                value=value,
                kind=setting.kind,
            ),
            mend=setting.help,
        ) from wrong
