"""The policy of anonymisation of a resource: what is done to each column, what it makes of the last file, and
the risk before and after.

What is being made travels in the form as TOML: nothing is kept until « Enregistrer », and nothing here
publishes anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from starlette.routing import Route

from parvis.core.errors import HeldBack, NotFound, ParvisError, UsageError
from parvis.core.language import mark
from parvis.core.sentence import Sentence
from parvis.core.types import Column, Dataset, Json, Resource, Schema
from parvis.methods.anonymity import Models
from parvis.people.rights import can, require
from parvis.privacy import anonymising
from parvis.privacy.anonymising import Guard, Policy, Rule
from parvis.privacy.anonymising.declaration import Params
from parvis.publication import policies, recipes
from parvis.publication.recipes import Reader
from parvis.services.answers import COLOUR, COLOUR_2
from parvis.store import datasets, deposits
from parvis.web import trying
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.trying import Outcome, PolicyTrial
from parvis.web.views.desk import Choice, Wrong, editable
from parvis.web.views.dossier import may_see

TEMPLATE = "anonymise.html"
PRICED = 100_000
"""Rows up to which the other modes are tried too, for their price."""
FIELDS = 600
"""Fields that the form may have: one a column, and a few."""

TITLES: Mapping[str, str] = {
    "drop": mark("Retirer"), "keep": mark("Garder telle quelle"), "mask": mark("Masquer (reste personnelle)"),
    "pseudonymise": mark("Pseudonymiser (reste personnelle)"), "generalise:none": mark("Montrer la valeur, ou rien"), "generalise:ages": mark("Tranches d’âge"),
    "generalise:amounts": mark("Tranches de montants"), "generalise:dates": mark("Jour, mois, trimestre, année"),
    "generalise:dates:mois": mark("Mois au plus fin, puis trimestre, année"), "generalise:dates:annee": mark("Année au plus fin, puis décennie"),
    "generalise:hours": mark("Heure, puis moment de la journée"), "generalise:communes": mark("Commune, puis département, région"),
    "generalise:postcodes": mark("Code postal, puis département, région"), "generalise:iris": mark("IRIS, puis commune, département, région"),
    "generalise:naf": mark("Activité (NAF), puis classe, groupe, division, section"), "microaggregate": mark("Moyenne de k valeurs proches"),
    "top-bottom": mark("Extrêmes ramenés à une borne (un centième de chaque côté)"), "perturb": mark("Bruit (un dixième de l’écart type)"),
    "=": mark("Comme l’écrit la politique en TOML"),
}  # fmt: skip
"""What may be chosen for a column."""
_ANY = ("drop", "keep", "generalise:none")
_BY_TYPE: Mapping[str, tuple[str, ...]] = {
    "integer": (
        "generalise:ages",
        "generalise:amounts",
        "generalise:postcodes",
        "generalise:hours",
        "microaggregate",
        "top-bottom",
        "perturb",
    ),
    "number": ("generalise:amounts", "microaggregate", "top-bottom", "perturb"),
    "date": ("generalise:dates", "generalise:dates:mois", "generalise:dates:annee"),
    "year": ("generalise:dates:annee", "generalise:ages"),
    "datetime": ("generalise:dates", "generalise:dates:mois", "generalise:dates:annee", "generalise:hours"),
    "text": (
        "generalise:communes",
        "generalise:postcodes",
        "generalise:iris",
        "generalise:naf",
        "generalise:dates:mois",
        "mask",
        "pseudonymise",
    ),
    "time": ("generalise:hours",),
}
_DEFAULTS: Mapping[str, Mapping[str, Json]] = {"top-bottom": {"share": 0.01}, "perturb": {"share": 0.1}}
TOLD: Mapping[str, str] = {
    "drop": mark("Retirée"), "keep": mark("Gardée telle quelle"), "mask": mark("Masquée"), "pseudonymise": mark("Pseudonymisée"),
    "generalise": mark("Publiée par groupes"), "place": mark("Publiée par carreau ou par zone"), "round": mark("Arrondie"),
    "microaggregate": mark("Remplacée par des moyennes"), "top-bottom": mark("Extrêmes ramenés à une borne"), "perturb": mark("Bruitée"),
    "by": mark("Se filtre et se compte, par groupes assez grands"), "mean": mark("Remplacée par la moyenne de chaque groupe"),
}  # fmt: skip
"""What became of a column."""
GUARD: Mapping[str, str] = {
    "": mark("Ne pas publier"),
    "by": mark("Filtrer et compter"),
    "mean": mark("Publier la moyenne de chaque groupe"),
}
"""What may be chosen for a column of a protected table."""
PLAIN = ("text", "integer", "number", "boolean", "date", "datetime", "time", "year")
MODES: Mapping[str, str] = {
    "robust": mark("Prudent : un seuil caché pour chaque classe"),
    "local": mark("Au plus fin : chaque classe perd le moins possible"),
    "full-domain": mark("Le même niveau pour toute une colonne"),
}
EXPOSED: Mapping[str, str] = {
    "robust": mark(
        "Rien ne suit d’une classe qui n’est pas plus fine : son seuil, entre k et 2k, n’est connu de personne."
    ),
    "local": mark(
        "Qui connaît la méthode apprend qu’aucune classe plus fine n’était possible : attaques par minimalité et par downcoding."
    ),
    "full-domain": mark(
        "Qui connaît la méthode apprend qu’aucun niveau moins cher ne convenait : attaque par minimalité."
    ),
}


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What is done to one column."""

    name: Annotated[str, "Nom de la colonne."]
    type: Annotated[str, "Type de la colonne."]
    personal: Annotated[bool, "Vrai si le contrôle y a trouvé des données personnelles ou secrètes."]
    choices: Annotated[tuple[Choice, ...], "Ce qui peut en être fait."]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure, before and after."""

    name: Annotated[str, "Nom : k, l, t, prosecutor, journalist, marketer, uniques."]
    before: Annotated[float | None, "Avant."]
    after: Annotated[float | None, "Après."]


@dataclass(frozen=True, slots=True)
class Treated:
    """What became of one column."""

    column: Annotated[str, "Colonne."]
    told: Annotated[str, "Ce qui en est fait."]
    personal: Annotated[bool, "Vrai si ce qui en est publié reste une donnée personnelle."]
    lost: Annotated[float | None, "Précision perdue, de 0 à 1 ; rien si elle ne fait pas de classe."]
    moved: Annotated[float | None, "Distance entre sa distribution avant et après, de 0 à 1."]


@dataclass(frozen=True, slots=True)
class Price:
    """What one mode costs, and what it is exposed to."""

    mode: Annotated[str, "Mode."]
    title: Annotated[str, "Intitulé."]
    exposed: Annotated[str, "À quelle attaque il est exposé."]
    chosen: Annotated[bool, "Vrai pour le mode de la politique."]
    lost: Annotated[float | None, "Précision perdue, de 0 à 1 ; rien si elle n’a pas été mesurée."]
    suppressed: Annotated[int | None, "Lignes retirées ou muettes."]


@dataclass(frozen=True, slots=True)
class Bar:
    """One value, or one range of values."""

    value: Annotated[str, "Valeur, ou tranche de valeurs."]
    before: Annotated[float, "Part des lignes avant, de 0 à 1."]
    after: Annotated[
        float, "Part des lignes après, de 0 à 1 ; un groupe compte pour toutes ses valeurs également."
    ]


@dataclass(frozen=True, slots=True)
class Bars:
    """The values of one column, before and after."""

    column: Annotated[str, "Colonne."]
    bars: Annotated[tuple[Bar, ...], "Valeurs ou tranches de valeurs, avec leur part des lignes."]

    def spec(self, before: str, after: str, title: str) -> dict[str, Json]:
        """The bars as Vega-Lite. before, after, title: what the two sets and the axis are called."""
        values: list[Json] = [
            {"x": b.value, "y": y, "when": w}
            for b in self.bars
            for w, y in ((before, b.before), (after, b.after))
        ]
        sets: list[Json] = [before, after]
        colours: list[Json] = [COLOUR, COLOUR_2]
        when: dict[str, Json] = {
            "field": "when",
            "type": "nominal",
            "scale": {"domain": sets, "range": colours},
            "title": None,
        }
        places: dict[str, Json] = {
            "field": "x",
            "type": "nominal",
            "sort": None,
            "title": None,
            "axis": {"labelLimit": 200, "grid": False},
        }
        shares: dict[str, Json] = {
            "field": "y",
            "type": "quantitative",
            "title": title,
            "axis": {"format": ".0%", "tickCount": 5},
        }
        return {
            "width": 480,
            "height": {"step": 14},
            "data": {"values": values},
            "mark": {"type": "bar", "cornerRadiusEnd": 2},
            "encoding": {"y": places, "yOffset": {"field": "when", "sort": sets}, "x": shares, "color": when},
        }


@dataclass(frozen=True, slots=True)
class GuardForm:
    """What may be protected, and how."""

    on: Annotated[bool, "Vrai si la politique montrée protège la table contre les questions."]
    columns: Annotated[
        tuple[ColumnChoice, ...],
        "Chaque colonne : se filtre et se compte (by), moyenne de groupe (mean), ou pas publiée.",
    ]
    least: Annotated[int, "Personnes ou lignes au moins dans un groupe publié."]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the policy makes of the last file."""

    file: Annotated[str, "Nom du fichier."]
    at: Annotated[datetime, "Date de son dépôt."]
    problem: Annotated[str, "Ce qui ne va pas, vide si la politique convient."]
    mend: Annotated[str, "Comment y remédier."]
    rows: Annotated[int, "Lignes qui seraient publiées."]
    figures: Annotated[tuple[Figure, ...], "Risque avant et après."]
    lost: Annotated[float | None, "Précision perdue (NCP), de 0 à 1."]
    suppressed: Annotated[int, "Lignes retirées ou muettes."]
    average: Annotated[float | None, "Lignes d’une classe en moyenne, sur k."]
    correlation: Annotated[
        float | None, "Plus grand changement d’une corrélation entre deux colonnes de nombres."
    ]
    treated: Annotated[tuple[Treated, ...], "Chaque colonne."]
    prices: Annotated[tuple[Price, ...], "Chaque mode, ce qu’il coûte, à quoi il est exposé."]
    warnings: Annotated[tuple[str, ...], "Mises en garde."]
    columns: Annotated[tuple[str, ...], "Colonnes publiées."]
    spreads: Annotated[
        tuple[Bars, ...],
        "Distribution de chaque colonne avant et après, là où cette personne peut en voir les valeurs.",
    ]
    cells: Annotated[
        tuple[tuple[str | None, ...], ...],
        "Dix premières lignes publiées ; rien où la cellule est masquée ou vide.",
    ]


