"""What the pages say, English here and the rest in the catalogues; the languages they are in. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from monitor.alerts.people.subscriptions import LANGUAGES, Language
from monitor.alerts.text.words import Tongue
from monitor.core.words import N_
from monitor.paper.french import typeset

NAMES: Final[Mapping[str, str]] = {  # each in itself, so that everybody finds their own
    "fr": "Français", "facile": "Français facile", "en": "English", "es": "Español", "pt": "Português", "ar": "العربية",
}  # fmt: skip
SPOKEN: Final[Mapping[str, str]] = {"facile": "fr"}  # what a language of the pages is a manner of


class EasyFrench(Tongue):
    """French that is easy to read: each sentence of the pages has one of its own in `monitor/data/facile_web.toml`."""

    def __init__(self) -> None:
        super().__init__("fr")

    def say(self, message: str, **values: object) -> str:
        """In easy French; in French where only messages and other pages say it."""
        said = easy_sentences().get(message)
        if said is None:
            return super().say(message, **values)
        return said.format(**values) if values else said


@cache
def easy_sentences() -> Mapping[str, str]:
    """Easy French, by English message."""
    text = (files("monitor") / "data" / "facile_web.toml").read_text(encoding="utf-8")
    return {message: typeset(words) for message, words in tomllib.loads(text)["words"].items()}


@cache
def spoken_as(language: str) -> Tongue:
    """The tongue of a language of the pages."""
    return EasyFrench() if language in SPOKEN else Tongue(language)


def told_in(language: str) -> Language:
    """The language of messages to who reads these pages."""
    found = SPOKEN.get(language, language)
    assert found in LANGUAGES
    return found


WORDS: Final[Mapping[str, str]] = {
    "languages": N_("Languages"),
    "subscribe": N_("Be told of appointment slots"),
    "intro": N_(
        "Free of charge. This service is not the préfecture: it tells you by e-mail what the préfecture's own pages "
        "show. It books nothing."
    ),
    "then": N_("A message will ask you to confirm. Nothing else is sent to you before you have."),
    "address": N_("E-mail address"),
    "prefecture": N_("Préfecture"),
    "another": N_("Another préfecture, if you wish"),
    "none": N_("none"),
    "procedures": N_("Démarches (none ticked: all of them)"),
    "before": N_("Only slots before this day, if you wish"),
    "language": N_("Language of the messages"),
    "discreet": N_("Discreet: the subject of a message names no place and no démarche"),
    "trap": N_("Write nothing here"),
    "send": N_("Subscribe"),
    "or_first": N_("Or write first"),
    "write_mail": N_("Send an e-mail to {mailbox} with this subject:"),
    "write_signal": N_("On Signal, write this to {account}:"),
    "write_what": N_("Put the number of your département in place of 93. You may add a démarche or a language."),
    "closed": N_("Too many people are asking at the moment: the form is closed. Come back in an hour, or write first."),
    "closed_all": N_("Too many people are asking at the moment: the form is closed. Come back in an hour."),
    "look": N_("Look into your mailbox"),
    "look_text": N_(
        "If messages can be sent to this address, one is on its way. Open it within 48 hours and press its button. "
        "Look among the unwanted messages too."
    ),
    "missing": N_("Something is missing"),
    "need_address": N_("Write an e-mail address, such as name@example.org."),
    "need_prefecture": N_("Choose a préfecture of the list."),
    "need_procedure": N_("Tick démarches of the list."),
    "need_day": N_("Write a day to come, such as {day}."),
    "stale": N_("The form was too old, or was sent very quickly. Look at it and press the button again."),
    "refused": N_("This request was not understood"),
    "refused_text": N_("It did not come from a form of these pages. Go back to the first page and fill in its form."),
    "too_many": N_("Too many requests"),
    "too_many_text": N_("Many requests came from your network within the hour. Come back in an hour, or write first."),
    "busy_text": N_("Many people are asking at the moment. Come back in a few minutes."),
    "confirm": N_("Do you want these messages?"),
    "confirm_text": N_("Press the button to agree. You can stop at any time."),
    "confirm_button": N_("Yes, send them to me"),
    "confirmed": N_("It is confirmed"),
    "confirmed_text": N_("Messages are sent to you from now on. Each of them says how to stop."),
    "confirmed_link": N_("See or change your choices"),
    "expired": N_("This link no longer works"),
    "expired_text": N_("It was used already, or its time is over. Ask for another one."),
    "stop": N_("Stop these messages"),
    "stop_text": N_("Press the button, and nothing more is sent to you."),
    "stop_button": N_("Stop the messages"),
    "stopped": N_("Nothing more is sent to you"),
    "stopped_text": N_("Your address and choices are erased. A digest remains, so that nobody writes to you again."),
    "later": N_("Your answer has arrived"),
    "later_text": N_(
        "It is not written down yet: the program is busy for a moment. To be sure, press the button again in a minute. "
        "Pressing twice changes nothing."
    ),
    "kept_text": N_("It is kept, and is acted on within minutes. You need not press again."),
    "again": N_("Back to the button"),
    "manage": N_("Your choices"),
    "manage_text": N_("Write your address. If messages are sent to it, it receives a link that works for an hour."),
    "manage_send": N_("Send me the link"),
    "manage_look": N_("If messages are sent to this address, the link is on its way. It works for an hour."),
    "save": N_("Keep these choices"),
    "saved": N_("Your choices are kept"),
    "held": N_("What is kept about you"),
    "state": N_("State"),
    "active": N_("messages are sent"),
    "paused": N_("paused"),
    "suspended": N_("stopped: your mailbox refused a message"),
    "added": N_("Asked for on"),
    "agreed": N_("Agreed on"),
    "version": N_("Version of the text agreed to"),
    "pause": N_("Pause the messages"),
    "resume": N_("Send the messages again"),
    "copy": N_("Download a copy (JSON)"),
    "erase": N_("Erase everything"),
    "erase_sure": N_("Yes, erase everything. This cannot be undone."),
    "erased": N_("Everything is erased"),
    "lost": N_("There is no such page"),
    "failed": N_("Something went wrong on our side"),
    "failed_text": N_("Try again in a few minutes."),
    "desk": N_("Subscribe somebody you help"),
    "desk_text": N_(
        "Only with the person beside you. They read the sheet, then sign it, or answer the message that is sent to "
        "them."
    ),
    "desk_how": N_("How they agree"),
    "desk_sent": N_("A message asks them"),
    "desk_signed": N_("They signed the sheet, and I keep it"),
    "need_how": N_("Say how they agree."),
    "desk_taken": N_("It is taken. Nothing here shows whether the address was known."),
    "desk_brought": N_("People subscribed here"),
    "desk_active": N_("Of them, receive messages"),
    "sheet": N_("The sheet to sign"),
    "sheet_yes": N_(
        "I ask for messages when the pages of the préfectures I named show appointments. I can stop at any time."
    ),
    "sheet_sign": N_("Préfectures, address, day, signature"),
    "home": N_("First page"),
    "site": N_("I find no appointment: what to do"),
    "privacy": N_("Privacy"),
    "privacy_who": N_("Who answers for this service"),
    "privacy_none": N_("These pages set no cookie, run no script, and load nothing from anybody else."),
    "privacy_long": N_("For how long"),
    "privacy_asked": N_("Without your yes, your address and your choices are erased after {hours} hours."),
    "privacy_told": N_("That a message was sent to you, and whether it was taken, is kept for {told_days} days."),
    "privacy_link": N_("The link to your choices works for {minutes} minutes."),
    "privacy_backups": N_("Copies made before you left may remain in backups until these are replaced."),
    "privacy_abuse": N_("Against abuse"),
    "privacy_address": N_(
        "To one address goes one question a day at most, and {questions} in {asked_days} days. It is counted by a "
        "keyed digest of the address, which is erased after {asked_days} days."
    ),
    "privacy_network": N_(
        "From one network {network} requests are taken in {network_minutes} minutes. The address of your network is "
        "counted in memory for that long, and never written down."
    ),
    "privacy_all": N_("In all, {an_hour} messages an hour and {a_day} a day are sent to people who ask."),
}  # fmt: skip
