"""The platforms by name, for a page that is read without its plugin."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from gettext import gettext as _
from urllib.parse import urlsplit

from monitor.core.errors import UsageError
from monitor.core.hosts import normal_host
from monitor.core.prefecture import Platform
from monitor.read.platforms.demarche_numerique import DemarcheNumerique
from monitor.read.platforms.eappointment import EAppointment
from monitor.read.platforms.ez_booking import EzBooking
from monitor.read.platforms.ez_page import address
from monitor.read.platforms.form_figures import FormFigures
from monitor.read.platforms.front_page import FrontPage
from monitor.read.platforms.orion import Orion
from monitor.read.platforms.rdv_prefecture import HOST, RdvPrefecture, number_in
from monitor.read.platforms.rdv_service_public import RdvServicePublic


def _ez_booking(url: str) -> Platform:
    parts = urlsplit(url)
    return EzBooking(parts.netloc, address(url)[0] or 0, parts.scheme or "https")


def _demarche_numerique(url: str) -> Platform:
    found = re.search(r"/commencer/(?:test/)?([^/?#]+)", url)
    return DemarcheNumerique(found[1] if found else "")


def _form_figures(url: str) -> Platform:
    number = re.search(r"/demarches/(\d+)/stats", url)
    slug = re.search(r"/statistiques/([^/?#]+)", url)
    return FormFigures(slug[1] if slug else "", int(number[1]) if number else None)


BY_NAME: Mapping[str, Callable[[str], Platform]] = {
    "demarche_numerique": _demarche_numerique,
    "eappointment": EAppointment,
    "ez_booking": _ez_booking,
    "form_figures": _form_figures,
    "front_page": FrontPage,
    "orion": Orion,
    "rdv_prefecture": lambda url: RdvPrefecture(number_in(url) or 0),
    "rdv_service_public": RdvServicePublic,
}


def platform_at(url: str) -> Platform | None:
    """The platform whose address this is, with the desk it tells, by host and path alone; None for any other."""
    host = normal_host(urlsplit(url).hostname or "")
    if host == HOST:
        number = number_in(url)
        return RdvPrefecture(number) if number else None
    if host is not None and host.endswith(".gouv.fr") and address(url)[0]:
        return _ez_booking(url)
    return None


def platform_for(name: str, url: str) -> Platform:
    """The platform with the arguments its address tells. Raises UsageError for a name that is not known."""
    try:
        make = BY_NAME[name]
    except KeyError:
        nearest = get_close_matches(name, BY_NAME, n=1)
        if nearest:
            hint = _('did you mean "{near}"?').format(near=nearest[0])
        else:
            hint = _("the known ones are {names}").format(names=", ".join(BY_NAME))
        raise UsageError(_('no platform is called "{name}": {hint}').format(name=name, hint=hint)) from None
    try:
        return make(url)
    except ValueError as error:
        raise UsageError(_('"{url}" is not an address: {why}').format(url=url, why=error)) from error
