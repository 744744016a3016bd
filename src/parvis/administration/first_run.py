"""The first run of a city, in a browser: its name, its look and its first account, by a link that the terminal shows.

The link serves whoever sits at the machine: it is drawn when a city without an account is served, only what it hashes
to is kept, and it is worth nothing once an account is there, after a day, or when another is drawn.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import shapely
from sqlalchemy import Connection

from parvis.checks.territory import Territory
from parvis.core.errors import Refused
from parvis.core.sentence import Sentence
from parvis.core.settings import Settings
from parvis.core.text import fold, slug
from parvis.core.toml import Writable, written
from parvis.core.types import Organisation
from parvis.people import accounts
from parvis.people.rights import Person
from parvis.publication.city import City
from parvis.store import datasets

LASTS = timedelta(hours=24)
ACCENT = "#0b5c66"
"""The colour of links and buttons that a city begins with."""
GROUNDS = ("#ffffff", "#f2f4f2", "#e6ebe8")
"""What links and buttons stand on, by day."""
CONTRAST = 4.5
"""Of a text to its ground at least (WCAG 2.2, 1.4.3)."""
_CODE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}|[0-9]{9}", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Start:
    """What the first person says of their city. insee: of a commune, or the SIREN of several together; accent: as
    `#0b5c66`; contact: public address of the team; bbox: as in the settings, found by `completed`.
    """

    name: str
    insee: str
    accent: str
    contact: str
    bbox: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one of its fields."""

    field: str
    message: str


# --- the link -----------------------------------------------------------------------------------------------


def link_file(settings: Settings) -> Path:
    """Where what is kept of the link lies while it is good."""
    return settings.path("var/first-run")


def offer(city: City) -> str:
    """The token of a new link where the city has no account yet, "" where it has one. The one before is worth nothing
    from here on.
    """
    file = link_file(city.settings)
    with city.db.read() as conn:
        if _begun(conn):
            file.unlink(missing_ok=True)
            return ""
    token = secrets.token_urlsafe(32)
    ends = int((city.now() + LASTS).timestamp())
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, f"{ends} {_digest(token)}")
    return token


def check(city: City, token: str) -> None:
    """Raises Refused for a link that is none, has served, or is over: without saying which."""
    file = link_file(city.settings)
    ends, _, right = (file.read_text("ascii") if file.is_file() else "0 ").partition(" ")
    with city.db.read() as conn:
        begun = _begun(conn)
    if not hmac.compare_digest(right, _digest(token)) or begun or city.now().timestamp() >= int(ends):
        raise _over()


def _over() -> Refused:
    return Refused(
        "Ce lien n’est plus valable : il a déjà servi, il est trop ancien, ou il est incomplet.",
        mend="Relancez « parvis serve » : tant que la ville n’a aucun compte, il en affiche un autre.",
    )


def _begun(conn: Connection) -> bool:
    return bool(accounts.everybody(conn))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


# --- what is said -------------------------------------------------------------------------------------------


def completed(start: Start, known: Territory) -> Start:
    """What was said, with what the list of communes of the city's folder adds: the name of a code, the code of a name
    that is one commune's alone, and the extent of its outline.
    """
    codes = [code for code, name in known.names.items() if fold(name) == fold(start.name)]
    insee = start.insee or (codes[0] if len(codes) == 1 else "")
    outline = known.limits.get(insee)
    return replace(
        start,
        insee=insee,
        name=start.name or known.names.get(insee, ""),
        bbox=tuple(shapely.from_geojson(outline).bounds) if outline is not None else (),
    )


def faults(start: Start) -> Sequence[Fault]:
    """What is wrong with it, in the order of the form; nothing: the city may begin."""
    wrong: list[Fault] = []
    if not start.name:
        wrong.append(Fault("nom", Sentence("Écrivez le nom de la collectivité.")))
    if start.insee and not _CODE.fullmatch(start.insee):
        wrong.append(
            Fault(
                "insee", Sentence("Un code INSEE a cinq caractères (34172, 2A004), un SIREN neuf chiffres.")
            )
        )
    if not _COLOUR.fullmatch(start.accent):
        wrong.append(Fault("couleur", Sentence("Écrivez la couleur comme #0b5c66.")))
    elif (least := min(contrast(start.accent, ground) for ground in GROUNDS)) < CONTRAST:
        wrong.append(
            Fault(
                "couleur",
                Sentence(
                    "Cette couleur se lit mal : contraste de {ratio} pour 1 sur le fond des pages, il en faut 4,5. Prenez-la plus foncée.",
                    ratio=f"{least:.1f}".replace(".", ","),
                ),
            )
        )
    return wrong


