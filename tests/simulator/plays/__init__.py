"""The platforms, each a module that finds its own addresses and answers them."""

from __future__ import annotations

from collections.abc import Set
from typing import Protocol

from tests.simulator.messages import Answer, Request
from tests.simulator.plays import demarche_numerique, ez_booking, orion, rdv_prefecture, rdv_service_public
from tests.simulator.plays.scene import Place, Scene


class Play(Protocol):
    """What a platform's module offers. DEFAULT: state of a desk the script does not name."""

    @property
    def DEFAULT(self) -> str: ...
    @property
    def STATES(self) -> Set[str]: ...

    def locate(self, request: Request) -> Place | None:
        """Where the request stands in a visit, None where it is not this platform's."""
        ...

    def forbidden(self, request: Request, place: Place, person: bool) -> str | None:
        """The name of the rule the request breaks, if any. person: a human sits there."""
        ...

    def answer(self, scene: Scene) -> Answer:
        """The answer to the request in the scene's state."""
        ...


PLAYS: dict[str, Play] = {
    "ez_booking": ez_booking,
    "rdv_prefecture": rdv_prefecture,
    "demarche_numerique": demarche_numerique,
    "rdv_service_public": rdv_service_public,
    "orion": orion,
}
ALLOW_ALL = "User-agent: *\nAllow: /\n"


def robots_of(host: str) -> str | None:
    """The robots.txt a host of this kind shows; None: it has none (404)."""
    if host in (rdv_prefecture.HOST, orion.HOST):
        return None
    if host in (demarche_numerique.HOST, *demarche_numerique.OLD_HOSTS):
        return demarche_numerique.ROBOTS
    if host in rdv_service_public.HOSTS:
        return rdv_service_public.ROBOTS
    return ez_booking.ROBOTS if host.endswith(".gouv.fr") else ALLOW_ALL


__all__ = ["PLAYS", "Place", "Play", "Scene", "robots_of"]
