"""Write the demo city's raw files, its `datasets.toml`, and beside them the planted truth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from parvis.core import registry
from parvis.core.types import Organisation
from parvis.demo import files, raw, world
from parvis.demo.days import Days
from parvis.demo.raw import RawFile, Truth

DEPARTMENTS = {
    "assemblees": "Service des assemblées",
    "culture": "Direction de la culture",
    "education": "Direction de l’éducation",
    "espaces-verts": "Service des espaces verts",
    "finances": "Direction des finances",
    "mobilites": "Direction des mobilités",
    "patrimoine": "Direction du patrimoine",
    "proprete": "Direction de la propreté",
    "proximite": "Relations avec les habitants",
    "sante": "Service santé",
    "sports": "Direction des sports",
    "urbanisme": "Direction de l’urbanisme",
}

ORGANISATIONS = (
    Organisation("bus", "Bus de Rivemont", "Exploitant du réseau de bus.", "body"),
    Organisation("eaux", "Régie des eaux de Rivemont", "Service public d’eau potable.", "body"),
    Organisation("environnement", "Observatoire de l’environnement", "Association agréée.", "body"),
    *(Organisation(slug, name) for slug, name in DEPARTMENTS.items()),
)

TRUTH = "truth.json"


def raw_files(days: Days = world.NOW_DAYS) -> Mapping[str, RawFile]:
    """Every raw file of the city, by the name that it bears on that day."""
    found = (raw.on(each, days) for each in registry.own(files, RawFile).values())
    return {each.name: each for each in found}


def write(folder: Path, seed: int = 2026, now: datetime = world.NOW) -> Iterator[tuple[RawFile, Truth]]:
    """Write every file below `folder`/raw, one by one, then the manifest and the truth. The same seed and day
    write the same city.
    """
    handed = folder / "raw"
    handed.mkdir(parents=True, exist_ok=True)
    city = world.build(seed, now)
    truths: dict[str, Truth] = {}
    for name, each in raw_files(city.days).items():
        content, truth = each.write(city)
        (handed / name).write_bytes(content)
        truths[name] = truth
        yield each, truth
    (handed / "datasets.toml").write_text(manifest(city.days), "utf-8")
    (folder / TRUTH).write_text(
        json.dumps({n: asdict(t) for n, t in truths.items()}, ensure_ascii=False, indent=1), "utf-8"
    )


def manifest(days: Days = world.NOW_DAYS) -> str:
    """The `datasets.toml` that describes them."""
    lines: list[str] = []
    for organisation in ORGANISATIONS:
        lines += [
            "[[organisation]]",
            *_pairs(
                {
                    "id": organisation.id,
                    "name": organisation.name,
                    "description": organisation.description,
                    "kind": organisation.kind,
                }
            ),
            "",
        ]
    for name, each in raw_files(days).items():
        d = each.dossier
        lines += [
            "[[dataset]]",
            *_pairs(
                {
                    "id": d.id,
                    "title": d.title,
                    "description": d.description,
                    "publisher": d.publisher,
                    "frequency": d.frequency,
                    "spatial": world.INSEE,
                }
            ),
        ]
        lines += [
            f"themes = {_list(d.themes)}",
            f"keywords = {_list(d.keywords)}",
            'contact = { name = "Service des données", email = "donnees@rivemont.example" }',
        ]
        if d.period:
            lines.append(f"temporal = [{', '.join(d.period)}]")
        resource = {
            "file": name,
            "title": d.resource or each.title,
            "description": d.about,
            "policy": d.policy,
            "schema": d.schema,
        }
        lines += ["[[dataset.resource]]", *_pairs(resource), ""]
    return "\n".join(lines)


def _pairs(values: Mapping[str, str]) -> list[str]:
    return [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in values.items() if v]


def _list(values: tuple[str, ...]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