def contrast(one: str, other: str) -> float:
    """How much two colours differ in light, from 1 to 21 (WCAG 2.2, relative luminance).

    >>> round(contrast("#000000", "#ffffff"), 1), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# --- done ---------------------------------------------------------------------------------------------------


def begin(
    city: City,
    token: str,
    start: Start,
    *,
    email: str,
    person_name: str,
    password_hash: str,
    logo: bytes = b"",
) -> Person:
    """Write the city's settings and look, make its first account, which administers it and its own organisation, and
    end the link. logo: a PNG, as `logo.drawn` gives it. Raises Refused as `check`; UsageError for an address that is none.

    The account comes last: until it is there, the link is good and all of it may be done again.
    """
    check(city, token)
    accounts.folded(email)
    settings = city.settings
    values: dict[str, Writable] = {"name": start.name, "insee": start.insee, "contact": start.contact}
    if start.bbox:
        values["bbox"] = [round(b, 6) for b in start.bbox]
    file = settings.folder / "parvis.toml"
    _write(file, with_values(file.read_text("utf-8"), "city", values))
    theme = settings.folder / "theme.css"
    if start.accent != ACCENT and not theme.exists():
        _write(theme, theme_of(start.accent))
    if logo:
        _write(settings.folder / "logo.png", logo)
    with city.db.begin() as conn:
        if _begun(conn):
            raise _over()
        account = accounts.make_first(
            conn, email=email, name=person_name, password_hash=password_hash, at=city.now()
        )
        home = next(iter(datasets.organisations(conn)), None) or Organisation(slug(start.name), start.name)
        datasets.save_organisation(conn, home)
        accounts.give_role(conn, account.id, home.id, "admin", actor=account.id, at=city.now())
    link_file(settings).unlink(missing_ok=True)
    return account


def with_values(toml: str, section: str, values: Mapping[str, Writable]) -> str:
    """A commented `parvis.toml` with these settings of one section; every other line stays as it is.

    >>> with_values('[city]\\n# name = "Ma ville"\\n[serve]\\n', "city", {"name": "Sète"})
    '[city]\\nname = "Sète"\\n[serve]\\n'
    """
    lines, left, at, here = list[str](), dict(values), -1, ""
    for line in toml.splitlines():
        if heading := re.fullmatch(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?", line):
            here = heading[1].strip()
        key = re.match(r"(?:#\s)?\s*([A-Za-z_]+)\s*=", line)
        if here == section and key is not None and key[1] in left:
            line = f"{key[1]} = {written(left.pop(key[1]))}"
        lines.append(line)
        if heading and here == section:
            at = len(lines)
    if left and at < 0:
        lines += ["", f"[{section}]"]
        at = len(lines)
    lines[at:at] = [f"{name} = {written(value)}" for name, value in left.items()] if left else []
    return "\n".join(lines) + "\n"


def theme_of(accent: str) -> str:
    """The look of a city of that colour, by day; by night the house's own colours stay, whose contrast is known."""
    deep = "#" + "".join(f"{round(int(accent[i : i + 2], 16) * 0.78):02x}" for i in (1, 3, 5))
    return (
        "@media not (prefers-color-scheme: dark) {\n"
        f"  :root {{ --accent: {accent}; --accent-deep: {deep}; --focus: {accent}; }}\n"
        "}\n"
    )


def _write(file: Path, content: str | bytes) -> None:
    """A file that only its owner reads, at once or not at all; one that is there keeps its rights."""
    drawn = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    mode = file.stat().st_mode & 0o777 if file.exists() else 0o600
    with os.fdopen(os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        out.write(content.encode("utf-8") if isinstance(content, str) else content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(drawn, file)
