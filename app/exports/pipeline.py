"""The steps of a run as a picture: a row for each perspective, a bar for each call, a mark for each test."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Final

from agents.schema import Report
from app.steps import TEST, Pipeline, RunStep, from_report
from tools.experiments import Verdict

LEFT, RIGHT, TOP, ROW, WIDTH = 150, 150, 34, 26, 860
LEAST: Final = 2.0  # pixels: a call of milliseconds is seen too
COLORS: Final = {
    "propose": "#3b6fb6", "draft": "#3b6fb6", "redraft": "#1f4172", "write": "#7fa6d9",
    "word": "#7fa6d9", "revise": "#1f4172", "match": "#8f9c3a", "gather": "#4d8a4d",
    "choose": "#c2b53c",
    "review": "#c77d2b", "mark": "#e0a96d", "want": "#8d6bb8",
    "cite": "#5b9a8b", "stance": "#2f6f62", "judge": "#b3475a",
    "evolve": "#d95fa0", "same": "#b0a07a", "overview": "#7a7f87",
}  # fmt: skip
OTHER: Final = "#4a4f57"
VERDICTS: Final = {
    Verdict.SURVIVED: "#2e8540", Verdict.REFUTED: "#b3261e",
    Verdict.UNDECIDED: "#a66f00", Verdict.OUTSIDE: "#7a7f87",
}  # fmt: skip
VERDICT_COLORS: Final = {verdict.value: color for verdict, color in VERDICTS.items()}
MOST_TICKS: Final = 6
ROUND: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)  # seconds


def draw_pipeline(report: Report) -> str:
    """Return an SVG; the same report gives the same bytes. Without a call it says so in words."""
    return draw_steps(from_report(report))


def draw_steps(pipeline: Pipeline) -> str:
    """Return an SVG of the steps: a row for each speaker."""
    calls = [step for step in pipeline.steps if step.at is not None]
    tests = [step for step in pipeline.steps if step.step == TEST]
    rows = {one.key: _shortened(one.label) for one in pipeline.speakers}
    height = TOP + ROW * len(rows) + 64
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img" '
        'font-family="system-ui, sans-serif" font-size="12">'
        "<title>When each step of the run took place, by perspective</title>"
    )
    if not calls or pipeline.begun is None or pipeline.until is None:
        return f'{head}<text x="10" y="20" fill="currentColor">No model was asked.</text></svg>'
    seconds = (pipeline.until - pipeline.begun).total_seconds() or 1.0
    scale = (WIDTH - LEFT - RIGHT) / seconds
    body = [*_axis(seconds, scale, height)]
    for place, (key, label) in enumerate(rows.items()):
        y = TOP + ROW * place
        body.append(_text(8, y + 15, label))
        body.extend(_bars([step for step in calls if step.speaker == key], pipeline.begun, scale, y))
        body.extend(_marks([step for step in tests if step.speaker == key], y))
    steps = {step: COLORS.get(step, OTHER) for step in dict.fromkeys(one.step for one in calls)}
    body.extend(_legend(steps, height - 28))
    said = {_verdict(step) for step in tests}
    body.extend(_legend({_tell(one.value): VERDICTS[one] for one in Verdict if one in said}, height - 8))
    return head + "".join(body) + "</svg>"


def _shortened(label: str) -> str:
    return label if len(label) <= 22 else f"{label[:21]}…"  # noqa: PLR2004 - characters beside the picture


def _verdict(step: RunStep) -> str:
    return step.said.partition(":")[0]


def _bars(calls: Sequence[RunStep], start: datetime, scale: float, y: int) -> Iterator[str]:
    for call in calls:
        x = LEFT + ((call.at or start) - start).total_seconds() * scale
        width = max(call.seconds * scale, LEAST)
        told = f"{call.step} {call.who}: {call.seconds:.1f} s, {call.tokens} tokens, {call.said}"
        yield (
            f'<rect x="{x:.1f}" y="{y + 4}" width="{width:.1f}" height="{ROW - 10}" rx="2" '
            f'fill="{COLORS.get(call.step, OTHER)}" fill-opacity="0.8"><title>{escape(told)}</title></rect>'
        )


def _marks(tests: Sequence[RunStep], y: int) -> Iterator[str]:
    """Tests at the row's end: when they ran is not recorded, what they said is."""
    for place, test in enumerate(tests):
        x = WIDTH - RIGHT + 14 + 18 * place
        told = f"{test.who}, {_tell(_verdict(test))}: {test.said.partition(': ')[2]}"
        yield (
            f'<circle cx="{x}" cy="{y + ROW // 2 - 2}" r="6" fill="{VERDICT_COLORS[_verdict(test)]}">'
            f"<title>{escape(told)}</title></circle>"
        )


def _axis(seconds: float, scale: float, height: int) -> Iterator[str]:
    step = next((size for size in ROUND if seconds / size <= MOST_TICKS), ROUND[-1])
    for tick in range(0, int(seconds) + 1, step):
        x = LEFT + tick * scale
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{height - 60}" stroke="#8a8d9155"/>'
        yield _text(x, TOP - 12, str(timedelta(seconds=tick)) if seconds > 600 else f"{tick} s", "middle")  # noqa: PLR2004 - ten minutes
    yield _text(WIDTH - RIGHT + 8, TOP - 12, "tests")


def _tell(verdict: str) -> str:
    return "untested" if verdict == Verdict.OUTSIDE else f"test {verdict}"


def _legend(colors: Mapping[str, str], y: int) -> Iterator[str]:
    x = float(LEFT)
    for label, color in colors.items():
        yield f'<rect x="{x:.0f}" y="{y - 9}" width="10" height="10" rx="2" fill="{color}"/>'
        yield _text(x + 14, y, label)
        x += 28 + 7 * len(label)


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="currentColor">{escape(text)}</text>'
