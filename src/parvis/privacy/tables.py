"""A table of counts or of totals made from rows, that gives nobody away: small cells hidden, others for their
sake, all audited; or all counts rounded.

« Ensemble » is a total. A cell that is hidden is « secret »; whether it is small itself or protects another
is not said: that would tell something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parvis.core.errors import HeldBack, UsageError
from parvis.core.sentence import Sentence, quoted
from parvis.methods.disclosure import differencing, rounding, rules
from parvis.methods.disclosure.audit import Audit, Protection, audit
from parvis.methods.disclosure.presets import Preset
from parvis.methods.disclosure.programs import Infeasible
from parvis.methods.disclosure.suppression import suppress
from parvis.methods.disclosure.tables import Axis, Equations, Floats, Ints, Mask, filled, margins, owners

TOTAL = "Ensemble"
EMPTY = "(vide)"
LARGEST = 20_000
"""Cells of a table, totals included, at most: more would take minutes to protect."""

LARGEST_TOGETHER = 4_000_000
"""Cells of tables that are put side by side, times the crossings of all their columns, at most."""

Label = tuple[str, ...]
"""What a cell is about: one label a column, TOTAL where it counts all."""
TextArray = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Counts:
    """A table of counts that is out, over the rows of a file. columns: of the file; labels, hidden: one a cell."""

    columns: tuple[str, ...]
    labels: tuple[Label, ...]
    hidden: Mask


def counts_of(published: pa.Table, rows: pa.Table) -> Counts:
    """A published table as `Tabulated.published` writes it, all its cells as texts, read as counts of these rows.

    Raises UsageError when it is no such table; HeldBack when its numbers are not those of these rows: nobody can say
    then what the two tell together.
    """
    if "statut" not in published.column_names or "nombre" not in published.column_names:
        raise UsageError(
            "Le tableau déjà publié n’est pas de ceux que « parvis tabulate » écrit : il lui faut les colonnes « nombre » et « statut ».",
            mend="Donnez le fichier que parvis tabulate a écrit.",
        )
    columns = tuple(n for n in published.column_names if n not in ("nombre", "statut"))
    missing = [n for n in columns if n not in rows.column_names]
    if missing:
        raise UsageError(
            Sentence("Colonnes absentes du fichier : {list}.", list=quoted(missing)),
            mend=Sentence("Il a : {list}.", list=", ".join(rows.column_names)),
        )
    texts = {
        n: ["" if v is None else str(v) for v in published[n].to_pylist()] for n in published.column_names
    }
    if "arrondi" in texts["statut"]:
        raise UsageError(
            "Un tableau arrondi ne se compare pas à un autre.", mend="Comparez des tableaux à cases masquées."
        )
    labels = tuple(zip(*(texts[n] for n in columns), strict=True))
    hidden = np.array([not number.strip() for number in texts["nombre"]])
    said = {name: np.array([path[0] for path in _paths(rows, [name])]) for name in columns}
    counted = _members(labels, columns, said).sum(axis=1)
    shown = np.array([float(n.replace(",", ".")) if n.strip() else np.nan for n in texts["nombre"]])
    if not np.array_equal(shown[~hidden], counted[~hidden]):
        raise HeldBack(
            "Le tableau déjà publié ne compte pas les lignes de ce fichier : ses nombres sont autres.",
            mend="Pour un tableau des mêmes colonnes fait d’un fichier plus ancien, donnez ce fichier par --before.",
        )
    return Counts(columns, labels, hidden)


@dataclass(frozen=True, slots=True)
class Tabulated:
    """A table as it may be published. columns: of the breakdowns, in order; labels, values, hidden: one a
    cell; values of hidden cells must not leave.
    """

    columns: tuple[str, ...]
    measure: str
    """« nombre », or the column whose totals they are."""
    labels: tuple[Label, ...]
    values: Floats
    hidden: Mask
    small: int
    """Cells hidden for themselves; the others protect them."""
    attacked: int
    """Cells that an attacker was set on: the small ones, and with an earlier version the small changes."""
    base: int = 0
    """Of the rounding; 0 where nothing is rounded."""

    def published(self) -> pa.Table:
        """The file: one row a cell, empty where it is secret."""
        columns = {name: [label[i] for label in self.labels] for i, name in enumerate(self.columns)}
        whole = bool(np.all(self.values == np.round(self.values)))
        shown = [
            None if hide else (round(v) if whole else round(v, 2))
            for v, hide in zip(self.values.tolist(), self.hidden.tolist(), strict=True)
        ]
        state = ["secret" if hide else "arrondi" if self.base else "publié" for hide in self.hidden.tolist()]
        return pa.table({**columns, self.measure: pa.array(shown), "statut": state})


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows put in cells. nodes: what each node of each axis is, as labels; the arrays are laid flat over all
    cells but `inner`, the units of innermost ones.
    """

    axes: tuple[Axis, ...]
    nodes: tuple[tuple[Label, ...], ...]
    units: Ints
    totals: Floats
    largest: Floats
    inner: Ints

    @property
    def sums(self) -> Equations:
        return margins(self.axes)

    @property
    def labels(self) -> tuple[Label, ...]:
        return tuple(tuple(part for node in cell for part in node) for cell in product(*self.nodes))


