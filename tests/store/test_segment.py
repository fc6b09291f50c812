"""Lines as a sealed sweep keeps them: shorter, and the same byte for byte."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import StoreError
from monitor.core.record import canonical, digest
from monitor.store.log.segment import LEVEL, packed, unpacked

HERE = Path("records.jsonl.zst")
DIGITS = st.text("0123456789abcdef", max_size=600)
ODD = st.sampled_from(["0" * 15, "a" * 511, "A" * 64, "\x00\x00"])
LINES = st.lists(DIGITS | st.text(max_size=30) | ODD, max_size=9)


def plan(records: list[bytes], first: int = 7) -> bytes:
    rows = [canonical({"check": f"95/d{i}", "record": digest(one), "seq": first + i}) for i, one in enumerate(records)]
    return b"".join(row + b"\n" for row in [*rows[::-1], canonical({"check": "96/x", "why": "floor"})])


@given(LINES)
def test_any_lines_come_out_as_they_went_in(lines: list[str]) -> None:
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    assert unpacked(packed(data), HERE) == data


@given(st.binary(max_size=200))
def test_any_bytes_come_out_as_they_went_in(data: bytes) -> None:
    assert unpacked(packed(data), HERE) == data
    for kind in (b"\x01", b"\x02"):
        assert unpacked(packed(kind + data), HERE) == kind + data


def test_digits_take_half_and_a_plan_does_not_repeat_the_digests_of_its_records() -> None:
    records = [canonical({"head_sha256": Random(i).randbytes(32).hex()}) for i in range(200)]
    data = b"".join(line + b"\n" for line in records)
    assert len(packed(data)) < 200 * 34 + 60
    assert len(packed(plan(records), records=records)) < 200 * 6
    assert unpacked(packed(plan(records), records=records), HERE, lambda: records) == plan(records)


def test_a_plan_of_other_records_is_kept_whole() -> None:
    records = [b"{}"] * 3
    other = plan([b"{1}"] * 3)
    assert unpacked(packed(other, records=records), HERE) == other


@pytest.mark.parametrize("short", [b"\x01\x00\x08\x00\x00abc", b"\x01\x00\x08", b"\x01abc\x00\x00d"])
def test_what_is_not_what_was_written_is_said_to_be_damaged(short: bytes) -> None:
    with pytest.raises(StoreError, match=r"records\.jsonl\.zst is damaged"):
        unpacked(zstandard.ZstdCompressor(level=LEVEL).compress(short), HERE)


def test_a_plan_without_its_records_is_said_to_be_damaged() -> None:
    records = [b"{}"] * 3
    with pytest.raises(StoreError, match="is damaged"):
        unpacked(packed(plan(records), records=records), HERE, lambda: records[:2])


def test_a_file_that_says_it_is_huge_is_not_read() -> None:
    frame = zstandard.ZstdCompressor().compress(bytes(300 << 20))
    with pytest.raises(StoreError, match="more than is read"):
        unpacked(frame, HERE)
