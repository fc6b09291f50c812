"""Captchas, recognised by their fields and widgets. They are named and left alone: nothing here or above solves one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.readings import Obstructed, Seen
from monitor.read.pages.html import is_shown, text_of
from monitor.read.pages.text import normalise

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# CaptchEtat is the State's own (AIFE, api.piste.gouv.fr): fields and ids from PLATFORMS section 1; `rdv-captchetat` is
# the element its page holds before a browser runs it.
_KINDS = (
    (r"captchetat|captchafr_|bdc_captcha|captchausercode|captchaformulaireext|captchaid\b", "captchetat"),
    (r"turnstile|challenges\.cloudflare\.com", "turnstile"),
    (r"h-?captcha", "hcaptcha"),
    (r"g-recaptcha|recaptcha", "recaptcha"),
    (r"\baltcha", "altcha"),
    (r"\bli-antibot", "li-antibot"),
    (r"\bfrc-captcha|friendly-?captcha", "friendlycaptcha"),
    (r"captcha", "captcha"),
)
_WIDGETS = ("altcha-widget", "div", "iframe", "img", "input", "rdv-captchetat", "span", "textarea")
_WORDS = r"captcha|code de sécurité|contrôle de sécurité|code de vérification|recopi|robot|caractères"


def kind_of(element: Element) -> str | None:
    """What captcha an element is part of (`captchetat`, `turnstile`, `hcaptcha`, `recaptcha`, `captcha`), or None."""
    values = (element.get("id"), element.get("class"), element.get("name"), element.get("src"), element.get("alt"))
    found = " ".join(
        [str(element.tag), *(value for value in values if value and not value.startswith("data:"))]
    ).lower()
    if not re.search(r"captch|turnstile|challenges\.cloudflare\.com|\baltcha|\bli-antibot", found):
        return None
    return next((kind for pattern, kind in _KINDS if re.search(pattern, found)), None)


def captcha_in(within: Element) -> Obstructed | None:
    """The reading of a part of a page that asks for a captcha; None when it holds none.

    Scripts alone do not count: many sites load a captcha's library on pages that never ask for one.
    """
    for element in within.iter(*_WIDGETS):
        if kind := kind_of(element):
            seen = _asked(within, element)
            return Obstructed(obstacle="captcha", seen=seen, detail=None if kind == "captcha" else kind)
    return None


def _asked(within: Element, field: Element) -> Seen:
    for element in within.iter("h1", "h2", "h3", "label", "legend", "p"):
        words = text_of(element)
        if words and re.search(_WORDS, normalise(words)) and is_shown(element):
            return Seen(words, str(element.tag))
    for name in ("name", "id", "class", "src"):
        if value := field.get(name):
            return Seen(value, f"{field.tag}[{name}]")
    return Seen(str(field.tag), str(field.tag))
