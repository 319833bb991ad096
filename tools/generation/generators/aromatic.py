"""Whether aromatic atoms can be given single and double bonds (a Kekulé structure)."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

Graph: TypeAlias = Mapping[int, Iterable[int]]


def without_leaves(graph: Graph) -> set[int]:
    """The nodes left when nodes with fewer than two neighbours are taken away, again and again.

    An atom that goes this way is on no ring. A neighbour may be listed twice.
    """
    degree = {node: len(list(others)) for node, others in graph.items()}
    leaves = [node for node, count in degree.items() if count < 2]  # noqa: PLR2004 - a ring enters and leaves
    while leaves:
        leaf = leaves.pop()
        if degree.pop(leaf, None) is None:
            continue
        for other in graph[leaf]:
            if other in degree:
                degree[other] -= 1
                if degree[other] == 1:
                    leaves.append(other)
    return set(degree)


def bridges(graph: Graph) -> set[tuple[int, int]]:
    """Edges on no ring, both ways round; graphs of a molecule's size."""
    found = set()
    for node, others in graph.items():
        for other in others:
            if not _reaches(graph, node, other):
                found.add((node, other))
    return found


def _reaches(graph: Graph, start: int, goal: int) -> bool:
    """Whether there is a way from start to goal besides their own bond."""
    seen, waiting = {start}, [node for node in graph[start] if node != goal]
    while waiting:
        node = waiting.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            waiting.extend(graph[node])
    return False


def pairable(graph: Graph, needed: set[int], able: set[int]) -> bool:
    """Whether every needed node can have a partner of its own among the able ones (needed included)."""
    if not needed:
        return True
    free = {node: [other for other in graph[node] if other in able] for node in needed}
    node = min(free, key=lambda place: len(free[place]))
    return any(
        pairable(graph, needed - {node, other}, able - {node, other})
        for other in sorted(free[node], key=lambda other: other not in needed)
    )
