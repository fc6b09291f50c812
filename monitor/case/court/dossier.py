"""A court file as Télérecours takes it: exhibits, where each comes from and the names of their files. Pure.

CJA, art. R. 414-5 (text of 3 April 2026): one file an exhibit, or the request is inadmissible. In the application for
lawyers a file's name begins with the number of the exhibit in the inventory; in Télérecours citoyens it describes what
the exhibit holds, and the inventory may be left out. A homogeneous series may share files when the inventory lists each
of its items in their order; that inventory is then filed in both. An exhibit badly named or listed is set aside only
after an invitation left without effect. Names: 80 characters at most, no accent, no `%`, `/`, `&` or dot; `-` and `_`
are allowed (help pages of telerecours.fr and e-signum, 2021).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Final, Literal
from zoneinfo import ZoneInfo

from monitor.case.model import Attempt, Facts, FileRef
from monitor.values import dataclass

Form = Literal["telerecours", "citoyens"]  # for lawyers, for a person without one
Layer = Literal["person", "automatic", "statistics", "notice"]
Letter = Literal["ccc", "prefecture", "lrar", "prolongation", "ddd", "refere"]
Sort = Literal["chronology", "series", "file", "releve", "statistics", "notice"]

LAYERS: Final[Mapping[Layer, str]] = {
    "person": "Démarches de la personne",
    "automatic": "Relevé automatique de pages publiques",
    "statistics": "Statistiques, à titre de contexte",
    "notice": "Notice de vérification",
}
LAYERS_EN: Final[Mapping[Layer, str]] = {
    "person": "What the person did",
    "automatic": "Automatic reading of public pages",
    "statistics": "Statistics, for context",
    "notice": "How to verify",
}
PART_BYTES: Final = 10_000_000  # of a file: no limit is published for lawyers; 32 Mo is for Télérecours citoyens
NAME_LENGTH: Final = 80
_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "°": "o", "ø": "o", "Ø": "O"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Releve:
    """An export of the monitor, joined to the case. archive: its ZIP; pdf: the relevé in it, None without one.

    told: the lines of the verification made when it was joined. reserved: something had remained open.
    """

    name: str
    records: int
    reserved: bool
    told: tuple[str, ...]
    archive: FileRef
    pdf: FileRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What a court file is made from. attempts, withdrawn: by day; reasons: why an entry was withdrawn, by its number.

    doubted: why an attempt is doubted, in French, by the number of its entry: printed beside it, counted nowhere.
    applicant: as the person wants to be named, empty when not said (it is kept nowhere). court: the tribunal
    administratif of the préfecture, empty where none is known. statistics: the files of a run of statistics.
    """

    facts: Facts
    office: str
    attempts: tuple[Attempt, ...]
    withdrawn: tuple[Attempt, ...] = ()
    reasons: Mapping[int, str]
    doubted: Mapping[int, str] = field(default_factory=dict)
    releves: tuple[Releve, ...] = ()
    statistics: tuple[FileRef, ...] = ()
    applicant: str = ""
    court: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The préfecture's legal time."""
        return ZoneInfo(self.facts.zone)


@dataclass(frozen=True, slots=True)
class Item:
    """A file in an exhibit, with the event it belongs to where there is one."""

    file: FileRef
    event: Attempt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One numbered pièce. title: its line in the inventory. items: the files shown; those of a series in their order.

    day: of the event; None for a series or what the program wrote.
    """

    number: int
    title: str
    layer: Layer
    sort: Sort
    items: Sequence[Item] = ()
    day: date | None = None


def ascii_words(text: str) -> str:
    """Letters and digits without accents, words joined with `_`; `-` stays within words. May be empty."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9-]+", "_", plain).strip("_-")


def file_name(
    number: int, title: str, form: Form = "telerecours", *, part: int = 1, parts: int = 1, ending: str = "pdf"
) -> str:
    """`4_Courriel_du_12_mars_2026.pdf` for lawyers, `Courriel_du_12_mars_2026_piece_4.pdf` for Télérecours citoyens.

    A title too long is cut at a word. number, part: from 1; several parts end in `_partie_1_sur_2`. Raises ValueError
    for a number that leaves no room for a name.
    """
    head = f"{number}_" if form == "telerecours" else ""
    tail = f"_piece_{number}" if form == "citoyens" else ""
    tail += f"_partie_{part}_sur_{parts}" if parts > 1 else ""
    room = NAME_LENGTH - len(f"{head}{tail}.{ending}")
    if number < 1 or not 1 <= part <= parts or room < len("piece"):
        raise ValueError(f"no name for exhibit {number}, part {part} of {parts}")
    words = ascii_words(title) or "piece"
    if len(words) > room:
        cut = words[: room + 1]
        words = (cut.rpartition("_")[0] if "_" in cut[1:] else cut[:room]).rstrip("_-") or "piece"
    return f"{head}{words}{tail}.{ending}"


def original_name(file: FileRef) -> str:
    """`000004-01_capture.png`: entry and rank in the case, then the name it was brought under, made harmless."""
    stem, dot, ending = file.name.rpartition(".")
    rank = ascii_words(file.stored.partition(".")[0]) or "000000"
    words = (ascii_words(stem if dot else ending) or "fichier")[:60]
    suffix = ascii_words(ending).lower()[:8] if dot else ""
    return f"{rank}_{words}" + (f".{suffix}" if suffix else "")