@dataclass(frozen=True, slots=True)
class AnonymisePage:
    """The policy of anonymisation of a resource, tried on its last file."""

    dataset: Annotated[str, "Identifiant du jeu de données."]
    title: Annotated[str, "Titre du jeu de données."]
    resource: Annotated[str, "Identifiant de la ressource."]
    resources: Annotated[tuple[Choice, ...], "Ressources du jeu."]
    kept: Annotated[bool, "Vrai si une politique est en vigueur."]
    changed: Annotated[bool, "Vrai si la politique montrée n’est pas enregistrée."]
    toml: Annotated[str, "La politique en TOML, vide s’il n’y en a pas."]
    columns: Annotated[tuple[ColumnChoice, ...], "Chaque colonne du dernier fichier."]
    k: Annotated[int, "Personnes ou lignes au moins dans chaque classe."]
    distinct: Annotated[float, "Valeurs sensibles au moins dans chaque classe (l) ; 1 : sans exigence."]
    far: Annotated[float, "Écart au plus d’une classe à la table (t) ; 1 : sans exigence."]
    suppression: Annotated[float, "Part des lignes qui peut être retirée, de 0 à 1."]
    modes: Annotated[tuple[Choice, ...], "Modes."]
    sensitive: Annotated[tuple[Choice, ...], "Colonnes que l et t peuvent protéger."]
    persons: Annotated[tuple[Choice, ...], "Colonnes qui peuvent dire de qui est chaque ligne."]
    presets: Annotated[tuple[Choice, ...], "Modèles de politique."]
    point: Annotated[bool, "Vrai si la table a des points."]
    grid: Annotated[bool, "Vrai si les points sont publiés par carreaux."]
    guard: Annotated[GuardForm, "Protection contre les questions sur de petits effectifs."]
    preview: Annotated[Preview | None, "Essai sur le dernier fichier ; rien si aucun n’a été déposé."]
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a request works on."""

    dataset: Dataset
    resource: Resource
    text: str
    kept: str


def anonymise(visit: Visit) -> AnonymisePage:
    """GET /jeux/{id}/anonymisation."""
    desk = _desk(visit, visit.query.get("ressource", ""), None)
    text = _proposal(visit, desk.resource, visit.query.get("depot", ""))
    return _page(visit, replace(desk, text=text) if text and not desk.kept else desk)


def _proposal(visit: Visit, resource: Resource, deposit_id: str) -> str:
    """The policy that was tried on a file handed in for this resource, "" without one."""
    with visit.city.db.read() as conn:
        one = deposits.get(conn, deposit_id) if deposit_id else None
    told = next((u for u in one.understood if u.resource == resource.id), None) if one else None
    return told.proposal.policy if told is not None and told.proposal is not None else ""


def act(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /jeux/{id}/anonymisation: try what the form says, start from a preset, take the TOML as it is,
    save, end, or read the last file again.
    """
    desk = _desk(visit, sent.text("ressource"), sent.raw("politique"))
    path, query = f"/jeux/{desk.dataset.id}/anonymisation", {"ressource": desk.resource.id}
    actor = require(visit.person, "edit", desk.dataset.publisher).id
    try:
        match sent.text("geste"):
            case "modele" if sent.text("modele"):
                return _again(visit, replace(desk, text=anonymising.preset(sent.text("modele"))))
            case "toml":
                anonymising.from_toml(sent.raw("toml"), folder=visit.city.settings.folder)
                return _again(visit, replace(desk, text=sent.raw("toml")))
            case "finir":
                policies.save(visit.city, desk.resource.id, "", actor=actor)
                return Moved(path, query | {"fait": "finie"})
            case "essayer-protection" | "proteger" as gesture:
                made = anonymising.to_toml(_protected(visit, desk, sent))
                anonymising.from_toml(made, folder=visit.city.settings.folder)
                if gesture == "essayer-protection":
                    return _again(visit, replace(desk, text=made))
                policies.save(visit.city, desk.resource.id, made, actor=actor)
                return Moved(
                    f"/depots/{recipes.reread(visit.city, desk.resource.id, actor=actor).id}", {"recu": "1"}
                )
            case "relire":
                return Moved(
                    f"/depots/{recipes.reread(visit.city, desk.resource.id, actor=actor).id}", {"recu": "1"}
                )
            case gesture:
                made = anonymising.to_toml(_chosen(visit, desk, sent))
                anonymising.from_toml(made, folder=visit.city.settings.folder)
                if gesture != "enregistrer":
                    return _again(visit, replace(desk, text=made))
                policies.save(visit.city, desk.resource.id, made, actor=actor)
                return Moved(path, query | {"fait": "enregistree"})
    except (UsageError, HeldBack, NotFound) as told:
        return _again(visit, desk, wrong=(Wrong(_WHERE.get(sent.text("geste"), "modeles"), str(told)),))


