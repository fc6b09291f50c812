"""One page of figures with charts: readings by week, by préfecture, coverage, wait offered. In French, as relevés are.

Every share stands beside the number it is a share of. What our own network prevented is drawn in its own colour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from monitor.core.labels import procedure
from monitor.paper.document import Document
from monitor.paper.frame import LEFT, WIDTH, Frame
from monitor.report.statistics import Counted, Key, ReadingTally, summed

if TYPE_CHECKING:
    from fpdf import FPDF

Rows = Sequence[tuple[Key, ReadingTally]]
WEEKS, BARS = 26, 16  # as many as stay legible on one page
NAME, BAR = 66.0, 58.0  # mm
COLOURS: Final = {  # each apart in lightness too, so that a grey print still tells them
    "SlotsOpen": (0, 110, 60),
    "NoSlot": (205, 205, 205),
    "NotYetOpen": (120, 170, 220),
    "RequestForm": (60, 110, 180),
    "Obstructed": (240, 160, 40),
    "Unavailable": (190, 90, 30),
    "Closed": (150, 30, 40),
    "Unreadable": (120, 80, 150),
    "Unreached": (60, 60, 60),
}
OURS: Final = (235, 225, 245)
_NAMES: Final = {
    "SlotsOpen": "créneau affiché",
    "NoSlot": "aucun créneau, selon le site",
    "NotYetOpen": "ouverture annoncée",
    "RequestForm": "formulaire ouvert",
    "Obstructed": "obstacle, non lu",
    "Unavailable": "site indisponible, selon lui",
    "Closed": "démarche fermée",
    "Unreadable": "page non reconnue",
    "Unreached": "site non atteint",
}


def one_page(rows: Rows, *, until: datetime, made: datetime, names: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The PDF. rows: all simulated or none, never both; until, made: aware. names: of préfectures, by code.

    Raises ValueError on a mixture.
    """
    simulated = {key.simulated for key, _tally in rows}
    if len(simulated) > 1:
        raise ValueError("figures of a simulator and of sites on one page")
    document = Document(
        title="Vigie Préfectures : ce que les guichets ont répondu",
        author="Vigie Préfectures",
        running="Relevé automatique sans intervention humaine",
        blocks=(),
        made=made,
        watermark="SIMULATION" if True in simulated else None,
    )
    page = _Page(Frame(document, archival=False))
    page.head(rows, until)
    page.legend()
    page.bars("Par semaine ISO", _grouped(rows, lambda key: key.week)[-WEEKS:])
    places = sorted(_grouped(rows, lambda key: _place(key, names)), key=lambda item: -item[1].asked)
    page.bars("Par préfecture et démarche, les plus observées", places[:BARS])
    page.foot(len(places))
    return page.frame.output()


def _grouped(rows: Rows, name: Callable[[Key], str]) -> list[tuple[str, ReadingTally]]:
    found: defaultdict[str, list[ReadingTally]] = defaultdict(list)
    for key, tally in rows:
        found[name(key)].append(tally)
    return [(one, summed(found[one])) for one in sorted(found)]


def _parts(tally: ReadingTally) -> list[tuple[tuple[int, int, int], int]]:
    """Colour and count of each class, in the order of the legend; what is ours last."""
    ours = tally.said[Counted("Unreached", "vantage_offline")]
    counts = {name: sum(n for said, n in tally.said.items() if said.reading == name) for name in COLOURS}
    counts["Unreached"] -= ours
    return [(COLOURS[name], n) for name, n in counts.items() if n] + ([(OURS, ours)] if ours else [])


