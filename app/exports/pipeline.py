"""The steps of a run as a picture: a row for each perspective, a bar for each call, a mark for each test."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Final

from agents.schema import CallRef, ClaimTest, Report
from tools.experiments import Verdict

LEFT, RIGHT, TOP, ROW, WIDTH = 150, 150, 34, 26, 860
LEAST: Final = 2.0  # pixels: a call of milliseconds is seen too
ALL: Final = "all"  # who speaks where a call is about every hypothesis
COLORS: Final = {
    "propose": "#3b6fb6", "word": "#7fa6d9", "revise": "#1f4172", "match": "#8f9c3a", "gather": "#4d8a4d",
    "review": "#c77d2b", "mark": "#e0a96d", "want": "#8d6bb8",
    "cite": "#5b9a8b", "stance": "#2f6f62", "judge": "#b3475a",
    "evolve": "#d95fa0", "same": "#b0a07a", "overview": "#7a7f87",
}  # fmt: skip
OTHER: Final = "#4a4f57"
VERDICTS: Final = {
    Verdict.SURVIVED: "#2e8540", Verdict.REFUTED: "#b3261e",
    Verdict.UNDECIDED: "#a66f00", Verdict.OUTSIDE: "#7a7f87",
}  # fmt: skip
MOST_TICKS: Final = 6
ROUND: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)  # seconds


def draw_pipeline(report: Report) -> str:
    """Return an SVG; the same report gives the same bytes. Without a call it says so in words."""
    calls = list(report.calls)
    rows = _rows(report)
    height = TOP + ROW * len(rows) + 64
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img" '
        'font-family="system-ui, sans-serif" font-size="12">'
        "<title>When each step of the run took place, by perspective</title>"
    )
    if not calls:
        return f'{head}<text x="10" y="20" fill="currentColor">No model was asked.</text></svg>'
    start = min(call.at for call in calls)
    seconds = max((call.at - start).total_seconds() + call.seconds for call in calls) or 1.0
    scale = (WIDTH - LEFT - RIGHT) / seconds
    tests = {one.perspective.key: one.tests for one in (*report.hypotheses, *report.merged)}
    known = {key for key, _ in rows}
    speakers = [who if (who := call.who.partition("/")[0]) in known else ALL for call in calls]
    body = [*_axis(seconds, scale, height)]
    for place, (key, label) in enumerate(rows):
        y = TOP + ROW * place
        body.append(_text(8, y + 15, label))
        body.extend(
            _bars([call for call, who in zip(calls, speakers, strict=True) if who == key], start, scale, y)
        )
        body.extend(_marks(tests.get(key, []), y))
    steps = {step: COLORS.get(step, OTHER) for step in dict.fromkeys(call.step for call in calls)}
    body.extend(_legend(steps, height - 28))
    said = {test.verdict for one in tests.values() for test in one}
    body.extend(_legend({_tell(one): VERDICTS[one] for one in Verdict if one in said}, height - 8))
    return head + "".join(body) + "</svg>"


def _rows(report: Report) -> list[tuple[str, str]]:
    """Key and label of each speaker, in the order in which they came; what concerns all comes last."""
    speakers = [one.perspective for one in (*report.hypotheses, *report.merged)]
    speakers += [failure.perspective for failure in report.failures]
    named = {one.key: f"{one.key} {one.narrow.label}" for one in sorted(speakers, key=lambda one: one.key)}
    if any(call.who.partition("/")[0] not in named for call in report.calls):
        named[ALL] = "all hypotheses"
    return [(key, label if len(label) <= 22 else f"{label[:21]}…") for key, label in named.items()]  # noqa: PLR2004 - characters beside the picture


def _bars(calls: Sequence[CallRef], start: datetime, scale: float, y: int) -> Iterator[str]:
    for call in calls:
        x = LEFT + (call.at - start).total_seconds() * scale
        width = max(call.seconds * scale, LEAST)
        told = f"{call.step} {call.who}: {call.seconds:.1f} s, {call.output_tokens} tokens, {call.model}"
        yield (
            f'<rect x="{x:.1f}" y="{y + 4}" width="{width:.1f}" height="{ROW - 10}" rx="2" '
            f'fill="{COLORS.get(call.step, OTHER)}" fill-opacity="0.8"><title>{escape(told)}</title></rect>'
        )


def _marks(tests: Sequence[ClaimTest], y: int) -> Iterator[str]:
    """Tests at the row's end: when they ran is not recorded, what they said is."""
    for place, test in enumerate(tests):
        x = WIDTH - RIGHT + 14 + 18 * place
        told = f"{test.key}, {_tell(test.verdict)}: {test.result.reason}"
        yield (
            f'<circle cx="{x}" cy="{y + ROW // 2 - 2}" r="6" fill="{VERDICTS[test.verdict]}">'
            f"<title>{escape(told)}</title></circle>"
        )


def _axis(seconds: float, scale: float, height: int) -> Iterator[str]:
    step = next((size for size in ROUND if seconds / size <= MOST_TICKS), ROUND[-1])
    for tick in range(0, int(seconds) + 1, step):
        x = LEFT + tick * scale
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{height - 60}" stroke="#8a8d9155"/>'
        yield _text(x, TOP - 12, str(timedelta(seconds=tick)) if seconds > 600 else f"{tick} s", "middle")  # noqa: PLR2004 - ten minutes
    yield _text(WIDTH - RIGHT + 8, TOP - 12, "tests")


def _tell(verdict: Verdict) -> str:
    return "untested" if verdict is Verdict.OUTSIDE else f"test {verdict.value}"


def _legend(colors: Mapping[str, str], y: int) -> Iterator[str]:
    x = float(LEFT)
    for label, color in colors.items():
        yield f'<rect x="{x:.0f}" y="{y - 9}" width="10" height="10" rx="2" fill="{color}"/>'
        yield _text(x + 14, y, label)
        x += 28 + 7 * len(label)


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="currentColor">{escape(text)}</text>'
