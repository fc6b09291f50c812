"""The map: every préfecture once, with its colour, its words and the way to its page."""

from __future__ import annotations

from xml.etree import ElementTree

from monitor.catalogue.catalogue import load
from monitor.site.drawing.basemap import BOXES, MapPlace, basemap, shapes
from monitor.site.pages.standing import LOOKS

SHAPES = ("path", "rect")


def test_every_prefecture_is_there_once_and_painted() -> None:
    looks = [*LOOKS]
    places = [
        MapPlace(one.code, f"s-{looks[n % len(looks)]}", f"{one.name}: x & y", f"{one.code}.html")
        for n, one in enumerate(load("prefectures").prefectures)
    ]
    tree = ElementTree.fromstring(str(basemap(places, "carte")))
    links = tree.findall("a")
    assert len(links) == len(places) + len([code for code in BOXES if code in shapes()["paths"]])
    assert {link.attrib["href"] for link in links} == {place.href for place in places}
    for link in links:
        place = next(one for one in places if one.href == link.attrib["href"])
        (shape,) = [part for part in link if part.tag in SHAPES]
        painted = {"fill": "url(#hatch)"} if place.look == "s-nobody" else {"class": place.look}
        assert painted.items() <= shape.attrib.items()
        assert link.attrib["aria-label"] == f"{place.code} {place.said}"
        assert all(text.text and text.text in link.attrib["aria-label"] for text in link.findall("text"))


def test_nobody_looked_is_hatched_where_no_page_is() -> None:
    tree = ElementTree.fromstring(str(basemap([], "carte")))
    drawn = tree.findall("path")
    assert len(drawn) == len(shapes()["paths"]) == 96
    assert {one.attrib["fill"] for one in drawn} == {"url(#hatch)"}


def test_small_and_far_places_have_boxes() -> None:
    far = {one.code for one in load("prefectures").prefectures} - shapes()["paths"].keys()
    assert far <= set(BOXES)
