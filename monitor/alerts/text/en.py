"""What messages say in English, at level B1. The same facts and the same sources as `alert_fr`."""

from __future__ import annotations

from typing import Final

from monitor.alerts.text.operator import OPERATOR_ENGLISH
from monitor.alerts.text.words import Tongue, Words

_OPEN_PAGE = "Open the official page and read it yourself."
_CAPTURE = "Keep a dated screenshot of the whole page, with its address."
_CHANGES = "The page may have changed since that time."
_CONDITION = (
    "The page's sentence, quoted below, may set a condition. The monitor does not say that this way is open to you."
)
_ASK = "Before you send a file, check the condition on the page, or ask an association or a lawyer."

ENGLISH: Final = Tongue(
    kinds={
        "slots_open": Words(
            "Slot shown: {what}, {office}",
            "The site showed at least one slot.",
            (
                "Open the official page at once and book for yourself.",
                "If the slot is gone, keep a dated screenshot of what you see.",
            ),
            "The monitor books nothing and holds no slot. It does not know whether this slot is still free, or "
            "whether it fits your situation.",
            (("first_day", "First day shown: {first_day}."),),
        ),
        "slots_open_weak": Words(
            "Booking may be open: {what}, {office}",
            "The site let visitors through towards booking; no slot has been seen yet.",
            (
                "Open the official page at once and look for yourself.",
                "If there is no slot, keep a dated screenshot of what you see.",
            ),
            "The monitor stops before booking: it does not know whether the next step leads to a slot.",
            (("gone_at", "Late message: open at {at_hour}, looked again at {gone_at}: none."),),
        ),
        "slots_open_late": Words(
            "Late message, slot open at {at_hour}, looked again at {gone_at}: none: {what}, {office}",
            "Late message. The site showed at least one slot: open at {at_hour}, looked again at {gone_at}: none.",
            (
                "Look at the official page all the same: slots sometimes come back.",
                "Keep a dated screenshot of what you see.",
            ),
            "The monitor does not know who took these slots, or when others will open.",
            (("first_day", "First day shown then: {first_day}."),),
        ),
        "slots_gone": Words(
            "No slot shown any more: {what}, {office}",
            "Slots were shown; the site now says that there are none.",
            ("Go on trying yourself, on different days and at different hours.", _CAPTURE),
            "The monitor does not know who took these slots, or when others will open.",
            (("opened_at", "They had been shown since {opened_at}."),),
        ),
        "slots_gone_otherwise": Words(
            "Change after an opening was seen: {what}, {office}",
            "The site no longer shows what had been seen; what it says now is quoted below.",
            ("Read the official page again yourself, and go on trying.", _CAPTURE),
            "The monitor does not know whether slots are left, or when others will open.",
            (("opened_at", "The opening had been seen since {opened_at}."),),
        ),
        "no_slot_digest": Words(
            "Log: no slot seen, {what}, {office}",
            "In this period the monitor saw no slot. Below is the last sentence read on the site.",
            (),
            "Between two visits a slot may have appeared and gone. A page that was not read is not counted as a page "
            "without a slot.",
            (
                ("since", "Period: from {since} to {until}."),
                ("looks", "Visits: {looks}. The site said “no slot”: {no_slot} times."),
                ("by_data", "Of these, {by_data} times by empty data, without a sentence."),
                ("unread", "Visits when the page could not be read (captcha, failure, cut): {unread}."),
            ),
        ),
        "procedure_closed": Words(
            "Procedure closed, says the site: {what}, {office}",
            "A sentence of the site says that this procedure is closed.",
            (_OPEN_PAGE, _CAPTURE, "Look on the préfecture's site for another way."),
            "The monitor does not know whether it is closed for good, or why. " + _CHANGES,
        ),
        "obstacle_appeared": Words(
            "Page the monitor cannot read any more: {what}, {office}",
            "The monitor can no longer read this page: {obstacle}. It never goes round such an obstacle.",
            (
                "Try yourself: a person can often pass where a program stops.",
                "Keep a dated screenshot of each of your tries: the monitor has none now.",
            ),
            "While the obstacle lasts, the monitor does not know whether there are slots.",
        ),
        "obstacle_lifted": Words(
            "Page readable again: {what}, {office}",
            "The obstacle is gone ({obstacle}): the monitor reads the page again.",
            ("There is nothing to do; messages go on.",),
            "The monitor does not know what the page showed in the meantime.",
            (("since", "The obstacle had been seen since {since}."),),
        ),
        "pan_published": Words(
            "Digital help desk (PAN) published: {office}",
            "A page of the préfecture announces a digital help desk (point d'accueil numérique, PAN).",
            ("Read on the page for whom it is open, where and when.", _CAPTURE),
            "The monitor does not know whether appointments are left there. A PAN helps with an ANEF procedure; it "
            "does not replace the filing of an application.",
        ),
        "pan_withdrawn": Words(
            "Digital help desk (PAN) not found any more: {office}",
            "A page announced it; several readings no longer find it there.",
            (_OPEN_PAGE, _CAPTURE),
            "The help desk may still exist, announced elsewhere.",
        ),
        "pan_changed": Words(
            "Digital help desk (PAN) changed: {office}",
            "The page of the digital help desk (PAN) no longer says the same.",
            ("Compare the two sentences above and read the page again before you go there.",),
            _CHANGES,
        ),
        "channel_published": Words(
            "Another way mentioned: {channel}, {office}",
            "A page of the préfecture mentions this way: {channel}. " + _CONDITION,
            (_ASK, _CAPTURE),
            "The monitor does not know what condition this way is subject to, nor whether you meet it.",
        ),
        "channel_withdrawn": Words(
            "Way no longer mentioned: {channel}, {office}",
            "A page mentioned this way: {channel}. Several readings no longer find it there.",
            (_OPEN_PAGE, "If you meant to use this way, keep the proof of what was published."),
            "The way may still exist, announced elsewhere.",
        ),
        "channel_reworded": Words(
            "Way described otherwise: {channel}, {office}",
            "The page no longer describes this way in the same words: {channel}. " + _CONDITION,
            ("Compare the two sentences above.", _ASK),
            "The monitor does not know whether the rule has changed or only the sentence.",
        ),
        "unreachable": Words(
            "Site not reached for {hours} h: {office}",
            "For {hours} hours the monitor has had no readable answer from this site; our own network was working.",
            ("Try yourself and keep a dated screenshot of the error message.",),
            "The monitor does not know whether there were slots in that time, or whether the site answered others.",
            (("cause", "Last finding: {cause}."),),
        ),
        **OPERATOR_ENGLISH,
    },
    obstacles={
        "captcha": "a captcha",
        "login": "a login page",
        "waf": "the site refuses access to the monitor",
        "rate_limit": "the site asks to slow down",
        "queue": "a waiting room",
        "robots": "the site disallows the page to robots",
    },
    channels={
        "counter": "filing at the counter",
        "postal": "sending by post",
        "email": "sending by e-mail",
        "phone": "appointment by telephone",
    },
    causes={
        "dns": "name not found",
        "tls": "certificate refused",
        "connect": "could not connect",
        "timeout": "no answer in time",
        "reset": "connection cut",
        "overloaded": "service overloaded",
        "maintenance": "maintenance",
        "server_error": "server error",
    },
    said={
        "discreet": "A message from your watch",
        "discreet_more": "The details are further down. Open this message when nobody reads over your shoulder: it is "
        "about a personal matter.",
        "digest": "Log: {count} pieces of news",
        "simulation": "SIMULATION: this is a trial, none of it is real.",
        "where": "Place",
        "what": "Procedure",
        "when": "Time",
        "local": "legal time of the préfecture",
        "paris": "Paris time",
        "quote": "What the site says, word for word",
        "before": "What it said before",
        "page": "Official page",
        "next": "What to do now",
        "unknown": "What the monitor does not know",
        "stop": "Stop these messages",
        "stop_mail": "Send an e-mail to {mailbox} with the subject: {code}",
        "stop_operator": "Write to {contact}, who keeps this log.",
        "not_instead": "This log does not replace your own tries. (« Ce relevé ne remplace pas vos propres essais. »)",
        "sent_by": "Automatic message of {operator}, who is not the préfecture. Free of charge, reading is not "
        "tracked.",
        "sent_by_nobody": "Automatic message, not from the préfecture. Free of charge, reading is not tracked.",
        "enclosed": "Attached: the log and what verifies it.",
        "so_far": "Attached: the observations written up to this time.",
        "previous_stamp": "Last stamped seal: {stamp}.",
        "own_stamp": "The seal and the time-stamp of this observation follow, at the end of the sweep under way.",
        "also": "Other facts",
        "again": "This is a new opening; the one before had ended ({again}).",
        "back": "This is a return to what had been read before (last time: {back}).",
        "reference": "Reference",
    },
    ladder=(
        "Try yourself, on different days and in different weeks, and keep a screenshot of each try: whole page, "
        "address, date, time. The judge asks for several tries that are not in the same week (Conseil d'État, 10 June "
        "2020, no. 435594).",
        "Also ask the préfecture for an appointment in writing, yourself, and keep the proof that you sent it.",
        "If your procedure is on ANEF: first write to the centre de contact citoyens and keep the request number; then "
        "the point d'accueil numérique; then ask for the solution de substitution (CESEDA, art. R. 431-2; arrêté of "
        "1 August 2023, NOR IOMV2311395A).",
    ),
    ladder_naturalisation=(
        "Try yourself and keep a screenshot of each try: whole page, address, date, time.",
        "For naturalisation the next step is not that of residence permits: first ask the centre de contact citoyens "
        "for help and keep its written answer.",
        "Before you send anything by post, ask an association or a lawyer.",
    ),
)
