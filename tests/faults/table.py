"""The lines of the fault table."""

from __future__ import annotations

from tests.faults import Fault, logs, processes

FAULTS = (
    Fault("kill", "kill -9 at a random point of sweep and seal", 200, processes.killed),
    Fault("disk", "disk full at a random byte, then room again", 20, processes.disk_full),
    Fault("clock", "clock a day off, before or inside a sweep", 8, processes.clock_steps),
    Fault("authority", "time-stamp authority down, then up", 3, logs.authority_down),
    Fault("removed", "middle sweep removed: unseen", 2, logs.middle_removed),
    Fault("reordered", "records exchanged, sums made again: unseen", 8, logs.reordered),
    Fault("cut", "end cut off, against a witness: unseen", 3, logs.cut_off),
)