def tabulate(
    rows: pa.Table,
    by: Sequence[Sequence[str]],
    *,
    preset: Preset | None = None,
    base: int = 0,
    amount: str = "",
    earlier: pa.Table | None = None,
    secret: str = "",
    beside: Sequence[Counts] = (),
) -> Tabulated:
    """Count rows, or add an amount up, by one to three breakdowns, and protect the result.

    by: for each breakdown its columns, from the widest zone to the narrowest. preset: hides what the rule
    asks for; base: rounds counts to multiples instead. amount: a column of numbers of 0 and more. earlier:
    the rows of which the same table, by the same rule, was published before: what the two together tell is
    protected too. secret: a breakdown whose value nobody should learn of anybody: a cell that holds all of
    its group tells it of each of them, however many they are, and is hidden too. beside: tables that are out
    already over the same rows: no small group follows from all of them together. Raises UsageError for a call
    that is wrong, HeldBack when nothing that may still be hidden protects every such cell.
    """
    _checked(rows, by, preset, base, amount, earlier)
    if beside and (base or amount or earlier is not None):
        raise UsageError(
            "La comparaison avec d’autres tableaux vaut pour des nombres masqués, sans tableau d’avant.",
            mend="Ôtez --round, --amount ou --before.",
        )
    _checked_secret(by, secret, rounded=base > 0)
    place = [list(columns) for columns in by].index([secret]) if secret else None
    made, before = _counted(rows, by, amount, earlier)
    names = tuple(name for columns in by for name in columns)
    nothing = np.zeros(len(made.units), bool)
    if base:
        try:
            shown = rounding.rounded(made.units, made.sums, base)
        except Infeasible as none:
            raise HeldBack(
                Sentence("Aucun arrondi à {base} près ne garde les sommes de ce tableau.", base=base),
                mend="Essayez un autre pas, ou ôtez une ventilation.",
            ) from none
        return Tabulated(names, "nombre", made.labels, shown.astype(np.float64), nothing, 0, 0, base)
    rule = preset or Preset("", "", 2, "")
    if amount:
        return _totals(made, names, amount, rule, place)
    hidden, asked = _hidden(made, rule.least, place)
    if beside:
        hidden, told = _beside(rows, made, names, hidden, rule.least, place, beside)
    elif before is None:
        told = _audited(
            audit(
                made.units.astype(np.float64),
                made.sums,
                hidden,
                asked,
                only=np.flatnonzero(asked.sensitive),
                enough=True,
            )
        )
    else:
        early, _ = _hidden(before, rule.least, place)
        together = differencing.versions(
            before.units, made.units, made.sums, early, asked.sensitive, rule.least, growing=False
        )
        if place is not None:
            together = replace(
                together,
                protection=_both(together.protection, _telling_versions(before, made, place, rule.least)),
            )
        found = together.protected()
        if found.open.any():
            raise HeldBack(
                "Ce tableau et celui d’avant font voir, par différence, moins de personnes que le seuil ; rien de ce qui reste à publier ne peut le masquer.",
                mend=Sentence(
                    "Attendez que chaque case change d’au moins {least}, ou publiez à nouveau les nombres d’avant.",
                    least=rule.least,
                ),
            )
        hidden = found.hidden[len(made.units) : 2 * len(made.units)]
        told = _audited(
            replace(together, hidden=np.concatenate([early, hidden, np.ones(len(hidden), bool)])).audited()
        )
    small = int(np.count_nonzero(asked.sensitive))
    return Tabulated(names, "nombre", made.labels, made.units.astype(np.float64), hidden, small, told)


