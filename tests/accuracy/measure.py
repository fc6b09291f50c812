"""Compare what was read with what a person labelled, field by field, and count."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.read.notices.facts import read_notice
from monitor.read.notices.rules import notice_rules

CHANNELS = ("counter", "postal", "email", "phone")


@dataclass(frozen=True, slots=True)
class Record:
    """A labelled page. name: file stem. expected: the contract's JSON, as far as the labels speak."""

    name: str
    url: str
    body: bytes
    official: bool
    labels: dict[str, Any]
    expected: dict[str, Any]
    stated_on: str | None


@dataclass
class Score:
    """Counts of one field. misses: (record, what was expected, what was read, the quote)."""

    hit: int = 0
    false_positive: int = 0
    false_negative: int = 0
    total: int = 0
    misses: list[tuple[str, object, object, str | None]] = field(default_factory=list)

    @property
    def positives(self) -> int:
        """Records in which the labels say the fact is there."""
        return self.hit + self.false_negative

    def line(self, name: str) -> str:
        """One line of the table: rates from five positives on, counts below."""
        read = self.hit + self.false_positive
        if self.positives >= 5:
            precision = f"{self.hit / read:.2f}" if read else "  - "
            recall = f"{self.hit / self.positives:.2f}"
            return f"{name:34} precision {precision}  recall {recall}  n {self.total} ({self.positives} positive)"
        return f"{name:34} precision {self.hit}/{read}  recall {self.hit}/{self.positives}  n {self.total}"


def records(folder: Path) -> Iterator[Record]:
    """Labelled pages of a folder, in order."""
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        yield Record(
            path.stem, data["url"], _body(path, data), data["official"], data["labels"], data.get("expected", {}),
            data.get("updated_on"),
        )  # fmt: skip


def _body(path: Path, data: dict[str, Any]) -> bytes:
    """A record holds its text, or names the page (HTML, PDF) it was labelled on."""
    if "html_file" in data:
        return (path.parent / str(data["html_file"])).read_bytes()
    return str(data["text"]).encode()


def measure(folder: Path, keep: object = None) -> dict[str, Score]:
    """Scores of every field over a folder. keep: a predicate on records, None for all."""
    scores: dict[str, Score] = {}
    for record in records(folder):
        if callable(keep) and not keep(record):
            continue
        facts = read_notice(record.body, None, record.url, notice_rules())
        for name, expected, read, quote in compare(record, facts.to_json()):
            _count(scores.setdefault(name, Score()), record.name, expected, read, quote)
    return scores


def _count(score: Score, name: str, expected: object, read: object, quote: str | None) -> None:
    score.total += 1
    if expected == read:
        score.hit += bool(expected)
        return
    score.false_positive += bool(read)
    score.false_negative += bool(expected)
    score.misses.append((name, expected, read, quote))


def compare(record: Record, read: dict[str, Any]) -> Iterator[tuple[str, object, object, str | None]]:
    """(field, expected, read, quote) for every field labelled; a key absent from `expected` is not judged."""
    expected = record.expected or _from_labels(record)
    yield from _pan(expected.get("pan", {}), read["pan"])
    for name in CHANNELS:
        yield from _channel(name, expected.get("channels", {}).get(name, {}), read["channels"][name])
        label = record.labels["alternatives"][name]
        if label["published"] and record.official:
            got = read["channels"][name]
            yield f"{name} scope", label["scope"], _scope_as_labelled(label["scope"], got["scope"]), got["seen"]
    ccc = expected.get("ccc", {})
    if "mentioned" in ccc:
        yield "CCC mentioned", ccc["mentioned"], read["ccc"]["mentioned"], read["ccc"]["seen"]
    if "phone" in ccc:
        yield "CCC phone", digits(ccc["phone"]), digits(read["ccc"]["phone"]), read["ccc"]["seen"]
    if "updated_on" in expected:
        yield "updated on", expected["updated_on"], read["updated_on"], None
    yield from _rest(expected, read)


def _from_labels(record: Record) -> dict[str, Any]:
    """The contract's answer as far as the corpus labels give it. A fact of a site that is not official is none."""
    pan = record.labels["pan"]
    counts = pan["exists"] == "yes" and record.official
    status = ("closed" if pan["status"] == "closed" else "published") if counts else "not_found"
    answer: dict[str, Any] = {
        "pan": {"status": status},
        "channels": {},
        "ccc": record.labels["ccc"],
        "updated_on": _iso(record.stated_on),
        "official_host": record.official,
    }
    if counts:
        answer["pan"] |= {key: pan[key] for key in ("for_foreigners", "access", "places", "phones", "emails", "hours")}
    for name in CHANNELS:
        label = record.labels["alternatives"][name]
        published = bool(label["published"]) and record.official
        answer["channels"][name] = {"published": published, "substitution": published and label["substitution"]}
        if published and name == "postal":
            answer["channels"][name]["addresses"] = [label["address"]] if label["address"] else []
        if published and name == "email":
            answer["channels"][name]["addresses"] = label["addresses"]
    return answer


