"""One property of all readers: what NoSlot or SlotsOpen rests on cannot be hidden, switched off, moved or quoted.

From each page known to give one, the decisive element is found by the selector of the reading, spoilt in one way, and
the page read again: it may no longer say the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from monitor.core.prefecture import Context, Page
from monitor.core.readings import NoSlot, Reading, SlotsOpen, detail_of
from monitor.read.pages.charset import decode
from monitor.read.pages.text import normalise
from monitor.read.platforms.registry import platform_for
from tests.read.kinds import AT, kinds
from tests.read.recorded import recorded

Element = etree._Element
Read = Callable[[bytes], Reading]
_SELECTED = {  # selector of a reading -> XPath of what it rests on
    "a[aria-label]": "//a[starts-with(@aria-label, 'Choisir')]",
    "input[id^=trhId_]": "//input[starts-with(@id, 'trhId_')]",
    "#planning_Booking td.free a": "//td[contains(@class, 'free')]",
    "a[href*=date]": "//a[contains(@href, 'date=') and starts-with(., 'Prochaine')]",
    "button[aria-controls]": "//button[@aria-controls]",
    "button": "//button",
    "[name=nextButton]": "//input[@name='nextButton']",
    "li.time-slot": "//li[contains(@class, 'time-slot')]",
    "td a.ui-state-default": "//a[contains(@class, 'ui-state-default')]",
    "a[href*=lieu_id]": "//a[contains(@href, 'lieu_id')]",
    "a[href*=participations]": "//a[contains(@href, 'participations')]",
    "[id^=creneaux-lieu-]": "//div[starts-with(@id, 'creneaux-lieu-')]",
}


def pages() -> Iterator[tuple[str, str, Read]]:
    """Name, text and reader of each page that gives a NoSlot or a SlotsOpen."""
    for kind in kinds():
        body = kind.body if isinstance(kind.body, bytes) else kind.body.encode()
        platform = platform_for(kind.platform, kind.asked or kind.url)
        context = Context(zone=ZoneInfo("Europe/Paris"), at=AT, label=kind.label)
        yield kind.name, *_page(platform.read, kind.url, body, context)
    for one in recorded():
        document = one.document
        platform = platform_for(document["platform"], document["start"])
        at = datetime.fromisoformat(document["at"]) if document["at"] else None
        context = Context(zone=ZoneInfo("Europe/Paris"), at=at, label=document["label"])
        yield one.golden.name, *_page(platform.read, document["url"], one.page.read_bytes(), context)


def _page(read: Callable[[Page, Context], Reading], url: str, body: bytes, context: Context) -> tuple[str, Read]:
    text = decode(Page(url=url, status=200, body=body))
    return text, lambda changed: read(Page(url=url, status=200, body=changed), context)


CLAIMS = [
    (name, text, read, said)
    for name, text, read in pages()
    if isinstance(said := read(text.encode()), NoSlot | SlotsOpen)
]
MARKUP = [row for row in CLAIMS if row[1].lstrip()[:1] == "<" and row[3].seen.selector != "script"]


def decisive(root: Element, said: NoSlot | SlotsOpen) -> list[Element]:
    """The elements the reading rests on."""
    if path := _SELECTED.get(said.seen.selector):
        return root.xpath(path)  # type: ignore[return-value]
    words = normalise(said.seen.text)
    holding = [
        one
        for one in root.iter(etree.Element)
        if one.tag not in ("script", "title", "head") and words in normalise(" ".join(map(str, one.itertext())))
    ]
    return [one for one in holding if not any(inner in holding for inner in one)]


def within(tag: str, **attributes: str) -> Callable[[Element], None]:
    """Sets the element inside another, where it stood."""

    def spoil(one: Element) -> None:
        outer, parent = (
            etree.Element(tag, {name.replace("_", "-"): value for name, value in attributes.items()}),
            one.getparent(),
        )
        assert parent is not None
        parent.replace(one, outer)
        outer.tail, one.tail = one.tail, None
        outer.append(one)

    return spoil


def given(**attributes: str) -> Callable[[Element], None]:
    """Gives the element attributes."""

    def spoil(one: Element) -> None:
        for name, value in attributes.items():
            one.set(name.replace("_", "-").strip("-"), value)

    return spoil


def moved(tag: str) -> Callable[[Element], None]:
    """Takes the element out of its place, to the end of the page."""

    def spoil(one: Element) -> None:
        body = next(one.iterancestors("body"))
        place = etree.SubElement(body, tag)
        one.tail = None
        place.append(one)

    return spoil


HIDING = {
    "hidden": given(hidden=""),
    "display": given(style="display:none"),
    "visibility": given(style="visibility:hidden"),
    "off screen": given(style="position:absolute;left:-9999px"),
    "by class": given(**{"class": "free time-slot ui-state-default spoilt"}),
    "aria": given(aria_hidden="true"),
    "in hidden": within("div", hidden=""),
    "in template": within("template"),
    "in details": within("details"),
    "in noscript": within("noscript"),
}
DISABLING = {
    "aria": given(aria_disabled="true"),
    "disabled": given(disabled=""),
    "inert": within("div", inert=""),
    "class": given(**{"class": "free time-slot ui-state-default disabled"}),
}
MOVING = {tag: moved(tag) for tag in ("footer", "aside", "nav")}
QUOTING = {tag: within(tag) for tag in ("blockquote", "aside", "code")}


def spoilt(text: str, said: NoSlot | SlotsOpen, spoil: Callable[[Element], None]) -> bytes:
    """The page with every decisive element spoilt."""
    root = etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8"))
    found = decisive(root, said)
    assert found, said
    for one in found:
        spoil(one)
    head = root.find("head")
    style = etree.SubElement(root if head is None else head, "style")
    style.text = ".spoilt { display: none }"
    return etree.tostring(root, encoding="utf-8", method="html", doctype="<!DOCTYPE html>")


def claims(reading: Reading) -> tuple[str, str | None]:
    """What may not be said again."""
    return type(reading).__name__, detail_of(reading)


WAYS = [
    pytest.param(spoil, only, id=f"{what}: {name}")
    for what, ways, only in (
        ("hiding", HIDING, (NoSlot, SlotsOpen)),
        ("disabling", DISABLING, (SlotsOpen,)),
        ("moving", MOVING, (NoSlot, SlotsOpen)),
        ("quoting", QUOTING, (NoSlot, SlotsOpen)),
    )
    for name, spoil in ways.items()
]


@pytest.mark.parametrize(("spoil", "only"), WAYS)
def test_what_a_claim_rests_on_cannot_be_spoilt(
    spoil: Callable[[Element], None], only: tuple[type[Reading], ...]
) -> None:
    kept = []
    for name, text, read, said in MARKUP:
        if isinstance(said, only) and claims(read(spoilt(text, said, spoil))) == claims(said):
            kept.append(name)
    assert not kept


@pytest.mark.parametrize("way", ["hidden", "display", "visibility", "off screen"])
def test_nor_can_what_stands_around_it_be_hidden(way: str) -> None:
    """Up to what stands straight in the body; `aria-hidden` apart, which a modal dialog sets on the page behind it."""

    def around(one: Element) -> None:
        HIDING[way](next(outer for outer in (one, *one.iterancestors()) if outer.getparent().tag == "body"))

    kept = [name for name, text, read, said in MARKUP if claims(read(spoilt(text, said, around))) == claims(said)]
    assert not kept


def test_a_page_unspoilt_still_says_the_same() -> None:
    """The pages survive being parsed and written again: what changes a reading above is the spoiling."""
    for name, text, read, said in MARKUP:
        assert claims(read(spoilt(text, said, lambda one: None))) == claims(said), name


@pytest.mark.parametrize("announced", ["Si la page affiche le message suivant :", "Exemple :"])
def test_a_sentence_that_is_announced_is_no_answer(announced: str) -> None:
    def spoil(one: Element) -> None:
        parent, words = one.getparent(), etree.Element("p")
        words.text = announced
        assert parent is not None
        parent.insert(parent.index(one), words)

    for name, text, read, said in MARKUP:
        if isinstance(said, NoSlot) and not said.by_data and decisive_is_a_block(text, said):
            assert claims(read(spoilt(text, said, spoil))) != claims(said), name


def decisive_is_a_block(text: str, said: NoSlot) -> bool:
    """Whether the sentence stands in an element of its own, not straight in the platform's form."""
    root = etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8"))
    return all(one.tag in ("p", "div", "h2") for one in decisive(root, said))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda code: f"/* {code} */",
        lambda code: "".join(f"// {line}\n" for line in code.splitlines()),
        lambda code: code.replace('"datePremiereDispo"', '"autre"'),
    ],
    ids=["commented", "commented by line", "renamed"],
)
def test_the_day_of_a_script_cannot_be_spoilt(spoil: Callable[[str], str]) -> None:
    rows = [row for row in CLAIMS if row[3].seen.selector == "script"]
    assert rows
    for name, text, read, said in rows:
        changed = re.sub(r"(?s)(<script>)(.*?)(</script>)", lambda m: m[1] + spoil(m[2]) + m[3], text)
        assert claims(read(changed.encode())) != claims(said), name


def test_the_data_of_an_answer_cannot_be_spoilt() -> None:
    rows = [row for row in CLAIMS if row[1].lstrip()[:1] == "{"]
    assert {type(row[3]) for row in rows} == {NoSlot, SlotsOpen}
    for name, text, read, said in rows:
        data = json.loads(text)
        for changed in (
            {"data": data},
            [data],
            {"slots": data["daySlots"]},
            {**data, "daySlots": json.dumps(data["daySlots"])},
            {**data, "success": False},
            {**data, "error": "x"},
            {
                **data,
                "daySlots": [
                    {**day, "slots": [{**s, "available": False} for s in day["slots"]]} for day in data["daySlots"]
                ],
            }
            if data["daySlots"]
            else {"daySlots": None},
        ):
            assert claims(read(json.dumps(changed).encode())) != claims(said), (name, changed)


def test_there_is_something_to_spoil() -> None:
    told = {Path(name).stem.split("-")[0].split("_")[0] for name, *_ in MARKUP}
    assert {"ez", "rdvpref", "rdvsp", "eappointment", "orion"} <= told