def _beside(
    rows: pa.Table,
    made: _Table,
    names: Sequence[str],
    hidden: Mask,
    least: int,
    place: int | None,
    beside: Sequence[Counts],
) -> tuple[Mask, int]:
    """What to hide of a table so that it and those that are out tell no small group together, and how many groups an
    attacker who has all of them was set on.

    All of them are sums over one thing that none shows: the people of each crossing of all their columns.
    """
    every = list(dict.fromkeys([*names, *(name for one in beside for name in one.columns)]))
    texts = {name: np.array([path[0] for path in _paths(rows, [name])]) for name in every}
    codes = [np.unique(texts[name], return_inverse=True) for name in every]
    keys = np.stack([code.reshape(-1) for _, code in codes], axis=1)
    crossed, atoms = np.unique(keys, axis=0, return_counts=True)
    labels = {name: codes[i][0][crossed[:, i]] for i, name in enumerate(every)}
    tables = [*((one.columns, one.labels) for one in beside), (tuple(names), made.labels)]
    if len(atoms) * sum(len(cells) for _, cells in tables) > LARGEST_TOGETHER:
        raise UsageError(
            "Ces tableaux ensemble sont trop grands pour être comparés.",
            mend="Réunissez des modalités, ou comparez-les deux à deux.",
        )
    members = [_members(cells, columns, labels) for columns, cells in tables]
    together = differencing.overlapping(
        atoms.astype(np.int64), members, [*(one.hidden for one in beside), hidden], least
    )
    if place is not None:
        asked, _ = _telling(made, place, least)
        before = np.zeros(len(together.values) - len(made.units))
        together = replace(
            together,
            protection=_both(
                together.protection,
                Protection(np.concatenate([before, asked.down]), np.concatenate([before, asked.up])),
            ),
        )
    found = together.protected()
    if found.open.any():
        raise HeldBack(
            "Ce tableau et ceux qui sont déjà publiés font voir ensemble moins de personnes que le seuil ; rien de ce qui reste à publier ne peut le masquer.",
            mend="Ôtez une ventilation, réunissez des modalités, ou retirez l’autre tableau de la publication.",
        )
    return found.hidden[-len(made.units) :], _audited(replace(together, hidden=found.hidden).audited())


def _members(cells: Sequence[Label], columns: Sequence[str], labels: Mapping[str, TextArray]) -> Mask:
    """Which crossings each cell counts, shape (cells, crossings)."""
    inside = np.ones((len(cells), len(next(iter(labels.values())))), bool)
    for i, name in enumerate(columns):
        said = np.array([cell[i] for cell in cells])
        inside &= (said == TOTAL)[:, None] | (said[:, None] == labels[name][None, :])
    return inside


def _telling(made: _Table, place: int, least: int, *, margin: float = 0.0) -> tuple[Protection, Mask]:
    """What is asked so that no group along one axis is known to have one value only, and the totals of such
    groups, which people know anyway and stay.

    The value that all have must seem able to be less, and another one (the most frequent in the whole table)
    able to be some: were it only the first, the total of the group would be hidden for its sake, and the
    zeros beside it would go on telling. margin: of totals of an amount, by which share of the group's; 0
    where people are counted.
    """
    shape = [len(axis.parents) for axis in made.axes]
    lines, worth = (np.moveaxis(x.reshape(shape), place, 0) for x in (made.units, made.totals))
    totals = lines[0]
    telling = (lines == totals) & (totals > 0)
    telling[0] = False
    asked = margin * worth[0] if margin else np.minimum(totals, least)
    common = np.argsort(-lines.reshape(shape[place], -1)[1:, 0], kind="stable") + 1
    other = np.where(telling[common[0]], common[min(1, len(common) - 1)], common[0])
    down, up, known = (np.zeros(lines.shape) for _ in range(3))
    down[telling] = np.broadcast_to(asked, lines.shape)[telling]
    groups = telling.any(axis=0)
    chosen = np.where(groups, other, 0)[None]
    np.put_along_axis(up, chosen, np.where(groups, asked, 0)[None], axis=0)
    up[0] = 0
    known[0] = groups & (totals >= least)
    down, up, known = (np.ascontiguousarray(np.moveaxis(x, 0, place)).reshape(-1) for x in (down, up, known))
    return Protection(down, up), known > 0


def _telling_versions(before: _Table, made: _Table, place: int, least: int) -> Protection:
    """The same of a version, the next and the change between: that all who came to a group, or left it, had
    one value tells it of each of them.
    """
    change = made.units - before.units
    came, _ = _telling(replace(made, units=np.maximum(change, 0)), place, least)
    gone, _ = _telling(replace(made, units=np.maximum(-change, 0)), place, least)
    every = [
        *(_telling(one, place, least)[0] for one in (before, made)),
        Protection(came.down + gone.up, came.up + gone.down),
    ]
    return Protection(np.concatenate([p.down for p in every]), np.concatenate([p.up for p in every]))


