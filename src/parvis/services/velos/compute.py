"""From what the feed says of each station to what a rider may expect there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Public

FEW = 2
"""At this many bikes or fewer a rider who walks there may find none."""

SILENT_MIN = 30
"""After so many minutes without news a station's numbers are not to be trusted."""


def compute(inputs: Mapping[str, Public], now: datetime) -> Mapping[str, Public]:
    """Say of each station whether a rider can take or leave a bike. The answer depends on the feed's own
    clock, not on `now`.
    """
    from_feed = inputs["releves"]
    (version,) = from_feed.versions
    kept = [
        _c(name) for name in ("station_id", "nom", "capacite", "velos", "mecaniques", "electriques", "places")
    ]
    tree = exp.select(
        *kept, _state().as_("etat"), _age().as_("age_min"), _c("releve_le"), _c("flux_du"), _c("_point")
    ).from_(exp.Table(this=exp.to_identifier(version, quoted=True)))
    return {"etat": from_feed.querying(tree)}


def _c(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _age() -> Expr:
    """Minutes between the station's last news and the moment of the feed; unknown when the station never
    spoke.
    """
    return exp.Anonymous(
        this="date_diff", expressions=[exp.Literal.string("minute"), _c("releve_le"), _c("flux_du")]
    )


def _state() -> Expr:
    closed = exp.or_(exp.not_(_c("installee")), exp.and_(exp.not_(_c("prend")), exp.not_(_c("rend"))))
    silent = exp.or_(
        exp.Is(this=_c("releve_le"), expression=exp.Null()),
        exp.GT(this=_age(), expression=exp.Literal.number(SILENT_MIN)),
    )
    none = exp.Literal.number(0)
    return (
        exp.case()
        .when(closed, exp.Literal.string("fermée"))
        .when(silent, exp.Literal.string("sans nouvelles"))
        .when(exp.not_(_c("prend")), exp.Literal.string("retour seul"))
        .when(exp.not_(_c("rend")), exp.Literal.string("prêt seul"))
        .when(exp.EQ(this=_c("velos"), expression=none), exp.Literal.string("vide"))
        .when(exp.EQ(this=_c("places"), expression=none), exp.Literal.string("plein"))
        .when(
            exp.LTE(this=_c("velos"), expression=exp.Literal.number(FEW)), exp.Literal.string("peu de vélos")
        )
        .else_(exp.Literal.string("ok"))
    )
