"""Bibliographies and chat answers as programs and models write them: `python -m bench.readers.texts`.

Every case is written from what it means, so the right reading is known. `agreed` counts where a reference
reader (pybtex, bibtexparser, rispy; json for chat answers) finds that meaning in the same bytes. A case is
equal (read as meant), told (refused or asked again, with a reason) or wrong.
"""

import argparse
import json
import re
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from agents.model.reading import Unreadable, read_answer
from retrieval.identifiers import read_doi
from retrieval.library.readers import find_reader
from retrieval.passage import Work

Meant = Mapping[str, str]
FIELDS = ("title", "abstract", "family", "year", "doi")
ACCENTS = {"ü": r"{\"u}", "é": r"{\'e}", "ø": r"{\o}", "Š": r"{\v{S}}", "ł": r"{\l}"}
THOUGHT = 'Shall it be {"draft": true}, or {statement, mark} with \\frac{a}{b}?'


class Case(NamedTuple):
    """A file's text, and what it means."""

    dialect: str
    text: str
    meant: Meant


class HypothesisAnswer(BaseModel):
    """The class that the chat answers are asked for."""

    model_config = ConfigDict(extra="forbid")

    statement: str
    relation: str
    marks: list[int]
    falsifier: dict[str, str]


WORKS: tuple[Meant, ...] = (
    {
        "title": "Domain walls at 50% coverage",
        "abstract": "The walls raise the resistivity by 4% at 5 K, and the noise & drift fall.",
        "family": "Müller",
        "year": "2019",
        "doi": "10.1103/physrevb.99.014401",
    },
    {
        "title": "Subsidence and stratocumulus decks",
        "abstract": "Decks thin when subsidence weakens; x_1 < 5 and T > 3 K.",
        "family": "Tørnqvist",
        "year": "1987",
        "doi": "10.1175/1520-0493(1987)115<1606:garspp>2.0.co;2",
    },
    {
        "title": "A second volume: parity in #4 chains",
        "abstract": "Chains of length 4 break parity (about 10% of all).",
        "family": "Škoda",
        "year": "2004",
        "doi": "10.1002/(sici)1096-987x(199604)17:5/6<490::aid-jcc1>3.0.co;2-p",
    },
    {
        "title": "Vacancies as electron traps",
        "abstract": "They trap electrons at 0.3 eV - deep, not shallow - and cost $2 a wafer.",
        "family": "Pawłow",
        "year": "2021",
        "doi": "10.48550/x.2101_00001",
    },
)
ANSWERS: tuple[dict[str, Any], ...] = tuple(
    {"statement": statement, "relation": "rises", "marks": marks, "falsifier": {"value": value}}
    for statement, marks, value in (
        (r"The time \tau rises as \nu^{-1} while \beta stays.", [1, 5], r"\rho_{xx} < 3 \Omega"),
        (r"With \frac{a}{b} \to 0 the flux \Phi \rightarrow 0 \neq \nabla\theta.", [3], r"\text{none}"),
        ("In MoS2 the gap falls by 0.2 eV.\nA second line.", [2, 2], 'said "no" at 5 K'),
        ("A set {A, B} with braces } and { and [lists].", [], "a, b,"),
        ("Größe 20 µm, T ≥ 3 K; “quoted” — naïve 为", [4], "x // y"),
        ("Plain words only.", [1, 2, 3], "below 3"),
    )
)