def _both(one: Protection, other: Protection) -> Protection:
    """All that either asks."""
    return Protection(np.maximum(one.down, other.down), np.maximum(one.up, other.up))


def _hidden(made: _Table, least: int, place: int | None = None) -> tuple[Mask, Protection]:
    """What is hidden, and what was asked. place: of the axis whose values nobody should learn of anybody."""
    asked = rules.counts_protected(made.units, least)
    known: Mask | None = None
    if place is not None:
        more, known = _telling(made, place, least)
        asked = _both(asked, more)
    found = suppress(made.units.astype(np.float64), made.sums, asked.sensitive, asked, frozen=known)
    if found.open.any():
        raise HeldBack(
            "Rien ne protège certaines petites cases de ce tableau.",
            mend="Réunissez des modalités, ou ôtez une ventilation.",
        )
    return found.hidden, asked


def _totals(made: _Table, names: tuple[str, ...], amount: str, rule: Preset, place: int | None) -> Tabulated:
    """Totals of an amount: too few units, or one that makes most of it. Units alone in a cell are taken for
    attackers of the others.

    place: of the axis whose values nobody should learn of anybody.
    """
    share = rule.share or 1.0
    sensitive = rules.small(made.units, rule.least) | rules.dominated(made.totals, made.largest, share)
    asked = rules.totals_protected(made.totals, sensitive, made.largest, share)
    known: Mask | None = None
    if place is not None:
        more, known = _telling(made, place, rule.least, margin=rules.MARGIN)
        sensitive, asked = sensitive | more.sensitive, _both(asked, more)
    owner = owners(made.axes, made.inner).reshape(-1)
    found = suppress(made.totals, made.sums, sensitive, asked, frozen=known, owner=owner)
    if found.open.any():
        raise HeldBack(
            "Certains totaux de ce tableau se retrouvent par les sommes, ou par qui est seul dans une autre case.",
            mend="Réunissez des modalités, ou ôtez une ventilation.",
        )
    told = _audited(
        audit(
            made.totals,
            made.sums,
            found.hidden,
            asked,
            owner=owner,
            only=np.flatnonzero(asked.sensitive),
            enough=True,
        )
    )
    return Tabulated(names, amount, made.labels, made.totals, found.hidden, int(sensitive.sum()), told)


def _audited(found: Audit) -> int:
    """How many cells the attacker was set on. Raises HeldBack when one interval is too narrow: nothing leaves
    that was not attacked first.
    """
    if not found.safe:
        raise HeldBack(
            Sentence(
                "L’audit retrouve {n} cases trop précisément : le tableau ne sort pas.",
                n=int(found.narrow.sum()),
            ),
            mend="Réunissez des modalités, ou ôtez une ventilation.",
        )
    return len(found.cells)


def _checked(
    rows: pa.Table,
    by: Sequence[Sequence[str]],
    preset: Preset | None,
    base: int,
    amount: str,
    earlier: pa.Table | None,
) -> None:
    wanted = [name for columns in by for name in columns] + ([amount] if amount else [])
    missing = [
        n
        for n in wanted
        if n not in rows.column_names or (earlier is not None and n not in earlier.column_names)
    ]
    if missing:
        raise UsageError(
            Sentence("Colonnes absentes du fichier : {list}.", list=quoted(missing)),
            mend=Sentence("Il a : {list}.", list=", ".join(rows.column_names)),
        )
    if not 1 <= len(by) <= 3 or not all(by) or len(set(wanted)) < len(wanted):
        raise UsageError(
            "Un tableau a une à trois ventilations, sans répéter de colonne.",
            mend="Donnez --by une à trois fois.",
        )
    if (preset is None) == (base == 0):
        raise UsageError(
            "Il faut une règle (seuil) ou un arrondi, l’un des deux.", mend="Donnez --preset, ou --round."
        )
    if base and (base < 3 or amount or earlier is not None):
        raise UsageError(
            "L’arrondi vaut pour des nombres, à 3 près au moins, sans tableau d’avant.",
            mend="Par exemple --round 5.",
        )
    if amount and earlier is not None:
        raise UsageError(
            "La comparaison avec un tableau d’avant vaut pour des nombres.", mend="Ôtez --amount ou --before."
        )
    if preset is not None and preset.years > 1:
        raise UsageError(
            Sentence(
                "La règle « {name} » demande {years} années : elle ne se juge pas sur un seul tableau.",
                name=preset.name,
                years=preset.years,
            ),
            mend="Prenez une autre règle.",
        )


