"""A graph as one who harvests it walks it: from a thing, by a predicate, to texts, addresses and other
things.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from parvis.catalogue.rdf import Iri, Name, Node, Object, Text, expand


class View:
    """The nodes of one graph, found by their IRI. What an IRI leads to outside the graph is not known:
    nothing is fetched.
    """

    def __init__(self, graph: Iterable[Node]) -> None:
        self._nodes: Mapping[str, Node] = {node.iri: node for node in graph}

    def of_kind(self, kind: str) -> Iterator[Node]:
        """The named nodes of a class (`dcat:Dataset`), in the order of the graph."""
        return (node for node in self._nodes.values() if kind in node.kinds)

    def objects(self, node: Node, predicate: str) -> tuple[Object, ...]:
        """What is said of a node by a predicate."""
        return tuple(o for name, objects in node.properties if name == predicate for o in objects)

    def texts(self, node: Node, predicate: str) -> tuple[str, ...]:
        """The literals among them, in order."""
        return tuple(o.value for o in self.objects(node, predicate) if isinstance(o, Text))

    def text(self, node: Node, predicate: str) -> str:
        """The first literal, "" when there is none."""
        return next(iter(self.texts(node, predicate)), "")

    def addresses(self, node: Node, predicate: str) -> tuple[str, ...]:
        """The IRIs among them, absolute."""
        return tuple(
            expand(o.value) if isinstance(o, Name) else o.iri if isinstance(o, Node) else o.value
            for o in self.objects(node, predicate)
            if _named(o)
        )

    def address(self, node: Node, predicate: str) -> str:
        """The first IRI, "" when there is none."""
        return next(iter(self.addresses(node, predicate)), "")

    def things(self, node: Node, predicate: str) -> tuple[Node, ...]:
        """The nodes that it leads to inside the graph, nested or named."""
        nodes = (
            o if isinstance(o, Node) else self._nodes.get(o.value) if isinstance(o, Iri) else None
            for o in self.objects(node, predicate)
        )
        return tuple(n for n in nodes if n is not None)


def _named(o: Object) -> bool:
    return isinstance(o, Iri | Name) or (isinstance(o, Node) and bool(o.iri))
