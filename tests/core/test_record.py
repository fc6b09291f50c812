"""The record line: canonical bytes, nothing faked, every kept byte named by its digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.exchange import Dns, Exchange, Tls
from monitor.core.prefecture import Choose, Open, Press, Tick
from monitor.core.readings import CLASSES, NoSlot, Seen, Unreached, from_json
from monitor.core.record import (
    BODY_PARTS,
    ClockState,
    Looked,
    Sources,
    Subject,
    bodies,
    canonical,
    digest,
    exchange_record,
    instant,
    observation,
)

T0 = datetime(2026, 11, 21, 22, 57, 2, 123456, tzinfo=UTC)
SUBJECT = Subject(
    key="95/renouvellement",
    look="desk",
    prefecture="95",
    label="Renouvellement d'un titre de séjour",
    platform="ez_booking",
    url="https://www.val-doise.gouv.fr/booking/create/11343",
    time_zone="Europe/Paris",
    procedure="renewal",
)
EXCHANGE = Exchange(
    method="GET",
    url=SUBJECT.url,
    started=T0,
    finished=T0 + timedelta(milliseconds=250),
    started_mono_ns=1,
    finished_mono_ns=250_000_001,
    sent=b"GET /booking/create/11343 HTTP/1.1\r\n\r\n",
    status=200,
    version="HTTP/1.1",
    head=b"HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 22:57:02 GMT\r\n\r\n",
    headers=(("Date", "Sat, 21 Nov 2026 22:57:02 GMT"),),
    wire_body=b"\x1f\x8b-packed",
    decoded_body="créneau".encode(),
    peer="192.0.2.1:443",
    local="192.0.2.9:50000",
    tls=Tls(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", chain=(b"leaf", b"issuer")),
    dns=Dns(host="www.val-doise.gouv.fr", addresses=("192.0.2.1",), ttl=300, server="192.0.2.53"),
)
NO_SLOT = NoSlot(seen=Seen("Il n'existe plus de plage horaire libre", "#FormBookingCreate"))
LOOKED = Looked(
    reading=NO_SLOT,
    started=T0,
    finished=T0 + timedelta(seconds=1),
    started_mono_ns=1,
    finished_mono_ns=1_000_000_001,
    moves=(
        (Open(SUBJECT.url),),
        (Tick("condition", "J'accepte"), Press("FormBookingCreate", "nextButton", "Effectuer une demande")),
        (Choose("planning", "14673", "Guichet 2"), Open("/2", link="Suite")),
    ),
    exchanges=(EXCHANGE,),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def made(looked: Looked = LOOKED, **more: Any) -> dict[str, Any]:
    means = {"seq": 7, "sweep": 3, "check_id": "0123456789abcdef", "program": "0.1.0", "boot_id": None}
    return observation(SUBJECT, looked, **{**means, **more})


@given(st.dictionaries(st.text(), JSON))
def test_canonical_bytes_are_one_line_and_say_the_same(value: dict[str, Any]) -> None:
    line = canonical(value)
    assert json.loads(line) == value
    assert b"\n" not in line
    assert canonical(dict(reversed(value.items()))) == line
    assert canonical(json.loads(line)) == line


def test_canonical_form_to_the_byte() -> None:
    assert (
        canonical({"é": [1, None, True], "a": {"z": "’", "b": 0}}) == '{"a":{"b":0,"z":"’"},"é":[1,null,true]}'.encode()
    )


@pytest.mark.parametrize("value", [{"a": 1.0}, {"a": [{"b": (0, 0.5)}]}, {"a": float("nan")}])
def test_a_float_is_never_written(value: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="float"):
        canonical(value)


def test_instants_are_utc_to_the_microsecond() -> None:
    paris = timezone(timedelta(hours=1))
    assert instant(datetime(2026, 11, 21, 23, 57, 2, 123456, tzinfo=paris)) == "2026-11-21T22:57:02.123456Z"
    assert instant(datetime(2026, 11, 21, 22, 57, 2, tzinfo=UTC)) == "2026-11-21T22:57:02.000000Z"


def test_an_observation_is_a_record_line_and_reads_back() -> None:
    record = json.loads(canonical(made()))
    assert from_json(record) == NO_SLOT
    assert record["check"] == "95/renouvellement"
    assert record["author"] == "unattended_monitor"
    assert record["started"] == "2026-11-21T22:57:02.123456Z"
    assert (record["seq"], record["sweep"], record["id"]) == (7, 3, "0123456789abcdef")
    assert record["steps"] == [
        {"open": SUBJECT.url},
        {"tick": "condition", "label": "J'accepte"},
        {"press": "nextButton", "value": "Effectuer une demande", "form": "FormBookingCreate"},
        {"choose": "planning", "value": "14673", "label": "Guichet 2"},
        {"open": "/2", "link": "Suite"},
    ]


def test_what_is_not_known_is_absent_and_never_null() -> None:
    offline = Looked(
        reading=Unreached(cause="vantage_offline"),
        started=T0,
        finished=T0,
        started_mono_ns=1,
        finished_mono_ns=1,
        exchanges=(Exchange(method="GET", url="u", started=T0, finished=T0, started_mono_ns=1, finished_mono_ns=1),),
    )
    record = made(offline)
    assert b"null" not in canonical(record)
    assert not {"boot_id", "simulated", "seen", "selector", "detail"} & set(record)
    assert set(record["exchanges"][0]) == {"method", "url", "started", "finished", "mono_start_ns", "mono_end_ns"}


def test_what_a_simulator_said_is_marked() -> None:
    assert made(simulated=True)["simulated"] is True
    assert "simulated" not in made(simulated=False)


def test_a_readings_fields_never_hide_those_of_the_record() -> None:
    own = set(made(simulated=True, boot_id="b")) - set(to_fields(NO_SLOT))
    for cls in CLASSES.values():
        assert not own & set(cls.__dataclass_fields__), cls.__name__


def to_fields(reading: NoSlot) -> set[str]:
    return {"reading", "selector", *reading.__dataclass_fields__}


def test_every_kept_byte_is_named_by_its_own_digest() -> None:
    record = exchange_record(EXCHANGE)
    kept = bodies(EXCHANGE)
    assert set(kept) == set(BODY_PARTS)
    for part, data in kept.items():
        assert record[f"{part}_sha256"] == hashlib.sha256(data).hexdigest() == digest(data)
        assert record[f"{part}_bytes"] == len(data)
    assert record["wire_body_sha256"] != record["decoded_body_sha256"]
    assert record["tls"]["leaf_sha256"] == hashlib.sha256(b"leaf").hexdigest()
    assert record["tls"]["chain_sha256"] == [hashlib.sha256(b"issuer").hexdigest()]
    assert record["dns"] == {"addresses": ["192.0.2.1"], "ttl": 300, "server": "192.0.2.53"}


def test_an_exchange_is_kept_field_by_field_under_names_that_stay() -> None:
    """Whoever verifies a record reads it by these names, in ten years too."""
    kept = exchange_record(EXCHANGE)
    digests = {name: kept.pop(name) for name in list(kept) if name.endswith(("_sha256", "_bytes"))}
    assert kept == {
        "method": "GET", "url": SUBJECT.url, "started": "2026-11-21T22:57:02.123456Z",
        "finished": "2026-11-21T22:57:02.373456Z", "mono_start_ns": 1, "mono_end_ns": 250_000_001, "status": 200,
        "version": "HTTP/1.1", "date": "Sat, 21 Nov 2026 22:57:02 GMT", "peer": "192.0.2.1:443",
        "local": "192.0.2.9:50000",
        "dns": {"addresses": ["192.0.2.1"], "ttl": 300, "server": "192.0.2.53"},
        "tls": {
            "version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384", "leaf_sha256": digest(b"leaf"),
            "chain_sha256": [digest(b"issuer")],
        },
    }  # fmt: skip
    assert set(digests) == {f"{part}_{what}" for part in BODY_PARTS for what in ("sha256", "bytes")}
    validated = replace(EXCHANGE, headers=(("ETag", '"1"'), ("Last-Modified", "x"), ("LOCATION", "/y")))
    assert {name: exchange_record(validated).get(name) for name in ("etag", "last_modified", "location", "date")} == {
        "etag": '"1"', "last_modified": "x", "location": "/y", "date": None,
    }  # fmt: skip


def test_an_answer_without_coding_has_one_body_under_both_names() -> None:
    plain = exchange_record(replace(EXCHANGE, wire_body=EXCHANGE.decoded_body))
    assert plain["wire_body_sha256"] == plain["decoded_body_sha256"]


def test_a_broken_answer_keeps_its_failure_and_its_partial_bytes() -> None:
    broken = replace(EXCHANGE, failure=Unreached(cause="truncated", detail="not whole"), decoded_body=b"")
    record = exchange_record(broken)
    assert record["failure"] == {"reading": "Unreached", "cause": "truncated", "detail": "not whole"}
    assert "wire_body_sha256" in record
    assert "decoded_body_sha256" not in record


def test_the_sites_own_clock_and_redirects_are_kept() -> None:
    moved = replace(EXCHANGE, status=302, headers=(("date", "Sat"), ("LOCATION", "/1")))
    record = exchange_record(moved)
    assert (record["status"], record["date"], record["location"]) == (302, "Sat", "/1")


def test_the_clock_and_the_sources_are_kept_where_they_are_known() -> None:
    kept = ClockState(synchronised=True, max_error_us=12000, source="adjtimex")
    record = made(clocks=(kept, None), sources=Sources(program="aa", rule="bb", plugin="cc"))
    assert record["clock"] == {"start": {"synchronised": True, "max_error_us": 12000, "source": "adjtimex"}}
    assert record["program"] == {"version": record["program"]["version"], "dist_sha256": "aa"}
    assert record["rule"] == {"id": "ez_booking", "sha256": "bb"}
    assert record["plugin_sha256"] == "cc"
    assert not {"clock", "rule", "plugin_sha256"} & set(made())
    assert set(made()["program"]) == {"version"}
