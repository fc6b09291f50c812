"""No reader is worse than linear: ten times a hostile page takes at most some twenty times the work."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from monitor.core.prefecture import Context, Page
from monitor.read.platforms.registry import platform_for
from tests.read import kinds as k

ADDRESSES = {
    "ez_booking": k.EZ + "/4", "rdv_prefecture": k.RP, "rdv_service_public": k.SP, "demarche_numerique": k.DS,
    "orion": k.OR, "eappointment": k.EA, "front_page": "https://portail.gouv.fr/",
}  # fmt: skip
SHAPES: dict[str, tuple[str, Callable[[str], str], str]] = {  # platform, page around it, what is repeated
    "ez cells": ("ez_booking", lambda s: k.ez_week(s), k.ez_cell(link='href="/booking/create/9/5/1"')),
    "ez paragraphs": ("ez_booking", lambda s: k.ez_none(after=s), "<p>Guichet</p>"),
    "ez forms": ("ez_booking", lambda s: k.ez(s), k.ez_form("<p>x</p>")),
    "ez headings": ("ez_booking", lambda s: k.ez(s + k.ez_form(k.EZ_NONE)), "<h2>x</h2>"),
    "rdvpref slots": ("rdv_prefecture", k.rp, '<input type=radio disabled id=trhId_1><label for=trhId_1>9</label>'),
    "rdvpref nested": ("rdv_prefecture", k.rp, "<div class=q-pa-md>" * 50 + "Aucun créneau disponible" + "</div>" * 50),
    "rdvpref headings": ("rdv_prefecture", lambda s: k.rp(s + k.RP_NONE), "<h1>Site</h1><h2>b</h2><h3>c</h3>"),
    "rdvpref bold": ("rdv_prefecture", lambda s: k.rp(f"<b>{s}</b>" + k.RP_NONE), "a<br>"),
    "rdvpref script": ("rdv_prefecture", lambda s: k.rp(f"<script>datePremiereDispo {s}</script>"), '/* // "'),
    "rdvsp card": ("rdv_service_public", lambda s: k.sp(f"<div class=card>{s}</div>"), '<a href="?lieu_id=1">x</a>'),
    "rdvsp cards": ("rdv_service_public", k.sp, '<div class=card><a href="?lieu_id=1">x</a></div>'),
    "rdvsp grid": ("rdv_service_public", lambda s: k.sp(k.sp_grid(s)), k.sp_slot("")),
    "ds links": ("demarche_numerique", k.ds, '<a href="/x">Commencer</a>'),
    "orion calendars": ("orion", k.html, '<div class="rdv-calendar"><li class="time-slot" hidden>x</li></div>'),
    "eappointment strings": ("eappointment", lambda s: "//#DWR\n" + s, 'alert("'),
    "front page": ("front_page", k.html, "<h1>x</h1>"),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_ten_times_the_page_is_about_ten_times_the_work(shape: str) -> None:
    """CPU time, not the clock; what is quadratic takes a hundred times."""
    name, around, piece = SHAPES[shape]
    url, spent = ADDRESSES[name], []
    for size in (90_000, 900_000):
        body = around(piece * (size // len(piece.encode()))).encode()
        page, context = Page(url=url, status=200, body=body), Context(zone=k.PARIS, at=k.AT, label="récépissé")
        start = time.process_time()
        platform_for(name, url).read(page, context)
        spent.append(time.process_time() - start)
    assert spent[1] <= 20 * spent[0] + 1.0, spent
