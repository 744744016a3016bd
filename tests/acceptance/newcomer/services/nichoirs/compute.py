"""From a list of nest boxes to their number by district."""

from collections.abc import Mapping
from datetime import datetime

from sqlglot import exp

from parvis.core.released import Public


def compute(inputs: Mapping[str, Public], now: datetime) -> Mapping[str, Public]:
    """Count the boxes of each district, fewest first."""
    boxes = inputs["nichoirs"]
    (version,) = boxes.versions
    district = exp.column("quartier", quoted=True)
    count = exp.Alias(this=exp.Count(this=exp.Star()), alias=exp.to_identifier("nichoirs", quoted=True))
    tree = (
        exp.select(district, count)
        .from_(exp.Table(this=exp.to_identifier(version, quoted=True)))
        .group_by(district.copy())
        .order_by(exp.column("nichoirs", quoted=True), district.copy())
    )
    return {"par-quartier": boxes.querying(tree)}
