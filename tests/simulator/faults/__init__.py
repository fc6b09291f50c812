"""What can go wrong with a server, by name: `refusals` and `redirects` are whole answers, `wire` breaks them."""

from __future__ import annotations

from tests.simulator.faults.redirects import REDIRECTS
from tests.simulator.faults.refusals import REFUSALS
from tests.simulator.faults.wire import WIRE_FAULTS

ANSWERED = {**REFUSALS, **REDIRECTS}
FAULTS = frozenset({*ANSWERED, *WIRE_FAULTS})

__all__ = ["ANSWERED", "FAULTS", "WIRE_FAULTS"]
