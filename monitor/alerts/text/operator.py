"""What messages say to the operator: what was found, and the command that helps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.alerts.text.words import Words
from monitor.core.words import N_

OPERATOR: Final[Mapping[str, Words]] = {
    "plugin_unreadable": Words(
        title=N_("[operator] Page not recognised: {check}"),
        fact=N_("The pages of this desk are no longer recognised; they count neither as a slot nor as none."),
        next=(N_("Run vigie check {check}, compare the page with its description, correct the declaration."),),
        unknown=N_("The program says what it saw; the cause may be elsewhere."),
    ),
    "platform_fell": Words(
        title=N_("[operator] Platform down: {platform}"),
        fact=N_("The desks of this platform fail together. One message is sent."),
        next=(N_("Wait for the next sweep; if it lasts, open one of the pages by hand."),),
        unknown=N_("The program says what it saw; the cause may be elsewhere."),
    ),
    "authority_failing": Words(
        title=N_("[operator] Time-stamping fails: {authority}"),
        fact=N_("This authority gives no valid time-stamp any more. The log is still sealed and signed."),
        next=(N_("Run vigie doctor; plan for a second authority in [timestamps]."),),
        unknown=N_("The program says what it saw; the cause may be elsewhere."),
    ),
    "disk_low": Words(
        title=N_("[operator] Disk almost full"),
        fact=N_("The free space of the data folder is low."),
        next=(N_("Run vigie gc, then vigie gc --apply, or make the disk larger."),),
        unknown=N_("The program says what it saw; the cause may be elsewhere."),
    ),
    "sweep_missing": Words(
        title=N_("[operator] Sweep missing"),
        fact=N_("The expected sweep did not take place. The log has a gap, which will be declared."),
        next=(N_("Check cron or the systemd timer, then run vigie doctor."),),
        unknown=N_("The program says what it saw; the cause may be elsewhere."),
    ),
    "clock_unsynchronised": Words(
        title=N_("[operator] Clock not synchronised"),
        fact=N_("The clock of this machine is not synchronised; the hours in the log are worth less."),
        next=(N_("Turn synchronisation on (chrony or systemd-timesyncd), then run vigie doctor."),),
        unknown=N_("The program says what it saw; the cause may be elsewhere."),
    ),
    "message_given_up": Words(
        title=N_("[operator] Message given up"),
        fact=N_("A message to subscriber no. {subscriber} could not be delivered in time; it no longer will be."),
        next=(N_("Run vigie outbox, then vigie notify --test {subscriber}."),),
        unknown=N_("The program says what it saw; the cause may be elsewhere."),
    ),
    "address_suspended": Words(
        title=N_("[operator] Address suspended"),
        fact=N_("The server refuses the address of subscriber no. {subscriber}; nothing more is sent there."),
        next=(N_("If you can reach the subscriber otherwise, ask for another address."),),
        unknown=N_("The program says what it saw; the cause may be elsewhere."),
    ),
    "addresses_spared": Words(
        title=N_("[operator] Many addresses refused"),
        fact=N_(
            "The server refuses too many addresses for the few messages it takes. The fault is probably ours: no "
            "further address is suspended, and their messages are tried again."
        ),
        next=(
            N_("Check the account of this channel in the settings, then run vigie doctor."),
            N_("Where the first ones were suspended wrongly, run vigie subscribers pause --resume."),
        ),
        unknown=N_("The program says what it saw; the cause may be elsewhere."),
    ),
    "sending_stopped": Words(
        title=N_("[operator] Sending stopped"),
        fact=N_(
            "The server refuses our own account: no message leaves by this channel. None is lost: one at a time asks "
            "again, and the others follow when it passes."
        ),
        next=(
            N_("Check the account, its quota and its registration with vigie doctor, then run vigie outbox --send."),
        ),
        unknown=N_("The program says what it saw; the cause may be elsewhere."),
    ),
}
TOLD: Final[Mapping[str, str]] = {  # what an operator's message says beside its sentences: the name of each fact
    "authority": N_("Authority"),
    "cause": N_("Last finding"),
    "check": N_("Desk"),
    "code": N_("Answer of the server"),
    "desks": N_("Desks not read"),
    "expected": N_("Expected at"),
    "free_mb": N_("Free space, in MB"),
    "hours": N_("Hours"),
    "line": N_("Channel"),
    "looks": N_("Looks in a row"),
    "max_error_seconds": N_("Largest error of the clock, in seconds"),
    "platform": N_("Platform"),
    "site": N_("Site"),
    "subscriber": N_("Subscriber no."),
}
