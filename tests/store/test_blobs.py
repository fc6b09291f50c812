"""Blobs: what goes in comes out, once, and damage is named."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import StoreError
from monitor.store import packs
from monitor.store.blobs import BlobDamagedError
from monitor.store.packs import DELTA, RAW, ZSTD, scan
from monitor.store.store import Store, reading
from tests.support.records import NOON, keep, opened, record, sweeping

PAGE = b"".join(b"<p>ligne %d : %s</p>\n" % (i, Random(i).randbytes(12).hex().encode()) for i in range(1500))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def name(store: Store, *digests: str) -> None:
    """Let an observation name blobs."""
    with store.transaction() as tx:
        row = record(tx.next_seq(), digests={str(i): digest for i, digest in enumerate(digests)})
        tx.append(row | {"sweep": store.records.sweeps(1)[0].number}, blobs=digests)


def entry(store: Store, digest: str) -> packs.PackEntry:
    (found,) = (e for file in store.blobs.files([digest]) for e in scan(file) if e.digest == digest)
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


@given(
    base=st.binary(max_size=2000) | st.just(PAGE),
    edits=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 40), st.binary(max_size=40)), max_size=4),
)
def test_a_delta_gives_the_same_bytes_back(
    shared_store: Store, base: bytes, edits: list[tuple[int, int, bytes]]
) -> None:
    data = base
    for at, removed, added in edits:
        data = data[:at] + added + data[at + removed :]
    whole = shared_store.blobs.put(base)
    name(shared_store, whole)
    digest = shared_store.blobs.put(data, whole)
    assert shared_store.blobs.get(digest) == data


def test_a_page_that_changed_a_little_costs_little(shared_store: Store) -> None:
    first = shared_store.blobs.put(PAGE + b"token=0123456789abcdef")
    name(shared_store, first)
    second = shared_store.blobs.put(PAGE + b"token=fedcba9876543210", first)
    assert (entry(shared_store, first).kind, entry(shared_store, second).kind) == (ZSTD, DELTA)
    assert entry(shared_store, second).stored <= 150


def test_a_difference_is_kept_only_where_it_is_smaller_than_the_bytes_with_its_own_head(shared_store: Store) -> None:
    """The more they share the smaller; one head of 32 bytes more than the bytes themselves is no gain."""
    base = Random(2).randbytes(400)
    whole = shared_store.blobs.put(base)
    name(shared_store, whole)
    kinds = []
    for shared in range(120):
        digest = shared_store.blobs.put(Random(shared + 9).randbytes(300) + base[:shared], whole)
        found = entry(shared_store, digest)
        kinds.append(found.kind)
        assert found.kind != DELTA or found.stored + 32 < found.size
    assert {kinds[0], kinds[-1]} == {RAW, DELTA}


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
        assert store.blobs.put(PAGE, digest) == digest
        assert file.stat().st_size == size
    with sweeping(tmp_path) as (store, _number):
        store.blobs.put(PAGE)
        assert [e.digest for file in (tmp_path / "store/packs").iterdir() for e in scan(file)] == [digest]


def test_a_delta_never_leans_on_a_delta(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        chain = [store.blobs.put(PAGE)]
        name(store, chain[0])
        for i in range(5):
            chain.append(store.blobs.put(PAGE + b"token %d" % i, chain[-1]))
            name(store, chain[-1])
        assert [entry(store, digest).base for digest in chain] == [None] + [chain[0]] * 5


def test_each_day_begins_with_a_whole_page(tmp_path: Path) -> None:
    with sweeping(tmp_path, NOON) as (store, _number):
        yesterday = store.blobs.put(PAGE)
        name(store, yesterday)
    with sweeping(tmp_path, NOON + timedelta(hours=12)) as (store, _number):
        assert entry(store, store.blobs.put(PAGE + b"token", yesterday)).kind == ZSTD


def test_nothing_leans_on_bytes_that_no_observation_names(tmp_path: Path) -> None:
    """After a loss of power only what observations name is checked; a base must be among it."""
    with sweeping(tmp_path) as (store, _number):
        unnamed = store.blobs.put(PAGE)
        assert entry(store, store.blobs.put(PAGE + b"token", unnamed)).kind == ZSTD


def test_the_index_can_be_rebuilt_from_the_packs_alone(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        first = store.blobs.put(PAGE)
        name(store, first)
        name(store, store.blobs.put(PAGE + b"1", first), store.blobs.put(b"", first), store.blobs.put(b"short"))
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


def test_every_flipped_bit_is_noticed_or_changes_nothing(tmp_path: Path) -> None:
    """A few bits mean nothing to zstd; whatever `get` returns has the digest asked for."""
    with sweeping(tmp_path) as (store, _number):
        base = store.blobs.put(PAGE[:700])
        name(store, base)
        digest = store.blobs.put(PAGE[:700] + b"token", base)
        name(store, digest)
        (file,) = store.blobs.files([digest])
        whole = file.read_bytes()
        first = entry(store, base).offset
    noticed = 0
    with reading(tmp_path) as found:
        assert found is not None
        blobs = found[1]
        for at in range(8 * first, 8 * len(whole)):
            flipped = bytes([whole[at // 8] ^ 1 << at % 8])
            file.write_bytes(whole[: at // 8] + flipped + whole[at // 8 + 1 :])
            try:
                assert blobs.get(digest) == PAGE[:700] + b"token"
            except BlobDamagedError as error:
                noticed += digest in str(error)
        assert noticed >= 0.99 * 8 * (len(whole) - first)
        file.unlink()
        with pytest.raises(BlobDamagedError, match=digest):
            blobs.get(digest)


def test_a_blob_that_was_never_stored_is_named(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        assert not store.blobs.has(sha(b"never"))
        with pytest.raises(BlobDamagedError, match=sha(b"never")):
            store.blobs.get(sha(b"never"))


def test_a_full_disk_leaves_no_half_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite
    with sweeping(tmp_path) as (store, _number):
        keep(store, bodies={"head": b"before"})
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
        keep(store, bodies={"head": PAGE})
        assert store.blobs.get(sha(PAGE)) == PAGE
        assert [e.digest for e in scan(file)] == [sha(b"before"), sha(PAGE)]


def test_after_a_failed_sync_no_barrier_is_promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError(5, "Input/output error")

    with sweeping(tmp_path) as (store, _number):
        keep(store, bodies={"head": b"bytes"})
        with monkeypatch.context() as broken:
            broken.setattr(os, "fdatasync", fail)
            with pytest.raises(StoreError, match="Input/output error"):
                store.barrier(NOON)
        with pytest.raises(StoreError, match="never reached the disk"):
            store.barrier(NOON)
        assert store.one("SELECT count(*) FROM barrier", ()) == (0,)
