"""Signal through apprise and signal-cli-rest-api, with what its own plugin does not give (apprise 2.2.0): the gateway's
answer, names of attachments, usernames (`name.42`), no wait between messages.

Contract: POST /v2/send of bbernhard/signal-cli-rest-api, `base64_attachments` as
`data:<MIME>;filename=<NAME>;base64,<DATA>`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

import requests
from apprise.plugins.signal_api import NotifySignalAPI
from urllib3.exceptions import NewConnectionError

from monitor.alerts.people.subscriptions import USERNAME, UUID
from monitor.alerts.send.answers import Handover, taken

READ: Final = 64 * 1024  # bytes of an answer


class VigieSignal(NotifySignalAPI):  # type: ignore[no-untyped-call, unused-ignore]
    """`vigiesignal://` and `vigiesignals://`: apprise's `signal(s)` to one number or username, never a group."""

    service_name = "Signal (Vigie)"
    protocol = "vigiesignal"
    secure_protocol = "vigiesignals"
    request_rate_per_sec = 0

    def __init__(self, source: Any = None, targets: Any = None, **kwargs: Any) -> None:
        asked = [targets] if isinstance(targets, str) else list(targets or ())
        usernames = [one for one in asked if USERNAME.fullmatch(one) or UUID.fullmatch(one)]
        numbers = [one for one in asked if one not in usernames] or None
        super().__init__(source=source, targets=numbers, **kwargs)  # type: ignore[no-untyped-call, unused-ignore]
        people = [one for one in self.targets if not one.startswith("group.") and one != self.source]
        self.targets = (usernames + people)[:1]
        self.handover = Handover()

    def send(self, body: str, title: str = "", notify_type: Any = None, attach: Any = None, **_: Any) -> bool:
        """Called by apprise. True only when the gateway took the message."""
        handover = self.handover
        payload = {
            "message": body,
            "number": self.source,
            "recipients": self.targets,
            "text_mode": "normal",
        }
        if attach:
            payload["base64_attachments"] = [
                f"data:{one.mimetype};filename={one.name};base64,{one.base64()}" for one in attach
            ]
        port = f":{self.port}" if isinstance(self.port, int) else ""
        if not self.targets or not handover.begin():
            return False
        try:
            with requests.Session() as session:
                session.trust_env = False  # what is told to whom goes through no proxy of the environment
                answer = session.post(
                    f"{'https' if self.secure else 'http'}://{self.host}{port}/v2/send",
                    json=payload,
                    auth=(self.user, self.password or "") if self.user else None,
                    verify=self.verify_certificate,
                    timeout=self.request_timeout,
                    allow_redirects=False,
                    stream=True,
                )
                handover.answered(answer.status_code, _start(answer))
        except requests.RequestException as error:
            if _never_connected(error):
                handover.answered(0, "no connection")
            else:
                handover.failed(f"the Signal gateway: {type(error).__name__}")
            return False
        return taken(answer.status_code)


def _start(answer: requests.Response) -> str:
    """What came of its text, cut or not: the status says most."""
    found = b""
    with suppress(requests.RequestException, OSError):
        for part in answer.iter_content(4096):
            found += part
            if len(found) >= READ:
                break
    return found.decode("utf-8", "replace")


def _never_connected(error: requests.RequestException) -> bool:
    """Whether nothing can have left: no connection was made."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)
