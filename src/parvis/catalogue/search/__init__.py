"""Full-text search over the entries."""

from parvis.catalogue.search.documents import Document, document
from parvis.catalogue.search.facets import Bucket, Filters
from parvis.catalogue.search.index import Hits, Index, Sort

__all__ = ["Bucket", "Document", "Filters", "Hits", "Index", "Sort", "document"]
