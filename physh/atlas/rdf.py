"""The atlas as RDF: each pair of concepts an observation of the RDF Data Cube, with its provenance."""

from collections.abc import Iterator

import numpy as np

from physh.atlas.atlas import Atlas

QB = "http://purl.org/linked-data/cube#"
PROV = "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
OWN = "urn:hypofind:atlas:"


def triples(atlas: Atlas, least: int = 3) -> Iterator[str]:
    """Lines of N-Triples: the data set, and pairs that are in at least `least` works."""
    data = _data(atlas)
    yield f"{data} {RDF_TYPE} <{QB}DataSet> .\n"
    yield f"{data} {RDF_TYPE} <{PROV}Entity> .\n"
    yield f"{data} <http://purl.org/dc/terms/title> {_text(str(atlas.about['name']))} .\n"
    yield f"{data} <{OWN}works> {_integer(atlas.total)} .\n"
    yield f"{data} <{PROV}value> {_text(str(atlas.about['command']))} .\n"
    for name, digest in atlas.about["files"].items():
        yield f"{data} <{PROV}wasDerivedFrom> <urn:sha256:{digest}> .\n"
        yield f"<urn:sha256:{digest}> <http://purl.org/dc/terms/title> {_text(name)} .\n"
    for place in range(len(atlas.uris)):
        others, together, strengths = atlas.row(place)
        for at in np.flatnonzero((others > place) & (together >= least)):
            yield from _observation(atlas, (place, int(others[at])), int(together[at]), float(strengths[at]))


def _data(atlas: Atlas) -> str:
    return f"<{OWN}{atlas.sha256[:16] or 'unsaved'}>"


def _observation(atlas: Atlas, pair: tuple[int, int], together: int, strength: float) -> Iterator[str]:
    data = _data(atlas)
    node = f"<{data[1:-1]}:{pair[0]}-{pair[1]}>"
    first, second = (atlas.uris[place] for place in pair)
    yield f"{node} {RDF_TYPE} <{QB}Observation> .\n"
    yield f"{node} <{QB}dataSet> {data} .\n"
    yield f"{node} <{OWN}concept> <{first}> .\n"
    yield f"{node} <{OWN}concept> <{second}> .\n"
    yield f"{node} <{OWN}together> {_integer(together)} .\n"
    yield f'{node} <{OWN}strength> "{strength:.2f}"^^<{XSD}decimal> .\n'
    year = atlas.pair(first, second).first_year
    yield f'{node} <{OWN}firstYear> "{year}"^^<{XSD}gYear> .\n'


def _integer(number: int) -> str:
    return f'"{number}"^^<{XSD}integer>'


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ")
    return f'"{escaped}"'
