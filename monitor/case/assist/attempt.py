"""An attempt folder: what a person was shown while doing what a booking site asks, as files with their digests. Pure.

What was seen in the person's own window (the pages that settled in it, the requests that led to them) becomes
`attempt.json`, one canonical JSON line (see `monitor.core.record`); `SHA256SUMS` lists it and every page and picture;
time-stamps of that list stand beside it as `SHA256SUMS.NAME.tsq`, `.tsr` and `.pem`, with `stamps.json` saying which
authority gave none and why. Nothing else may be in the folder.

An attempt is the person's, never the monitor's: `author` is not a word an observation can have.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, cast, get_args
from zoneinfo import ZoneInfo

from monitor.core.readings import Reading, from_json
from monitor.core.record import canonical, digest
from monitor.evidence.sums import SUMS, parse_sums
from monitor.values import dataclass, pattern

ATTEMPT: Final = "attempt.json"
STAMPS: Final = "stamps.json"
VERSION: Final = 1
KIND: Final = "assisted_attempt"

Author = Literal["person", "authorised_helper"]
Ending = Literal["slots_open", "personal_data", "beyond_steps", "window_closed", "interrupted"]
Trigger = Literal["start", "person", "reload"]
AUTHORS_FR: Final[Mapping[Author, str]] = {"person": "la personne elle-même", "authorised_helper": "un aidant autorisé"}

_BESIDE: Final = pattern(rf"{SUMS}\.([a-z0-9]+(?:-[a-z0-9]+)*)\.(tsq|tsr|pem)")
_PAGE: Final = ("served", "shown")
_PICTURE: Final = ("picture", "banded")


class AttemptError(ValueError):
    """The folder is not an attempt, or is not what it was when it was written. One sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page the person was shown. at: aware UTC instant at which it was taken in. url: without what a query held.

    trigger: who made it load: the start of the program, the person, or the timer of `--reload`. files: by role
    (`served`: bytes of the answer; `shown`: the document as the browser showed it; `picture`; `banded`).
    left_out: why some are absent.
    """

    at: datetime
    trigger: Trigger
    url: str
    reading: Reading
    files: Mapping[str, str]
    left_out: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistedAttempt:
    """One attempt. check: `92/slug`; label: the démarche's words; started, finished: aware UTC instants.

    zone: legal time of the préfecture. simulated: a simulator played the site: never evidence. stamps: replies
    (RFC 3161) over `sums`, by authority, not verified here. record: the whole of `attempt.json`.
    """

    author: Author
    check: str
    prefecture: str
    office: str
    label: str
    procedure: str
    url: str
    started: datetime
    finished: datetime
    zone: ZoneInfo
    ended: Ending
    steps: tuple[Step, ...]
    simulated: bool
    sums: bytes
    stamps: Mapping[str, bytes]
    record: Mapping[str, Any]


def read(files: Mapping[str, bytes]) -> AssistedAttempt:
    """The attempt in these files, by path from its folder with `/`. Raises AttemptError.

    Accepted only if every file is listed with its digest and named by the record, the record is canonical, and its
    instants follow one another.
    """
    check_sums(files)
    record = one_record(files, (KIND,), VERSION)
    try:
        attempt = _attempt(record, files[SUMS], stamps_beside(files))
    except (KeyError, TypeError, AttributeError, ValueError, OSError) as error:  # OSError: a time zone that is a folder
        if isinstance(error, AttemptError):
            raise
        raise AttemptError(f"{ATTEMPT}: {error or type(error).__name__}") from error
    _check_files(record, files)
    return attempt


def check_sums(files: Mapping[str, bytes]) -> None:
    """Every file is listed in the sums with its digest; only stamps stand beside. Raises AttemptError."""
    if SUMS not in files:
        raise AttemptError(f"{SUMS} is missing")
    try:
        listed = parse_sums(files[SUMS])
    except ValueError as error:
        raise AttemptError(f"{SUMS}: {error}") from error
    for name, expected in listed.items():
        if name not in files:
            raise AttemptError(f"{name} is missing")
        if digest(files[name]) != expected:
            raise AttemptError(f"{name} is not what it was when {SUMS} was written")
    for name in sorted(set(files) - set(listed) - {SUMS, STAMPS}):
        if not _BESIDE.fullmatch(name):
            raise AttemptError(f"{name} is not listed in {SUMS}")


def one_record(files: Mapping[str, bytes], kinds: Sequence[str], version: int) -> dict[str, Any]:
    """The record of an attempt, of one of these kinds and this version. Raises AttemptError."""
    if ATTEMPT not in files:
        raise AttemptError(f"{ATTEMPT} is missing")
    data = files[ATTEMPT]
    try:
        record = json.loads(data)
        exact = isinstance(record, dict) and canonical(record) + b"\n" == data
    except (ValueError, RecursionError) as error:
        raise AttemptError(f"{ATTEMPT} is not JSON: {error}") from error
    if not exact:
        raise AttemptError(f"{ATTEMPT} is not one canonical line")
    if record.get("kind") not in kinds or record.get("v") != version:
        raise AttemptError(f"{ATTEMPT} is not an attempt of version {version}")
    return cast(dict[str, Any], record)


def _attempt(record: Mapping[str, Any], sums: bytes, stamps: Mapping[str, bytes]) -> AssistedAttempt:
    attempt = AssistedAttempt(
        author=_one_of(record["author"], Author),
        check=_text(record["check"]),
        prefecture=_text(record["prefecture"]),
        office=_text(record["office"]),
        label=_text(record["label"]),
        procedure=_text(record["procedure"]),
        url=_text(record["url"]),
        started=_instant(record["started"]),
        finished=_instant(record["finished"]),
        zone=ZoneInfo(_text(record["time_zone"])),
        ended=_one_of(record["ended"], Ending),
        steps=tuple(_step(one) for one in record["steps"]),
        simulated=record.get("simulated") is True,
        sums=sums,
        stamps=stamps,
        record=record,
    )
    instants = [attempt.started, *(step.at for step in attempt.steps), attempt.finished]
    if instants != sorted(instants):
        raise AttemptError(f"{ATTEMPT}: its instants do not follow one another")
    if not attempt.steps:
        raise AttemptError(f"{ATTEMPT} records no page")
    return attempt


def _step(told: Mapping[str, Any]) -> Step:
    left_out = told.get("left_out")
    return Step(
        at=_instant(told["at"]),
        trigger=_one_of(told["trigger"], Trigger),
        url=_text(told["url"]),
        reading=from_json(dict(told)),
        files={role: _text(told[role]["file"]) for role in (*_PAGE, *_PICTURE) if role in told},
        left_out=None if left_out is None else _text(left_out),
    )


def _check_files(record: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Each file is named by one step, with its own digest and size; a picture never comes without the untouched one."""
    named = set()
    for told in record["steps"]:
        if ("picture" in told) is not ("banded" in told):
            raise AttemptError(f"{ATTEMPT}: a picture with a band comes with the untouched one")
        for role in (*_PAGE, *_PICTURE):
            if role not in told:
                continue
            kept = told[role]
            data = files.get(kept["file"])
            if data is None or (kept.get("sha256"), kept.get("bytes")) != (digest(data), len(data)):
                raise AttemptError(f"{kept['file']} is not the file {ATTEMPT} tells of")
            named.add(kept["file"])
    for name in sorted(set(files) - named - {ATTEMPT, SUMS, STAMPS}):
        if not _BESIDE.fullmatch(name):
            raise AttemptError(f"{name} belongs to no page of {ATTEMPT}")


