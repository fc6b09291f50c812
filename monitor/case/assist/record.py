"""An attempt as files: the record of each page the person was shown, `attempt.json`, pages and pictures. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.case.assist.attempt import ATTEMPT, AUTHORS_FR, KIND, VERSION, Author, Ending, Passed, Trigger
from monitor.case.assist.pages import address, headers, without_addresses
from monitor.core.readings import Reading, Seen, Unreached, to_json
from monitor.core.record import Sources, Subject, canonical, digest, instant
from monitor.paper import french
from monitor.values import dataclass


@dataclass(slots=True, kw_only=True)
class Taken:
    """One page that was read. files: bytes by role, as `attempt.Step` has them. left_out: why some are absent."""

    at: datetime
    trigger: Trigger
    url: str
    reading: Reading
    passed: Sequence[Passed]
    files: dict[str, bytes] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """How an attempt was made. browser: product and version; system: `Linux`, `Windows` or `Darwin`, no more of it.

    reload_minutes: None where no page was reloaded by a timer. authorities: names of those asked for a time-stamp.
    """

    browser: str
    system: str
    program: str
    sources: Sources
    reload_minutes: int | None = None
    simulated: bool = False
    authorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptMade:
    """A finished attempt. unsettled: pages left before they could be read: counted, nothing else."""

    author: Author
    subject: Subject
    office: str
    started: datetime
    finished: datetime
    ended: Ending
    taken: Sequence[Taken]
    conditions: Conditions
    unsettled: int = 0


def files_of(made: AttemptMade) -> dict[str, bytes]:
    """Every file of the folder but its sums, by name."""
    files: dict[str, bytes] = {}
    steps = [_step(number, taken, files) for number, taken in enumerate(made.taken, 1)]
    subject, how = made.subject, made.conditions
    record: dict[str, Any] = {
        "v": VERSION,
        "kind": KIND,
        "author": made.author,
        "check": subject.key,
        "prefecture": subject.prefecture,
        "office": made.office,
        "desk": subject.key.partition("/")[2],
        "label": subject.label,
        "procedure": subject.procedure,
        "platform": subject.platform,
        "url": subject.url,
        "time_zone": subject.time_zone,
        "started": instant(made.started),
        "finished": instant(made.finished),
        "ended": made.ended,
        "steps": steps,
        "pages_not_settled": made.unsettled or None,
        "reload_minutes": how.reload_minutes,
        "browser": {"name": how.browser, "system": how.system},
        "program": {"version": how.program} | _if("dist_sha256", how.sources.program),
        "rule": {"id": subject.platform, "sha256": how.sources.rule} if how.sources.rule else None,
        "plugin_sha256": how.sources.plugin,
        "authorities": list(how.authorities),
        "simulated": how.simulated or None,
    }
    files[ATTEMPT] = canonical({k: v for k, v in record.items() if v is not None}) + b"\n"
    return files


def _step(number: int, taken: Taken, files: dict[str, bytes]) -> dict[str, Any]:
    out: dict[str, Any] = {
        "n": number,
        "at": instant(taken.at),
        "trigger": taken.trigger,
        "url": address(taken.url),
        "exchanges": [_exchange(one) for one in taken.passed],
        **{k: v for k, v in told(taken.reading).items() if v is not None},
    }
    for role, data in taken.files.items():
        name = _NAMES[role].format(number=number)
        files[name] = data
        out[role] = {"file": name, "sha256": digest(data), "bytes": len(data)}
    if taken.left_out:
        out["left_out"] = ",".join(taken.left_out)
    return out


_NAMES: Mapping[str, str] = {
    "served": "pages/{number:03d}.html",
    "shown": "pages/{number:03d}-affichee.html",
    "picture": "captures/{number:03d}.png",
    "banded": "captures/{number:03d}-bandeau.png",
}


def told(reading: Reading) -> dict[str, Any]:
    """A reading as `readings.to_json` has it, its words without IP addresses."""
    out = to_json(reading)
    seen = getattr(reading, "seen", None)
    if isinstance(seen, Seen):
        out["seen"] = without_addresses(seen.text)
        out["selector"] = seen.selector
        if seen.selector == "url":
            out["seen"] = address(seen.text)
    return out


def _exchange(passed: Passed) -> dict[str, Any]:
    kept, left = headers(passed.headers)
    out: dict[str, Any] = {
        "method": passed.method,
        "url": address(passed.url),
        "started": instant(passed.started),
        "finished": instant(passed.finished),
        "status": passed.status,
        "headers": kept or None,
        "headers_left_out": left or None,
        "failure": passed.failure,
    }
    if passed.body is not None:
        out |= {"decoded_body_sha256": digest(passed.body), "decoded_body_bytes": len(passed.body)}
    return {k: v for k, v in out.items() if v is not None}


def _if(name: str, value: str | None) -> dict[str, str]:
    return {name: value} if value else {}


def band(author: Author, subject: Subject, office: str, taken: Taken, *, simulated: bool) -> list[str]:
    """The lines over a picture, in French: who, which démarche, when in legal time and UTC, which address."""
    utc = re.sub(r"\+00:00$", " UTC", taken.at.isoformat(sep=" ", timespec="seconds"))
    return [
        *(["SIMULATION : page jouée par un simulateur, sans valeur de preuve"] if simulated else []),
        f"Adresse : {address(taken.url)}",
        f"Date et heure : {french.captioned(taken.at, ZoneInfo(subject.time_zone))} — {utc}",
        f"{office} — démarche « {subject.label} » ({subject.key})",
        f"Auteur de la tentative : {AUTHORS_FR[author]}"
        + (" (page rechargée par le programme, à intervalle fixe)" if taken.trigger == "reload" else ""),
    ]


_CAUSES = (
    (r"NAME_NOT_RESOLVED|NAME_RESOLUTION|DNS_", "dns"),
    (r"CERT_|SSL_|ERR_TLS|BAD_SSL", "tls"),
    (r"TIMED_OUT", "timeout"),
    (r"RESET|EMPTY_RESPONSE|CONNECTION_CLOSED|HTTP2_|QUIC_", "reset"),
    (r"CONTENT_LENGTH_MISMATCH|INCOMPLETE", "truncated"),
    (r"TOO_MANY_REDIRECTS", "redirects"),
)


def unreached(failure: str) -> Unreached:
    """What a browser's error word says (net_error_list of Chromium). That no network was there is not the site's."""
    word = failure.partition("ERR_")[2] or failure
    if "INTERNET_DISCONNECTED" in word or "NETWORK_CHANGED" in word or "PROXY" in word:
        return Unreached(cause="vantage_offline", detail=f"ERR_{word}")
    cause = next((cause for pattern, cause in _CAUSES if re.search(pattern, word)), "connect")
    return Unreached(cause=cause, detail=f"ERR_{word}")  # type: ignore[arg-type]  # the table's second column
