"""What messages say of each kind of event, at level B1: short sentences, the site's words apart, no more than was read.

Steps after a digest: several attempts, not of the same week (Conseil d'État, 10 juin 2020, n° 435594); centre de
contact citoyens, then point d'accueil numérique, then substitution (CESEDA R. 431-2, arrêté du 1er août 2023, NOR
IOMV2311395A).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.alerts.text.words import Words
from monitor.core.words import N_

KINDS: Final[Mapping[str, Words]] = {
    "slots_open": Words(
        title=N_("Slot shown: {what}, {office}"),
        fact=N_("The site showed at least one slot."),
        next=(
            N_("Open the official page at once and book for yourself."),
            N_("If the slot is gone, keep a dated screenshot of what you see."),
        ),
        unknown=N_(
            "The monitor books nothing and holds no slot. It does not know whether this slot is still free, or "
            "whether it fits your situation."
        ),
        extras={
            "first_day": N_("First day shown: {first_day}."),
        },
    ),
    "slots_open_weak": Words(
        title=N_("Booking may be open: {what}, {office}"),
        fact=N_("The site let visitors through towards booking; no slot has been seen yet."),
        next=(
            N_("Open the official page at once and look for yourself."),
            N_("If there is no slot, keep a dated screenshot of what you see."),
        ),
        unknown=N_("The monitor stops before booking: it does not know whether the next step leads to a slot."),
        extras={
            "gone_at": N_("Late message: open at {at_hour}, looked again at {gone_at}: none."),
        },
    ),
    "slots_open_late": Words(
        title=N_("Late message, slot open at {at_hour}, looked again at {gone_at}: none: {what}, {office}"),
        fact=N_("Late message. The site showed at least one slot: open at {at_hour}, looked again at {gone_at}: none."),
        next=(
            N_("Look at the official page all the same: slots sometimes come back."),
            N_("Keep a dated screenshot of what you see."),
        ),
        unknown=N_("The monitor does not know who took these slots, or when others will open."),
        extras={
            "first_day": N_("First day shown then: {first_day}."),
        },
    ),
    "slots_gone": Words(
        title=N_("No slot shown any more: {what}, {office}"),
        fact=N_("Slots were shown; the site now says that there are none."),
        next=(
            N_("Go on trying yourself, on different days and at different hours."),
            N_("Keep a dated screenshot of the whole page, with its address."),
        ),
        unknown=N_("The monitor does not know who took these slots, or when others will open."),
        extras={
            "opened_at": N_("They had been shown since {opened_at}."),
        },
    ),
    "slots_gone_otherwise": Words(
        title=N_("Change after an opening was seen: {what}, {office}"),
        fact=N_("The site no longer shows what had been seen; what it says now is quoted below."),
        next=(
            N_("Read the official page again yourself, and go on trying."),
            N_("Keep a dated screenshot of the whole page, with its address."),
        ),
        unknown=N_("The monitor does not know whether slots are left, or when others will open."),
        extras={
            "opened_at": N_("The opening had been seen since {opened_at}."),
        },
    ),
    "no_slot_digest": Words(
        title=N_("Log: no slot seen, {what}, {office}"),
        fact=N_("In this period the monitor saw no slot. Below is the last sentence read on the site."),
        unknown=N_(
            "Between two visits a slot may have appeared and gone. A page that was not read is not counted as a "
            "page without a slot."
        ),
        extras={
            "since": N_("Period: from {since} to {until}."),
            "looks": N_("Visits: {looks}. The site said “no slot”: {no_slot} times."),
            "by_data": N_("Of these, {by_data} times by empty data, without a sentence."),
            "unread": N_("Visits when the page could not be read (captcha, failure, cut): {unread}."),
        },
    ),
    "procedure_closed": Words(
        title=N_("Procedure closed, says the site: {what}, {office}"),
        fact=N_("A sentence of the site says that this procedure is closed."),
        next=(
            N_("Open the official page and read it yourself."),
            N_("Keep a dated screenshot of the whole page, with its address."),
            N_("Look on the préfecture's site for another way."),
        ),
        unknown=N_(
            "The monitor does not know whether it is closed for good, or why. The page may have changed since "
            "that time."
        ),
    ),
    "obstacle_appeared": Words(
        title=N_("Page the monitor cannot read any more: {what}, {office}"),
        fact=N_("The monitor can no longer read this page: {obstacle}. It never goes round such an obstacle."),
        next=(
            N_("Try yourself: a person can often pass where a program stops."),
            N_("Keep a dated screenshot of each of your tries: the monitor has none now."),
        ),
        unknown=N_("While the obstacle lasts, the monitor does not know whether there are slots."),
    ),
    "obstacle_lifted": Words(
        title=N_("Page readable again: {what}, {office}"),
        fact=N_("The obstacle is gone ({obstacle}): the monitor reads the page again."),
        next=(N_("There is nothing to do; messages go on."),),
        unknown=N_("The monitor does not know what the page showed in the meantime."),
        extras={
            "since": N_("The obstacle had been seen since {since}."),
        },
    ),
    "pan_published": Words(
        title=N_("Digital help desk (PAN) published: {office}"),
        fact=N_("A page of the préfecture announces a digital help desk (point d'accueil numérique, PAN)."),
        next=(
            N_("Read on the page for whom it is open, where and when."),
            N_("Keep a dated screenshot of the whole page, with its address."),
        ),
        unknown=N_(
            "The monitor does not know whether appointments are left there. A PAN helps with an ANEF procedure; "
            "it does not replace the filing of an application."
        ),
    ),
    "pan_withdrawn": Words(
        title=N_("Digital help desk (PAN) not found any more: {office}"),
        fact=N_("A page announced it; several readings no longer find it there."),
        next=(
            N_("Open the official page and read it yourself."),
            N_("Keep a dated screenshot of the whole page, with its address."),
        ),
        unknown=N_("The help desk may still exist, announced elsewhere."),
    ),
    "pan_changed": Words(
        title=N_("Digital help desk (PAN) changed: {office}"),
        fact=N_("The page of the digital help desk (PAN) no longer says the same."),
        next=(N_("Compare the two sentences above and read the page again before you go there."),),
        unknown=N_("The page may have changed since that time."),
    ),
    "channel_published": Words(
        title=N_("Another way mentioned: {channel}, {office}"),
        fact=N_(
            "A page of the préfecture mentions this way: {channel}. The page's sentence, quoted below, may set a "
            "condition. The monitor does not say that this way is open to you."
        ),
        next=(
            N_("Before you send a file, check the condition on the page, or ask an association or a lawyer."),
            N_("Keep a dated screenshot of the whole page, with its address."),
        ),
        unknown=N_("The monitor does not know what condition this way is subject to, nor whether you meet it."),
    ),
    "channel_withdrawn": Words(
        title=N_("Way no longer mentioned: {channel}, {office}"),
        fact=N_("A page mentioned this way: {channel}. Several readings no longer find it there."),
        next=(
            N_("Open the official page and read it yourself."),
            N_("If you meant to use this way, keep the proof of what was published."),
        ),
        unknown=N_("The way may still exist, announced elsewhere."),
    ),
    "channel_reworded": Words(
        title=N_("Way described otherwise: {channel}, {office}"),
        fact=N_(
            "The page no longer describes this way in the same words: {channel}. The page's sentence, quoted "
            "below, may set a condition. The monitor does not say that this way is open to you."
        ),
        next=(
            N_("Compare the two sentences above."),
            N_("Before you send a file, check the condition on the page, or ask an association or a lawyer."),
        ),
        unknown=N_("The monitor does not know whether the rule has changed or only the sentence."),
    ),
    "unreachable": Words(
        title=N_("Site not reached for {hours} h: {office}"),
        fact=N_(
            "For {hours} hours the monitor has had no readable answer from this site; our own network was working."
        ),
        next=(N_("Try yourself and keep a dated screenshot of the error message."),),
        unknown=N_(
            "The monitor does not know whether there were slots in that time, or whether the site answered others."
        ),
        extras={
            "cause": N_("Last finding: {cause}."),
        },
    ),
    "desk_corrected": Words(
        title=N_("Correction: this desk was not that of foreigners, {office}"),
        fact=N_(
            "The address below, watched until now under this name, serves somebody else: {served}. What was told of it "
            "says nothing about the desk of foreigners. The mistake is that of this log, and it was noted on {noted}."
        ),
        next=(
            N_("Do not use what was told of this desk as a proof of your tries: it was not the right desk."),
            N_("If it is in a file already, tell your association or your lawyer; new exports print the correction."),
        ),
        unknown=N_("The monitor does not know at which address the right desk is."),
        extras={
            "moves": N_("Messages about what else is watched of this préfecture go on."),
            "ends": N_(
                "Nothing else is watched of this préfecture. If you follow no other, your subscription ends with this "
                "message and your address is erased."
            ),
        },
    ),
}
OBSTACLES: Final[Mapping[str, str]] = {
    "captcha": N_("a captcha"),
    "login": N_("a login page"),
    "waf": N_("the site refuses access to the monitor"),
    "rate_limit": N_("the site asks to slow down"),
    "queue": N_("a waiting room"),
    "robots": N_("the site disallows the page to robots"),
}
CHANNELS: Final[Mapping[str, str]] = {
    "counter": N_("filing at the counter"),
    "postal": N_("sending by post"),
    "email": N_("sending by e-mail"),
    "phone": N_("appointment by telephone"),
}
CAUSES: Final[Mapping[str, str]] = {
    "dns": N_("name not found"),
    "tls": N_("certificate refused"),
    "connect": N_("could not connect"),
    "timeout": N_("no answer in time"),
    "reset": N_("connection cut"),
    "overloaded": N_("service overloaded"),
    "maintenance": N_("maintenance"),
    "server_error": N_("server error"),
}
SAID: Final[Mapping[str, str]] = {
    "colon": N_(":"),
    "quoted": N_("“{words}”"),
    "discreet": N_("A message from your watch"),
    "discreet_more": N_(
        "The details are further down. Open this message when nobody reads over your shoulder: it is about a "
        "personal matter."
    ),
    "simulation": N_("SIMULATION: this is a trial, none of it is real."),
    "where": N_("Place"),
    "what": N_("Procedure"),
    "when": N_("Time"),
    "quote": N_("What the site says, word for word"),
    "before": N_("What it said before"),
    "open": N_("Open the official page"),
    "next": N_("What to do now"),
    "unknown": N_("What the monitor does not know"),
    "stop": N_("To unsubscribe"),
    "stop_answer": N_(
        "Answer this message with the word STOP, or send an e-mail to {mailbox} with the subject: {code}"
    ),
    "stop_mail": N_("Send an e-mail to {mailbox} with the subject: {code}"),
    "stop_page": N_("Open this page and press its button: {page}"),
    "manage": N_("To change or pause these messages, or to see what is kept: {page}"),
    "stop_operator": N_("Write to {contact}, who keeps this log."),
    "not_instead": N_(
        "The monitor does not replace your own attempts. (« La veille ne remplace pas vos propres tentatives. »)"
    ),
    "guide": N_("I find no appointment: what to do"),
    "sent_by": N_(
        "Automatic message of {operator}, who is not the préfecture. Free of charge, reading is not tracked."
    ),
    "sent_by_nobody": N_("Automatic message, not from the préfecture. Free of charge, reading is not tracked."),
    "enclosed": N_("Attached: the log and what verifies it."),
    "enclosed_releve": N_("Attached: the relevé (PDF). Whoever keeps this log gives the rest, with what verifies it."),
    "left_out": N_("The files were too large for this mailbox and are left out: ask whoever keeps this log for them."),
    "so_far": N_("Attached: the observations written up to this time."),
    "so_far_releve": N_("Attached: the relevé (PDF), up to the last sealed sweep."),
    "previous_stamp": N_("Last stamped seal: {stamp}."),
    "own_stamp": N_("The seal and the time-stamp of this observation follow, at the end of the sweep under way."),
    "also": N_("Other facts"),
    "again": N_("This is a new opening; the one before had ended ({again})."),
    "back": N_("This is a return to what had been read before (last time: {back})."),
    "before_limit": N_("You asked to be told of days before {day}."),
    "day_unknown": N_("The site does not say for which day: it may be after {day}, before which you asked to be told."),
    "reference": N_("Reference"),
    "to_read_over": N_(
        "This translation has not been read over by a speaker of the language (« traduction à relire »); the site's "
        "own words are in French."
    ),
}
LADDER: Final = (
    N_(
        "Try yourself, on different days and in different weeks, and keep a screenshot of each try: whole page, "
        "address, date, time. The judge asks for several tries that are not in the same week (Conseil d'État, 10 "
        "June 2020, no. 435594)."
    ),
    N_("Also ask the préfecture for an appointment in writing, yourself, and keep the proof that you sent it."),
    N_(
        "If your procedure is on ANEF: first write to the centre de contact citoyens and keep the request "
        "number; then the point d'accueil numérique; then ask for the solution de substitution (CESEDA, art. R. "
        "431-2; arrêté of 1 August 2023, NOR IOMV2311395A)."
    ),
)
LADDER_NATURALISATION: Final = (
    N_("Try yourself and keep a screenshot of each try: whole page, address, date, time."),
    N_(
        "For naturalisation the next step is not that of residence permits: first ask the centre de contact "
        "citoyens for help and keep its written answer."
    ),
    N_("Before you send anything by post, ask an association or a lawyer."),
)
