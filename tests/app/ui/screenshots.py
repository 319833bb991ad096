"""The pictures of docs/question-box.md: `python -m tests.app.ui.screenshots`, or `… samples wide`.

Questions are answered by the scripted server; reports that show everything are samples of the tests.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from platformdirs import user_cache_path

from agents.scripted import ScriptedServer
from app.jobs.benches import ToolUse
from app.settings.sections import RunSection
from app.ui import ENTRY
from tests.app.live import Live, make_settings, run_service
from tests.app.ui.browser import Visit, free_port, serve_page, visit, wait_for
from tools import all_tools
from tools.descriptors import find_descriptor

FOLDER = Path(__file__).parents[3] / "docs" / "ui"
PHONE = 390
WIDE = 1280
TALLEST = 4000
COLORS = 128  # of a palette: the pages have few
VAGUE = "Does annealing help MoS2 films?"
SHARP = "Why do thin films of MoS2 conduct better after annealing at 400 to 700 K?"
OTHER = "How does grain size set the yield strength of nanocrystalline copper below 20 nm?"
INSIDE = (
    "Math.max(...[...document.querySelectorAll('[data-testid=stMain], section *')].map(e => e.scrollHeight))"
)


def shoot(guest: Visit, name: str, *, whole: bool = True, tallest: int = TALLEST) -> None:
    """The window, or the whole of the page."""
    guest.settle()
    guest.page.wait_for_timeout(1500)  # charts draw themselves in
    before = guest.page.viewport_size
    assert before
    if whole:
        height = min(int(guest.page.evaluate(INSIDE)) + 70, tallest)
        guest.page.set_viewport_size({"width": before["width"], "height": height})
        guest.page.wait_for_timeout(1500)
    file = FOLDER / f"{name}.png"
    guest.page.screenshot(path=file)
    guest.page.set_viewport_size(before)
    with Image.open(file) as image:
        image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(file, optimize=True)


def shoot_service(address: str, width: int, ending: str, *, dark: bool = False) -> None:
    with visit(address, width=width, height=844 if width == PHONE else 900, dark=dark) as guest:
        guest.open()
        box = guest.page.get_by_role("textbox", name="Question")
        box.wait_for()
        shoot(guest, f"ask{ending}", whole=False)
        box.fill(VAGUE)
        guest.page.keyboard.press("Control+Enter")
        guest.page.get_by_text("Subjects that must speak").wait_for()
        guest.page.get_by_text("Search the literature").click()
        shoot(guest, f"hints{ending}")
        guest.page.get_by_text("Search the literature").click()
        guest.page.get_by_text("Add a subject from PhySH").click()
        guest.page.get_by_role("textbox", name="Search").fill("phase")
        guest.page.keyboard.press("Enter")
        guest.page.get_by_text("Found", exact=True).wait_for()
        shoot(guest, f"physh{ending}")
        guest.page.keyboard.press("Escape")
        box.fill(SHARP)
        guest.page.keyboard.press("Control+Enter")
        guest.settle()
        guest.page.get_by_role("button", name="Find hypotheses").click()
        guest.page.get_by_text("perspectives are done").wait_for()
        guest.page.get_by_text("review: asked").first.wait_for()
        shoot(guest, f"progress{ending}")
        guest.page.get_by_text("Take it away", exact=True).wait_for(timeout=200_000)
        shoot(guest, f"scripted{ending}", tallest=1600)
        shoot_steps(guest, f"steps{ending}")


def shoot_steps(guest: Visit, name: str) -> None:
    """The picture of a finished run's steps, one of which is clicked."""
    guest.page.get_by_text("How it was made: every step").click()
    guest.settle()
    guest.page.locator("[data-testid=stPlotlyChart] .barlayer .point").first.click(force=True)
    guest.settle()
    guest.page.get_by_text("A click on a step").scroll_into_view_if_needed()
    shoot(guest, name, whole=False)


def shoot_lists(live: Live, address: str) -> None:
    with live.client() as client:
        first = client.runs().items[0].id
        second = client.ask(OTHER).id
        client.wait(second)
    for width, ending in ((WIDE, ""), (PHONE, "-phone")):
        with visit(address, width=width, height=844) as guest:
            guest.open("/history")
            guest.page.get_by_text(SHARP).first.wait_for()
            shoot(guest, f"history{ending}", whole=False)
            guest.open(f"/compare?first={first}&second={second}")
            guest.page.get_by_text("Marks of the best of each").wait_for()
            shoot(guest, f"compare{ending}")


