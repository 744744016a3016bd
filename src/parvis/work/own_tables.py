"""Tables that the platform makes of itself (quality, use), published as datasets like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from parvis.core.arrow import arrow_table
from parvis.core.text import slug
from parvis.core.types import Dataset, Resource, Schema
from parvis.publication.city import City
from parvis.store import datasets, versions
from parvis.work import live_hours


def publish(
    city: City,
    dataset: Dataset,
    resource: Resource,
    schema: Schema,
    rows: Sequence[Mapping[str, object]],
    *,
    what: str,
    publishers: Sequence[str],
    inputs: tuple[str, ...] = (),
) -> bool:
    """Publish rows as the table of a dataset, which is made the first time. Returns whether there is a new version.

    what: the run that made it; inputs: digests of the versions it was made from; publishers: the organisation of each dataset
    that is out.
    """
    file = live_hours.put(city, arrow_table(schema, rows))
    with city.db.begin() as conn:
        if datasets.dataset(conn, dataset.id) is None:
            known = [o.id for o in datasets.organisations(conn)]
            datasets.save_dataset(conn, replace(dataset, publisher=_town(city, known, publishers)))
        resource = datasets.describe_resource(conn, resource)
        before = versions.latest(conn, resource.id)
    version = live_hours.publish(city, resource, schema, (file,), inputs, what=what)
    return before is None or before.digest != version.digest


def _town(city: City, known: Sequence[str], publishers: Sequence[str]) -> str:
    """The organisation that answers for the state of it all: the town itself where it is one, else the one
    that publishes most.
    """
    own = slug(city.settings.city.name)
    return own if own in known else max(sorted(set(publishers)), key=publishers.count)
