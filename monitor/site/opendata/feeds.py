"""What changed on the préfectures' pages, as Atom (RFC 4287) and JSON Feed 1.1: of the country and of each préfecture.

An entry tells both sentences, their days and the numbers of their observations. Its id comes from what it tells and
from nothing else: not from the address of the site, its language or its order, so that it never changes.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from lxml import etree

from monitor.core.changes import ChangeKind
from monitor.core.words import N_
from monitor.site.frame import Output, SiteFrame
from monitor.site.model import NoticeChange, PrefectureView
from monitor.site.opendata.licence import NAME, citation
from monitor.site.opendata.now import change_json
from monitor.site.tongues import PageTongue
from monitor.values import pattern

ATOM: Final = "http://www.w3.org/2005/Atom"
JSON_FEED: Final = "https://jsonfeed.org/version/1.1"
NEWEST: Final = 200  # entries of a feed; all of a préfecture stand on its page
_IDS: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://github.com/vigie-prefectures/vigie#notices")
_NOT_XML: Final = pattern("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2

FACTS: Final[Mapping[str, str]] = {
    "pan": N_("digital help desk (PAN)"),
    "channel:counter": N_("filing at a counter"),
    "channel:postal": N_("filing by post"),
    "channel:email": N_("filing by e-mail"),
    "channel:phone": N_("appointment by telephone"),
}
KINDS: Final[Mapping[ChangeKind | str, str]] = {
    "published": N_("{fact}: now published"),
    "no_longer_found": N_("{fact}: no longer found on the page"),
    "reworded": N_("{fact}: said in other words"),
    "changed": N_("{fact}: changed"),
    "moved": N_("{fact}: elsewhere now"),
}


def feeds(frame: SiteFrame) -> Iterator[Output]:
    """All of them; none where the site has no address or nothing is old enough to be told."""
    if not frame.options.base_url or frame.data.until is None:
        return
    yield from _Feed(frame, frame.data.changes[:NEWEST], None).files()
    for one in frame.data.prefectures:
        yield from _Feed(frame, one.changes[:NEWEST], one).files()


def entry_id(change: NoticeChange) -> str:
    """`urn:uuid:...`: of the page, the fact, and the observation that found it changed."""
    told = "\n".join((change.prefecture, change.url, change.fact, str(change.seq), change.at.isoformat()))
    return uuid.uuid5(_IDS, told).urn


class _Feed:
    """The feed of the country, or of one préfecture, in the language of the site's root."""

    def __init__(self, frame: SiteFrame, changes: Sequence[NoticeChange], one: PrefectureView | None) -> None:
        self._frame, self._changes, self._one = frame, changes, one
        self._tongue = PageTongue(frame.options.languages[0])
        self._names = {view.code: view for view in frame.data.prefectures}
        assert frame.data.until is not None
        self._until = frame.data.until

    def files(self) -> Iterator[Output]:
        """Both forms."""
        folder = f"{self._one.code}/" if self._one else ""
        yield Output(f"{folder}notices.atom", self._atom(f"{folder}notices.atom"))
        yield Output(f"{folder}notices.json", self._json(f"{folder}notices.json"))

    def _atom(self, path: str) -> bytes:
        feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]  # the stubs know no default
        feed.set("{http://www.w3.org/XML/1998/namespace}lang", self._tongue.lang)
        _add(feed, "id", uuid.uuid5(_IDS, self._one.code if self._one else "").urn)
        _add(feed, "title", self._title())
        _add(feed, "updated", _utc(self._changes[0].at if self._changes else self._until))
        _add(_add(feed, "author"), "name", "Vigie Préfectures")
        _add(feed, "rights", citation(self._frame.data, self._frame.options))
        _add(feed, "link", rel="self", type="application/atom+xml", href=self._address(path))
        _add(feed, "link", rel="alternate", type="text/html", href=self._page(self._one))
        for change in self._changes:
            entry = _add(feed, "entry")
            _add(entry, "id", entry_id(change))
            _add(entry, "title", self._headline(change))
            _add(entry, "published", _utc(change.at))
            _add(entry, "updated", _utc(change.at))
            _add(entry, "link", rel="alternate", type="text/html", href=self._page(self._names[change.prefecture]))
            _add(entry, "link", rel="via", href=change.url)
            _add(entry, "category", term=change.prefecture)
            _add(entry, "content", self._text(change), type="text")
        return bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))

    def _json(self, path: str) -> bytes:
        told = {
            "version": JSON_FEED,
            "title": self._title(),
            "home_page_url": self._page(self._one),
            "feed_url": self._address(path),
            "description": citation(self._frame.data, self._frame.options),
            "language": self._tongue.lang,
            "authors": [{"name": "Vigie Préfectures"}],
            "_vigie": {"licence": NAME, "until": self._until.isoformat(), "simulated": self._frame.data.simulated},
            "items": [self._item(change) for change in self._changes],
        }
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()

    def _item(self, change: NoticeChange) -> Mapping[str, Any]:
        return {
            "id": entry_id(change),
            "url": self._page(self._names[change.prefecture]),
            "external_url": change.url,
            "title": self._headline(change),
            "content_text": self._text(change),
            "date_published": _utc(change.at),
            "tags": [change.prefecture],
            "_vigie": change_json(change),
        }

    def _title(self) -> str:
        words = self._say("What changed on the préfectures' pages")
        of = f"{self._one.name} ({self._one.code}) – " if self._one else ""
        mark = "SIMULATION – " if self._frame.data.simulated else ""
        return f"{mark}Vigie Préfectures – {of}{words}"

    def _headline(self, change: NoticeChange) -> str:
        """`Val-d'Oise (95): digital help desk (PAN): no longer found on the page`."""
        fact = self._say(FACTS.get(change.fact, change.fact))
        mark = "SIMULATION – " if self._frame.data.simulated else ""
        return f"{mark}{self._names[change.prefecture].name} ({change.prefecture}) – " + self._say(
            KINDS[change.kind]
        ).format(fact=fact)

    def _text(self, change: NoticeChange) -> str:
        """Before and after, each with its sentence, instant in legal time, and observation."""
        zone = self._names[change.prefecture].prefecture.zone
        sides = [
            (self._say(N_("Before")), change.before, change.was_at, change.was_seq),
            (self._say(N_("After")), change.after, change.at, change.seq),
        ]
        lines = [self._side(*side, zone) for side in sides]
        page = self._say(N_("Page read"))
        return "\n".join([*lines, f"{page}{self._colon()}{change.url}"])

    def _side(self, which: str, seen: str | None, at: datetime | None, seq: int | None, zone: ZoneInfo) -> str:
        said = f"«\N{NO-BREAK SPACE}{seen}\N{NO-BREAK SPACE}»" if seen else self._say(N_("no sentence found"))
        if at is None:
            return f"{which}{self._colon()}{said}"
        where = self._say(N_("{at}, legal time there; observation {seq}")).format(
            at=f"{at.astimezone(zone):%Y-%m-%d %H:%M}", seq=seq
        )
        return f"{which} ({where}){self._colon()}{said}"

    def _say(self, message: str) -> str:
        return self._tongue.gettext(message)

    def _colon(self) -> str:
        return "\N{NO-BREAK SPACE}: " if self._tongue.lang == "fr" else ": "

    def _address(self, path: str) -> str:
        return f"{self._frame.options.base_url}/{path}"

    def _page(self, one: PrefectureView | None) -> str:
        return self._address(self._frame.path(self._tongue.code, one.code if one else "index"))


def _add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    """A child. What XML 1.0 cannot hold, a form feed of a page's sentence say, stands as the replacement sign."""
    child = etree.SubElement(parent, f"{{{ATOM}}}{tag}", {name: _xml(value) for name, value in attributes.items()})
    child.text = None if text is None else _xml(text)
    return child


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"
