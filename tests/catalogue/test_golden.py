"""What `vigie capture` keeps of a page: nothing of the visit, and a reading that is the page's own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monitor.api import DemarcheNumerique, Desk, EzBooking, Prefecture, Provenance
from monitor.catalogue.golden import golden, names, read
from monitor.core.prefecture import Page, Platform
from monitor.core.readings import to_json
from tests.read.recorded import PAGES

SOURCE = Provenance("test", "2026-11-24", "confirmed_1")
SECRET, ADDRESS = "kJ8s-Zq2_91LmNa", "203.0.113.77"
EZ = EzBooking("www.val-doise.gouv.fr", 14666)  # the module of the page below


def kept(platform: Platform, page: Page, **record: Any) -> tuple[bytes, dict[str, Any]] | None:
    desk = Desk(slug="x", label="x", procedure="other", platform=platform, provenance=SOURCE)
    one = Prefecture(
        code="95", slug="val-doise", name="Val-d'Oise", office="Préfecture", site="https://www.val-doise.gouv.fr",
        provenance=SOURCE, desks=(desk,),
    )  # fmt: skip
    record = {"check": "95/x", "started": "2026-11-24T10:00:00.000000Z", "reading": "NoSlot", **record}
    return golden(one, desk, page, record)


def test_tokens_stay_out_of_page_address_and_headers() -> None:
    body = (PAGES / "recon_ez_step2_no_slot.html").read_bytes()
    body = body.replace(b"</form>", f'<input type="hidden" name="t" value="{SECRET}"></form>'.encode())
    page = Page(
        url=f"{EZ.url}/2;jsessionid={SECRET}",
        status=200,
        headers=(("Content-Type", "text/html"), ("Set-Cookie", f"eZSESSID={SECRET}")),
        body=body,
    )
    made = kept(EZ, page)
    assert made is not None
    body, document = made
    assert SECRET.encode() not in body + json.dumps(document).encode()
    assert document["headers"] == {"content-type": "text/html"}
    assert (document["reviewed"], document["reading"]["reading"]) == (False, "NoSlot")
    assert to_json(read(json.loads(json.dumps(document)), body)) == document["reading"]
    assert names(document) == ("95_x_2026-11-24.html", "95_x_2026-11-24.golden.json")


def test_a_wall_that_prints_ones_address_is_kept_without_it() -> None:
    body = (
        (PAGES / "recon_cloudflare_block.html")
        .read_bytes()
        .replace(b"Cloudflare Ray ID: ", b"Your IP: %s Ray ID: " % ADDRESS.encode())
    )
    assert ADDRESS.encode() in body
    page = Page(url=EZ.url, status=403, body=body)
    made = kept(EZ, page, reading="Obstructed", seen=f"Your IP: {ADDRESS}")
    assert made is not None
    assert ADDRESS.encode() not in made[0] + json.dumps(made[1]).encode()
    assert made[1]["reading"]["obstacle"] == "waf"


def test_a_page_that_says_something_else_once_scrubbed_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(
        url="https://demarche.numerique.gouv.fr/commencer/x", status=200, body=(PAGES / "ds_open.html").read_bytes()
    )
    assert kept(DemarcheNumerique("x"), page) is not None
    monkeypatch.setattr("monitor.catalogue.golden.scrub", lambda body: body.replace(b"Commencer", b"Regarder"))
    assert kept(DemarcheNumerique("x"), page) is None
