"""The frame of every page, and where each stands: head, languages, ways through the site, watermark, foot.

Addresses are relative, so that a copy works from any folder, any address and a USB stick (`file://`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from monitor.core.words import N_
from monitor.paper.french import NBSP
from monitor.site.model import SiteData, SiteOptions
from monitor.site.tongues import GUIDE, SITE, PageTongue
from monitor.values import dataclass


class Output(NamedTuple):
    """One file of the site. path: relative, strokes between, in a-z, 0-9, `.` and `-`. A build is a list of them."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """One page of one language, without its frame.

    name: `index`, `93`, `imprimer/93`, `guide`: its path without language and `.html`. languages: those it exists in.
    bare: for print, without ways through the site.
    """

    name: str
    title: str
    body: Markup
    languages: Sequence[str] = SITE
    bare: bool = False


WAYS: Final = (  # name of a page, and what leads there
    ("index", N_("Where can one get an appointment?")),
    ("guide", N_("I find no appointment: what to do")),
    ("tendances", N_("Trends")),
    ("classement", N_("Comparison")),
    ("couverture", N_("What we could read")),
    ("methode", N_("Method")),
    ("donnees", N_("Data")),
)


class SiteFrame:
    """Draws pages of one build: it knows its data, its options, and which ways there are."""

    def __init__(self, data: SiteData, options: SiteOptions, ways: Sequence[tuple[str, str]] = WAYS) -> None:
        self.data, self.options, self.ways = data, options, ways
        self._templates = Environment(
            loader=PackageLoader("monitor", "templates/site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @property
    def tongues(self) -> Sequence[PageTongue]:
        """The languages of the pages, that of the root first."""
        return [PageTongue(code) for code in self.options.languages]

    @property
    def guide_tongues(self) -> Sequence[PageTongue]:
        """Those of the guide: the others of the site, and what the guide alone is written in."""
        return [PageTongue(code) for code in dict.fromkeys((*self.options.languages, *GUIDE[len(SITE) :]))]

    def path(self, lang: str, name: str) -> str:
        """Where a page stands: the first language at the root, the others in a folder each."""
        return f"{name}.html" if lang == self.options.languages[0] else f"{lang}/{name}.html"

    def up(self, lang: str, name: str) -> str:
        """From a page to the root: empty, `../` or `../../`."""
        return "../" * self.path(lang, name).count("/")

    def link(self, here: tuple[str, str], name: str, lang: str | None = None) -> str:
        """The relative address from a page (its language and name) to another, of the same language unless said."""
        return self.up(*here) + self.path(lang or here[0], name)

    @cached_property
    def style(self) -> Output:
        """The stylesheet; its name changes with what is in it."""
        data = (files("monitor") / "templates" / "site" / "style.css").read_bytes()
        return Output(f"style-{hashlib.sha256(data).hexdigest()[:8]}.css", data)

    def body(self, template: str, tongue: PageTongue, page: str, **values: Any) -> Markup:
        """A template of `monitor/templates/site` in a language; `_`, `ngettext`, `link(name)` and `root` are
        known in it, and the data and options of the build."""
        return Markup(self._templates.get_template(template).render(self._known(tongue, page), **values))  # noqa: S704

    def draw(self, tongue: PageTongue, page: SitePage) -> Output:
        """A page in its frame."""
        here = tongue.code, page.name
        languages = [
            (other, self.link(here, page.name if other.code in page.languages else "guide", other.code))
            for other in self.guide_tongues
        ]
        text = self._templates.get_template("frame.html.j2").render(
            self._known(tongue, page.name),
            page=page,
            languages=languages,
            ways=[(name, self.link(here, name, self._way(tongue.code, name)), words) for name, words in self.ways],
            style=self.up(*here) + self.style.path,
            correction=self.correction(self.path(*here)),
        )
        return Output(self.path(*here), text.encode())

    def correction(self, path: str) -> str:
        """The address to which an error is reported; an e-mail's subject is the page."""
        contact = self.options.contact
        return f"mailto:{contact}?subject={quote(path)}" if "@" in contact else contact

    def subscribing(self, tongue: PageTongue, prefecture: str = "") -> str:
        """Where a reader subscribes by themselves, for a préfecture where one is given; empty: nowhere."""
        if not self.options.subscribe:
            return ""
        known = self.options.subscribe_in
        language = next((one for one in (tongue.code, tongue.lang) if one in known), known[0])
        return f"{self.options.subscribe}/{language}/" + (f"?prefecture={prefecture}" if prefecture else "")

    def _way(self, lang: str, name: str) -> str:
        """The language in which another page is read from here: the guide has more languages than the site."""
        return lang if lang in self.options.languages or name == "guide" else self.options.languages[0]

    def _known(self, tongue: PageTongue, page: str) -> Mapping[str, Any]:
        here = tongue.code, page
        return {
            "_": tongue.gettext,
            "ngettext": tongue.ngettext,
            "tongue": tongue,
            "link": lambda name: self.link(here, name, self._way(tongue.code, name)),
            "dialled": dialled,
            "root": self.up(*here),
            "subscribing": lambda prefecture="": self.subscribing(tongue, prefecture),
            "data": self.data,
            "options": self.options,
        }


def dialled(telephone: str) -> Markup:
    """A number that a telephone dials, on one line, left to right: an Arabic line would turn its groups round."""
    link = Markup('<a href="tel:{}"><bdi dir="ltr">{}</bdi></a>')
    return link.format(telephone.replace(" ", ""), telephone.replace(" ", NBSP))
