"""Which addresses are a booking product's, and which démarche each names: for links met on a page, never followed."""

from __future__ import annotations

from urllib.parse import urlsplit

from monitor.core.hosts import parse
from monitor.core.prefecture import Platform
from monitor.read.platforms.demarche_numerique import HOST as FORMS
from monitor.read.platforms.demarche_numerique import DemarcheNumerique
from monitor.read.platforms.eappointment import EAppointment
from monitor.read.platforms.ez_booking import EzBooking
from monitor.read.platforms.ez_page import address
from monitor.read.platforms.orion import Orion
from monitor.read.platforms.rdv_prefecture import HOST as RDV_PREFECTURE
from monitor.read.platforms.rdv_prefecture import RdvPrefecture, number_in
from monitor.read.platforms.rdv_service_public import RdvServicePublic
from monitor.values import dataclass, pattern

# Hosts of the products (PLATFORMS, sections 1 to 6; 2026-11-21). `www.rdv.NAME.gouv.fr` is the eZ module's newer host.
_FORMS = (FORMS, "www.demarches-simplifiees.fr", "demarches-simplifiees.fr")
_RDV_SERVICE_PUBLIC = (
    "rdv.anct.gouv.fr", "rdv.numerique.gouv.fr", "www.rdv-solidarites.fr", "rdv-solidarites.fr",
)  # fmt: skip
_EZ_HOST = pattern(r"(?:www\.)?rdv\.[a-z0-9-]+\.gouv\.fr|(?:www\.)?pprdv\.interieur\.gouv\.fr")
_ORION = ("esii-orion.com", "www.esii-orion.com")
_SLUG = pattern(r"/commencer/(?:test/)?([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking address. platform: the desk's platform with its arguments, None where the address names a host only."""

    host: str
    platform: Platform | None = None


def booking_of(url: str) -> Booking | None:
    """What a link leads to, where it leads to a booking product; None for any other page. Never raises."""
    try:
        one = parse(url)
        path = urlsplit(str(one)).path
        return _of(one.host, path, str(one))
    except ValueError:
        return None


def _of(host: str, path: str, url: str) -> Booking | None:
    number, _ = address(path)
    if number is not None and "/booking/create/" in path:
        return Booking(host, EzBooking(host, number))
    if host in (RDV_PREFECTURE, RDV_PREFECTURE.removeprefix("www.")):
        found = number_in(url)
        return Booking(RDV_PREFECTURE, RdvPrefecture(found) if found else None)
    if host in _FORMS:
        slug = _SLUG.match(path)
        return Booking(FORMS, DemarcheNumerique(slug[1]) if slug else None)
    if host in _RDV_SERVICE_PUBLIC:
        named = path.startswith(("/prendre_rdv", "/org/", "/motif/")) and not path.startswith(
            "/prendre_rdv_prescripteur"
        )
        return Booking(host, RdvServicePublic(url) if named else None)
    if host in _ORION:
        return Booking(host, Orion(url) if path.startswith("/orion-reservation/") else None)
    if "/eAppointment" in path:
        return Booking(host, EAppointment(url))
    return Booking(host) if _EZ_HOST.fullmatch(host) else None
