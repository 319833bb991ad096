import threading

from app.jobs.recounts import Recounts

PATIENCE_S = 30.0


def test_many_marks_of_a_run_are_counted_once_more_and_others_follow() -> None:
    counted, begun, go_on = list[str](), threading.Event(), threading.Event()
    done = threading.Event()

    def recount(run: str) -> None:
        counted.append(run)
        begun.set()
        assert go_on.wait(PATIENCE_S)
        if run == "other":
            done.set()

    recounts = Recounts(recount)
    recounts.add("run")
    assert begun.wait(PATIENCE_S)
    for _ in range(150):
        recounts.add("run")
    recounts.add("other")
    go_on.set()
    assert done.wait(PATIENCE_S)
    assert counted == ["run", "run", "other"]


def test_a_recount_that_fails_does_not_end_the_others() -> None:
    done = threading.Event()

    def recount(run: str) -> None:
        if run == "broken":
            raise ValueError(run)
        done.set()

    recounts = Recounts(recount)
    recounts.add("broken")
    recounts.add("whole")
    assert done.wait(PATIENCE_S)
