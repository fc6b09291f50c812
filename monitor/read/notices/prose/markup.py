"""What a tag of a State site is: content, furniture of every page, the teaser of another page, a row of data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "head",
        "iframe",
        "object",
        "select",
        "textarea",
        "nav",
        "button",
    ]
)
# DSFR (fr-*) since 2022, the eZ Publish skin of the préfectures before, SPIP before that.
_ASIDE = re.compile(
    r"^(?:fr-(?:header|footer|breadcrumb|nav|sidemenu|share|skiplinks?|skip-links?|menu|follow|pagination|consent|modal|"
    r"search-bar|summary|tooltip|placement|back-to-top|transcription__footer)\b.*|breadcrumbs?|fil-?ariane|ariane|"
    r"(?:main-?|side-?|sub-?|sous-?)?(?:menu|nav|navigation|navbar)(?:-?(?:principal|main|left|right|gauche|droite))?|"
    r"header|footer|entete|pied(?:-?de-?page)?|skip-?links?|evitement|partage|partager|share|social|toolbar|outils|"
    r"cookies?|tarteaucitron\w*|toc|tooltip\w*|glossaire-?def\w*|definition-?glossaire|bulle|sr-only|visually-hidden|"
    r"hidden|print-?only)$"
)
_GLOSSARY = re.compile(r"\b(?:tooltip|definition|glossary-def|sp-def|infobulle)\b")
_TILE = re.compile(r"^(?:fr-(?:tile|card)|tuile|vignette|index-?articles?__item)$")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


def _names(tag: Tag) -> list[str]:
    """Class names, lower case."""
    value = tag.get("class")
    classes: Iterable[str] = [value] if isinstance(value, str) else value or ()
    return [name.lower() for name in classes]


def is_aside(tag: Tag, in_content: bool) -> bool:
    """True for what is not the page's own content, or is not shown. in_content: the tag stands in main or article."""
    if tag.name in _SKIPPED and not (tag.name == "button" and _opens_accordion(tag)):
        return True
    if tag.name in ("header", "footer") and not in_content:
        return True
    if not tag.attrs:
        return False
    role = str(tag.get("role") or "")
    if role in ("navigation", "banner", "contentinfo", "search", "tooltip", "dialog") or tag.has_attr("hidden"):
        return True
    if _HIDDEN_STYLE.search(str(tag.get("style") or "")):
        return True
    names = [str(tag.get("id") or "").lower(), *_names(tag)]
    if any(_ASIDE.match(name) for name in names if name):
        return True
    return tag.get("aria-hidden") == "true" and any(_GLOSSARY.search(name) for name in names)


def _opens_accordion(tag: Tag) -> bool:
    return any("accordion" in name for name in _names(tag)) or tag.has_attr("aria-controls")


def is_tile(tag: Tag) -> bool:
    """True for the teaser of another page: a card or tile with a link, downloads left out."""
    names = _names(tag)
    if not any(_TILE.match(name) for name in names) or any("download" in name for name in names):
        return False
    return tag.find("a") is not None


def is_row(tag: Tag) -> bool:
    """True for a row of data. A row whose cells hold lists, headings or paragraphs only lays the page out."""
    if tag.name != "tr":
        return False
    return tag.find(["ul", "ol", "h1", "h2", "h3", "h4", "table"]) is None and len(tag.find_all("p", limit=9)) < 9
