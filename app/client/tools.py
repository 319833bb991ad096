"""Tools and tests of claims over the REST API, at once or queued, and results that were kept."""

import time
from collections.abc import Iterator, Mapping, Sequence

from app.api.long_tests import TestInfo, TestPage
from app.api.long_tools import UseInfo, UsePage
from app.api.schema import ToolList, ToolResult
from app.api.tests import InstrumentPage
from app.api.tools import ResultList
from app.client.wire import POLL_S, ServiceMethods, read, segment
from app.jobs.benches import LongTest, ToolUse
from app.jobs.events import RunEvent
from app.results import Kept
from tools.experiments import ExperimentResult

SLOWEST_S = 75.0  # a tool has a minute, and may wait for its turn


class ToolMethods(ServiceMethods):
    """Tools, instruments, tests and kept results."""

    def tools(self) -> ToolList:
        return self._wire.get(ToolList, "/v1/tools")

    def run_tool(self, name: str, arguments: Mapping[str, object], *, keep: bool = False) -> ToolResult:
        """Run a tool and return its result; with `keep` it stays, under the name in `kept`."""
        path = f"/v1/tools/{segment(name)}" + ("?keep=true" if keep else "")
        return read(ToolResult, self._wire.send("POST", path, json=dict(arguments), timeout=SLOWEST_S))

    def results(self) -> Sequence[Kept]:
        """Return the results that were kept, newest first."""
        return self._wire.get(ResultList, "/v1/results").items

    def result(self, name: str) -> Kept:
        return self._wire.get(Kept, _result(name))

    def test_claim(self, statement: str, *, seconds: float = 20.0) -> ExperimentResult:
        """Test a claim that is said in a sentence, in so many seconds of a core. No model is asked."""
        said = {"statement": statement, "seconds": seconds}
        return read(ExperimentResult, self._wire.send("POST", "/v1/tests", json=said, timeout=SLOWEST_S))

    def queue_test(self, claim: LongTest) -> TestInfo:
        """Queue a test of a claim that may take as long as an hour."""
        return self._wire.post(TestInfo, "/v1/tests/jobs", claim)

    def queued_test(self, test: str) -> TestInfo:
        return self._wire.get(TestInfo, _test(test))

    def queued_tests(self, *, limit: int = 20, cursor: str | None = None) -> TestPage:
        """Newest first."""
        return self._wire.get(TestPage, "/v1/tests/jobs", limit=limit, cursor=cursor)

    def test_events(self, test: str, *, after: int = 0) -> Iterator[RunEvent]:
        return self._wire.follow(_test(test), after)

    def cancel_test(self, test: str) -> TestInfo:
        return self._wire.post(TestInfo, f"{_test(test)}/cancel")

    def wait_for_test(self, test: str, timeout_s: float | None = None) -> TestInfo:
        """Return the test once it has ended. Raises TimeoutError."""
        end = None if timeout_s is None else time.monotonic() + timeout_s
        while not (found := self.queued_test(test)).state.is_final:
            if end is not None and time.monotonic() > end:
                raise TimeoutError(f"test {test} is still {found.state} after {timeout_s:g} s")
            time.sleep(POLL_S)
        return found

    def queue_use(self, use: ToolUse) -> UseInfo:
        """Queue a use of a tool that may take as long as an hour; its result is kept."""
        return self._wire.post(UseInfo, "/v1/tools/jobs", use)

    def queued_use(self, use: str) -> UseInfo:
        return self._wire.get(UseInfo, _use(use))

    def queued_uses(self, *, limit: int = 20, cursor: str | None = None) -> UsePage:
        """Newest first."""
        return self._wire.get(UsePage, "/v1/tools/jobs", limit=limit, cursor=cursor)

    def use_events(self, use: str, *, after: int = 0) -> Iterator[RunEvent]:
        return self._wire.follow(_use(use), after)

    def cancel_use(self, use: str) -> UseInfo:
        return self._wire.post(UseInfo, f"{_use(use)}/cancel")

    def instruments(self, text: str = "", *, limit: int = 50, skip: int = 0) -> InstrumentPage:
        return self._wire.get(InstrumentPage, "/v1/instruments", text=text, limit=limit, skip=skip)

    def result_crate(self, result: str, licence: str, authors: Sequence[str]) -> bytes:
        """Return a kept result as a zipped RO-Crate."""
        return self._crate(_result(result), licence, authors)


def _test(test: str) -> str:
    return f"/v1/tests/jobs/{segment(test)}"


def _result(result: str) -> str:
    return f"/v1/results/{segment(result)}"


def _use(use: str) -> str:
    return f"/v1/tools/jobs/{segment(use)}"
