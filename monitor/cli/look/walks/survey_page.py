"""The review page of a survey: one self-contained HTML page, filtered without script."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from gettext import gettext as _
from importlib.resources import files
from typing import Any

from monitor import __version__
from monitor.cli.look.walks.survey_words import (
    count,
    doors,
    doubt,
    fates,
    pan_states,
    receives,
    stands_beside,
    subjects,
)
from monitor.cli.look.walks.walked import titles

NOT_THERE = ("gone", "moved", "closed")
IN_THE_WAY = ("captcha", "login", "refused", "unavailable", "unreached", "changed", "not_opened")


def page(record: Mapping[str, Any], lang: str) -> str:
    """The page. record: as `survey.json` holds it."""
    from jinja2 import Environment, StrictUndefined

    source = (files("monitor") / "templates" / "survey.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    rows = record["prefectures"]
    return environment.from_string(source).render(
        record=record,
        rows=[dict(row) | {"marks": marks(row)} for row in rows],
        filters=[(name, words, sum(name in marks(row) for row in rows)) for name, words in filters().items()],
        lang=lang,
        t=lambda fr, en: en if lang == "en" else fr,
        fates=fates(),
        subjects=subjects(),
        kinds=titles(),
        places=doors(),
        receives=receives(),
        states=pan_states(),
        doubt=doubt,
        beside=stands_beside,
        count=count,
        made=datetime.fromisoformat(record["started"]).strftime("%Y-%m-%d %H:%M UTC"),
        version=__version__,
    )


def filters() -> dict[str, str]:
    """The marks a row may bear, and what each is."""
    return {
        "changed": _("a proposed change (more than dates)"),
        "doubts": _("with a doubt"),
        "conflicts": _("sources that disagree"),
        "lost": _("an address moved, closed or gone"),
        "blocked": _("something in the way"),
        "pan": _("a PAN found"),
        "booking": _("a booking link found"),
        "nothing": _("nothing found"),
    }


def marks(row: Mapping[str, Any]) -> list[str]:
    """Which filters show a row."""
    held = {
        "changed": not row["dates_only"],
        "doubts": bool(row["doubts"]),
        "conflicts": bool(row["conflicts"]),
        "lost": count(row, *NOT_THERE) > 0,
        "blocked": count(row, *IN_THE_WAY) > 0,
        "pan": any(one["kind"] == "pan" and one["state"] != "closed" for one in row["found"]),
        "booking": bool(row["desks"]),
        "nothing": not row["found"] and not row["desks"] and not row["places"],
    }
    return [name for name, here in held.items() if here]
