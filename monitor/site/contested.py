"""Sentences that a préfecture contests: one file beside the store, written by the operator. Nothing is deleted.

`contested.toml` in the data folder has a table `[[contested]]` for each: `observation` (its number, as the site prints
it), `on` (the day), `by` (who contests), `says` (what they say) and `answer` (what was found), the last two as text or
as `{ fr = "...", en = "..." }`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final

from monitor.core.errors import ConfigurationError
from monitor.core.words import os_words
from monitor.site.model import Contested

FILE: Final = "contested.toml"
_KEYS: Final = ("observation", "on", "by", "says", "answer")


def contested(data: Path) -> tuple[Contested, ...]:
    """All of a data folder, in the order of their observations. Raises ConfigurationError for what cannot be used."""
    path = data / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        why = os_words(error) if isinstance(error, OSError) else _("it is not UTF-8")
        raise ConfigurationError(_("{path} cannot be read: {why}").format(path=path, why=why)) from error
    try:
        raw = tomllib.loads(text)
    except ValueError as error:
        raise ConfigurationError(_("{file} is not TOML: {why}").format(file=path, why=error)) from error
    found = [_one(path, n, row) for n, row in enumerate(raw.get("contested", ()), 1)]
    return tuple(sorted(found, key=lambda one: (one.seq, one.at)))


def _one(path: Path, n: int, row: Mapping[str, Any]) -> Contested:
    match row:
        case {"observation": int(seq), "on": date() as at, "by": str(by), "says": says, "answer": answer, **more}:
            if not more and (told := _words(says)) and (found := _words(answer)):
                return Contested(seq=seq, at=at, by=by, words=told, answer=found)
    raise ConfigurationError(
        _("{path}: number {n} of [[contested]] needs observation, on, by, says and answer, and nothing else").format(
            path=path, n=n
        )
    )


def _words(said: object) -> Mapping[str, str]:
    if isinstance(said, str):
        return {"fr": said}
    return {str(lang): str(words) for lang, words in said.items()} if isinstance(said, Mapping) else {}
