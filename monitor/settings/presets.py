"""The public time-stamp authorities that a word in the settings names, each with its root: `authorities.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from monitor.core.words import DATA
from monitor.values import dataclass

DEFAULT: Final = ("digicert", "sectigo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A public authority. title: its name for people. free, qualified: without account or fee; by eIDAS.

    terms: the page that says so. subject, sha256: of the one root trusted for it, whose PEM is roots. debian: the name
    of that root among Debian's. provenance: where the root was compared, and when.
    """

    title: str
    url: str
    free: bool
    qualified: bool
    terms: str
    subject: str
    sha256: str
    debian: str
    provenance: str
    roots: str


@cache
def presets() -> Mapping[str, Preset]:
    """Every preset by the word that names it."""
    import tomllib

    text = Path(DATA, "authorities.toml").read_text(encoding="utf-8")
    return {name: Preset(**told) for name, told in tomllib.loads(text).items()}
