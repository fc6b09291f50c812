"""The checklist of a case as people and machines read it: what a court file needs besides the attempts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from monitor.case.book import Book
from monitor.case.court.checklist import Heap
from monitor.case.court.pages import Own
from monitor.case.court.reading import Tables
from monitor.case.law import beside
from monitor.case.model import Attempt, Facts
from monitor.paper.french import typeset

HEAD: Final = {
    "fr": "Pièces à réunir (cochées par la personne ; le programme ne les voit pas)",
    "en": "Papers to gather (ticked by the person; the program does not see them)",
}
HEAPS: Final[dict[str, dict[Heap, str]]] = {
    "fr": {"court": "À joindre à une requête", "file": "Dans le dossier de demande"},
    "en": {"court": "To join to a court request", "file": "In the application itself"},
}
HOW: Final = {
    "fr": "Cocher : `vigie case log DOSSIER --fact ready.NOM=YES`.",
    "en": "To tick: `vigie case log CASE --fact ready.NAME=YES`.",
}
ANNEXE: Final = {
    "fr": " Liste de chaque titre, annexe 10 du CESEDA : {annexe}",
    "en": " List of each permit, annexe 10 of CESEDA: {annexe}",
}


def lines(book: Book, tables: Tables, on: date, lang: str) -> Iterator[str]:
    """The checklist, a line a paper. on: for the age of the texts named."""
    for line in _lines(book, tables, on, lang):
        yield typeset(line) if lang == "fr" else line


def _lines(book: Book, tables: Tables, on: date, lang: str) -> Iterator[str]:
    papers = [*tables.papers.needed(book.facts)]
    width = max(len(one.name) for one in papers) + 2
    yield HEAD[lang]
    for heap, title in HEAPS[lang].items():
        some = [one for one in papers if one.heap == heap]
        if some:
            yield f"  {title}"
        for one in some:
            mark = "x" if one.ready(book.facts, book.attempts) else " "
            asked = beside(tables.law.of(one.texts(book.facts.procedure)), on, lang)
            yield f"  [{mark}] {f'`{one.name}`':<{width}}  {one.fr if lang == 'fr' else one.en} [{asked}]"
    permit = book.facts.procedure in tables.papers.permits
    yield "  " + HOW[lang] + (ANNEXE[lang].format(annexe=tables.papers.annexe) if permit else "")


def own(facts: Facts, attempts: Sequence[Attempt], tables: Tables) -> list[Own]:
    """What the person joins to a request themselves: what no exhibit of the case shows already."""
    filed = {one.kind for one in attempts if one.files}
    papers = [one for one in tables.papers.needed(facts) if one.heap == "court" and one.kind not in filed]
    return [Own(one.fr, one.ready(facts, attempts)) for one in papers]


def to_json(book: Book, tables: Tables, lang: str) -> list[dict[str, Any]]:
    """`[{"name", "heap", "text", "ready", "asked"}]`."""
    return [
        {
            "name": one.name,
            "heap": one.heap,
            "text": one.fr if lang == "fr" else one.en,
            "ready": one.ready(book.facts, book.attempts),
            "asked": [source.cite for source in tables.law.of(one.texts(book.facts.procedure))],
        }
        for one in tables.papers.needed(book.facts)
    ]
