"""Every code that a report may bear, a page each, from the declarations: addresses that reports, commands and
other sites can cite.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from parvis import checks
from parvis.checks import mending
from parvis.checks.codes import Code, about
from parvis.checks.declaration import Check
from parvis.checks.domains import domains
from parvis.checks.domains.declaration import Notice
from parvis.checks.drift import Drift
from parvis.core.errors import NotFound
from parvis.core.language import mark
from parvis.core.sentence import Sentence, Speaker, either
from parvis.core.types import Dimension, Severity
from parvis.web.page import Page, Visit, page


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One code in the list."""

    code: Annotated[str, "Code stable."]
    title: Annotated[str, "Ce que le contrôle vérifie."]
    severity: Annotated[Severity, "Gravité habituelle : error, warning ou info."]
    dimension: Annotated[Dimension, "Dimension de l’ISO/IEC 25012, ou confidentiality."]


@dataclass(frozen=True, slots=True)
class Family:
    """Codes that belong together."""

    name: Annotated[str, "rules, files, personal, changes, ou le nom d’un domaine : gtfs, bal, etc."]
    title: Annotated[str, "Titre de la famille."]
    codes: Annotated[tuple[CodeLine, ...], "Ses codes, par ordre alphabétique."]


@dataclass(frozen=True, slots=True)
class RepairLine:
    """One repair in the list."""

    name: Annotated[str, "Nom stable, celui de la liste des changements."]
    title: Annotated[str, "Ce que la réparation fait."]
    certain: Annotated[str, "Quand elle est certaine, et quand elle s’abstient."]


@dataclass(frozen=True, slots=True)
class CodesPage:
    """All that is checked, and all that can be repaired."""

    count: Annotated[int, "Nombre de codes."]
    families: Annotated[tuple[Family, ...], "Codes par famille."]
    repairs: Annotated[tuple[RepairLine, ...], "Réparations."]


@dataclass(frozen=True, slots=True)
class CodePage:
    """One code: what it says, why it matters, how to mend it, and examples."""

    code: Annotated[str, "Code stable."]
    title: Annotated[str, "Ce que le contrôle vérifie."]
    why: Annotated[str, "Pourquoi cela compte."]
    fix: Annotated[str, "Comment corriger."]
    severity: Annotated[Severity, "Gravité habituelle."]
    dimension: Annotated[Dimension, "Dimension de l’ISO/IEC 25012, ou confidentiality."]
    right: Annotated[tuple[str, ...], "Valeurs justes, en exemple."]
    bad: Annotated[tuple[str, ...], "Valeurs en faute, en exemple."]
    language: Annotated[str, "Langue de ces phrases."]


FAMILIES: Mapping[str, str] = {
    "rules": mark("Règles d’un schéma et valeurs"),
    "files": mark("Fichiers"),
    "personal": mark("Données personnelles et secrets"),
    "changes": mark("Changements depuis la version d’avant"),
}


def codes(visit: Visit) -> CodesPage:
    """GET /controles."""
    language = visit.language
    every = checks.codes()
    by_family: defaultdict[str, list[CodeLine]] = defaultdict(list)
    for c in every.values():
        by_family[_family(c)].append(CodeLine(c.name, about(c, language).title, c.severity, c.dimension))
    titles = {name: visit.language.say(said) for name, said in FAMILIES.items()} | {
        name: each.title for name, each in domains().items()
    }
    families = tuple(
        Family(name, title, tuple(by_family[name])) for name, title in titles.items() if by_family[name]
    )
    repairs = (
        RepairLine(
            n, either((r.title, r.english.title), language), either((r.certain, r.english.why), language)
        )
        for n, r in mending.titles().items()
    )
    return CodesPage(len(every), families, tuple(repairs))


def _family(found: Code) -> str:
    if isinstance(found.source, Notice):
        return next(name for name, each in domains().items() if found.name in each.notices)
    if isinstance(found.source, Drift):
        return "changes"
    return (
        "files"
        if found.name.startswith("file-")
        else "personal"
        if found.name.startswith("privacy-")
        else "rules"
    )


def code(visit: Visit) -> CodePage:
    """GET /controles/{code}."""
    found = checks.codes().get(visit.params["code"])
    if found is None:
        raise NotFound(
            Sentence("Aucun contrôle ne s’appelle « {code} ».", code=visit.params["code"][:60]),
            mend="La liste est sur /controles.",
        )
    return _page(found, visit.language)


def _page(found: Code, language: Speaker) -> CodePage:
    said = about(found, language)
    right, bad = (found.source.right, found.source.bad) if isinstance(found.source, Check) else ((), ())
    return CodePage(
        found.name,
        said.title,
        said.why,
        _plain(said.fix),
        found.severity,
        found.dimension,
        _shown(right),
        _shown(bad),
        said.language,
    )


def _plain(template: str) -> str:
    """A sentence whose {placeholders} wait for a file."""
    return "".join("…" + part.partition("}")[2] if i else part for i, part in enumerate(template.split("{")))


def _shown(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(v for v in values if v.strip())[:8]


PAGES: tuple[Page, ...] = (
    page("/controles", codes, "codes.html"),
    page("/controles/{code}", code, "code.html"),
)
