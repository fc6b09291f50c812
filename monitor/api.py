"""All a plugin may import: the nouns it declares, and the platforms its desks are on.

A plugin is a module `dCODE_name.py` whose body is a docstring, one import from here and one
`PREFECTURE = Prefecture(...)`. It holds no function, no loop and no other import: what it states can be checked.
"""

from __future__ import annotations

from datetime import date

from monitor.core.prefecture import Desk, Notice, Place, Prefecture, Provenance, Service, Statement, SubPrefecture
from monitor.read.platforms.demarche_numerique import DemarcheNumerique
from monitor.read.platforms.ez_booking import EzBooking
from monitor.read.platforms.front_page import FrontPage
from monitor.read.platforms.orion import Orion
from monitor.read.platforms.rdv_prefecture import RdvPrefecture
from monitor.read.platforms.rdv_service_public import RdvServicePublic

__all__ = [
    "DemarcheNumerique",
    "Desk",
    "EzBooking",
    "FrontPage",
    "Notice",
    "Orion",
    "Place",
    "Prefecture",
    "Provenance",
    "RdvPrefecture",
    "RdvServicePublic",
    "Service",
    "Statement",
    "SubPrefecture",
    "date",
]
