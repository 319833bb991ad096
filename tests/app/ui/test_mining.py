"""The page with the map, against a service that answers from a table."""

from collections.abc import Callable

import pytest

from agents.mining import JobState, Mined, MiningProgress, PairState, TransferPair
from agents.mining.atlas import Meeting, Surprise, Traveller
from agents.mining.meetings import Compared
from agents.schema import (
    AtlasRef,
    ConceptRef,
    Contrast,
)
from agents.schema.transfer import SharedChallenge, Term
from app.api.mining_schema import Map, MiningList, TransferPage
from app.api.schema import Tree
from app.atlas_map import (
    AtlasMap,
    ConceptNeighbour,
    ConceptNeighbourhood,
    DisciplineLink,
    Exchange,
    Known,
    OpenPair,
)
from app.jobs.state import RunState
from retrieval.passage import Work
from tests.agents.samples import FINDING, TRANSFER
from tests.app.ui.test_views import Answers, Fake, answer, info, show, words

pytestmark = pytest.mark.slow

__all__ = ["answer"]  # a fixture

EVIL = "**<b>bold</b>** :smile: [x](javascript:alert(1))"
TREE = Tree(
    uri=None,
    label="PhySH",
    children=[Tree(uri="u", label=label, children=[]) for label in ("Networks", "Soft Matter")],
)


def ref(label: str) -> ConceptRef:
    return ConceptRef(uri=f"https://doi.org/10.29172/{label}", label=label)


def mined() -> Mined:
    pair = TransferPair(
        id="a" * 32,
        method=ref("Percolation"),
        home=ref("Networks"),
        target=ref("Gelation"),
        field=ref("Soft Matter"),
        methods_facet="Techniques",
        targets_facet="Research Areas",
        fit=0.5,
        distance=4,
    )
    finding = FINDING.model_copy(update={"transfer": TRANSFER.model_copy(update={"method_does": EVIL})})
    return Mined(pair=pair, state=PairState.DONE, finding=finding)


def job(state: JobState) -> MiningProgress:
    return MiningProgress(job="j", state=state, pairs=3, done=1, failed=0, calls=1, tokens=500, cost_usd=0.0)


def known(state: JobState) -> Answers:
    one = mined()
    meeting = Meeting(home=one.pair.home, field=one.pair.field, pairs=1, yes=1, maybe=0, mark=75, best=75)
    method = Traveller(method=ref("Self-organized criticality"), fields=1, fields_maybe=1, pairs=1, mark=75)
    shared = SharedChallenge(challenge="many scales", in_first="hubs", in_second="chains")
    contrast = Contrast(
        shared=[shared, shared],
        only_first=["rewiring", "growth"],
        only_second=["flow", "ageing"],
        glossary=[Term(first="giant component", second="gel", meaning="what spans the sample")],
    )
    found = Map(
        note="1 of 3 pairs, answered by scripted.",
        meetings=[meeting],
        methods=[method],
        surprises=[Surprise(mined=one, works=None)],
        contrasts=[Compared(first="Networks", second="Soft Matter", contrast=contrast, model="scripted")],
    )
    return {
        "GET /v1/mining": MiningList(items=[job(state)]),
        "GET /v1/mining/j": job(state),
        "GET /v1/concepts/tree": TREE,
        "GET /v1/mining/j/map": found,
        "GET /v1/mining/j/transfers": TransferPage(items=[one]),
        "POST /v1/mining/j/pause": job(state),
        "POST /v1/runs": info(RunState.QUEUED),
    }


@pytest.fixture
def service(answer: Callable[[Answers], Fake], monkeypatch: pytest.MonkeyPatch) -> Callable[[Answers], Fake]:
    def put(answers: Answers) -> Fake:
        from app.ui import service as page_service

        fake = answer(answers)
        for view in ("mining", "literature_map", "new_job"):
            monkeypatch.setattr(f"app.ui.views.{view}.connect", page_service.connect)
        return fake

    return put