def bibtex_cases(works: Sequence[Meant] = WORKS) -> Iterator[Case]:
    """Each work in each dialect of BibTeX."""
    for number, work in enumerate(works):
        plain, latex = _fields(work, str), _fields(work, _as_latex)
        key = f"key{number}"
        yield Case("braces", _entry(key, latex), work)
        yield Case("quotes", _entry(key, latex, '"{}"'), work)
        yield Case("parentheses", _entry(key, latex).replace("@article{", "@article(", 1)[:-1] + ")", work)
        yield Case("capitals", _entry(key, {name.upper(): value for name, value in latex.items()}), work)
        yield Case("bare percent and ampersand", _entry(key, plain), work)
        yield Case("entities", _entry(key, _fields(work, _as_entities)), work)
        yield Case(
            "JATS",
            _entry(key, plain | {"abstract": f"<jats:p>{_as_entities(work['abstract'])}</jats:p>"}),
            work,
        )
        yield Case(
            "textless",
            _entry(key, latex | {"doi": _swap(work["doi"], "{\\textless}", "{\\textgreater}")}),
            work,
        )
        yield Case(
            "ensuremath",
            _entry(key, latex | {"doi": _swap(work["doi"], "\\ensuremath{<}", "\\ensuremath{>}")}),
            work,
        )
        yield Case(
            "DOI address",
            _entry(key, latex | {"doi": f"https://doi.org/{_swap(work['doi'], '%3C', '%3E')}"}),
            work,
        )
        yield Case(
            "unknown macro", _entry(key, latex).replace("journal = {J}", "journal = NOWHERE # { B}"), work
        )
        yield Case("month", _entry(key, latex).replace("journal = {J}", "month = sept"), work)
        yield Case(
            "repeated field", _entry(key, latex).replace("journal = {J}", "note = {a}, note = {b}"), work
        )
        yield Case(
            "bad string before", '@string{x = y # "z"}\n@string{open = {never\n' + _entry(key, latex), work
        )
        yield Case(
            "extended names",
            _entry(key, latex | {"author": f"family={_as_latex(work['family'])}, given=Jo"}),
            work,
        )
        yield Case("and others", _entry(key, latex | {"author": latex["author"] + " and others"}), work)
        yield Case(
            "at sign in a line", _entry(key, latex).replace("journal = {J}", "note = {x\n@home{a} b}"), work
        )
        yield Case("trailing comma", _entry(key, latex)[:-1] + ",\n}", work)
        yield Case("BOM and CRLF", "\ufeff" + _entry(key, latex).replace("\n", "\r\n"), work)


def ris_cases(works: Sequence[Meant] = WORKS) -> Iterator[Case]:
    """Each work in each dialect of RIS."""
    spacings = ("{}  - {}", "{} - {}", "{}  -  {}", "{}\t- {}", "{}  -{}", "  {}  - {}")
    for work in works:
        names = {"TY": "JOUR", "TI": work["title"], "AU": f"{work['family']}, Jo", "AB": work["abstract"]}
        record = names | {"PY": f"{work['year']}/01/02", "DO": work["doi"], "ER": ""}
        for spacing in spacings:
            text = "\n".join(spacing.format(tag, value) for tag, value in record.items()) + "\n"
            yield Case(f"spacing {spacing!r}", text, work)
        strict = "\n".join(f"{tag}  - {value}" for tag, value in record.items()) + "\n"
        yield Case(
            "older tags",
            strict.replace("TI  -", "T1  -").replace("AU  -", "A1  -").replace("AB  -", "N2  -"),
            work,
        )
        yield Case("continued lines", strict.replace(" and ", "\nand "), work)
        yield Case("entities", strict.replace(work["abstract"], _as_entities(work["abstract"])), work)
        yield Case(
            "DOI address",
            strict.replace(work["doi"], f"https://doi.org/{_swap(work['doi'], '%3C', '%3E')}"),
            work,
        )
        yield Case("BOM and CR", "\ufeff" + strict.replace("\n", "\r"), work)


