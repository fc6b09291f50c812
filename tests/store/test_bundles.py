"""All bytes of a check as one piece: what goes in comes out, a small change costs little, and damage is noticed."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.record import digest
from monitor.store.blobs import BlobDamagedError
from monitor.store.packs import BundleEntry, scan
from monitor.store.store import Store, reading
from monitor.store.written.bundle import bundled, joined, opened, parted
from tests.support.records import NOON, record, sweeping

PAGE = b"".join(b"<p>ligne %d : %s</p>\n" % (i, Random(i).randbytes(12).hex().encode()) for i in range(1500))
PARTS = st.lists(st.binary(max_size=300) | st.just(PAGE), max_size=6)


def page(token: int) -> bytes:
    return PAGE[:20_000] + Random(token).randbytes(16).hex().encode() + PAGE[20_000:]


def kept(store: Store, number: int, *bodies: bytes, wire: Sequence[bytes] = (), check: str = "95/renewal") -> int:
    """A check with these bytes, covered; its number."""
    seq = store.next_seq()
    named = {str(i): digest(data) for i, data in enumerate([*bodies, *wire])}
    store.append(record(seq, sweep=number, check=check, digests=named), bodies=bodies, wire=wire)
    store.barrier(NOON)
    return seq


def entries(folder: Path) -> dict[int, BundleEntry]:
    found = (e for path in sorted((folder / "store/packs").iterdir()) for e in scan(path))
    return {e.seq: e for e in found if isinstance(e, BundleEntry)}


@given(parts=PARTS)
def test_parts_come_out_as_they_went_in(parts: list[bytes]) -> None:
    assert parted(joined(parts)) == parts


@given(data=st.binary(max_size=80))
def test_what_is_no_bundle_is_refused_or_reads_back(data: bytes) -> None:
    try:
        parts = parted(data)
    except ValueError:
        return
    assert joined(parts) == data


@given(first=PARTS, second=PARTS, wire=PARTS)
def test_a_bundle_gives_the_same_bytes_back(first: list[bytes], second: list[bytes], wire: list[bytes]) -> None:
    base = joined(first)
    stored, leans = bundled(second, wire, base)
    parts = parted(opened(stored, base if leans else None))
    assert parts[: len(second)] == second
    assert [one for one in wire if one in parts[len(second) :]] == parts[len(second) :]
    if not leans:
        assert parts[len(second) :] == wire


def test_an_unchanged_page_costs_a_token_and_a_head(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, number):
        for token in range(3):
            kept(store, number, b"GET / id=%d" % token, b"HTTP/1.1 200 OK", page(token))
        assert store.blobs.get(digest(page(2)), 2) == page(2)
        assert store.blobs.get(digest(b"GET / id=1"), 1) == b"GET / id=1"
    found = entries(tmp_path)
    assert [found[seq].base for seq in range(3)] == [None, 0, 0], "none leans on one that leans"
    assert found[2].stored <= 150


def test_compressed_bytes_are_kept_with_each_whole_page_and_where_they_came_before(tmp_path: Path) -> None:
    first, other = gzip.compress(page(0), mtime=0), gzip.compress(page(1), mtime=0)
    with sweeping(tmp_path) as (store, number):
        kept(store, number, page(0), wire=[first])
        kept(store, number, page(1), wire=[other])
        kept(store, number, page(0), wire=[first])
        changed = Random(9).randbytes(30_000)
        kept(store, number, changed, wire=[gzip.compress(changed, mtime=0)])
        parts = [store.blobs.parts(seq) for seq in range(4)]
    assert parts[:3] == [[page(0), first], [page(1)], [page(0), first]]
    assert parts[3] == [changed, gzip.compress(changed, mtime=0)]


def test_the_same_body_under_two_names_is_kept_once(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, number):
        kept(store, number, b"same", b"", b"same", b"other")
        assert store.blobs.parts(0) == [b"same", b"other"]
        kept(store, number, check="95/silent")
        assert store.blobs.parts(1) is None


def test_each_day_begins_with_a_whole_page(tmp_path: Path) -> None:
    for at in (NOON, NOON + timedelta(hours=12)):
        with sweeping(tmp_path, at) as (store, number):
            kept(store, number, page(0))
            kept(store, number, page(1))
    assert [one.base for _seq, one in sorted(entries(tmp_path).items())] == [None, 0, None, 2]


def test_nothing_leans_on_bytes_whose_check_has_no_row(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        for seq in range(2):
            store.append(record(seq, digests={"head": digest(page(seq))}), bodies=[page(seq)])
    assert [one.base for one in entries(tmp_path).values()] == [None, None]


def test_nothing_leans_on_bytes_that_are_damaged(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, number):
        kept(store, number, page(0))
        (pack,) = (tmp_path / "store/packs").iterdir()
        data = bytearray(pack.read_bytes())
        data[-9] ^= 1
        pack.write_bytes(data)
        assert kept(store, number, page(1)) == 1
        assert store.blobs.get(digest(page(1)), 1) == page(1)
        with pytest.raises(BlobDamagedError, match="observation 0 "):
            store.blobs.get(digest(page(0)), 0)


def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, number):
        kept(store, number, PAGE[:700])
        kept(store, number, PAGE[:700] + b"token")
    (pack,) = (tmp_path / "store/packs").iterdir()
    whole, wanted = pack.read_bytes(), digest(PAGE[:700] + b"token")
    with reading(tmp_path) as found:
        assert found is not None
        for at in range(8 * 8, 8 * len(whole)):
            found[1].forget()
            pack.write_bytes(whole[: at // 8] + bytes([whole[at // 8] ^ 1 << at % 8]) + whole[at // 8 + 1 :])
            with pytest.raises(BlobDamagedError, match="observation 1 "):
                found[1].get(wanted, 1)
        pack.unlink()
        with pytest.raises(BlobDamagedError):
            found[1].get(wanted, 1)


def test_a_digest_that_no_part_has_is_not_there(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, number):
        kept(store, number, b"bytes")
        with pytest.raises(BlobDamagedError, match="not in the store"):
            store.blobs.get(digest(b"other"), 0)


def test_of_two_bundles_of_one_number_the_later_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes were written and its line was not: no room was left. The number is given again."""
    with sweeping(tmp_path) as (store, number):
        with monkeypatch.context() as full:
            full.setattr("monitor.store.written.journal.Journal.append", lambda _self, _line: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                kept(store, number, b"first")
        store.append(record(0, digests={"head": digest(b"second")}), bodies=[b"second"])
    with sweeping(tmp_path) as (store, _number):
        assert store.untold() == [0]
        assert store.blobs.get(digest(b"second"), 0) == b"second"
