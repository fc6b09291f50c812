"""Why no whole answer came, on its way from the socket to the reading."""

from __future__ import annotations

from monitor.domain.exchange import Dns
from monitor.domain.readings import UnreachedCause


class TransportError(Exception):
    """A failure of transport. cause: the word the reading carries. detail: a few technical words, no personal data.

    dns: the answer that was refused, where it was the cause.
    """

    def __init__(self, cause: UnreachedCause, detail: str, dns: Dns | None = None) -> None:
        super().__init__(cause, detail)
        self.cause, self.detail, self.dns = cause, detail, dns