def _pan(expected: dict[str, Any], read: dict[str, Any]) -> Iterator[tuple[str, object, object, str | None]]:
    seen = read["seen"]
    if "status" in expected:
        counts = read["status"] == "published" and read["for_foreigners"] is True
        if "for_foreigners" in expected or expected["status"] == "not_found":
            product = expected["status"] == "published" and expected.get("for_foreigners") is True
            yield "PAN for foreigners", product, counts, seen
        yield "PAN status", _unless(expected["status"], "not_found"), _unless(read["status"], "not_found"), seen
    if expected.get("status", "not_found") == "not_found":
        return
    if "for_foreigners" in expected:
        yield "PAN audience", f"{expected['for_foreigners']}", f"{read['for_foreigners']}", seen
    for key, same in (("access", str), ("phones", digits), ("emails", unmasked), ("places", plain), ("links", str)):
        if key in expected:
            yield f"PAN {key}", _set(expected[key], same), _set(read[key], same), seen
    if "hours" in expected:
        yield "PAN hours", bool(expected["hours"]), _hours_as_labelled(expected["hours"], read["hours"]), read["hours"]


def _set(values: list[str], same: Callable[[str], object]) -> list[str]:
    return sorted(str(same(value)) for value in values)


def _hours_as_labelled(label: str | None, read: str | None) -> object:
    """The label's truth when the hours agree; a label is printed words, or a summary of several places (`;`)."""
    return (
        bool(read)
        if not label or ";" in label or not read or plain(read) in plain(label) or plain(label) in plain(read)
        else read
    )


def _channel(
    name: str, expected: dict[str, Any], got: dict[str, Any]
) -> Iterator[tuple[str, object, object, str | None]]:
    for key in ("published", "substitution", "basis"):
        if key in expected:
            yield f"{name} {key}", expected[key], got[key], got["seen"]
    if expected.get("arrete") or got["arrete"]:
        label, cited = plain(expected.get("arrete") or ""), plain(got["arrete"] or "")
        yield f"{name} arrete", label, label if label and label in cited else cited, got["seen"]
    if "addresses" in expected and expected.get("published"):
        same = {"phone": digits, "email": unmasked}.get(name, plain)
        yield f"{name} addresses", _set(expected["addresses"], same), _set(got["addresses"], same), got["seen"]


def _rest(expected: dict[str, Any], read: dict[str, Any]) -> Iterator[tuple[str, object, object, str | None]]:
    if "two_vectors" in expected:
        yield "two vectors", f"{expected['two_vectors']}", f"{read['two_vectors']}", None
    if "drop_box" in expected:
        yield "drop box", bool(expected["drop_box"]), bool(read["drop_box"]), read["drop_box"]
    wanted, got = expected.get("ordinary_appointment", {}), read["ordinary_appointment"]
    if "non_digital" in wanted:
        yield "ordinary non digital", f"{wanted['non_digital']}", f"{got['non_digital']}", got["online_only_admitted"]
    if "vectors" in wanted:
        kinds = sorted({v["kind"] for v in wanted["vectors"]})
        yield "ordinary vectors", kinds, sorted({v["kind"] for v in got["vectors"]}), str(got["vectors"])
    if "online_only_admitted" in wanted:
        admitted = bool(wanted["online_only_admitted"])
        yield "online only admitted", admitted, bool(got["online_only_admitted"]), got["online_only_admitted"]
    if "forms" in expected:
        yield (
            "forms",
            _set([f["label"] for f in expected["forms"]], plain),
            _set([f["label"] for f in read["forms"]], plain),
            None,
        )
    if "contacts" in expected:
        yield "contacts", _contacts(expected), _contacts(read), None
    if "official_host" in expected:
        yield "official host", expected["official_host"], read["official_host"], None


def _contacts(facts: dict[str, Any]) -> list[str]:
    return sorted(f"{c['role']} {c['kind']} {unmasked(c['value'])}" for c in facts["contacts"])


def unmasked(value: str) -> str:
    """An address with its masking undone and its spaces dropped."""
    plainer = re.sub(r"\s*[\[(]\s*(?:at|arobase|@)\s*[\])]\s*|\s+arobase\s+", "@", value, flags=re.IGNORECASE)
    plainer = re.sub(r"\s*[\[(]\s*(?:dot|point)\s*[\])]\s*", ".", plainer, flags=re.IGNORECASE)
    return re.sub(r"\s", "", plainer).lower()


def _unless(value: str, nothing: str) -> str | None:
    return None if value == nothing else value


def digits(value: str | None) -> str | None:
    """A number as digits."""
    return re.sub(r"\D", "", value) if value else None


def plain(value: str) -> str:
    """Letters and digits only, no accent: addresses are labelled with other punctuation than printed."""
    flat = "".join(c for c in unicodedata.normalize("NFKD", value.lower()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]", "", flat)


def _scope_as_labelled(label: str | None, read: str | None) -> str | None:
    """The label itself when the scope read shares a permit with it: labels are free text."""
    if not label or not read:
        return read
    words = {plain(part)[:9] for part in re.split(r"[,/()]| et ", label) if part.strip()}
    got = {plain(part)[:9] for part in read.split(", ")}
    return label if any(w and (w in g or g in w or g in plain(label)) for w in words for g in got) else read


def _iso(value: str | None) -> str | None:
    if not value:
        return None
    if re.match(r"\d{4}-", value):
        return value
    return datetime.strptime(re.sub(r"\D", "/", value), "%d/%m/%Y").date().isoformat()  # noqa: DTZ007  a day
