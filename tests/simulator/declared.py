"""The desks and notices the project declares, as the simulator needs them: address, platform, words on the page."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.core.prefecture import Prefecture, Service

REMARK = re.compile(r"\s*\[[^\]]*démarche[^\]]*\]")
"""What a declaration adds to a label in brackets: no words of the site's."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address somebody may visit. platform: None for a notice. label: the desk's verbatim words."""

    host: str
    path: str
    platform: str | None
    label: str | None
    departement: str

    @property
    def url(self) -> str:
        """Host and path, to sort and to show."""
        return self.host + self.path


def prefectures() -> Iterator[Prefecture]:
    """Every `Prefecture` a module of the package `prefectures` holds; none where the package does not exist."""
    try:
        package = importlib.import_module("prefectures")
    except ModuleNotFoundError:
        return
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
        module = importlib.import_module(f"prefectures.{info.name}")
        yield from (value for value in vars(module).values() if isinstance(value, Prefecture))


def services() -> tuple[Service, ...]:
    """The national services declared."""
    found: tuple[Service, ...] = importlib.import_module("prefectures.national").SERVICES
    return found


def addresses(declared: Iterable[Prefecture]) -> list[Address]:
    """Desks and notices that are not retired, in the order declared."""
    out = []
    for prefecture in declared:
        for desk in prefecture.desks:
            if desk.retired is None:
                words = REMARK.sub("", desk.label) or None
                out.append(_address(desk.platform.url, desk.platform.name, words, prefecture.name))
        for notice in prefecture.notices:
            if notice.retired is None:
                out.append(_address(notice.url, None, notice.label, prefecture.name))
    return out


def _address(url: str, platform: str | None, label: str | None, departement: str) -> Address:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return Address(parts.hostname or "", path or "/", platform, label, departement)
