"""Pages, header blocks and pictures: each is what its name says, and an observation names it (docs/FORMAT.md, 4.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.evidence.exported.names import CAPTURES
from monitor.evidence.rules.findings import Report
from monitor.evidence.rules.said import exchanges_of
from monitor.values import pattern

if TYPE_CHECKING:
    from monitor.evidence.verify.archive import FolderArchive

_CAPTURE = pattern(rf"{CAPTURES}/(\d{{4}}-\d\d-\d\d)/([0-9A-Za-z-]+)/(?:SIMULATION-)?([0-9a-f]{{64}})\.[a-z]+")
_DIGEST = pattern(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_BODIES = ("head_sha256", "decoded_body_sha256")


class Named:
    """Which digests records and pictures name, and at which first place. Only those enclosed are kept in mind."""

    def __init__(self, archive: FolderArchive) -> None:
        self._archive = archive
        self._names = [name for name in archive.names() if name.startswith(f"{CAPTURES}/")]
        self._enclosed = {match[3] for match in map(_CAPTURE.fullmatch, self._names) if match}
        self._places: dict[str, tuple[str, str]] = {}
        self._of_record: dict[int, tuple[str, str]] = {}
        self._absent: set[str] = set()

    def by_record(self, line: bytes, record: Mapping[str, Any]) -> None:
        """The digests that stand in the line of a record."""
        place = (str(record.get("started"))[:10], str(record.get("check")).replace("/", "-"))
        for body in map(bytes.decode, _DIGEST.findall(line)):
            if body in self._enclosed:
                self._places.setdefault(body, place)
        self._of_record[int(record.get("seq", -1))] = place
        for exchange in exchanges_of(record):
            bodies = [told for name in _BODIES if isinstance(told := exchange.get(name), str)]
            self._absent.update(body for body in bodies if body not in self._enclosed)

    def by_shot(self, shot: Mapping[str, Any], files: Callable[[Mapping[str, Any]], Sequence[str]]) -> None:
        """The files that the line of a picture names."""
        place = self._of_record.get(shot.get("seq", -1))
        for body in files(shot):
            if body not in self._enclosed:
                self._absent.add(body)
            elif place is not None:
                self._places.setdefault(body, place)

    def verify(self, report: Report) -> None:
        """Once all were read."""
        for name in self._names:
            match = _CAPTURE.fullmatch(name)
            if (
                match is None
                or self._places.get(match[3]) != (match[1], match[2])
                or self._archive.digest(name) != match[3]
            ):
                report.fail("capture", name)
        if self._absent:
            words = _("pages, header blocks and pictures that observations name and that are not enclosed: {count}")
            report.notes.append(words.format(count=len(self._absent)))
