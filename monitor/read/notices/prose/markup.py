"""What a tag of a State site is: content, furniture of every page, the teaser of another page, a row of data."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from monitor.values import pattern

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_SKIPPED = frozenset((
    "button", "head", "iframe", "nav", "noscript", "object", "script", "select", "style", "svg", "template", "textarea",
))  # fmt: skip
# DSFR (fr-*) since 2022, the eZ Publish skin of the préfectures before, SPIP before that.
_ASIDE = pattern(
    r"^(?:fr-(?:header|footer|breadcrumb|nav|sidemenu|share|skiplinks?|skip-links?|menu|follow|pagination|consent|modal|"
    r"search-bar|summary|tooltip|placement|back-to-top|transcription__footer)\b.*|breadcrumbs?|fil-?ariane|ariane|"
    r"(?:main-?|side-?|sub-?|sous-?)?(?:menu|nav|navigation|navbar)(?:-?(?:principal|main|left|right|gauche|droite))?|"
    r"header|footer|entete|pied(?:-?de-?page)?|skip-?links?|evitement|partage|partager|share|social|toolbar|outils|"
    r"cookies?|tarteaucitron\w*|toc|tooltip\w*|glossaire-?def\w*|definition-?glossaire|bulle|sr-only|visually-hidden|"
    r"hidden|print-?only)$"
)
_GLOSSARY = pattern(r"\b(?:tooltip|definition|glossary-def|sp-def|infobulle)\b")
_TILE = pattern(r"^(?:fr-(?:tile|card)|tuile|vignette|index-?articles?__item)$")
_LAYS_OUT = ("ul", "ol", "h1", "h2", "h3", "h4", "table")
_HIDDEN_STYLE = pattern(r"display\s*:\s*none|visibility\s*:\s*hidden")


def _names(tag: Element) -> list[str]:
    """Class names, lower case."""
    return (tag.get("class") or "").lower().split()


def is_aside(tag: Element, in_content: bool) -> bool:
    """True for what is not the page's own content, or is not shown. in_content: the tag stands in main or article."""
    if tag.tag in _SKIPPED and not (tag.tag == "button" and _opens_accordion(tag)):
        return True
    if tag.tag in ("header", "footer") and not in_content:
        return True
    if not tag.attrib:
        return False
    role = tag.get("role") or ""
    if role in ("navigation", "banner", "contentinfo", "search", "tooltip", "dialog") or "hidden" in tag.attrib:
        return True
    if _HIDDEN_STYLE.search(tag.get("style") or ""):
        return True
    names = [(tag.get("id") or "").lower(), *_names(tag)]
    if any(_ASIDE.match(name) for name in names if name):
        return True
    return tag.get("aria-hidden") == "true" and any(_GLOSSARY.search(name) for name in names)


def _opens_accordion(tag: Element) -> bool:
    return any("accordion" in name for name in _names(tag)) or "aria-controls" in tag.attrib


def is_tile(tag: Element) -> bool:
    """True for the teaser of another page: a card or tile with a link, downloads left out."""
    if not tag.get("class"):
        return False
    names = _names(tag)
    if not any(_TILE.match(name) for name in names) or any("download" in name for name in names):
        return False
    return next(tag.iterdescendants("a"), None) is not None


def is_row(tag: Element) -> bool:
    """True for a row of data. A row whose cells hold lists, headings or paragraphs only lays the page out."""
    if tag.tag != "tr" or next(tag.iterdescendants(*_LAYS_OUT), None) is not None:
        return False
    return len(list(islice(tag.iterdescendants("p"), 9))) < 9
