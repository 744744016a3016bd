"""A policy of anonymisation as data: what is done to each column, what every class must hold, read strictly
from TOML.

    title = "Prêts de la médiathèque"
    others = "drop"

    [models]
    k = 11

    [[columns]]
    names = ["age"]
    treatment = "generalise"
    hierarchy = "ages"

A policy may instead guard a table against questions, so that no filter and no count of it is about a few
people only:

    [guard]
    by = ["age", "quartier"]
    amounts = ["aide"]
    least = 11
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeVar, cast

from parvis.core.errors import UsageError
from parvis.core.registry import declared
from parvis.core.sentence import Sentence
from parvis.core.suggestions import near
from parvis.core.text import fold
from parvis.core.toml import parsed, written
from parvis.core.types import Json
from parvis.methods.anonymity import Mode, Models
from parvis.methods.anonymity.models import Diversity
from parvis.methods.disclosure.thresholds import SHARE
from parvis.privacy.anonymising.declaration import Key, Kind, Ladder, Params
from parvis.privacy.anonymising.treatments import TREATMENTS

Others = Literal["refuse", "keep", "drop"]
C = TypeVar("C", bound=str)
MODES: tuple[Mode, ...] = ("local", "robust", "full-domain")
DIVERSITIES: tuple[Diversity, ...] = ("distinct", "entropy", "recursive")
OTHERS: tuple[Others, ...] = ("refuse", "keep", "drop")

TOP = (
    Key("title", "text", "Ce que la politique protège, en quelques mots."),
    Key("source", "text", "La règle ou le texte qui la fonde."),
    Key(
        "others",
        "text",
        "Colonnes que la politique ne nomme pas : refuse (par défaut : le fichier est refusé), drop (retirées) ou keep (gardées).",
    ),
)
MODELS = (
    Key("k", "number", "Personnes (ou lignes) au moins dans chaque classe."),
    Key("l", "number", "Valeurs sensibles au moins dans chaque classe ; il faut une colonne sensitive = true."),
    Key("diversity", "text", "Comment l se compte : distinct (par défaut), entropy ou recursive."),
    Key("c", "number", "Le c de la diversité recursive (c, l) ; 3 par défaut."),
    Key("t", "number", "Écart au plus, entre 0 et 1, des valeurs sensibles d’une classe à celles de toute la table."),
    Key("ordered", "flag", "true : t tient compte de l’ordre des valeurs sensibles."),
    Key("mode", "text", "local (par défaut : chaque classe au plus fin), robust (un seuil caché par classe) ou full-domain (un niveau par colonne)."),
    Key("suppression", "number", "Part des lignes qui peut être retirée en mode full-domain ; 0 par défaut."),
    Key("persons", "text", "Colonne qui dit de quelle personne est chaque ligne : k compte alors des personnes."),
    Key("sampling", "number", "Part de la population que la table contient, entre 0 et 1 ; 1 par défaut (le risque du journaliste en dépend)."),
)  # fmt: skip
COLUMN = (
    Key(
        "names",
        "texts",
        "Colonnes, sans souci des accents ni des majuscules ; * remplace n’importe quoi. Le premier bloc qui nomme une colonne l’emporte.",
    ),
    Key("treatment", "text", "Ce qui est fait de la colonne : " + ", ".join(TREATMENTS) + "."),
    Key("hierarchy", "text", "Pour generalise : la hiérarchie."),
    Key("at_least", "text", "Pour generalise : niveau le plus fin qui peut être publié."),
    Key(
        "quasi",
        "flag",
        "true : la colonne peut servir à reconnaître quelqu’un, même sans être généralisée ; elle compte dans les classes.",
    ),
    Key("sensitive", "flag", "true : ce que l et t protègent."),
)
POINT = (
    Key("name", "text", "Nom de la colonne que le point devient."),
    Key("longitude", "text", "Colonne de la longitude (WGS 84) ; sans elle, le point de la table."),
    Key("latitude", "text", "Colonne de la latitude (WGS 84)."),
    Key("treatment", "text", "grid (carreaux) ou zones (découpage de la ville)."),
    Key(
        "sizes",
        "numbers",
        "Côtés des carreaux en mètres, chacun multiple du précédent ; 200, 1000, 5000 par défaut.",
    ),
    Key("file", "text", "Pour zones : fichier GeoJSON des zones, en WGS 84."),
    Key("property", "text", "Pour zones : propriété qui nomme la zone ; nom par défaut."),
)
GUARD = (
    Key(
        "by",
        "texts",
        "Colonnes par lesquelles la table se filtre et se compte : elles font les classes. * remplace n’importe quoi.",
    ),
    Key(
        "amounts",
        "texts",
        "Colonnes de nombres, publiées en moyenne de leur classe : leurs sommes restent justes.",
    ),
    Key(
        "least",
        "number",
        "Personnes (ou lignes) au moins dans chaque classe ; les autres classes ne sont pas publiées. 11 par défaut.",
    ),
    Key(
        "share",
        "number",
        "Part au plus d’une seule personne dans le total d’une classe ; au-delà la moyenne est tue. 0,85 par défaut.",
    ),
    Key(
        "persons",
        "text",
        "Colonne qui dit de quelle personne est chaque ligne : le seuil compte alors des personnes.",
    ),
)
OUTPUT = (
    Key(
        "count",
        "text",
        "Nom de la colonne de comptage : les lignes égales n’en font plus qu’une, avec leur nombre.",
    ),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is done to the columns of some names."""

    names: tuple[str, ...]
    treatment: str
    hierarchy: str = ""
    at_least: str = ""
    quasi: bool = False
    sensitive: bool = False
    params: Params = field(default_factory=Params)

    def covers(self, column: str) -> bool:
        return any(fnmatchcase(fold(column.strip()), fold(name.strip())) for name in self.names)


