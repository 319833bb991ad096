"""Each hypothesis of a published run as a nanopublication, signed with the author's own key and sent nowhere.

Assertion, provenance and publication info as https://nanopub.net has them. The statement is asserted to be a
hypothesis (hycl:Statement), was written by a model, and is attributed to the run; the author signs that this
was published, and not that it is true.
"""

from pathlib import Path

from rdflib import DCTERMS, PROV, RDF, RDFS, Graph, Literal, Namespace, URIRef

from agents.schema import Hypothesis, Report
from app.errors import InputError
from app.exports.markdown import name_model
from app.publishing.authors import LICENCES, Author
from tools.extras import say_missing

HYCL = Namespace("http://purl.org/petapico/o/hycl#")
THIS = Namespace("https://w3id.org/hypothesis-finder/runs/")
UNSIGNED = URIRef("http://purl.org/nanopub/temp/np")
"""Stands for the nanopublication until its signature gives it a name."""
ASSERTION = URIRef(f"{UNSIGNED}#assertion")


class BadKey(InputError):
    """The key cannot sign."""


def sign_hypotheses(report: Report, author: Author, licence: str, key: Path) -> dict[str, str]:
    """Return file names and TriG, one for each hypothesis. Raises BadKey.

    Args:
        report: of the public copy.
        author: who signs; needs an ORCID iD.
        licence: SPDX name.
        key: file with an RSA private key, as `np setup` makes it.
    """
    if author.orcid is None:
        raise BadKey(f"nanopublications are signed by an ORCID iD: give {author.name} <0000-…>")
    try:
        from nanopub.nanopub import Nanopub
        from nanopub.nanopub_conf import NanopubConf
        from nanopub.profile import Profile
    except ModuleNotFoundError as error:
        raise BadKey(say_missing("publish", "nanopub")) from error
    try:
        profile = Profile(author.address, author.name, private_key=key)
    except (OSError, ValueError) as error:
        raise BadKey(f"{key} is no RSA private key that can sign ({error}): np setup makes one") from error
    signed = {}
    for one in report.hypotheses:
        paper = Nanopub(
            assertion=_assert(report, one),
            provenance=_provide(report, one),
            pubinfo=_inform(licence),
            conf=NanopubConf(profile=profile, attribute_publication_to_profile=True),
        )
        paper.sign()
        if not paper.is_valid:
            raise BadKey(f"the nanopublication of {one.perspective.key} is not valid once it is signed")
        signed[f"nanopub-{one.perspective.key}.trig"] = str(paper.rdf.serialize(format="trig"))
    return signed


def _name(report: Report, one: Hypothesis) -> URIRef:
    return THIS[f"{report.run}#{one.perspective.key}"]


def _assert(report: Report, one: Hypothesis) -> Graph:
    graph, name = Graph(), _name(report, one)
    graph.add((name, RDF.type, HYCL.Statement))
    graph.add((name, RDFS.label, Literal(one.proposal.statement, lang="en")))
    return graph


def _provide(report: Report, one: Hypothesis) -> Graph:
    """How the assertion came to be, and what tests said of it."""
    graph, run = Graph(), THIS[report.run]
    graph.add((ASSERTION, PROV.wasGeneratedBy, run))
    graph.add((ASSERTION, DCTERMS.creator, Literal(name_model(one.model))))
    graph.add((run, RDFS.label, Literal(report.question)))
    for test in one.tests:
        graph.add((ASSERTION, RDFS.comment, Literal(f"test {test.verdict.value}: {test.result.reason}")))
    return graph


def _inform(licence: str) -> Graph:
    graph = Graph()
    graph.add((UNSIGNED, DCTERMS.license, URIRef(LICENCES[licence])))
    return graph
