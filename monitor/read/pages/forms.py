"""What a browser would send for the steps of a visit, and nothing a visitor would have had to type.

The safety boundary stands here as well: a form that asks for a captcha, for words or for a file is refused whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from monitor.core.prefecture import Choose, Move, Page, Press, Tick
from monitor.read.pages.captcha import captcha_in, kind_of
from monitor.read.pages.html import HtmlPage, TooBig, may_be_seen, parse, text_of
from monitor.read.pages.text import collapse
from monitor.values import dataclass

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TYPED = {
    "color", "date", "datetime", "datetime-local", "email", "month", "number", "range", "search", "tel", "text",
    "textarea", "time", "url", "week",
}  # fmt: skip
Field = tuple[str, str]


class FormChanged(Exception):  # noqa: N818  named for what happened to the page
    """The form, button, box or choice a step names is not on the page, or the form no longer only asks to choose."""


class FormRefused(FormChanged):
    """Sending this form would mean typing, uploading or answering a captcha: outside the safety boundary."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One form sent. method: GET or POST. url: absolute, without query for GET. fields: in the order of the page."""

    method: str
    url: str
    fields: tuple[Field, ...]


def submission(page: Page, move: Move) -> Submission:
    """What pressing the move's button sends, after its ticks and choices.

    Raises FormChanged when the page no longer holds what the move names, FormRefused when the form asks for more than
    choices. ValueError: a move that ends in no Press.
    """
    press = move[-1] if move else None
    if not isinstance(press, Press):
        raise ValueError(f"a form is sent by a press, not by {press!r}")
    try:
        doc = parse(page)
    except TooBig as error:
        raise FormChanged(f"the page cannot be read whole: {error}") from error
    form, button = _pressed(doc, press)
    controls = [control for control in _controls(doc, form) if not _is_disabled(control)]
    _refuse_more_than_choices(form, controls)
    ticked = [_ticked(controls, step) for step in move if isinstance(step, Tick)]
    chosen = dict(_chosen(controls, step) for step in move if isinstance(step, Choose))
    fields = tuple(field for control in controls for field in _sent(control, button, ticked, chosen))
    method = (button.get("formmethod") or form.get("method") or "get").upper()
    if method not in ("GET", "POST") or "multipart" in (button.get("formenctype") or form.get("enctype") or "").lower():
        raise FormChanged(f"the form {press.form!r} is sent in another way: {method}")
    return Submission(method=method, url=_target(page, doc, form, button, method), fields=fields)


def find_form(doc: HtmlPage, name: str) -> Element | None:
    """The form with this `id` or, failing that, this `name`."""
    forms = list(doc.all("form"))
    return next((form for key in ("id", "name") for form in forms if name and form.get(key) == name), None)


def button_words(button: Element) -> str:
    """What a submit button says: the value of an `input`, the text of a `button`."""
    return collapse(button.get("value") or "") if button.tag == "input" else text_of(button)


def form_of(doc: HtmlPage, control: Element) -> Element | None:
    """The form a control belongs to: by its `form` attribute, else the one that holds it."""
    name = control.get("form")
    return next(control.iterancestors("form"), None) if name is None else doc.by_id(name)


def sends(control: Element) -> bool:
    """Whether a control is a submit button that is not switched off."""
    default = "submit" if control.tag == "button" else ""
    return (control.get("type") or default).lower() == "submit" and not _is_disabled(control)


def _pressed(doc: HtmlPage, press: Press) -> tuple[Element, Element]:
    form = find_form(doc, press.form)
    if form is None:
        raise FormChanged(f"no form {press.form!r} on the page")
    for control in _controls(doc, form):
        if sends(control) and control.get("name") == press.name and button_words(control) == collapse(press.value):
            return form, control
    raise FormChanged(f"no button {press.name!r} that says {press.value!r} in the form {press.form!r}")


def _controls(doc: HtmlPage, form: Element) -> Iterator[Element]:
    return (c for c in doc.all("input", "button", "select", "textarea") if form_of(doc, c) is form)


def _is_disabled(control: Element) -> bool:
    return control.get("disabled") is not None or any(
        fieldset.get("disabled") is not None for fieldset in control.iterancestors("fieldset")
    )


def _kind(control: Element) -> str:
    return (control.get("type") or "text").lower() if control.tag == "input" else str(control.tag)


def _refuse_more_than_choices(form: Element, controls: list[Element]) -> None:
    if captcha_in(form) or any(kind_of(control) for control in controls):
        raise FormRefused("the form asks for a captcha")
    for control in controls:
        kind = _kind(control)
        if kind in ("file", "password") or (kind in _TYPED and may_be_seen(control)):
            raise FormRefused(f"the form asks to fill in {control.get('name') or control.get('id')!r} ({kind})")


def _ticked(controls: list[Element], tick: Tick) -> Element:
    for control in controls:
        if _kind(control) == "checkbox" and control.get("name") == tick.name:
            return control
    raise FormChanged(f"no box {tick.name!r} in the form")


def _chosen(controls: list[Element], choose: Choose) -> Field:
    for control in controls:
        if control.get("name") == choose.name:
            if _kind(control) == "radio" and control.get("value", "on") == choose.value:
                return choose.name, choose.value
            if control.tag == "select" and choose.value in map(_option_value, control.iter("option")):
                return choose.name, choose.value
    raise FormChanged(f"no choice {choose.name!r} = {choose.value!r} in the form")


def _sent(control: Element, button: Element, ticked: list[Element], chosen: dict[str, str]) -> Iterator[Field]:
    name, kind = control.get("name"), _kind(control)
    if not name:
        return
    if kind in ("submit", "button", "reset", "image"):
        if control is button:
            yield name, control.get("value", "")
    elif kind == "checkbox":
        if control.get("checked") is not None or control in ticked:
            yield name, control.get("value", "on")
    elif kind == "radio":
        value = control.get("value", "on")
        if chosen[name] == value if name in chosen else control.get("checked") is not None:
            yield name, value
    elif kind == "select":
        yield from ((name, value) for value in _selected(control, chosen.get(name)))
    else:
        yield name, (control.text or "") if kind == "textarea" else control.get("value", "")


def _selected(select: Element, choice: str | None) -> list[str]:
    if choice is not None:
        return [choice]
    options = [option for option in select.iter("option") if option.get("disabled") is None]
    values = [_option_value(option) for option in options if option.get("selected") is not None]
    if select.get("multiple") is not None:
        return values
    return values[-1:] or [_option_value(option) for option in options[:1]]


def _option_value(option: Element) -> str:
    value = option.get("value")
    return collapse(option.text or "") if value is None else value


def _target(page: Page, doc: HtmlPage, form: Element, button: Element, method: str) -> str:
    action = (button.get("formaction") or form.get("action") or "").strip()
    base = next((base.get("href") or "" for base in doc.all("base") if base.get("href")), "")
    url = urlsplit(urljoin(urljoin(page.url, base), action) if action else page.url)
    if url.scheme not in ("http", "https"):
        raise FormChanged(f"the form is sent to {url.scheme}:")
    return urlunsplit((url.scheme, url.netloc, url.path, "" if method == "GET" else url.query, ""))