def chat_cases() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Dialect, text and the object that was meant."""
    for answer in ANSWERS:
        good = json.dumps(answer, ensure_ascii=False)
        for dialect, wrap in WRAPS.items():
            yield dialect, wrap(good), answer


def _unescaped(good: str) -> str:
    """Backslashes as models write them in LaTeX: one where JSON needs two."""
    return re.sub(r"\\\\(?=[a-zA-Z])", r"\\", good)


WRAPS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "fenced": lambda good: f"```json\n{good}\n```",
    "fenced in talk": lambda good: f"Sure! Here it is:\n\n```\n{good}\n```\nAnything else?",
    "LaTeX with one backslash": _unescaped,
    "LaTeX with one backslash, fenced": lambda good: f"```json\n{_unescaped(good)}\n```",
    "ASCII escapes": lambda good: json.dumps(json.loads(good)),
    "indented": lambda good: json.dumps(json.loads(good), indent=2, ensure_ascii=False),
    "raw line ends in strings": lambda good: re.sub(r"(?<!\\)\\n", "\n", good),
    "think": lambda good: f"<think>{THOUGHT}</think>\n{good}",
    "think without its beginning": lambda good: f"{THOUGHT}\n</think>\n\n{good}",
    "think without its end": lambda good: f"<think>{THOUGHT}\n{good}",
    "think twice": lambda good: f"<think>{THOUGHT}</think><think>{good}</think>{good}",
    "another tag": lambda good: f"<reasoning>{THOUGHT}</reasoning>{good}",
    "Magistral": lambda good: f"[THINK]{THOUGHT}[/THINK]{good}",
    "harmony": lambda good: (
        f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|channel|>final<|message|>{good}"
    ),
    "draft and final": lambda good: f'{{"note": "a draft"}}\n{good}',
    "talk with braces": lambda good: f"I fill {{statement, marks}}:\n{good}\nThe set {{A}} was free.",
    "in an array": lambda good: f"[{good}]",
    "under a name": lambda good: f'{{"Hypothesis": {good}}}',
    "tool call": lambda good: f'<tool_call>{{"name": "Hypothesis", "arguments": {good}}}</tool_call>',
    "encoded twice": json.dumps,
    "trailing comma": lambda good: f"{good[:-1]},}}",
    "Python literal": lambda good: repr(json.loads(good)),
    "special tokens": lambda good: f"<|begin_of_box|>{good}<|end_of_box|><|im_end|>",
}


def measure() -> list[dict[str, Any]]:
    """One row a kind: how many cases, how many were read as meant, told and wrong, and `agreed`."""
    rows = [_measure("BibTeX", "a.bib", bibtex_cases()), _measure("RIS", "a.ris", ris_cases())]
    outcomes = [_chat_outcome(text, answer) for _, text, answer in chat_cases()]
    chat = {name: outcomes.count(name) for name in ("equal", "told", "wrong")}
    agreed = sum(_by_json(text) == answer for _, text, answer in chat_cases())
    return [*rows, {"kind": "chat answers", "count": len(outcomes), **chat, "agreed": agreed}]


def _measure(kind: str, name: str, cases: Iterator[Case]) -> dict[str, Any]:
    listed = list(cases)
    outcomes = [outcome(case, name) for case in listed]
    counts = {result: outcomes.count(result) for result in ("equal", "told", "wrong")}
    agreed = sum(any(_same(case.meant, found) for found in _referenced(case, name)) for case in listed)
    return {"kind": kind, "count": len(listed), **counts, "agreed": agreed}


def outcome(case: Case, name: str) -> str:
    """How our reader reads the case, as a file of that name: equal, told or wrong."""
    reader = find_reader(Path(name))
    if reader is None:
        raise ValueError(f"no reader for {name}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(case.text.encode())
        try:
            documents = reader.read(path, name).documents
        except ValueError:
            return "told"
    if not documents:
        return "told"
    return "equal" if len(documents) == 1 and _same(case.meant, _found(documents[0].work)) else "wrong"


def _chat_outcome(text: str, answer: dict[str, Any]) -> str:
    try:
        read = read_answer(text, "stop", HypothesisAnswer).model_dump()
    except Unreadable:
        return "told"
    return "equal" if read == answer else "wrong"


def _found(work: Work) -> Meant:
    family = work.authors[0].partition(",")[0] if work.authors else ""
    return {
        "title": work.title,
        "abstract": work.abstract or "",
        "family": family,
        "year": str(work.year),
        "doi": work.doi or "",
    }


def _same(meant: Meant, found: Meant) -> bool:
    return all(bare(meant[name]) == bare(found.get(name, "")) for name in FIELDS)


def bare(text: str) -> str:
    """Letters, digits and the signs that dialects lose, without accents and case."""
    plain = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("ł", "l")).casefold()
    return "".join(c for c in plain if c.isalnum() or c in "%<>$&#")


def _referenced(case: Case, name: str) -> Iterator[Meant]:
    """What the reference readers make of the same text, as far as they read it."""
    for reader in (_by_pybtex, _by_bibtexparser) if name.endswith(".bib") else (_by_rispy,):
        with suppress(Exception):  # whatever they raise: they do not read it then
            yield reader(case.text)


def _by_pybtex(text: str) -> Meant:
    from pybtex.database import parse_string

    (entry,) = parse_string(text, "bibtex").entries.values()
    family = " ".join(entry.persons["author"][0].last_names)
    return _referenced_fields(
        {**{name.lower(): value for name, value in entry.fields.items()}, "family": family}
    )


def _by_bibtexparser(text: str) -> Meant:
    from bibtexparser.entrypoint import parse_string

    (entry,) = parse_string(text).entries
    fields = {field.key.lower(): str(field.value) for field in entry.fields}
    return _referenced_fields({**fields, "family": fields["author"].partition(",")[0]})


def _by_json(text: str) -> Any:  # noqa: ANN401 - whatever it holds
    with suppress(ValueError):
        return json.loads(text)
    return None


def _by_rispy(text: str) -> Meant:
    import rispy

    (record,) = rispy.loads(text)
    family = (record.get("authors") or record["first_authors"])[0].partition(",")[0]
    return {
        "title": record.get("title") or record["primary_title"],
        "abstract": record.get("abstract") or record["notes_abstract"],
        "family": family,
        "year": record["year"][:4],
        "doi": read_doi(record["doi"]) or "",
    }


def _referenced_fields(fields: Mapping[str, str]) -> Meant:
    from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]  # it has no types

    def plain(value: str) -> str:
        return str(LatexNodes2Text(math_mode="verbatim").latex_to_text(re.sub(r"(?<!\\)%", r"\\%", value)))

    told = {name: plain(value) for name, value in fields.items()}
    return told | {"doi": read_doi(told["doi"]) or ""}


def _fields(work: Meant, write: Callable[[str], str]) -> dict[str, str]:
    return {
        "title": write(work["title"]),
        "author": f"{write(work['family'])}, Jo and Roe, Ann",
        "year": work["year"],
        "doi": work["doi"],
        "abstract": write(work["abstract"]),
    }


def _entry(key: str, fields: Mapping[str, str], value: str = "{{{}}}") -> str:
    lines = [f"  {name} = {value.format(text)}" for name, text in fields.items()]
    return f"@article{{{key},\n  journal = {{J}},\n" + ",\n".join(lines) + "\n}"


def _as_latex(text: str) -> str:
    for character in "%&#$_":
        text = text.replace(character, f"\\{character}")
    return "".join(ACCENTS.get(character, character) for character in text)


def _as_entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _swap(doi: str, less: str, greater: str) -> str:
    return doi.replace("<", less).replace(">", greater)


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    for row in measure():
        sys.stdout.write(f"{row}\n")
    for name, cases in (("a.bib", bibtex_cases()), ("a.ris", ris_cases())):
        for case in cases:
            if (result := outcome(case, name)) != "equal":
                sys.stdout.write(f"{name} {case.dialect}: {result}\n{case.text}\n")
    for dialect, text, answer in chat_cases():
        if (result := _chat_outcome(text, answer)) != "equal":
            sys.stdout.write(f"chat {dialect}: {result}: {text}\n")


if __name__ == "__main__":
    main()
