"""Bytes stored by themselves: what goes in comes out, once, and damage is named."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import StoreError
from monitor.store import packs
from monitor.store.blobs import BlobDamagedError
from monitor.store.packs import RAW, scan
from monitor.store.store import Store
from tests.support.records import NOON, keep, opened, sweeping

PAGE = b"".join(b"<p>ligne %d : %s</p>\n" % (i, Random(i).randbytes(12).hex().encode()) for i in range(1500))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def name(store: Store, *digests: str) -> None:
    """Let blobs be found."""
    with store.transaction():
        store.blobs.index(digests)


def entry(store: Store, digest: str) -> packs.PackEntry:
    entries = (e for file in store.blobs.files([digest]) for e in scan(file))
    (found,) = (e for e in entries if isinstance(e, packs.PackEntry) and e.digest == digest)
    return found


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sweeping(tmp_path_factory.mktemp("blobs")) as (store, _number):
        yield store


@given(data=st.binary(max_size=3000) | st.binary(max_size=40).map(lambda b: b * 200))
def test_what_goes_in_comes_out(shared_store: Store, data: bytes) -> None:
    digest = shared_store.blobs.put(data)
    assert digest == sha(data)
    assert shared_store.blobs.has(digest)
    assert shared_store.blobs.get(digest) == data
    name(shared_store, digest)
    assert shared_store.blobs.get(digest) == data


def test_a_blob_whose_bytes_were_changed_is_not_sound(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        digest, other = store.blobs.put(b"bytes" * 9), store.blobs.put(b"other")
        name(store, digest, other)
        (file,) = store.blobs.files([digest, "0" * 64])
        found = entry(store, digest)
        with file.open("r+b") as opened_file:
            opened_file.seek(found.payload)
            opened_file.write(b"\xff\xff")
        assert [store.blobs.is_sound(one) for one in (digest, other, "0" * 64)] == [False, True, False]


def test_incompressible_bytes_are_kept_raw(shared_store: Store) -> None:
    data = Random(1).randbytes(1000)
    assert entry(shared_store, shared_store.blobs.put(data)).kind == RAW


def test_the_same_bytes_are_stored_once(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        digest = store.blobs.put(PAGE)
        (file,) = store.blobs.files([digest])
        size = file.stat().st_size
        assert store.blobs.put(PAGE) == digest
        name(store, digest)
        assert store.blobs.put(PAGE) == digest
        assert file.stat().st_size == size
    with sweeping(tmp_path) as (store, _number):
        store.blobs.put(PAGE)
        assert [e.digest for file in (tmp_path / "store/packs").iterdir() for e in scan(file)] == [digest]


def test_the_index_can_be_rebuilt_from_the_packs_alone(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        name(store, store.blobs.put(PAGE))
        name(store, store.blobs.put(PAGE + b"1"), store.blobs.put(b""), store.blobs.put(b"short"))
        with store.transaction() as tx:
            index = set(tx.db.execute("SELECT lower(hex(digest)), file, offset FROM blob JOIN pack ON id = pack"))
    files = (tmp_path / "store/packs").iterdir()
    assert {(e.digest, f"packs/{file.name}", e.offset) for file in files for e in scan(file)} == index


def test_a_torn_tail_is_where_a_pack_ends(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        kept, torn = store.blobs.put(PAGE), store.blobs.put(PAGE[::-1])
        (file,) = store.blobs.files([torn])
        whole = file.read_bytes()
        begin = entry(store, torn).offset
    truncated = [whole[:cut] for cut in (begin, begin + 1, begin + 43, len(whole) - 1)]
    zeroed = [whole[:cut] + b"\0" * (len(whole) - cut) for cut in (begin, begin + 1)]
    for left in truncated + zeroed:
        file.write_bytes(left)
        assert [e.digest for e in scan(file)] == [kept]
    file.write_bytes(b"")
    assert list(scan(file)) == []


def test_a_pack_is_never_appended_to_by_a_later_sweep(tmp_path: Path) -> None:
    packed = tmp_path / "store/packs"
    packed.mkdir(parents=True)
    (packed / "000000001.pack").write_bytes(b"left by a sweep that lost power")
    with sweeping(tmp_path) as (store, _number):
        name(store, store.blobs.put(PAGE))
    with sweeping(tmp_path) as (store, _number):
        name(store, store.blobs.put(PAGE + b"2"))
    names = ["000000001-1.pack", "000000001.pack", "000000002.pack"]
    assert sorted(file.name for file in packed.iterdir()) == names
    assert (packed / "000000001.pack").read_bytes() == b"left by a sweep that lost power"


def test_a_blob_that_was_never_stored_is_named(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        assert not store.blobs.has(sha(b"never"))
        with pytest.raises(BlobDamagedError, match=sha(b"never")):
            store.blobs.get(sha(b"never"))


def test_a_full_disk_leaves_no_half_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite
    with sweeping(tmp_path) as (store, _number):
        name(store, store.blobs.put(b"before"))
        (file,) = (tmp_path / "store/packs").iterdir()
        size = file.stat().st_size

        def half_then_full(handle: int, data: bytes, offset: int) -> int:
            if offset == size:
                return real(handle, data[: len(data) // 2], offset)
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as full:
            full.setattr(os, "pwrite", half_then_full)
            with pytest.raises(StoreError, match="no room is left"):
                store.blobs.put(PAGE)
        assert file.stat().st_size == size
        assert not store.blobs.has(sha(PAGE))
        name(store, store.blobs.put(PAGE))
        assert store.blobs.get(sha(PAGE)) == PAGE
        assert [e.digest for e in scan(file)] == [sha(b"before"), sha(PAGE)]


def test_after_a_failed_sync_no_barrier_is_promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError(5, "Input/output error")

    with sweeping(tmp_path) as (store, _number):
        keep(store, bodies={"head": b"bytes"}, covered=False)
        with monkeypatch.context() as broken:
            broken.setattr(os, "fdatasync", fail)
            with pytest.raises(StoreError, match="Input/output error"):
                store.barrier(NOON)
        with pytest.raises(StoreError, match="never reached the disk"):
            store.barrier(NOON)
        assert store.one("SELECT count(*) FROM barrier", ()) == (0,)
