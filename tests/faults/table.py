"""The lines of the fault table."""

from __future__ import annotations

from tests.faults import Fault, alerts, logs, processes

FAULTS = (
    Fault("kill", "kill -9 at a random point of sweep and seal", 200, processes.killed),
    Fault("disk", "disk full at a random byte, then room again", 20, processes.disk_full),
    Fault("clock", "clock a day off, before or inside a sweep", 8, processes.clock_steps),
    Fault("authority", "time-stamp authority down, then up", 3, logs.authority_down),
    Fault("removed", "middle sweep removed: unseen", 2, logs.middle_removed),
    Fault("reordered", "records exchanged, sums made again: unseen", 8, logs.reordered),
    Fault("cut", "end cut off, against a witness: unseen", 3, logs.cut_off),
    Fault("sender", "alerts: sender killed at a random point", 100, alerts.killed),
    Fault("senders", "alerts: two senders at once", 10, alerts.two_senders),
    Fault("down", "alerts: channel down for 24 simulated hours", 1, alerts.down),
    Fault("hang", "alerts: server hangs before, or after content", 3, alerts.hangs),
    Fault("550", "alerts: 550 no such user", 3, alerts.refused),
    Fault("452", "alerts: 452 mailbox full, twice, then room", 3, alerts.full),
    Fault("sending-disk", "alerts: disk full while sending, then room", 20, alerts.disk_full),
    Fault("sending-clock", "alerts: clock a day back, at five places", 5, alerts.clock_back),
)