_WHERE: Mapping[str, str] = {"toml": "toml", "essayer-protection": "seuil", "proteger": "seuil"}
"""The field beside which what went wrong is told."""


def _desk(visit: Visit, resource_id: str, text: str | None) -> _Desk:
    """The resource that this person may edit. text: the policy that the form holds, None for the one in
    force. Raises NotFound, NotSignedIn and Refused.
    """
    dataset, resource = editable(visit, resource_id)
    kept = policies.current(visit.city, resource.id)
    said = kept.text if kept is not None else ""
    return _Desk(dataset, resource, said if text is None else text, said)


# --- what the form says -------------------------------------------------------------------------------------


def _chosen(visit: Visit, desk: _Desk, sent: Sent) -> Policy:
    """The policy that the choices of the form make, on the one that it holds. Raises UsageError."""
    base = _read(visit, desk.text)
    names, sensitive = sent.all("colonne"), sent.text("sensible")
    rules = [
        r
        for i, name in enumerate(names)
        if (r := _rule(name, sent.text(f"c{i}"), base, sensitive=name == sensitive)) is not None
    ]
    places = tuple(p for p in base.places if p.longitude)
    if sent.text("carreaux"):
        own = next((p for p in base.places if not p.longitude), None)
        places = (
            *places,
            own or anonymising.from_toml('[[points]]\nname = "carreau"\ntreatment = "grid"').places[0],
        )
    models = replace(base.models, k=int(_number(sent, "k")), l=_number(sent, "l"), t=_number(sent, "t"))
    mode = next((m for m in ("robust", "local", "full-domain") if m == sent.text("mode")), base.mode)
    share = _number(sent, "suppression") / 100
    return replace(
        base,
        rules=tuple(rules),
        places=places,
        models=models,
        mode=mode,
        suppression=round(share, 6),
        persons=sent.text("personnes"),
        guard=None,
    )