def test_without_jobs_it_says_how_to_start_one(service: Callable[[Answers], Fake]) -> None:
    service({"GET /v1/mining": MiningList(items=[]), "GET /v1/concepts/tree": TREE})
    assert "hypofind mine run" in words(show("mining", job="j"))


def test_the_map_is_shown_and_a_models_words_stay_words(service: Callable[[Answers], Fake]) -> None:
    service(known(JobState.RUNNING))
    page = show("mining", job="j")
    told = words(page)
    assert "answered by scripted" in told
    assert EVIL in [one.value for one in page.text]
    assert "The literature was not searched" in told
    assert "giant component = gel (what spans the sample)" in [one.value for one in page.text]
    assert list(page.dataframe[0].value["Method"]) == ["Self-organized criticality"], "a table is no Markdown"
    assert {"Pause", "Cancel"} <= {button.label for button in page.button}


def test_a_model_s_words_in_a_comparison_are_inert_where_streamlit_reads_markdown(
    service: Callable[[Answers], Fake],
) -> None:
    """A shared challenge is a label there, and labels are Markdown."""
    attack = "x** ![p](http://198.51.100.7/pixel.png) [click](http://198.51.100.7/)"
    answers = known(JobState.DONE)
    found = Map.model_validate(answers["GET /v1/mining/j/map"])
    shared = SharedChallenge(challenge=attack, in_first=attack, in_second=attack)
    contrast = found.contrasts[0].contrast.model_copy(
        update={"shared": [shared] * 2, "only_first": [attack] * 2, "only_second": [attack] * 2}
    )
    compared = Compared(first=attack, second="Soft Matter", contrast=contrast, model=attack)
    service(answers | {"GET /v1/mining/j/map": found.model_copy(update={"contrasts": [compared]})})
    page = show("mining", job="j")
    read = [one.value for one in [*page.markdown, *page.caption]] + [one.label for one in page.expander]
    shown = [text for text in read if "pixel" in text]
    assert len(shown) >= 4, "label, name, model and heading are all there to be read"
    assert not [text for text in shown if "](" in text]


def test_what_failed_is_told_and_may_be_tried_again(service: Callable[[Answers], Fake]) -> None:
    failed = job(JobState.DONE).model_copy(update={"failed": 2, "failures": {"no readable answer": 2}})
    service(known(JobState.DONE) | {"GET /v1/mining": MiningList(items=[failed])})
    page = show("mining", job="j")
    assert "2 × no readable answer" in words(page)
    assert "Start" in {button.label for button in page.button}


def test_a_job_is_paused_from_the_page(service: Callable[[Answers], Fake]) -> None:
    fake = service(known(JobState.RUNNING))
    show("mining", job="j").button(key="pause-j").click().run()
    assert "POST /v1/mining/j/pause" in fake.sent


def test_a_job_that_waits_may_be_paused_or_cancelled_and_one_that_is_done_may_not(
    service: Callable[[Answers], Fake],
) -> None:
    for state, offered in (
        (JobState.PLANNED, {"Start", "Pause", "Cancel"}),
        (JobState.PAUSED, {"Start", "Cancel"}),
        (JobState.BUDGET, {"Start", "Cancel"}),
        (JobState.CANCELLED, set[str]()),
    ):
        service(known(state))
        shown = {button.label for button in show("mining", job="j").button}
        assert shown & {"Start", "Pause", "Cancel"} == offered


def test_pages_of_transfers_are_turned(service: Callable[[Answers], Fake]) -> None:
    fake = service(
        known(JobState.DONE) | {"GET /v1/mining/j/transfers": TransferPage(items=[mined()], next="2")}
    )
    page = show("mining", job="j")
    assert "Better" not in {button.label for button in page.button}
    next(button for button in page.button if button.label == "Further").click().run()
    assert "Better" in {button.label for button in page.button}
    assert fake.asked["GET /v1/mining/j/transfers"]["cursor"] == "2"
    assert "51 to 51, best first" in words(page)