class _Page:
    """The drawing. Lengths in mm."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        frame.add_page()

    @property
    def pdf(self) -> FPDF:
        return self.frame.pdf

    def head(self, rows: Rows, until: datetime) -> None:
        """What is counted, over what, and what is missing."""
        whole, frame = summed(tally for _key, tally in rows), self.frame
        frame.write("Ce que les guichets ont répondu", size=15, bold=True, after=1)
        weeks = sorted({key.week for key, _tally in rows})
        span = f"{weeks[0]} à {weeks[-1]}" if weeks else "aucune semaine"
        paris = until.astimezone(ZoneInfo("Europe/Paris"))
        ended = f"{paris:%d/%m/%Y à %H:%M} (Paris), {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        frame.write(f"Semaines {span}. Passages terminés au {ended}.", size=9)
        frame.write(
            f"Vérifications prévues : {whole.due} ; faites : {whole.done} ; écartées avec motif : "
            f"{whole.skipped.total()} ; manquantes : {whole.missing}.{_corrected(whole)} "
            f"Observations : {whole.looks}, dont {whole.asked} "
            "disent quelque chose d'un site (dénominateur des parts).",
            size=9,
        )
        frame.write(
            f"Aucun créneau, selon le site : {_of('NoSlot', whole)}, dont {whole.said[Counted('NoSlot', 'by_data')]} "
            f"d'après ses données. Créneau affiché ou accès ouvert : {_of('SlotsOpen', whole)}.",
            size=9,
            bold=True,
        )
        if whole.waits:
            frame.write(
                f"Attente proposée, quand un premier jour est affiché ({len(whole.waits)} fois) : médiane "
                f"{_comma(whole.wait_median)} jours ; neuf fois sur dix, {whole.wait_p90} jours au plus.",
                size=9,
            )
        frame.advance(2)

    def legend(self) -> None:
        """Colours and their words."""
        x, frame = LEFT, self.frame
        kinds = [(COLOURS[name], words) for name, words in _NAMES.items()] + [(OURS, "notre réseau en panne")]
        for colour, words in kinds:
            width = frame.length(words, 7.5) + 8
            if x + width > LEFT + WIDTH:
                x = LEFT
                frame.advance(4.4)
            self._box(x, 3, 3, colour)
            frame.put(x + 4, words, 7.5)
            x += width
        frame.advance(7)

    def bars(self, title: str, rows: Sequence[tuple[str, ReadingTally]]) -> None:
        """One stacked bar a row, its length the share of each reading, its numbers beside it."""
        frame = self.frame
        frame.write(title, size=10.5, bold=True, after=1)
        for name, tally in rows:
            frame.put(LEFT, _fitting(frame, name), 7.5)
            x, total = LEFT + NAME, tally.looks
            for colour, count in _parts(tally):
                self._box(x, BAR * count / total, 3.2, colour)
                x += BAR * count / total
            gap = f"{tally.done}/{tally.due} faites"
            frame.put(LEFT + NAME + BAR + 2, f"{gap} ; {_wait(tally)}n = {tally.asked}", 7.5)
            frame.advance(4.2)
        if not rows:
            frame.write("Rien n'a encore été compté.", size=9)
        frame.advance(3)

    def foot(self, places: int) -> None:
        """How to read it."""
        hidden = f" {places - BARS} autres ne sont pas dessinés : voir le CSV." if places > BARS else ""
        self.frame.write(
            "Longueur d'une couleur : part de cette réponse parmi les observations de la ligne. n : observations qui "
            "disent quelque chose d'un site. « Aucun créneau » est ce que la page a dit au moment de la lecture, et "
            "rien d'autre ; un captcha, un refus, une panne ne sont jamais comptés comme tels." + hidden,
            size=7.5,
        )

    def _box(self, x: float, width: float, height: float, colour: tuple[int, int, int]) -> None:
        self.pdf.set_fill_color(*colour)
        self.pdf.rect(x, self.frame.y, width, height, style="F")


def _place(key: Key, names: Mapping[str, str]) -> str:
    where = f"{names[key.prefecture]} ({key.prefecture})" if key.prefecture in names else key.prefecture
    return f"{where}, {procedure(key.procedure, 'fr')}"


def _fitting(frame: Frame, name: str) -> str:
    """A name as far as its column goes."""
    if frame.length(name, 7.5) <= NAME - 1:
        return name
    while name and frame.length(name + "…", 7.5) > NAME - 1:
        name = name[:-1]
    return name + "…"


def _of(reading: str, whole: ReadingTally) -> str:
    count = sum(n for said, n in whole.said.items() if said.reading == reading)
    share = f" ({100 * count / whole.asked:.1f} %)".replace(".", ",") if whole.asked else ""
    return f"{count} sur {whole.asked}{share}"


def _corrected(whole: ReadingTally) -> str:
    return f" Corrigées et non comptées : {whole.corrected}." if whole.corrected else ""


def _wait(tally: ReadingTally) -> str:
    return f"attente {_comma(tally.wait_median)} j ; " if tally.waits else ""


def _comma(days: float | None) -> str:
    return f"{days or 0:g}".replace(".", ",")