def shoot_queue(live: Live, address: str) -> None:
    """What a project has queued: an evaluation, with its result."""
    use = ToolUse(
        tool="evaluate_strings", arguments={"form": "smiles", "strings": ["CCO", "C1CC", "c1ccccc1"]}
    )
    with live.client() as client, visit(address, width=WIDE, height=900) as guest:
        list(client.use_events(client.queue_use(use).id))
        guest.open("/workbench")
        guest.page.get_by_role("tab", name="Queue").click()
        guest.page.get_by_text("Cite it as").first.wait_for()
        shoot(guest, "queue")


def shoot_representation(address: str) -> None:
    """The sine matrix, which answers to the choice of the cell: its counterexample as a picture."""
    asked = find_descriptor("sine_matrix").specification + "  invariant under lattice(SL(3,Z))\n"
    for width, ending in ((WIDE, ""), (PHONE, "-phone")):
        with visit(address, width=width, height=900) as guest:
            guest.open("/representations")
            guest.page.get_by_label("Begin with").click()
            guest.page.get_by_role("option", name="sine matrix", exact=True).click()
            guest.settle()
            guest.page.get_by_role("textbox", name="Specification").fill(asked)
            guest.page.get_by_role("button", name="Check").click()
            guest.page.get_by_text("counterexample", exact=True).wait_for(timeout=120_000)
            shoot(guest, f"representation{ending}")


def shoot_samples(width: int, ending: str, *, dark: bool = False) -> None:
    with serve_gallery() as address, visit(address, width=width, height=900, dark=dark) as guest:
        guest.open("/?report=make_report")
        guest.page.get_by_text("Take it away", exact=True).wait_for()
        shoot(guest, f"report{ending}")
        if dark:
            return
        for tab in ("Rating", "Disciplines"):
            guest.page.get_by_role("tab", name=tab, exact=True).click()
            shoot(guest, f"{tab.lower()}{ending}", tallest=1000)
        for tab in ("Review", "Evidence", "Literature"):
            guest.page.get_by_role("tab", name=tab, exact=True).click()
            shoot(guest, f"{tab.lower()}{ending}")
        guest.open("/?report=make_strings_report")
        guest.page.get_by_role("tab", name="Evidence", exact=True).click()
        shoot(guest, f"strings{ending}")
        guest.open("/?report=make_failed_report")
        guest.page.get_by_text("Take it away", exact=True).wait_for()
        shoot(guest, f"failed{ending}")


@contextmanager
def serve_gallery() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("gallery.py"))]
    flags = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    gallery = subprocess.Popen([*command, *flags], cwd=ENTRY.parent, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        gallery.terminate()
        gallery.wait(30)


LOOKS = {"wide": (WIDE, "", False), "phone": (PHONE, "-phone", False), "dark": (WIDE, "-dark", True)}


def main(parts: Sequence[str]) -> None:
    """`samples` or `service`, `wide`, `phone` or `dark`; all where none is named."""
    FOLDER.mkdir(exist_ok=True)
    looks = [look for name, look in LOOKS.items() if name in parts] or list(LOOKS.values())
    both = not {"samples", "service"} & set(parts)
    if both or "samples" in parts:
        for width, ending, dark in looks:
            shoot_samples(width, ending, dark=dark)
    if both or "service" in parts:
        shoot_services(looks)


def shoot_services(looks: Sequence[tuple[int, str, bool]]) -> None:
    cache = user_cache_path("hypothesis-finder", appauthor=False)
    with ScriptedServer(delay_s=2.5) as model, tempfile.TemporaryDirectory() as runs:
        settings = make_settings(model, cache, Path(runs), run=RunSection(matches=0, overview=True))
        with run_service(settings, model, tuple(all_tools())) as live, serve_page(live) as address:
            for width, ending, dark in looks:
                shoot_service(address, width, ending, dark=dark)
            if len(looks) > 1:
                shoot_lists(live, address)
                shoot_queue(live, address)
                shoot_representation(address)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main(sys.argv[1:])
