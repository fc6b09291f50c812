"""What an address may be, and the one form in which it is kept. Pure. No error repeats what was typed."""

from __future__ import annotations

import re
from gettext import gettext as _
from typing import Final

from monitor.domain.subscriptions import Channel

_MAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
USERNAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,31}\.[0-9]{2,9}")  # support.signal.org: Username
_STATE: Final = "gouv.fr"  # préfectures, ANTS, the citizens' contact centre (CCC): never written to


def recipient(channel: Channel, typed: str) -> str:
    """The address in the form that is kept: mail with its domain folded, a number as E.164, a username as it is.

    A number without `+` is taken as French. Raises ValueError with one sentence, which does not repeat the address.
    """
    text = typed.strip()
    return _mail(text) if channel == "email" else _signal(text)


def is_state(text: str) -> bool:
    """Whether a mail address, a host or a URL's text leads to an administration: `gouv.fr` or anything under it."""
    return re.search(rf"(?<![\w-]){re.escape(_STATE)}\.?(?![\w.-])", text, re.IGNORECASE) is not None


def _mail(text: str) -> str:
    local, _at, domain = text.rpartition("@")
    found = f"{local}@{domain.lower()}"
    if not _MAIL.fullmatch(found) or len(found) > 254 or local.startswith(".") or local.endswith(".") or ".." in local:
        raise ValueError(_("this is no e-mail address in the form name@example.org"))
    if is_state(domain):
        raise ValueError(_("no message is ever sent to an administration ({domain})").format(domain=_STATE))
    return found


def _signal(text: str) -> str:
    import phonenumbers

    if USERNAME.fullmatch(text):
        return text
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError(
            _("this is neither a telephone number such as +33 6 12 34 56 78 nor a Signal username such as name.42")
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
