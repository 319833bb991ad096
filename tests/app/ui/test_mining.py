"""The page with the map, against a service that answers from a table."""

from collections.abc import Callable

import pytest

from agents.mining import Finding, JobState, Mined, Pair, PairState, Progress
from agents.mining.atlas import Meeting, Surprise, Traveller
from agents.mining.contrasts import Compared
from agents.schema import ConceptRef, Contrast, Correspondence, Mark, Transfer, TransferMarks, Verdict
from agents.schema.transfer import SharedChallenge, Term
from app.api.mining_schema import Map, MiningList, Transfers
from app.jobs.state import RunState
from tests.app.ui.test_views import Answers, Fake, answer, info, show, words

__all__ = ["answer"]  # a fixture

EVIL = "**<b>bold</b>** :smile: [x](javascript:alert(1))"
MARK = Mark(reason="so it seems", mark=4)


def ref(label: str) -> ConceptRef:
    return ConceptRef(uri=f"https://doi.org/10.29172/{label}", label=label)


def mined() -> Mined:
    pair = Pair(
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
    transfer = Transfer(
        method_does=EVIL,
        challenge="when a path first spans the sample",
        mapping=Correspondence(variables="bonds", data="counts", symmetries="none", scale="large"),
        must_hold="bonds form at random",
        first_test="measure the exponent",
        marks=TransferMarks(structure=MARK, soundness=MARK, feasibility=MARK),
        reason="the same structure",
        verdict=Verdict.YES,
    )
    finding = Finding(
        transfer=transfer, mark=75, spread=None, verdicts=[Verdict.YES], model="scripted", known_uses=None
    )
    return Mined(pair=pair, state=PairState.DONE, finding=finding)


def job(state: JobState) -> Progress:
    return Progress(job="j", state=state, pairs=3, done=1, failed=0, calls=1, tokens=500, cost_usd=0.0)


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
        "GET /v1/mining/j/map": found,
        "GET /v1/mining/j/transfers": Transfers(items=[one]),
        "POST /v1/mining/j/pause": job(state),
        "POST /v1/runs": info(RunState.QUEUED),
    }


@pytest.fixture
def service(answer: Callable[[Answers], Fake], monkeypatch: pytest.MonkeyPatch) -> Callable[[Answers], Fake]:
    def put(answers: Answers) -> Fake:
        from app.ui import service as page_service

        fake = answer(answers)
        monkeypatch.setattr("app.ui.views.mining.connect", page_service.connect)
        return fake

    return put


def test_without_jobs_it_says_how_to_start_one(service: Callable[[Answers], Fake]) -> None:
    service({"GET /v1/mining": MiningList(items=[])})
    assert "hypofind mine run" in words(show("mining"))


def test_the_map_is_shown_and_a_models_words_stay_words(service: Callable[[Answers], Fake]) -> None:
    service(known(JobState.RUNNING))
    page = show("mining")
    told = words(page)
    assert "answered by scripted" in told
    assert EVIL in [one.value for one in page.text]
    assert "The literature was not searched" in told
    assert "giant component = gel (what spans the sample)" in [one.value for one in page.text]
    assert list(page.dataframe[0].value["Method"]) == ["Self-organized criticality"], "a table is no Markdown"
    assert {"Pause", "Cancel"} <= {button.label for button in page.button}


def test_what_failed_is_told_and_may_be_tried_again(service: Callable[[Answers], Fake]) -> None:
    failed = job(JobState.DONE).model_copy(update={"failed": 2, "failures": {"no readable answer": 2}})
    service(known(JobState.DONE) | {"GET /v1/mining": MiningList(items=[failed])})
    page = show("mining")
    assert "2 × no readable answer" in words(page)
    assert "Start" in {button.label for button in page.button}


def test_a_job_is_paused_from_the_page(service: Callable[[Answers], Fake]) -> None:
    fake = service(known(JobState.RUNNING))
    show("mining").button(key="pause-j").click().run()
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
        shown = {button.label for button in show("mining").button}
        assert shown & {"Start", "Pause", "Cancel"} == offered


def test_pages_of_transfers_are_turned(service: Callable[[Answers], Fake]) -> None:
    fake = service(
        known(JobState.DONE) | {"GET /v1/mining/j/transfers": Transfers(items=[mined()], next="2")}
    )
    page = show("mining")
    assert "Better" not in {button.label for button in page.button}
    next(button for button in page.button if button.label == "Further").click().run()
    assert "Better" in {button.label for button in page.button}
    assert fake.asked["GET /v1/mining/j/transfers"]["cursor"] == "2"
    assert "51 to 51, best first" in words(page)


def test_a_transfer_opens_a_run_with_the_methods_perspective(service: Callable[[Answers], Fake]) -> None:
    fake = service(known(JobState.DONE))
    page = show("mining")
    assert not {"Pause", "Start"} & {button.label for button in page.button}
    page.button(key=f"ask-{mined().pair.id}").click().run()
    sent = fake.sent["POST /v1/runs"]
    assert "Could Percolation, a method of Networks, help with Gelation in Soft Matter?" in sent["question"]
    assert sent["pins"] == {"frameworks": [ref("Percolation").uri], "disciplines": [ref("Networks").uri]}