def stamps_beside(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The replies of authorities over the sums, by the authority's name."""
    found = ((_BESIDE.fullmatch(name), data) for name, data in files.items())
    return {match[1]: data for match, data in found if match and match[2] == "tsr"}


def _one_of(value: object, allowed: Any) -> Any:
    if value not in get_args(allowed):
        raise AttemptError(f"{ATTEMPT}: {value!r} is not one of {', '.join(get_args(allowed))}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise AttemptError(f"{ATTEMPT}: {value!r} is not a text")
    return value


def _instant(value: object) -> datetime:
    at = datetime.fromisoformat(_text(value))
    if at.utcoffset() != timedelta():
        raise AttemptError(f"{ATTEMPT}: {value!r} is not an instant in UTC")
    return at


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One request for a document that the person's browser made, and its answer. Never what was sent in it.

    started, finished: aware UTC instants by our clock. body: decoded bytes, None where they were not had. failure: the
    browser's own word for why no answer came (`net::ERR_…`).
    """

    method: str
    url: str
    started: datetime
    finished: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A page that settled in the person's window. at: aware UTC instant.

    passed: the requests that led to it, redirects first; empty for a change made inside the page. served: bytes of the
    answer. shown: the document as the browser shows it; frames: those inside it. typed: a field held something when it
    was taken in. failure: the browser's word where no answer came. trigger: who made it load.
    """

    url: str
    at: datetime
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    served: bytes | None = None
    shown: str | None = None
    frames: Sequence[str] = ()
    passed: Sequence[Passed] = ()
    typed: bool = False
    failure: str | None = None
    trigger: Trigger = "person"
