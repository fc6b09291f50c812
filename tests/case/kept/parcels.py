"""Files as the extension and the diary make them, for tests: honest ones, and the means to spoil them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitor.core.record import canonical, digest
from monitor.evidence.sums import SUMS, render_sums

START = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/3720/"
UNDECLARED = START.replace("3720", "99871")
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000") + b"picture %d"


@dataclass(frozen=True)
class Press:
    """One press of the button: when, where, the page (None: something was typed), the picture."""

    at: datetime
    url: str
    html: str | None
    picture: bytes | None = PNG


def kept_pages(presses: Sequence[Press], **changed: Any) -> dict[str, bytes]:
    """The files of the extension's ZIP, sums included."""
    files: dict[str, bytes] = {}
    steps: list[dict[str, Any]] = []
    for n, one in enumerate(presses, 1):
        step: dict[str, Any] = {
            "n": n,
            "at_ms": int(one.at.timestamp() * 1000),
            "offset_min": 60,
            "url": one.url,
            "title": "RDV",
            "trigger": "button",
            "status": 200,
            "typed": one.html is None,
        }
        parts = {"page": ("pages/{:03d}-affichee.html", one.html and one.html.encode())}
        parts["picture"] = ("captures/{:03d}.png", None if one.html is None else one.picture)
        for role, (name, data) in parts.items():
            if data:
                files[name.format(n)] = data
                step[role] = {"file": name.format(n), "sha256": digest(data), "bytes": len(data)}
        if steps:
            step["previous"] = steps[-1]["leaf"]
        bare = {k: {x: y for x, y in v.items() if x != "file"} if isinstance(v, dict) else v for k, v in step.items()}
        step["leaf"] = digest(canonical({k: v for k, v in bare.items() if k != "n"}))
        steps.append(step)
    return whole(files, _record("kept_pages", "extension", presses[-1].at) | {"steps": steps} | changed)


@dataclass(frozen=True)
class Choice:
    """One picture of the diary."""

    name: str
    data: bytes
    at: str
    source: str = "stated"
    kind: str = "no_slot"
    prefecture: str = "92"
    procedure: str = "other"


def diary(choices: Sequence[Choice], made: datetime, **changed: Any) -> dict[str, bytes]:
    """The files of the diary's ZIP, sums included."""
    files = {f"captures/{n:03d}.png": one.data for n, one in enumerate(choices, 1)}
    entries = [
        {
            "n": n, "file": f"captures/{n:03d}.png", "sha256": digest(one.data), "bytes": len(one.data),
            "name": one.name, "type": "image/png", "at": one.at, "date_source": one.source, "kind": one.kind,
            "prefecture": one.prefecture, "procedure": one.procedure, "address": START, "sentence": "Aucun créneau",
        }
        for n, one in enumerate(choices, 1)
    ]  # fmt: skip
    return whole(files, _record("diary", "diary", made) | {"entries": entries} | changed)


def _record(kind: str, origin: str, made: datetime) -> dict[str, Any]:
    return {
        "v": 1, "kind": kind, "origin": origin, "author": "person", "nonce": "ab" * 32,
        "made_ms": int((made + timedelta(minutes=1)).timestamp() * 1000), "offset_min": 60, "zone": "Europe/Paris",
        "program": {"name": "carnet", "version": "1"}, "browser": {"product": "Firefox", "major": 153},
    }  # fmt: skip


def whole(files: Mapping[str, bytes], record: Mapping[str, Any]) -> dict[str, bytes]:
    """With the record and the sums."""
    out = {**files, "attempt.json": canonical(record) + b"\n"}
    return {**out, SUMS: render_sums({name: digest(data) for name, data in out.items()})}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """As a ZIP."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return held.getvalue()
