"""A question that is not English: whoever asks is told, while it runs and in the report."""

from pathlib import Path

from agents.scripted import ScriptedServer
from tests.agents.runs import Watching, begin, go


async def test_the_run_and_its_report_say_that_the_question_is_not_english(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        watching = Watching()
        report = await go(begin(tmp_path, 1, "Warum ist Glas spröde?"), server, watch=watching)
        (told,) = watching.notices
        assert "seems to be in German, and PhySH is English" in told
        assert report.notes[0] == told
        assert (await go(begin(tmp_path, 1), server)).notes[0] != told


async def test_latex_comes_whole_into_the_report(tmp_path: Path) -> None:
    """From the model's one backslash to the hypothesis that people read."""
    from agents.scripted import scripted

    def answer(request: object) -> str:
        text = scripted(request)  # type: ignore[arg-type]  # what the server hands on
        return text.replace("Scripted statement:", r"With \tau \times \nu \rightarrow \frac{a}{b}:")

    with ScriptedServer(answer) as server:
        report = await go(begin(tmp_path, 1), server)
    statement = report.hypotheses[0].proposal.statement
    assert statement.startswith(r"With \tau \times \nu \rightarrow \frac{a}{b}:")
