"""The addresses of the catalogue: the one place that knows the public addresses that a catalogue must name."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

EXPLORE = "/api/explore/v2.1"
"""Root of the query API."""


@dataclass(frozen=True, slots=True)
class Links:
    """Absolute addresses below the public address of a portal. They must never change: harvesters match by
    them.
    """

    base: str
    """Public address, https and without a final slash in production."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "base", self.base.rstrip("/"))

    @property
    def home(self) -> str:
        return f"{self.base}/"

    @property
    def api(self) -> str:
        return f"{self.base}{EXPLORE}"

    @property
    def api_page(self) -> str:
        """Page that explains the API."""
        return f"{self.base}/api"

    @property
    def search(self) -> str:
        return f"{self.base}/jeux"

    def catalogue(self, extension: str, page: int = 1, size: int = 0) -> str:
        """The DCAT catalogue in a format; size 0: whole."""
        return f"{self.base}/catalogue.{extension}" + (f"?page={page}&page_size={size}" if size else "")

    def dataset(self, dataset: str) -> str:
        return f"{self.base}/jeux/{quote(dataset)}"

    def organisation(self, organisation: str) -> str:
        return f"{self.base}/organisations/{quote(organisation)}"

    def records(self, table: str) -> str:
        """Rows of a table through the query API."""
        return f"{self.api}/catalog/datasets/{quote(table, safe='')}/records"

    def export(self, table: str, form: str) -> str:
        """A table as a file."""
        return f"{self.api}/catalog/datasets/{quote(table, safe='')}/exports/{quote(form)}"


def table_name(resource: str, *, first: bool) -> str:
    """Name of a resource in the query API, which knows one table a name: the eldest of a dataset bears the dataset’s, the others `<dataset>--<name>`.

    >>> table_name("budget/depenses", first=True), table_name("budget/recettes", first=False)
    ('budget', 'budget--recettes')
    """
    dataset, _, name = resource.partition("/")
    return dataset if first or not name else f"{dataset}--{name}"


def resource_part(resource: str) -> str:
    """The name of a resource inside its dataset.

    >>> resource_part("budget/recettes")
    'recettes'
    """
    return resource.partition("/")[2] or resource
