"""The reader of an attempt's folder: what it accepts, and that nothing changed in it passes."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.case.assist.attempt import ATTEMPT, STAMPS, AttemptError, read
from monitor.core.record import canonical, digest
from monitor.evidence.sums import SUMS, render_sums

PAGE, PNG, BAND = b"<h2>Aucun cr\xc3\xa9neau disponible</h2>", b"\x89PNG 1", b"\x89PNG 2"


def kept(name: str, data: bytes) -> dict[str, Any]:
    return {"file": name, "sha256": digest(data), "bytes": len(data)}


def record(**more: Any) -> dict[str, Any]:
    step = {
        "n": 1, "at": "2026-11-24T08:14:06.000000Z", "trigger": "start", "url": "https://a.gouv.fr/",
        "reading": "NoSlot",
        "seen": "Aucun créneau disponible", "selector": "h2", "by_data": False, "exchanges": [],
        "served": kept("pages/001.html", PAGE), "picture": kept("captures/001.png", PNG),
        "banded": kept("captures/001-bandeau.png", BAND),
    }  # fmt: skip
    return {
        "v": 1, "kind": "assisted_attempt", "author": "person", "check": "92/titre", "prefecture": "92",
        "desk": "titre",
        "office": "Préfecture", "label": "Titre de séjour", "procedure": "renewal", "platform": "rdv_prefecture",
        "url": "https://a.gouv.fr/", "time_zone": "Europe/Paris", "started": "2026-11-24T08:14:05.000000Z",
        "finished": "2026-11-24T08:15:05.000000Z", "ended": "window_closed", "steps": [step], "authorities": [],
    } | more  # fmt: skip


def folder(told: dict[str, Any], **more: bytes) -> dict[str, bytes]:
    files = {"pages/001.html": PAGE, "captures/001.png": PNG, "captures/001-bandeau.png": BAND} | more
    files[ATTEMPT] = canonical(told) + b"\n"
    return files | {SUMS: render_sums({name: digest(data) for name, data in files.items()})}


def test_it_is_accepted_with_its_stamps() -> None:
    beside = {
        f"{SUMS}.essai.tsr": b"reply",
        f"{SUMS}.essai.tsq": b"query",
        f"{SUMS}.essai.pem": b"pem",
        STAMPS: b"{}\n",
    }
    attempt = read(folder(record()) | beside)
    assert attempt.stamps == {"essai": b"reply"}
    assert attempt.steps[0].files == {
        "served": "pages/001.html", "picture": "captures/001.png", "banded": "captures/001-bandeau.png",
    }  # fmt: skip
    assert not attempt.simulated


@given(st.data())
def test_no_changed_byte_passes(data: st.DataObject) -> None:
    files = folder(record())
    name = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[name]) - 1))
    changed = bytearray(files[name])
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(AttemptError):
        read(files | {name: bytes(changed)})


@given(st.dictionaries(st.sampled_from([ATTEMPT, SUMS, "pages/001.html", "x"]), st.binary(max_size=60)))
def test_anything_else_is_refused_in_one_way(files: dict[str, bytes]) -> None:
    with pytest.raises(AttemptError):
        read(files)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5), lambda x: st.lists(x) | st.dictionaries(st.text(max_size=9), x)
    ),
    st.sampled_from(sorted(record())),
)
def test_a_record_with_anything_in_a_field_raises_nothing_else(value: Any, name: str) -> None:
    with suppress(AttemptError):
        read(folder(record(**{name: value})))


@pytest.mark.parametrize(
    "change",
    [
        {"author": "unattended_monitor"}, {"kind": "observation"}, {"v": 2}, {"ended": "booked"}, {"steps": []},
        {"time_zone": "Europe/Paname"}, {"started": "2026-11-24T08:14:07.000000Z"}, {"check": ""},
        {"finished": "2026-11-24T08:14:05.500000Z"}, {"started": "2026-11-24T09:14:05+01:00"},
        {"started": "2026-11-24"},
        {"time_zone": "../etc"},
    ],
)  # fmt: skip
def test_what_no_attempt_can_say_is_refused_whatever_its_sums(change: dict[str, Any]) -> None:
    with pytest.raises(AttemptError):
        read(folder(record(**change)))


def step_with(**more: Any) -> dict[str, Any]:
    told = record()
    told["steps"] = [told["steps"][0] | more]
    return told


@pytest.mark.parametrize(
    "told",
    [
        step_with(reading="Slots"), step_with(trigger="robot"), step_with(picture=kept("captures/002.png", PNG)),
        step_with(served=kept("pages/001.html", PNG)), step_with(url=None),
    ],
)  # fmt: skip
def test_a_step_that_is_not_so_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(AttemptError):
        read(folder(told))


def test_a_picture_comes_with_the_untouched_one_and_each_file_with_a_page() -> None:
    told = record()
    del told["steps"][0]["banded"]
    with pytest.raises(AttemptError, match="untouched"):
        read(folder(told))
    with pytest.raises(AttemptError, match="no page"):
        read(folder(record(), **{"pages/002.html": b"x"}))
    with pytest.raises(AttemptError, match="not listed"):
        read(folder(record()) | {"note.txt": b"x"})
    files = folder(record())
    files[ATTEMPT] = json.dumps(record(), ensure_ascii=False).encode() + b"\n"
    files[SUMS] = render_sums({name: digest(data) for name, data in files.items() if name != SUMS})
    with pytest.raises(AttemptError, match="canonical"):
        read(files)
