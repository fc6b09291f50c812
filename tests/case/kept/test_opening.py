"""Hostile archives: each refused in one sentence, quickly, and nothing of it written."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.case.assist.attempt import AttemptError
from monitor.case.kept.opening import opened
from monitor.case.kept.parcel import read
from monitor.case.model import CaseDataError
from tests.case.kept import pages
from tests.case.kept.parcels import START, Press, kept_pages, whole, zipped

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PRESSES = [Press(AT, START + "creneau/", pages.none(AT)), Press(AT, START + "creneau/", pages.some(AT))]
HONEST = kept_pages(PRESSES)


def made(*entries: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return held.getvalue()


def _link() -> bytes:
    one = zipfile.ZipInfo("captures/001.png")
    one.external_attr = (stat.S_IFLNK | 0o777) << 16
    return made((one, b"/etc/passwd"))


def _doubled() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return made(("attempt.json", b"{}"), ("attempt.json", b"{}"))


def _overlapping() -> bytes:
    """Two names over one stretch of bytes: the second local header lies within the first's data."""
    data = bytearray(made(("a", b"x" * 4000), ("b", b"x" * 4000), method=zipfile.ZIP_STORED))
    at = data.rfind(b"PK\x01\x02")
    data[at + 42 : at + 46] = struct.pack("<I", 0)
    return bytes(data)


def _says_less() -> bytes:
    """A thousand names where the archive says one."""
    data = bytearray(made(*((f"{n:05d}", b"") for n in range(3000))))
    at = data.rfind(b"PK\x05\x06")
    data[at + 8 : at + 12] = struct.pack("<HH", 1, 1)
    return bytes(data)


def _directory(count: int, *, zip64: bool) -> bytes:
    """Nothing but a directory of so many names, where the archive says one."""
    entry = struct.Struct("<IHHHHHHIIIHHHHHII")
    names = (
        entry.pack(0x02014B50, 20, 20, 0, 0, 0, 0x5A21, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0) + b"%06x" % n
        for n in range(count)
    )
    listed = b"".join(names)
    end = struct.Struct("<IHHHHIIH")
    if not zip64:
        return listed + end.pack(0x06054B50, 0, 0, 1, 1, len(listed), 0, 0)
    whole = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, len(listed), 0)
    locator = struct.pack("<IIQI", 0x07064B50, 0, len(listed), 1)
    return listed + whole + locator + end.pack(0x06054B50, 0, 0, 1, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0)


def _hidden_end() -> bytes:
    """An honest end, within the comment of one that lists more."""
    small = made(("a", b"x"))[-22:]
    many = bytearray(made(*((f"{n:05d}", b"") for n in range(3000))))
    many[-2:] = struct.pack("<H", len(small))
    return bytes(many) + small


HOSTILE: dict[str, Callable[[], bytes]] = {
    "bomb": lambda: made(("attempt.json", b"0" * 40_000_000)),
    "many": lambda: made(*((f"{n:06d}", b"") for n in range(30_000))),
    "says less": _says_less,
    "huge directory": lambda: _directory(20_000, zip64=False),
    "huge directory, zip64": lambda: _directory(20_000, zip64=True),
    "an end within an end": _hidden_end,
    "climbing": lambda: made(("../attempt.json", b"{}")),
    "rooted": lambda: made(("/attempt.json", b"{}")),
    "of another system": lambda: made(("captures\\001.png", b"x")),
    "a drive": lambda: made(("C:001.png", b"x")),
    "hidden": lambda: made((".attempt.json", b"x")),
    "a folder": lambda: made(("captures/", b"")),
    "doubled": _doubled,
    "doubled but for its case": lambda: made(("a.png", b"x"), ("A.png", b"x")),
    "a link": _link,
    "overlapping": _overlapping,
    "bzip2": lambda: made(("attempt.json", b"{}"), method=zipfile.ZIP_BZIP2),
    "nothing": lambda: b"",
    "no ZIP": lambda: b"GIF89a" * 100,
    "cut": lambda: zipped(HONEST)[:-40],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_in_one_sentence(name: str) -> None:
    data = HOSTILE[name]()
    with pytest.raises((CaseDataError, AttemptError)) as refused:
        read(opened(data))
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("zip64", [False, True])
def test_a_directory_too_long_is_not_parsed(zip64: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", None)  # ten million names would take four gigabytes
    with pytest.raises(CaseDataError):
        opened(_directory(20_000, zip64=zip64))


def test_an_honest_archive_is_opened() -> None:
    assert len(read(opened(zipped(HONEST))).pages) == 2


@given(st.integers(0, len(zipped(HONEST)) * 8 - 1))
def test_a_bit_turned_anywhere_is_seen_or_changes_nothing(bit: int) -> None:
    data = bytearray(zipped(HONEST))
    data[bit // 8] ^= 1 << bit % 8
    try:
        files = opened(bytes(data))
        parcel = read(files)
    except (CaseDataError, AttemptError):
        return
    assert (files, parcel) == (HONEST, read(HONEST)), "what an archive says beside its files is not looked at"


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_refused_or_opened(data: bytes) -> None:
    with suppress(CaseDataError):
        opened(data)


SPOILED: dict[str, dict[str, bytes]] = {
    "a step taken out": kept_pages(PRESSES, steps=[]),
    "of another kind": kept_pages(PRESSES, kind="assisted_attempt"),
    "of another origin": kept_pages(PRESSES, origin="diary"),
    "of a later version": kept_pages(PRESSES, v=2),
    "of no zone": kept_pages(PRESSES, zone="Europe"),
    "of the year 5138": kept_pages(PRESSES, made_ms=100_000_000_000_000),
    "by a robot": kept_pages(PRESSES, author="monitor"),
    "unlisted": {**HONEST, "pages/003-affichee.html": b"x"},
    "listed and of nothing": whole(
        {k: v for k, v in HONEST.items() if "/" in k} | {"captures/009.png": b"x"}, {"v": 1, "kind": "kept_pages"}
    ),
    "without sums": {name: data for name, data in HONEST.items() if name != "SHA256SUMS"},
    "not canonical": {**HONEST, "attempt.json": HONEST["attempt.json"] + b" "},
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_does_not_hold_together_is_refused(name: str) -> None:
    with pytest.raises(AttemptError):
        read(SPOILED[name])


def test_the_middle_cannot_be_taken_out_of_the_chain() -> None:
    import json

    record = json.loads(kept_pages([*PRESSES, *PRESSES])["attempt.json"])
    steps = [record["steps"][0], {**record["steps"][2], "n": 2}, {**record["steps"][3], "n": 3}]
    files = {name: data for name, data in kept_pages([*PRESSES, *PRESSES]).items() if "002" not in name}
    with pytest.raises(AttemptError, match="does not follow"):
        read(whole({k: v for k, v in files.items() if "/" in k}, {**record, "steps": steps}))
