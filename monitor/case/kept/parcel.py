"""The file that a person's browser extension or telephone diary makes, read and checked. Pure.

    SHA256SUMS             every other file, as `monitor.evidence.sums` spells it
    attempt.json           one canonical JSON line: what was kept, when, by which clock
    pages/001-affichee.html    extension: the page as it was shown, what was typed in it emptied
    captures/001.png       extension: what was in view; diary: the picture as the person chose it, untouched
    SHA256SUMS.NAME.tsr    a time-stamp of the sums, with `.tsq` and `.pem`

Steps of the extension are chained: each bears the digest of the one before, so that one taken out of the middle shows;
one taken off the end does not. All hours are those of the person's own clock, and are said to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

from monitor.case.assist.attempt import ATTEMPT, AttemptError, Author, check_sums, one_record, stamps_beside
from monitor.core.record import canonical, digest
from monitor.evidence.sums import SUMS
from monitor.values import dataclass

PAGES: Final = "kept_pages"
DIARY: Final = "diary"
VERSION: Final = 1

Source = Literal["exif", "file_name", "file_date", "stated"]
PickedKind = Literal[
    "no_slot", "error_message", "form_unavailable", "category_missing", "captcha_wall", "slot_offered", "attempt"
]
_LAST_MS: Final = 32_503_680_000_000  # the year 3000: beyond it a date is no date
_ROLES: Final = ("page", "picture")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A page the person had on their screen when they pressed the button.

    at: aware UTC, by their clock. status: of the answer, 0 where the browser did not say. page, picture: names of the
    files, None where one is missing. typed: something was written in it, so that nothing of it was kept. mark: a digest
    that is the same in whatever file and chain the press stands: when, where and what was kept.
    """

    number: int
    at: datetime
    url: str
    title: str
    status: int
    page: str | None
    picture: str | None
    typed: bool
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A picture the person chose, with what they say of it. at: the hour they see, without offset.

    name: of the file on their telephone. source: where the diary took the date from. kind, prefecture, procedure,
    address, sentence: their word.
    """

    number: int
    file: str
    name: str
    at: datetime
    source: Source
    kind: PickedKind
    prefecture: str
    procedure: str
    address: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptParcel:
    """All that was brought. made: aware UTC, by the person's clock. pages: of the extension; picked: of the diary.

    browser: product and major version. files: every file by its name. stamps: replies (RFC 3161) over the sums, by
    authority, not verified here. simulated: a simulator played the pages: never evidence.
    """

    origin: Literal["extension", "diary"]
    author: Author
    made: datetime
    zone: ZoneInfo
    browser: str
    pages: tuple[KeptPage, ...]
    picked: tuple[Picked, ...]
    files: Mapping[str, bytes]
    stamps: Mapping[str, bytes]
    simulated: bool


def read(files: Mapping[str, bytes]) -> KeptParcel:
    """The parcel in these files. Raises AttemptError: one sentence on the first thing that does not hold.

    Accepted only if every file is listed with its digest and named by the record, the record is canonical, and the
    chain of its steps holds.
    """
    check_sums(files)
    record = one_record(files, (PAGES, DIARY), VERSION)
    try:
        parcel = _parcel(record, files)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError) as error:
        if isinstance(error, AttemptError):
            raise
        raise AttemptError(f"{ATTEMPT}: {error or type(error).__name__}") from error
    _only_named(record, files)
    return parcel


def _parcel(record: Mapping[str, Any], files: Mapping[str, bytes]) -> KeptParcel:
    extension = record["kind"] == PAGES
    if record["origin"] != ("extension" if extension else "diary"):
        raise AttemptError(f"{ATTEMPT}: its origin is not that of its kind")
    browser = record["browser"]
    pages = tuple(_page(one, n, files) for n, one in enumerate(_listed(record, "steps"), 1)) if extension else ()
    picked = () if extension else tuple(_picked(one, n, files) for n, one in enumerate(_listed(record, "entries"), 1))
    if extension:
        _chain(record["steps"])
    if not (pages or picked):
        raise AttemptError(f"{ATTEMPT} records nothing")
    return KeptParcel(
        origin="extension" if extension else "diary",
        author=_one_of(record["author"], Author),
        made=_instant(record["made_ms"]),
        zone=ZoneInfo(_text(record["zone"])),
        browser=f"{_text(browser['product'])} {_text(str(browser['major']))}",
        pages=pages,
        picked=picked,
        files=files,
        stamps=stamps_beside(files),
        simulated=record.get("simulated") is True,
    )


def _listed(record: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = record[name]
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise AttemptError(f"{ATTEMPT}: {name} is not a list")
    return value


def _page(told: Mapping[str, Any], number: int, files: Mapping[str, bytes]) -> KeptPage:
    if told["n"] != number or told["trigger"] != "button":
        raise AttemptError(f"{ATTEMPT}: step {number} is not what a press of the button makes")
    kept = {role: _held(told[role], files) for role in _ROLES if role in told}
    typed = told.get("typed") is True
    if typed and kept:
        raise AttemptError(f"{ATTEMPT}: step {number} keeps a page in which something was written")
    return KeptPage(
        number=number,
        at=_instant(told["at_ms"]),
        url=_text(told["url"]),
        title=str(told.get("title") or ""),
        status=_whole(told["status"], 999),
        page=kept.get("page"),
        picture=kept.get("picture"),
        typed=typed,
        mark=digest(canonical({"at_ms": told["at_ms"], "url": told["url"]} | {r: told[r]["sha256"] for r in kept})),
    )


def _picked(told: Mapping[str, Any], number: int, files: Mapping[str, bytes]) -> Picked:
    if told["n"] != number:
        raise AttemptError(f"{ATTEMPT}: entry {number} is out of its place")
    at = datetime.fromisoformat(_text(told["at"]))
    if at.tzinfo is not None:
        raise AttemptError(f"{ATTEMPT}: {told['at']!r} bears an offset where the hour seen is expected")
    return Picked(
        number=number,
        file=_held(told, files),
        name=str(told.get("name") or ""),
        at=at,
        source=_one_of(told["date_source"], Source),
        kind=_one_of(told["kind"], PickedKind),
        prefecture=str(told.get("prefecture") or ""),
        procedure=str(told.get("procedure") or ""),
        address=str(told.get("address") or ""),
        sentence=str(told.get("sentence") or ""),
    )


def _chain(steps: Sequence[Mapping[str, Any]]) -> None:
    """Each step bears its own digest and that of the one before. `n` and the names of files are no part of it."""
    before = None
    for number, told in enumerate(steps, 1):
        leafed = {name: value for name, value in told.items() if name not in ("n", "leaf")}
        for role in _ROLES:
            if role in leafed:
                leafed[role] = {name: value for name, value in leafed[role].items() if name != "file"}
        if told.get("previous") != before or digest(canonical(leafed)) != told["leaf"]:
            raise AttemptError(f"{ATTEMPT}: step {number} does not follow the one before")
        before = told["leaf"]


def _held(told: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    """The name of a file that is there with the digest and the size the record tells."""
    name = _text(told["file"])
    data = files.get(name)
    if data is None or (told.get("sha256"), told.get("bytes")) != (digest(data), len(data)):
        raise AttemptError(f"{name} is not the file {ATTEMPT} tells of")
    return name


def _only_named(record: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """No file beside those the record names, each once, and stamps; receipts of a deposit stand apart."""
    told = record["steps"] if record["kind"] == PAGES else record["entries"]
    named = [one[role]["file"] for one in told for role in _ROLES if role in one]
    named += [one["file"] for one in told if "file" in one]
    if len(set(named)) < len(named):
        raise AttemptError(f"{ATTEMPT} names one file twice")
    beside = set(files) - set(named) - {ATTEMPT, SUMS}
    for name in sorted(beside):
        if not name.startswith((f"{SUMS}.", "recus/")):
            raise AttemptError(f"{name} belongs to nothing of {ATTEMPT}")


def _instant(value: object) -> datetime:
    return datetime.fromtimestamp(_whole(value, _LAST_MS) / 1000, UTC)


def _whole(value: object, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise AttemptError(f"{ATTEMPT}: {value!r} is not a number from 0 to {most}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise AttemptError(f"{ATTEMPT}: {value!r} is not a text")
    return value


def _one_of(value: object, allowed: Any) -> Any:
    if value not in get_args(allowed):
        raise AttemptError(f"{ATTEMPT}: {value!r} is not one of {', '.join(get_args(allowed))}")
    return value
