from __future__ import annotations

import subprocess
import sys

import pytest

from monitor.core.errors import UsageError
from monitor.core.prefecture import Platform
from monitor.read.platforms.demarche_numerique import DemarcheNumerique
from monitor.read.platforms.eappointment import EAppointment
from monitor.read.platforms.ez_booking import EzBooking
from monitor.read.platforms.form_figures import FormFigures
from monitor.read.platforms.front_page import FrontPage
from monitor.read.platforms.orion import Orion
from monitor.read.platforms.rdv_prefecture import RdvPrefecture
from monitor.read.platforms.rdv_service_public import RdvServicePublic
from monitor.read.platforms.registry import BY_NAME, platform_for


@pytest.mark.parametrize(
    ("name", "url", "platform"),
    [
        ("ez_booking", "https://pprdv.gouv.fr/booking/create/989/1", EzBooking("pprdv.gouv.fr", 989)),
        ("ez_booking", "http://a:8080/booking/create/5", EzBooking("a:8080", 5, "http")),
        ("ez_booking", "https://archive.org/x", EzBooking("archive.org", 0)),
        ("ez_booking", "", EzBooking("", 0)),
        ("rdv_prefecture", "https://x/rdvpref/reservation/demarche/2246/creneau/", RdvPrefecture(2246)),
        ("rdv_prefecture", "file.html", RdvPrefecture(0)),
        ("demarche_numerique", "https://demarche.numerique.gouv.fr/commencer/a-b?x", DemarcheNumerique("a-b")),
        ("demarche_numerique", "https://x/commencer/test/a-b", DemarcheNumerique("a-b")),
        ("rdv_service_public", "https://rdv.anct.gouv.fr/org/1", RdvServicePublic("https://rdv.anct.gouv.fr/org/1")),
        ("orion", "https://esii-orion.com/", Orion("https://esii-orion.com/")),
        ("eappointment", "https://x/", EAppointment("https://x/")),
        ("form_figures", "https://demarche.numerique.gouv.fr/statistiques/a-b", FormFigures("a-b")),
        ("form_figures", "https://x/api/public/v1/demarches/12/stats", FormFigures("", 12)),
        ("front_page", "https://x/", FrontPage("https://x/")),
    ],
)  # fmt: skip
def test_from_name_and_address(name: str, url: str, platform: Platform) -> None:
    assert platform_for(name, url) == platform
    assert platform.name == name


def test_every_name() -> None:
    for name in BY_NAME:
        assert platform_for(name, "https://x/").name == name


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="ez_booking"):
        platform_for("ez-booking", "https://x/")
    with pytest.raises(UsageError, match=r"orion.*rdv_service_public"):
        platform_for("zzz", "https://x/")


def test_an_address_that_is_none() -> None:
    with pytest.raises(UsageError, match="address"):
        platform_for("ez_booking", "https://[x")


def test_declaring_a_desk_parses_no_html() -> None:
    code = "import sys, monitor.read.platforms.registry; print(sorted({'lxml', 'bs4', 'httpx'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