def test_a_transfer_opens_a_run_with_the_methods_perspective(service: Callable[[Answers], Fake]) -> None:
    fake = service(known(JobState.DONE))
    page = show("mining", job="j")
    assert not {"Pause", "Start"} & {button.label for button in page.button}
    page.button(key=f"ask-{mined().pair.id}").click().run()
    sent = fake.sent["POST /v1/runs"]
    assert "Could Percolation, a method of Networks, help with Gelation in Soft Matter?" in sent["question"]
    assert sent["pins"] == {"frameworks": [ref("Percolation").uri], "disciplines": [ref("Networks").uri]}


def written() -> Answers:
    networks, soft = ref("Networks"), ref("Soft Matter")
    paper = Work(source="shipped", id="1", title=EVIL, year=2011, arxiv="1101.00001")
    pair = Known(
        first=ref("Percolation"),
        second=ref("Gelation"),
        together=31,
        first_year=1994,
        direction="rising",
        works=[paper],
    )
    return {
        "GET /v1/atlas": AtlasMap(
            atlas=AtlasRef(name="arXiv physics", works=154_054, since=1986, until=2016, sha256="ab" * 32),
            meetings=[DisciplineLink(home=networks, field=soft, pairs=12, methods=3, problems=5, since=1994)],
        ),
        "GET /v1/atlas/transfers": Exchange(
            home=networks,
            field=soft,
            known=[pair],
            open=[OpenPair(method=ref("Percolation"), problem=ref("Foams"), shared=9)],
        ),
        "GET /v1/atlas/concept": ConceptNeighbourhood(
            concept=ref("Turbulence"),
            works=70,
            by_year={2011: 30, 2012: 40},
            neighbours=[ConceptNeighbour(concept=ref("Convection"), together=20, strength=2.1)],
            papers=[paper],
        ),
    }


def test_without_jobs_the_map_shows_what_the_literature_transfers(
    service: Callable[[Answers], Fake],
) -> None:
    fake = service(written())
    page = show("mining")
    told = words(page)
    assert "154,054 abstracts of 1986–2016" in told
    known_pairs, open_pairs = (table.value for table in page.dataframe[:2])
    assert list(known_pairs["Abstracts"]) == [31]
    assert list(known_pairs["Since"]) == ["1994"]
    assert list(open_pairs["Problem"]) == ["Foams"]
    assert fake.asked["GET /v1/atlas/transfers"]["home"] == "Networks"
    page.text_input(key="atlas-concept").set_value("Chaos").run()
    assert fake.asked["GET /v1/atlas/concept"]["name"] == "Chaos"


def test_a_job_is_planned_and_started_on_the_page(service: Callable[[Answers], Fake]) -> None:
    answers = {"POST /v1/mining": job(JobState.PLANNED), "POST /v1/mining/j/start": job(JobState.RUNNING)}
    fake = service(known(JobState.RUNNING) | answers)
    page = show("mining", job="j")
    next(one for one in page.text_input if one.label == "Name").set_value("j")
    next(one for one in page.multiselect if one.label == "Methods of").set_value(["Networks"])
    next(one for one in page.button if one.label == "Plan and start").click().run()
    sent = fake.sent["POST /v1/mining"]
    assert (sent["name"], sent["sources"], sent["targets"], sent["pairs"]) == ("j", ["Networks"], "all", 50)
    assert "POST /v1/mining/j/start" in fake.sent


def test_a_job_without_a_name_is_told_so(service: Callable[[Answers], Fake]) -> None:
    fake = service(known(JobState.DONE))
    page = show("mining", job="j")
    next(one for one in page.button if one.label == "Plan and start").click().run()
    assert any("name" in error.value for error in page.error)
    assert "POST /v1/mining" not in fake.sent


def test_what_the_literature_knows_of_a_transfer_is_told() -> None:
    from app.ui.views.mining import told

    pair = Known(first=ref("a"), second=ref("b"), together=0, first_year=None, direction="too few", works=[])
    assert told(pair).startswith("New to the atlas")
    assert "31 abstracts name the two together, since 1994 (rising)" in told(
        pair.model_copy(update={"together": 31, "first_year": 1994, "direction": "rising"})
    )