def _checked_secret(by: Sequence[Sequence[str]], secret: str, *, rounded: bool) -> None:
    if secret and [secret] not in [list(columns) for columns in by]:
        raise UsageError(
            Sentence("« {secret} » n’est pas une ventilation à elle seule.", secret=secret),
            mend="La colonne à protéger est l’une de celles du tableau : --by.",
        )
    if secret and rounded:
        raise UsageError(
            "Un arrondi montre encore qu’un groupe entier a presque la même valeur : une colonne à protéger demande des cases masquées.",
            mend="Donnez --preset, sans --round.",
        )


def _counted(
    rows: pa.Table, by: Sequence[Sequence[str]], amount: str, earlier: pa.Table | None
) -> tuple[_Table, _Table | None]:
    """Both tables over the same cells."""
    every = [rows, *([earlier] if earlier is not None else [])]
    paths = [sorted({path for table in every for path in _paths(table, columns)}) for columns in by]
    trees = [_tree(found, len(columns)) for found, columns in zip(paths, by, strict=True)]
    size = int(np.prod([len(axis.parents) for axis, _ in trees]))
    if not rows.num_rows or size > LARGEST:
        told = (
            Sentence("Le fichier n’a pas de ligne.")
            if not rows.num_rows
            else Sentence("Ce tableau aurait {size} cases ; {largest} au plus.", size=size, largest=LARGEST)
        )
        raise UsageError(told, mend="Réunissez des modalités, ou ôtez une ventilation.")
    found = [_cells(table, by, paths, trees, amount) for table in every]
    return found[0], found[1] if earlier is not None else None


def _paths(rows: pa.Table, columns: Sequence[str]) -> list[Label]:
    texts = [rows[n].cast(pa.string()).to_pylist() for n in columns]
    return [tuple(EMPTY if part is None else str(part) for part in path) for path in zip(*texts, strict=True)]


def _tree(paths: Sequence[Label], depth: int) -> tuple[Axis, tuple[Label, ...]]:
    """The total, then zones, then values within zones: a node is the beginning of a path."""
    nodes = [(), *(p for size in range(1, depth + 1) for p in sorted({path[:size] for path in paths}))]
    place = {node: i for i, node in enumerate(nodes)}
    parents = np.array([-1, *(place[node[:-1]] for node in nodes[1:])], np.int64)
    return Axis(parents), tuple((*node, *(TOTAL,) * (depth - len(node))) for node in nodes)


def _cells(
    rows: pa.Table,
    by: Sequence[Sequence[str]],
    paths: Sequence[Sequence[Label]],
    trees: Sequence[tuple[Axis, tuple[Label, ...]]],
    amount: str,
) -> _Table:
    axes = tuple(axis for axis, _ in trees)
    shape = tuple(len(p) for p in paths)
    places: list[Mapping[Label, int]] = [{path: i for i, path in enumerate(p)} for p in paths]
    cell = np.ravel_multi_index(
        tuple(
            np.array([place[path] for path in _paths(rows, columns)])
            for place, columns in zip(places, by, strict=True)
        ),
        shape,
    )
    size = int(np.prod(shape))
    inner = np.bincount(cell, minlength=size).astype(np.int64).reshape(shape)
    amounts = np.ones(rows.num_rows) if not amount else _amounts(rows, amount)
    totals = np.bincount(cell, amounts, minlength=size).astype(np.float64).reshape(shape)
    largest = np.zeros(size)
    np.maximum.at(largest, cell, amounts)
    return _Table(
        axes,
        tuple(nodes for _, nodes in trees),
        filled(axes, inner.astype(np.float64)).reshape(-1).astype(np.int64),
        filled(axes, totals).reshape(-1),
        filled(axes, largest.reshape(shape), combine=np.maximum).reshape(-1),
        inner,
    )


def _amounts(rows: pa.Table, amount: str) -> Floats:
    kind = rows[amount].type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise UsageError(
            Sentence("« {odd} » n’est pas une colonne de nombres.", odd=amount),
            mend="Nommez une colonne de montants.",
        )
    values = np.nan_to_num(rows[amount].cast(pa.float64()).to_numpy().astype(np.float64))
    if (values < 0).any():
        raise UsageError(
            Sentence(
                "« {amount} » a des montants négatifs : les règles de secret ne valent que de 0 vers le haut.",
                amount=amount,
            ),
            mend="Séparez recettes et dépenses.",
        )
    return values
