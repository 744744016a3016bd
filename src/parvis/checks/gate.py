"""The gate before publication: what findings do to a new version, by how grave they are.

Four kinds of findings, each with its verdict: warn (published, and told), hold (waits for a person, who may
publish it in spite, saying why), refuse (not published; only another file or another policy helps).

    errors     the file breaks a rule                                          warn
    warnings   the file is doubtful                                            warn
    changes    it differs from the version before more than time explains      warn
    breaks     hardly the file that was meant: no rows, most columns gone      hold

So a clerk's file with three wrong postcodes goes out with its report, as it does on every portal, and a
failed export at three in the morning does not take the place of good data. A city, or a resource, chooses
otherwise. Findings about confidentiality are not judged here: `privacy` holds them back whatever is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from parvis.checks.issues import NO_RECORD
from parvis.core.errors import UsageError
from parvis.core.sentence import Listed, Sentence, spoken
from parvis.core.types import Finding
from parvis.core.types import GateKind as Kind
from parvis.core.types import GateVerdict as Verdict

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
KINDS: tuple[Kind, ...] = get_args(Kind)

DRIFT = "drift-"
"""What the code of a finding about two versions begins with."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What each kind of finding does."""

    errors: Verdict = "warn"
    warnings: Verdict = "warn"
    changes: Verdict = "warn"
    breaks: Verdict = "hold"

    def of(self, kind: Kind) -> Verdict:
        return getattr(self, kind)


def policy(*layers: Mapping[str, str]) -> Policy:
    """The policy that these say, a later one winning over an earlier. Raises UsageError for a kind or a
    verdict that is none.
    """
    chosen: dict[str, str] = {}
    for each in layers:
        chosen |= each
    for kind, verdict in chosen.items():
        if kind not in KINDS or verdict not in VERDICTS:
            raise UsageError(
                Sentence(
                    "« {kind} = {verdict} » n’est pas une règle de publication.", kind=kind, verdict=verdict
                ),
                mend=Sentence(
                    "Ce qui se règle : {list} ; les choix : warn (publier et le dire), hold (retenir), refuse (refuser).",
                    list=", ".join(KINDS),
                ),
            )
    return Policy(**cast("dict[str, Verdict]", chosen))


def kind(finding: Finding) -> Kind | None:
    """What a finding is to the gate; None when it is nothing to it."""
    if finding.dimension == "confidentiality" or finding.severity == "info":
        return None
    if finding.check == NO_RECORD and finding.severity == "error":
        return "breaks"
    if finding.check.startswith(DRIFT):
        return "breaks" if finding.severity == "error" else "changes"
    return "errors" if finding.severity == "error" else "warnings"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate says of a version, and the findings that made it say so."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()

    @property
    def todo(self) -> str:
        """French sentence for the sender: why it is not published, and what to do."""
        if self.verdict == "warn":
            return ""
        what = listed(self.findings)
        if self.verdict == "refuse":
            return Sentence(
                "La règle de publication de cette ressource refuse ce fichier : {what} Corrigez le fichier, puis déposez-le à nouveau.",
                what=what,
            )
        return Sentence(
            "La règle de publication de cette ressource retient ce fichier : {what} Corrigez-le et déposez-le à nouveau ; ou, si tout est voulu, "
            "publiez-le malgré tout en disant pourquoi.",
            what=what,
        )


PASSED = Judgement("warn")

SHOWN = 3
"""Findings that a sentence names."""


def listed(findings: Sequence[Finding]) -> Listed:
    """What the first of these findings say, and how many more there are: a part of a sentence."""
    messages = [f.message if "{" in f.message else spoken(f.message) for f in findings[:SHOWN]]
    more = len(findings) - SHOWN
    return Listed([*messages, *([Sentence("(Autres constats : {n}.)", n=more)] if more > 0 else [])], " ")


def judge(findings: Sequence[Finding], by: Policy) -> Judgement:
    """The gravest verdict that the findings call for."""
    called = [(by.of(k), f) for f in findings if (k := kind(f)) is not None]
    verdict = VERDICTS[max((VERDICTS.index(v) for v, _ in called), default=0)]
    return Judgement(verdict, tuple(f for v, f in called if v == verdict and verdict != "warn"))


def changes(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What differs from the version before: said to the sender in any case."""
    return tuple(f for f in findings if f.check.startswith(DRIFT))
