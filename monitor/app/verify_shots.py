"""The pictures of a data folder against their lines: there and unchanged, dropped by retention, or damaged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Literal

from monitor.app.captures import named
from monitor.app.findings import Report

NOTE = "images : {sound} conformes à leur empreinte, {dropped} supprimées par la politique de conservation"


def verify_shots(
    lines: Iterable[bytes], kept: Callable[[str], bytes | Literal["dropped", "not_enclosed", "damaged"]], report: Report
) -> None:
    """Verify every file the lines name. kept: bytes that have the digest asked for, or why there are none."""
    told: dict[str, str] = {}
    for line in lines:
        for body in named(json.loads(line)):
            found = kept(body)
            told[body] = found if isinstance(found, str) else "sound"
    for body, state in told.items():
        if state == "damaged":
            report.fail("capture", f"image {body}", "octets absents ou endommagés")
    if told:
        states = list(told.values())
        report.notes.append(NOTE.format(sound=states.count("sound"), dropped=states.count("dropped")))
