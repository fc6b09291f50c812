"""A knock on ntfy, Matrix or Telegram through apprise: which addresses may be one, and the handing over.

Import this module only when there is something to do: apprise takes a quarter of a second and 30 MB.
"""

from __future__ import annotations

import ipaddress
import re
from gettext import gettext as _
from typing import Any, Final
from urllib.parse import unquote

import apprise
from apprise.plugins.matrix import NotifyMatrix
from apprise.plugins.ntfy import NotifyNtfy
from apprise.plugins.telegram import NotifyTelegram

from monitor.alerts.people.nudges import Service
from monitor.alerts.people.subscriptions import is_state
from monitor.values import pattern

_READ: Final = 120.0  # seconds for an answer, more than a message has: a server that hangs may have taken it
_OPEN: Final = pattern(r"(?:^|\.)ntfy\.sh$", re.IGNORECASE)  # read by whoever knows the name of a topic


def service_of(url: str) -> Service:
    """Which service an apprise URL is of. Raises ValueError with one sentence, which does not repeat the URL.

    One place on a server of one's own choice, with a token: `ntfys://TOKEN@host/topic`, `matrixs://TOKEN@host/!room`,
    `tgram://BOT/CHAT`. Without TLS only on this machine.
    """
    if is_state(unquote(unquote(url))):
        raise ValueError(_("no message is ever sent to an administration ({domain})").format(domain="gouv.fr"))
    match made(url):
        case NotifyNtfy() as one if len(one.topics) == 1 and one.token:
            if one.mode != "private" or _OPEN.search(one.host):
                raise ValueError(
                    _("ntfy.sh is open to whoever knows the topic: a nudge goes to a server of your own, with a token")
                )
            return _private(one, "ntfy")
        case NotifyMatrix() as one if len(one.rooms) + len(one.users) == 1 and one.password and one.mode == "off":
            return _private(one, "matrix")
        case NotifyTelegram() as one if len(one.targets) == 1:
            return "telegram"
    raise ValueError(
        _(
            "this is no address for a nudge: ntfys with a token and one topic, matrixs with one room, or tgram with "
            "one chat"
        )
    )


def _private(one: Any, service: Service) -> Service:
    """What is sent with a token goes by TLS, or does not leave the machine."""
    if not one.secure and not _here(one.host):
        raise ValueError(
            _("the token would travel in clear: write {scheme} for TLS").format(scheme=f"{one.secure_protocol}://")
        )
    return service


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def made(url: str) -> Any:
    """The apprise object of a URL; None where it is none of the three. Without a wait between messages.

    Whatever the URL asks, certificates are verified and no redirection is followed: a token goes to the server that was
    named, and the page of a portal is no sign that the nudge was taken.
    """
    if not re.match(r"(?:ntfys?|matrixs?|tgram)://", url):
        return None
    one = apprise.Apprise.instantiate(url, asset=apprise.AppriseAsset(async_mode=False, service_timeout=0))
    if one is not None:
        one.redirects, one.verify_certificate, one.socket_read_timeout = False, True, _READ
    return one