def _protected(visit: Visit, desk: _Desk, sent: Sent) -> Policy:
    """The policy that protects the table as the form says. Raises UsageError."""
    base = _read(visit, desk.text)
    chosen = [(name, sent.text(f"g{i}")) for i, name in enumerate(sent.all("colonne"))]
    by, amounts = (tuple(n for n, said in chosen if said == wanted) for wanted in ("by", "mean"))
    if not by:
        raise UsageError(
            "Aucune colonne ne se filtre.",
            mend="Choisissez « Filtrer et compter » pour une colonne au moins.",
        )
    least = int(_number(sent, "seuil"))
    kept = base.guard or Guard(())
    return Policy(
        base.title,
        base.source,
        "drop",
        Models(least),
        persons=sent.text("qui"),
        count=base.count if base.guard is not None else "",
        guard=replace(kept, by=by, amounts=amounts, least=least),
    )


def _number(sent: Sent, name: str) -> float:
    """A number of the form; what Python reads as none or as without end is none. Raises UsageError."""
    try:
        number = float(sent.text(name).replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(
            Sentence("« {sent} » n’est pas un nombre.", sent=sent.text(name)[:20]),
            mend="Écrivez k, l, t, le seuil et la part retirée en chiffres.",
        )
    return number


def _rule(name: str, choice: str, base: Policy, *, sensitive: bool) -> Rule | None:
    """The block of one column; None where nothing is said of it."""
    had = next((r for r in base.rules if r.covers(name)), None)
    sensitive = sensitive and not choice.startswith("generalise")
    if choice == "=" and had is not None:
        return replace(had, names=(name,), sensitive=sensitive and not had.quasi)
    treatment, _, rest = choice.partition(":")
    hierarchy, _, level = rest.partition(":")
    if choice not in TITLES or choice == "=":
        return None
    said = Params(_DEFAULTS.get(treatment, {}), where=name)
    return Rule((name,), treatment, hierarchy, level, treatment == "generalise", sensitive, said)


def _read(visit: Visit, text: str) -> Policy:
    """The policy of a text; where there is none, eleven people a class and the careful mode."""
    return (
        anonymising.from_toml(text, folder=visit.city.settings.folder)
        if text.strip()
        else Policy(models=Models(11), mode="robust")
    )


# --- what the page shows ------------------------------------------------------------------------------------


def _again(visit: Visit, desk: _Desk, *, wrong: tuple[Wrong, ...] = ()) -> Again:
    """The page with a policy that is not saved."""
    return Again(
        f"/jeux/{desk.dataset.id}/anonymisation",
        TEMPLATE,
        _page(visit, desk, wrong=wrong),
        status=422 if wrong else 200,
    )


def _page(visit: Visit, desk: _Desk, *, wrong: tuple[Wrong, ...] = ()) -> AnonymisePage:
    try:
        policy = _read(visit, desk.text)
    except UsageError as bad:
        policy, wrong = _read(visit, ""), (*wrong, Wrong("toml", bad.told))
        desk = replace(desk, text="")
    trial, told = _tried(visit, desk)
    with visit.city.db.read() as conn:
        of = [r for r in datasets.resources(conn, desk.dataset.id) if r.every_s == 0]
    schema = trial.schema if trial is not None else Schema()
    rules = {c.name: next((r for r in policy.rules if r.covers(c.name)), None) for c in schema.columns}
    held = [name for name, rule in rules.items() if rule is not None and rule.sensitive]
    say = visit.language.say
    return AnonymisePage(
        dataset=desk.dataset.id,
        title=desk.dataset.title,
        resource=desk.resource.id,
        resources=tuple(Choice(r.id, r.title, r.id == desk.resource.id) for r in of),
        kept=bool(desk.kept),
        changed=desk.text.strip() != desk.kept.strip(),
        toml=desk.text,
        columns=tuple(_choice(c, rules[c.name], policy, trial, say) for c in schema.columns),
        k=policy.models.k,
        distinct=policy.models.l,
        far=policy.models.t,
        suppression=policy.suppression,
        modes=tuple(Choice(m, say(title), m == policy.mode) for m, title in MODES.items()),
        sensitive=tuple(Choice(c.name, c.name, c.name in held) for c in schema.columns),
        persons=tuple(Choice(c.name, c.name, c.name == policy.persons) for c in schema.columns),
        presets=tuple(Choice(n, p.title) for n, p in anonymising.presets().items()),
        point=schema.geometry == "point",
        grid=any(not p.longitude for p in policy.places),
        guard=_guard(schema, policy, trial, say),
        preview=_preview(visit, desk, policy, trial) if trial is not None else None,
        wrong=(*wrong, *told),
    )


def _reader(visit: Visit, desk: _Desk) -> Reader:
    """Who tries, and whether they may see personal values."""
    person = require(visit.person, "edit", desk.dataset.publisher)
    return Reader(person.id, can(person, "see-unmasked", desk.dataset.publisher))


def _tried(visit: Visit, desk: _Desk) -> tuple[PolicyTrial | None, tuple[Wrong, ...]]:
    """The policy tried on the last file; a file that can't be read is told."""
    try:
        return trying.policy(visit.city, desk.resource, desk.text, _reader(visit, desk)), ()
    except ParvisError as wrong:
        if wrong.status >= 500:
            raise
        return None, (Wrong("apercu", wrong.told),)


def _choice(
    column: Column, rule: Rule | None, policy: Policy, trial: PolicyTrial | None, say: Callable[[str], str]
) -> ColumnChoice:
    """The choices of a column, the one of the policy chosen; a column that holds personal data begins by
    being dropped.
    """
    personal = trial is not None and column.name in trial.hidden
    known = [*_ANY, *_BY_TYPE.get(column.type, ())]
    if rule is None:
        chosen = "drop" if personal or policy.others == "drop" else "keep"
    else:
        chosen = ":".join(w for w in (rule.treatment, rule.hierarchy, rule.at_least) if w)
        if (
            chosen not in known
            or dict(rule.params.values) != _DEFAULTS.get(rule.treatment, {})
            or (rule.quasi and rule.treatment != "generalise")
        ):
            chosen = "="
            known.append("=")
    return ColumnChoice(
        column.name, column.type, personal, tuple(Choice(c, say(TITLES[c]), c == chosen) for c in known)
    )


def _guard(schema: Schema, policy: Policy, trial: PolicyTrial | None, say: Callable[[str], str]) -> GuardForm:
    """The form of the protection, as the policy has it; where it has none, categories are to filter by and
    nothing else is chosen.
    """
    said = policy.guard

    def chosen(column: Column) -> str:
        if said is not None:
            fits = (
                w
                for w, names in (("by", said.by), ("mean", said.amounts))
                if Rule(names, "keep").covers(column.name)
            )
            return next(fits, "")
        return ""

    choices: list[ColumnChoice] = []
    for column in schema.columns:
        known = [
            "",
            *(["by"] if column.type in PLAIN else []),
            *(["mean"] if column.type in ("integer", "number", "year") else []),
        ]
        options = tuple(Choice(c, say(GUARD[c]), c == chosen(column)) for c in known)
        choices.append(
            ColumnChoice(column.name, column.type, trial is not None and column.name in trial.hidden, options)
        )
    return GuardForm(said is not None, tuple(choices), said.least if said is not None else 11)


def _preview(visit: Visit, desk: _Desk, policy: Policy, trial: PolicyTrial) -> Preview:
    done = trial.done
    if done is None:
        return Preview(
            trial.deposit.name,
            trial.deposit.at,
            trial.problem,
            trial.mend,
            0,
            (),
            None,
            0,
            None,
            None,
            (),
            _prices(visit, desk, policy, trial),
            (),
            (),
            (),
            (),
        )
    columns, cells = _cells(visit, desk, trial, done)
    say = visit.language.say
    return Preview(
        file=trial.deposit.name,
        at=trial.deposit.at,
        problem="",
        mend="",
        rows=done.rows,
        figures=_figures(done),
        lost=done.loss.ncp,
        suppressed=done.loss.suppressed_rows,
        average=done.loss.average_class or None,
        correlation=done.loss.correlation,
        treated=tuple(
            Treated(d.column, say(TOLD[d.treatment]), d.personal, d.ncp, d.shift) for d in done.done
        ),
        prices=_prices(visit, desk, policy, trial),
        warnings=done.warnings,
        columns=columns,
        spreads=_spreads(done, _hidden(visit, desk, trial, trial.schema.names)),
        cells=cells,
    )


def _figures(done: Outcome) -> tuple[Figure, ...]:
    before, after = done.before, done.after
    if before is None or after is None:
        return ()
    pairs = [
        ("k", before.k, after.k),
        ("l", before.l, after.l),
        ("t", before.t, after.t),
        ("prosecutor", before.risk.prosecutor, after.risk.prosecutor),
        ("journalist", before.risk.journalist, after.risk.journalist),
        ("marketer", before.risk.marketer, after.risk.marketer),
        ("uniques", before.risk.uniques, after.risk.uniques),
    ]
    return tuple(Figure(name, b, a) for name, b, a in pairs if b is not None or a is not None)


def _prices(visit: Visit, desk: _Desk, policy: Policy, trial: PolicyTrial) -> tuple[Price, ...]:
    """What each mode loses on this file: the one chosen, and the others where the file is small enough to try
    them.
    """
    found: list[Price] = []
    say = visit.language.say
    if policy.guard is not None:
        return ()
    for mode in ("robust", "local", "full-domain"):
        done = trial.done if mode == policy.mode else None
        if (
            done is None
            and mode != policy.mode
            and trial.done is not None
            and trial.done.before is not None
            and trial.done.before.rows <= PRICED
        ):
            other = trying.policy(
                visit.city,
                desk.resource,
                anonymising.to_toml(replace(policy, mode=mode)),
                _reader(visit, desk),
            )
            done = other.done if other is not None else None
        found.append(
            Price(
                mode,
                say(MODES[mode]),
                say(EXPOSED[mode]),
                mode == policy.mode,
                done.loss.ncp if done is not None and done.after is not None else None,
                done.loss.suppressed_rows if done is not None else None,
            )
        )
    return tuple(found)


def _cells(
    visit: Visit, desk: _Desk, trial: PolicyTrial, done: Outcome
) -> tuple[tuple[str, ...], tuple[tuple[str | None, ...], ...]]:
    """The first rows that would be published, without the values that this person may not see."""
    hidden = _hidden(visit, desk, trial, done.names)
    return done.names, tuple(
        tuple(None if name in hidden else text for name, text in zip(done.names, row, strict=True))
        for row in done.head
    )


def _hidden(visit: Visit, desk: _Desk, trial: PolicyTrial, names: Sequence[str]) -> frozenset[str]:
    """Of these columns, those whose values this person may not see."""
    publisher = desk.dataset.publisher
    if can(visit.person, "see-unmasked", publisher) or may_see(visit.person, trial.deposit.actor, publisher):
        return frozenset()  # whoever sent the file knows what is in it
    held = trial.deposit.state == "held" and bool(trial.deposit.version)
    return frozenset(names) if held else trial.hidden


def _spreads(done: Outcome, hidden: frozenset[str]) -> tuple[Bars, ...]:
    """The columns that move, and whose values may be seen."""
    return tuple(
        Bars(
            d.column,
            tuple(
                Bar(v[:60], b, a)
                for v, b, a in zip(d.spread.labels, d.spread.before, d.spread.after, strict=True)
            ),
        )
        for d in done.done
        if d.spread is not None and d.column not in hidden and d.spread.before != d.spread.after
    )


PAGES: tuple[Page, ...] = (page("/jeux/{id}/anonymisation", anonymise, TEMPLATE, steady=False),)
ROUTES: Sequence[Route] = (*form("/jeux/{id}/anonymisation", act, fields=FIELDS),)
