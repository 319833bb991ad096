"""The recorded runs that come with the program, as pages with their figures."""

import re
import zipfile
from collections.abc import Iterator

from app.documents.reference import NOTE, table
from app.examples import Example, list_examples, load_example, open_crate_file

ELSEWHERE = {"multiscale-conductor": "../example-report.md"}  # stands in docs/ already
HEAD = """
Runs that come with the program, chosen to show what it does and not how well. `hypofind examples NAME`
prints one, the first page of `hypofind serve` opens them, and `hypofind open app/examples/NAME.crate.zip`
replays one. Which assistants of 2026 answered as "large-language-model", and what they knew, stands with the
[question box](../question-box.md).
"""


def write_gallery() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every file below docs/gallery."""
    examples = list_examples()
    yield "index.md", f"# Gallery\n\n{NOTE}{HEAD}\n" + "\n".join(map(_write_card, examples))
    for one in examples:
        if one.name not in ELSEWHERE:
            yield from _write_report(one.name)


def _write_card(example: Example) -> str:
    report = load_example(example.name)
    rows = (
        (
            f"{one.perspective.role} / {one.perspective.framework}",
            _escape(one.proposal.statement),
            ", ".join(test.verdict.value for test in one.standing_tests) or "untested",
            f"{one.score.value:.1f}",
        )
        for one in report.hypotheses
    )
    page = ELSEWHERE.get(example.name, f"{example.name}.md")
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in example.verdicts.items())
    return (
        f"## {example.question}\n\n"
        f"{', '.join(example.models)}, {example.recorded}; tests of claims: {verdicts}. "
        f"[The whole report]({page})\n\n" + table(("perspective", "hypothesis", "verdict", "score"), rows)
    )


def _escape(text: str) -> str:
    return re.sub(r"([*_<>\[\]])", r"\\\1", " ".join(text.split()))


def _write_report(name: str) -> Iterator[tuple[str, str]]:
    with open_crate_file(name) as file, zipfile.ZipFile(file) as archive:
        text = archive.read("report.md").decode()
        figures = sorted(set(re.findall(r"\]\(([\w-]+\.svg)\)", text)))
        for figure in figures:
            yield f"{name}/{figure}", archive.read(figure).decode()
    text = re.sub(r"\]\(([\w-]+\.svg)\)", rf"]({name}/\1)", text)
    text = re.sub(r"(?m)^([^|\n].*)\n(?=\|)", r"\1\n\n", text)  # the site wants a blank line before a table
    yield f"{name}.md", f"{NOTE}\n{text}"
