"""No modules import each other in a circle, not even inside functions: each file can be read by itself."""

import grimp
import networkx as nx

PACKAGES = ("app", "agents", "physh", "retrieval", "tools", "prompts", "bench")


def test_no_modules_import_each_other_in_a_circle() -> None:
    """A package's `__init__` hands on what its modules hold, and is no module of the circle."""
    known = grimp.build_graph(*PACKAGES, cache_dir=None)
    packages = {name for name in known.modules if known.find_children(name)}
    links = nx.DiGraph(
        (one, other)
        for one in known.modules - packages
        for other in known.find_modules_directly_imported_by(one) - packages
    )
    circles = [sorted(found) for found in nx.strongly_connected_components(links) if len(found) > 1]
    assert circles == []