@dataclass(frozen=True, slots=True)
class Place:
    """What is done to a point. longitude "": the table's own point."""

    name: str
    treatment: Literal["grid", "zones"]
    longitude: str = ""
    latitude: str = ""
    params: Params = field(default_factory=Params)


@dataclass(frozen=True, slots=True)
class Guard:
    """A table that may be asked anything, for it holds whole classes of `least` people or more: see
    `methods/disclosure/thresholds`.
    """

    by: tuple[str, ...]
    amounts: tuple[str, ...] = ()
    least: int = 11
    share: float = SHARE


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy. With a guard it has neither rules nor places, its k is the guard's threshold, and
    columns that the guard does not name are dropped.
    """

    title: str = ""
    source: str = ""
    others: Others = "refuse"
    models: Models = field(default_factory=Models)
    mode: Mode = "local"
    suppression: float = 0.0
    persons: str = ""
    sampling: float = 1.0
    rules: tuple[Rule, ...] = ()
    places: tuple[Place, ...] = ()
    count: str = ""
    guard: Guard | None = None


@lru_cache(maxsize=1)
def ladders() -> Mapping[str, Ladder]:
    """Every hierarchy, by name."""
    from parvis.privacy.anonymising import hierarchies

    return declared(hierarchies, Ladder)


def presets() -> Mapping[str, Policy]:
    """The policies that come with Parvis, by name."""
    return {name: from_toml(text, name=name) for name, text in _presets().items()}


@lru_cache(maxsize=1)
def _presets() -> Mapping[str, str]:
    folder = files(sys.modules[__name__].__package__ or "").joinpath("presets")
    return dict(
        sorted(
            (f.name.removesuffix(".toml"), f.read_text("utf-8"))
            for f in folder.iterdir()
            if f.name.endswith(".toml")
        )
    )


def text(named: str) -> str:
    """The TOML of a policy: the file of that path, or the preset of that name. Raises UsageError."""
    path = Path(named)
    if path.is_file():
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as wrong:
            raise UsageError(
                Sentence("Politique illisible : {path}.", path=path), mend="Donnez un fichier TOML en UTF-8."
            ) from wrong
    return preset(named)


def preset(named: str) -> str:
    """The TOML of the preset of that name; never a file, whoever asks. Raises UsageError."""
    if named not in _presets():
        raise UsageError(
            Sentence("Politique inconnue : « {named} » n’est ni un fichier ni un modèle.", named=named),
            mend=_near(named, list(_presets()), Sentence("Modèles")),
        )
    return _presets()[named]


def load(named: str) -> Policy:
    """The policy of that path, or the preset of that name; files that it names start at its folder. Raises
    UsageError.
    """
    folder = Path(named).parent if Path(named).is_file() else Path()
    return from_toml(text(named), name=Path(named).name, folder=folder, anywhere=True)


def from_toml(
    text: str, *, name: str = Sentence("La politique"), folder: Path = Path(), anywhere: bool = False
) -> Policy:
    """A policy, every key known and of its kind. folder, anywhere: where the files that it names are (`Params`). Raises
    UsageError that says where, what and how to mend it.
    """
    document = cast("dict[str, Json]", parsed(text, name))
    _checked(
        {k: v for k, v in document.items() if k not in ("models", "columns", "points", "output", "guard")},
        TOP,
        name,
    )
    if "guard" in document:
        return _guarded(document, name)
    models = _table(document.get("models", {}), MODELS, Sentence("{name} [models]", name=name))
    output = _table(document.get("output", {}), OUTPUT, Sentence("{name} [output]", name=name))
    rules = tuple(
        _rule(one, Sentence("{name} [[columns]] n° {i}", name=name, i=i), folder, anywhere)
        for i, one in enumerate(
            _tables(document.get("columns"), Sentence("{name} [[columns]]", name=name)), 1
        )
    )
    places = tuple(
        _place(one, Sentence("{name} [[points]] n° {i}", name=name, i=i), folder, anywhere)
        for i, one in enumerate(_tables(document.get("points"), Sentence("{name} [[points]]", name=name)), 1)
    )
    policy = Policy(
        _text(document, "title"),
        _text(document, "source"),
        _one(document, "others", OTHERS, name),
        _models(models, Sentence("{name} [models]", name=name)),
        _one(models, "mode", MODES, Sentence("{name} [models]", name=name)),
        _share(models, "suppression", 0.0, Sentence("{name} [models]", name=name)),
        _text(models, "persons"),
        _share(models, "sampling", 1.0, Sentence("{name} [models]", name=name)),
        rules,
        places,
        _text(output, "count"),
    )
    if not policy.models.only_k and not any(r.sensitive for r in rules):
        raise UsageError(
            Sentence(
                "{name} [models] : l et t protègent une colonne sensible, et aucune ne l’est.", name=name
            ),
            mend="Écrivez sensitive = true dans sa colonne.",
        )
    if policy.sampling <= 0:
        raise UsageError(Sentence("{name} [models] : « sampling » est une part positive.", name=name))
    return policy


def _guarded(document: dict[str, Json], name: str) -> Policy:
    """A policy that guards a table against questions. Raises UsageError."""
    where = Sentence("{name} [guard]", name=name)
    if others := [k for k in ("models", "columns", "points", "others") if k in document]:
        raise UsageError(
            Sentence("{where} : « {others} » ne va pas avec [guard].", where=where, others=others[0]),
            mend="[guard] dit tout : les colonnes qu’il ne nomme pas ne sont pas publiées.",
        )
    guard = _table(document["guard"], GUARD, where)
    least, share = Params(guard).number("least", 11), _share(guard, "share", SHARE, where)
    by, amounts = _texts(guard, "by"), _texts(guard, "amounts")
    if not by or least < 2 or least % 1 or not share:
        raise UsageError(
            Sentence(
                "{where} : il faut une colonne au moins (by), un seuil entier à partir de 2 (least) et une part positive (share).",
                where=where,
            )
        )
    output = _table(document.get("output", {}), OUTPUT, Sentence("{name} [output]", name=name))
    return Policy(
        _text(document, "title"),
        _text(document, "source"),
        "drop",
        Models(int(least)),
        persons=_text(guard, "persons"),
        count=_text(output, "count"),
        guard=Guard(by, amounts, int(least), share),
    )


def to_toml(policy: Policy) -> str:
    """The policy as TOML: what `from_toml` reads back."""
    if policy.guard is not None:
        return _guard_toml(policy, policy.guard)
    m, standard = policy.models, Policy()
    top: dict[str, Json] = {"title": policy.title, "source": policy.source, "others": policy.others}
    models: dict[str, Json] = {
        "k": m.k,
        "l": m.l,
        "diversity": m.diversity,
        "c": m.c,
        "t": m.t,
        "ordered": m.ordered,
        "mode": policy.mode,
        "suppression": policy.suppression,
        "persons": policy.persons,
        "sampling": policy.sampling,
    }
    plain: dict[str, Json] = {
        "l": 1.0,
        "diversity": standard.models.diversity,
        "c": standard.models.c,
        "t": 1.0,
        "ordered": False,
        "suppression": 0.0,
        "persons": "",
        "sampling": 1.0,
    }
    changed: dict[str, Json] = {k: v for k, v in models.items() if k not in plain or v != plain[k]}
    blocks = [_written("", {k: v for k, v in top.items() if v}), _written("[models]", changed)]
    for rule in policy.rules:
        quasi = rule.quasi and rule.treatment != "generalise"
        attributes: dict[str, Json] = {
            "names": list[Json](rule.names),
            "treatment": rule.treatment,
            "hierarchy": rule.hierarchy,
            "at_least": rule.at_least,
        }
        flags: dict[str, Json] = {"quasi": quasi, "sensitive": rule.sensitive}
        blocks.append(
            _written(
                "[[columns]]",
                {
                    k: v
                    for k, v in {**attributes, **flags, **rule.params.values}.items()
                    if v not in ("", False)
                },
            )
        )
    blocks += [_written("[[points]]", dict(place.params.values)) for place in policy.places]
    if policy.count:
        blocks.append(_written("[output]", {"count": policy.count}))
    return "\n".join(b for b in blocks if b)


def _guard_toml(policy: Policy, guard: Guard) -> str:
    attributes: dict[str, Json] = {
        "by": list[Json](guard.by),
        "amounts": list[Json](guard.amounts),
        "least": guard.least,
        "persons": policy.persons,
    }
    if guard.share != SHARE:
        attributes["share"] = guard.share
    blocks = [_written("", {k: v for k, v in (("title", policy.title), ("source", policy.source)) if v})]
    blocks.append(_written("[guard]", {k: v for k, v in attributes.items() if v not in ("", [])}))
    if policy.count:
        blocks.append(_written("[output]", {"count": policy.count}))
    return "\n".join(b for b in blocks if b)


def _written(head: str, attributes: Mapping[str, Json]) -> str:
    lines = [f"{name} = {written(value, whole=True)}" for name, value in attributes.items()]
    return "\n".join([*([head] if head else []), *lines]) + "\n" if lines or head else ""


def _models(attributes: Mapping[str, Json], where: str) -> Models:
    number = Params(attributes).number
    k, l, t, c = number("k", 1), number("l", 1), number("t", 1), number("c", 3)  # noqa: E741
    if k < 1 or k % 1 or not 1 <= l < math.inf or not 0 <= t <= 1 or c <= 0:
        raise UsageError(
            Sentence(
                "{where} : k est un entier à partir de 1, l un nombre à partir de 1, t une part entre 0 et 1, c un nombre positif.",
                where=where,
            )
        )
    return Models(
        int(k), l, _one(attributes, "diversity", DIVERSITIES, where), c, t, attributes.get("ordered") is True
    )


def _rule(attributes: dict[str, Json], where: str, folder: Path, anywhere: bool) -> Rule:
    treatment = _text(attributes, "treatment")
    if treatment not in TREATMENTS:
        raise UsageError(
            Sentence("{where} : traitement inconnu « {treatment} ».", where=where, treatment=treatment),
            mend=_near(treatment, list(TREATMENTS), Sentence("Traitements")),
        )
    ladder: Ladder | None = None
    if treatment == "generalise":
        ladder = ladders().get(_text(attributes, "hierarchy"))
        if ladder is None:
            name = _text(attributes, "hierarchy")
            raise UsageError(
                Sentence("{where} : hiérarchie inconnue « {asked} ».", where=where, asked=name),
                mend=_near(name, list(ladders()), Sentence("Hiérarchies")),
            )
        at_least = _text(attributes, "at_least")
        if at_least and at_least not in ladder.steps:
            mend = (
                _near(at_least, list(ladder.steps), Sentence("Niveaux"))
                if ladder.steps
                else Sentence("Les niveaux de cette hiérarchie n’ont pas de nom.")
            )
            raise UsageError(
                Sentence("{where} : niveau inconnu « {at_least} ».", where=where, at_least=at_least),
                mend=mend,
            )
    elif "hierarchy" in attributes or "at_least" in attributes:
        raise UsageError(
            Sentence(
                '{where} : « hierarchy » et « at_least » vont avec treatment = "generalise".', where=where
            )
        )
    own = ladder.keys if ladder is not None else TREATMENTS[treatment].keys
    _checked(attributes, (*COLUMN, *own), where)
    names = attributes.get("names")
    if not isinstance(names, list) or not names:
        raise UsageError(
            Sentence("{where} : « names » manque.", where=where), mend='Par exemple : names = ["age"].'
        )
    quasi = attributes.get("quasi") is True or treatment == "generalise"
    if quasi and attributes.get("sensitive") is True:
        raise UsageError(
            Sentence("{where} : une colonne sensible n’est pas un quasi-identifiant.", where=where),
            mend="Les classes ne se font pas d’après ce qu’elles protègent.",
        )
    keys = {k.name for k in own}
    words = Params(
        {k: v for k, v in attributes.items() if k in keys},
        folder,
        f"colonne {', '.join(map(str, names))}",
        anywhere,
    )
    return Rule(
        tuple(map(str, names)),
        treatment,
        _text(attributes, "hierarchy"),
        _text(attributes, "at_least"),
        quasi,
        attributes.get("sensitive") is True,
        words,
    )


def _place(attributes: dict[str, Json], where: str, folder: Path, anywhere: bool) -> Place:
    treatment = _text(attributes, "treatment") or "grid"
    if treatment == "donut":
        raise UsageError(
            Sentence("{where} : le masque en anneau (donut) n’est pas proposé.", where=where),
            mend='Il suppose une population régulière et protège mal les quartiers mêlés (PMC2952889) : prenez treatment = "grid" ou "zones".',
        )
    if treatment not in ("grid", "zones"):
        raise UsageError(
            Sentence("{where} : traitement inconnu « {treatment} ».", where=where, treatment=treatment),
            mend="Traitements : grid, zones.",
        )
    _checked(attributes, POINT, where)
    if not _text(attributes, "name"):
        raise UsageError(
            Sentence("{where} : « name » manque.", where=where), mend='Par exemple : name = "carreau".'
        )
    if bool(_text(attributes, "longitude")) != bool(_text(attributes, "latitude")):
        raise UsageError(
            Sentence("{where} : donnez longitude et latitude, ou ni l’une ni l’autre.", where=where)
        )
    words = Params(attributes, folder, f"point {_text(attributes, 'name')}", anywhere)
    return Place(
        _text(attributes, "name"),
        "zones" if treatment == "zones" else "grid",
        _text(attributes, "longitude"),
        _text(attributes, "latitude"),
        words,
    )


_KINDS: Mapping[Kind, str] = {
    "text": Sentence("un texte"),
    "texts": Sentence("une liste de textes"),
    "number": Sentence("un nombre"),
    "numbers": Sentence("une liste de nombres"),
    "flag": Sentence("true ou false"),
    "groups": Sentence("une table de listes"),
}


def _checked(attributes: Mapping[str, Json], keys: Sequence[Key], where: str) -> None:
    """Every key known, every value of its kind. Raises UsageError."""
    known = {k.name: k for k in keys}
    for name, value in attributes.items():
        if name not in known:
            raise UsageError(
                Sentence("{where} : clé inconnue « {key} ».", where=where, key=name),
                mend=_near(name, list(known), Sentence("Clés connues")),
            )
        if not _fits(value, known[name].kind):
            raise UsageError(
                Sentence(
                    "{where} : « {name} » est {kinds}.",
                    where=where,
                    name=name,
                    kinds=_KINDS[known[name].kind],
                ),
                mend=known[name].sentence,
            )


def _fits(value: Json, kind: Kind) -> bool:
    def number(v: Json) -> bool:
        return isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v)

    match kind:
        case "text":
            return isinstance(value, str)
        case "texts":
            return isinstance(value, list) and all(isinstance(v, str) for v in value)
        case "number":
            return number(value)
        case "numbers":
            return isinstance(value, list) and all(map(number, value))
        case "flag":
            return isinstance(value, bool)
        case "groups":
            return isinstance(value, dict) and all(_fits(v, "texts") for v in value.values())


def _table(value: Json, keys: Sequence[Key], where: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise UsageError(Sentence("{where} n’est pas une table.", where=where))
    _checked(value, keys, where)
    return value


def _tables(value: Json, where: str) -> list[dict[str, Json]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise UsageError(
            Sentence(
                "{where} : chaque bloc commence par une ligne {value}.",
                where=where,
                value=where.rpartition(" ")[2],
            )
        )
    return [one for one in value if isinstance(one, dict)]


def _text(attributes: Mapping[str, Json], name: str) -> str:
    value = attributes.get(name, "")
    return value if isinstance(value, str) else ""


def _texts(attributes: Mapping[str, Json], name: str) -> tuple[str, ...]:
    value = attributes.get(name)
    return tuple(str(v) for v in value) if isinstance(value, list) else ()


def _share(attributes: Mapping[str, Json], name: str, default: float, where: str) -> float:
    value = Params(attributes).number(name, default)
    if not 0 <= value <= 1:
        raise UsageError(Sentence("{where} : « {name} » est une part, entre 0 et 1.", where=where, name=name))
    return value


def _one(attributes: Mapping[str, Json], name: str, choices: tuple[C, ...], where: str) -> C:
    """One of the choices, the first where nothing is said. Raises UsageError."""
    value = attributes.get(name, choices[0])
    for choice in choices:
        if choice == value:
            return choice
    raise UsageError(
        Sentence("{where} : « {name} » ne vaut pas « {value} ».", where=where, name=name, value=value),
        mend=Sentence("Choix : {list}.", list=", ".join(choices)),
    )


def _near(name: str, known: Sequence[str], listed: str) -> str:
    return near(name, known, Sentence("{listed} : {list}.", listed=listed, list=", ".join(known)))
