"""The attacker's own tests on a release, before it leaves: can someone be singled out, linked, or have a
secret guessed?

Numbers of opinion 05/2014 (article 29 working party) with their intervals, and beside them what they do not
say. None of them is a proof: they are three attacks, with the knowledge that is named, and a release that
withstands them may fall to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence, quoted
from parvis.core.types import Estimate
from parvis.methods.attacks.inference import inference
from parvis.methods.attacks.linkability import linkability
from parvis.methods.attacks.rates import Outcome
from parvis.methods.attacks.records import Numbers
from parvis.methods.attacks.singling_out import singling_out
from parvis.privacy.stated_values import Covers, compared

Kind = Literal["singling-out", "singling-out-together", "linkability", "inference"]

SECRETS = 12
"""Columns tried as the secret, at most, where none is named."""

CAVEATS: Mapping[str, tuple[str, str]] = {
    "knowledge": (
        "L’attaquant connaît, de chaque personne, les colonnes nommées ici, sans erreur ; d’autres en savent plus ou moins.",
        "The attacker knows the columns named here, of each person, without error; others know more, or less.",
    ),
    "three": (
        "Ce sont trois attaques, non une preuve : une diffusion qui leur résiste peut céder à une autre (versions successives, autres tables de la ville).",
        "These are three attacks, not a proof: a release that withstands them may fall to another (later versions, other tables of the city).",
    ),
    "general": (
        "Sans personnes témoins, ce qu’un lien général entre les colonnes laisse deviner de n’importe qui compte comme un risque de la diffusion.",
        "Without people as a control, what a general link between columns lets guess of anybody counts as a risk of the release.",
    ),
    "weak": (
        "Une attaque qui ne fait pas mieux que le hasard ne permet pas de conclure : elle est trop faible, ce qui n’est pas dire que la diffusion est sûre.",
        "An attack that does no better than chance says nothing: it is too weak, which is not to say that the release is safe.",
    ),
    "negative": (
        "Un nombre est deviné à 5 % près de la valeur devinée, en grandeur (le logiciel anonymeter 1.1.0 compte juste toute valeur négative).",
        "A number is guessed to within 5 % of the size of the guess (the software anonymeter 1.1.0 takes any negative guess for right).",
    ),
}
"""What to read beside the figures: French, English."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack. risk: the part of attempts that succeed beyond the control, with its 95 % interval; secret:
    of inference; guessed: by chance alone.
    """

    kind: Kind
    risk: Estimate
    attempts: int
    successes: int
    guessed: int
    conclusive: bool
    secret: str = ""
    controlled: float | None = None
    found: int = 0
    """Conditions that the attacker could read in the release (singling out)."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the attacks give. known: columns that the attacker knows; linked: what stands in each of two
    files; caveats: keys of CAVEATS.
    """

    attacks: tuple[Attack, ...]
    known: tuple[str, ...]
    linked: tuple[tuple[str, ...], tuple[str, ...]]
    people: int
    rows: int
    control: int
    caveats: tuple[str, ...]

    @property
    def worst(self) -> Mapping[str, Attack]:
        """The highest risk of each of the three tests: singling-out, linkability, inference."""
        by_test: dict[str, Attack] = {}
        for attack in self.attacks:
            test = "singling-out" if attack.kind.startswith("singling-out") else attack.kind
            if test not in by_test or (attack.conclusive, attack.risk.value) > (
                by_test[test].conclusive,
                by_test[test].risk.value,
            ):
                by_test[test] = attack
        return by_test


def assess(
    original: pa.Table,
    release: pa.Table,
    *,
    known: Sequence[str] = (),
    secrets: Sequence[str] = (),
    linked: tuple[Sequence[str], Sequence[str]] | None = None,
    covers: Covers | None = None,
    control: pa.Table | None = None,
    attempts: int = 500,
    seed: int = 0,
) -> Assessment:
    """Try the three attacks on a release of one row a person.

    original: the people, as the city knows them; release: what would be published, rows in any order. known:
    columns that the attacker knows, by default all that both have; secrets: columns to guess, by default each
    in turn; linked: columns of two files to link, by default every other known one. control: people who are
    not in the release. attempts: people attacked; singling out tries at most 200 conditions. Raises
    UsageError for columns that are not in both.
    """
    shared = [
        n
        for n in original.column_names
        if n in release.column_names and (control is None or n in control.column_names)
    ]
    names = tuple(known) or tuple(shared)
    halves = (tuple(linked[0]), tuple(linked[1])) if linked is not None else (names[::2], names[1::2])
    missing = sorted({n for n in (*names, *secrets, *halves[0], *halves[1]) if n not in shared})
    if missing:
        raise UsageError(
            Sentence(
                "Ces colonnes ne sont pas à la fois dans l’original et dans la diffusion : {list}.",
                list=quoted(missing),
            ),
            mend="Nommez des colonnes que l’anonymisation garde.",
        )
    if not original.num_rows or not release.num_rows or len(names) < 2:
        return Assessment(
            (),
            names,
            halves,
            original.num_rows,
            release.num_rows,
            control.num_rows if control is not None else 0,
            tuple(CAVEATS),
        )
    wanted = tuple(secrets) or names[:SECRETS]
    covered = covers or {}
    columns = {
        n: compared(original[n], release[n], control[n] if control is not None else None, covered.get(n))
        for n in dict.fromkeys((*names, *wanted))
    }
    all_known = [columns[n] for n in names]
    attacks = [
        _attack(
            "singling-out", singling_out(all_known, "univariate", attempts=min(attempts, 200), seed=seed)
        ),
        _attack(
            "singling-out-together",
            singling_out(all_known, "multivariate", attempts=min(attempts, 200), seed=seed),
        ),
    ]
    if halves[0] and halves[1]:
        attacks.append(
            _attack(
                "linkability",
                linkability(
                    [columns[n] for n in halves[0]],
                    [columns[n] for n in halves[1]],
                    attempts=attempts,
                    seed=seed,
                ),
            )
        )
    attacks += [
        _attack(
            "inference",
            inference(
                [columns[n] for n in names if n != secret], columns[secret], attempts=attempts, seed=seed
            ),
            secret,
        )
        for secret in wanted
        if any(n != secret for n in names)
    ]
    numeric = any(isinstance(columns[s], Numbers) for s in wanted)
    caveats = (
        "knowledge",
        "three",
        *(("general",) if control is None else ()),
        "weak",
        *(("negative",) if numeric else ()),
    )
    return Assessment(
        tuple(attacks),
        names,
        halves,
        original.num_rows,
        release.num_rows,
        control.num_rows if control is not None else 0,
        caveats,
    )


def _attack(kind: Kind, outcome: Outcome, secret: str = "") -> Attack:
    risk = outcome.risk
    estimate = Estimate(
        risk.value, risk.low, risk.high, "part", "Wilson", seen=outcome.attempts, expected=outcome.attempts
    )
    return Attack(
        kind,
        estimate,
        outcome.attempts,
        outcome.successes,
        outcome.guessed,
        outcome.conclusive,
        secret,
        outcome.controlled,
        outcome.predicates,
    )
