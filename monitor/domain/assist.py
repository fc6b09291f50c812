"""What is seen in a person's own browser window: the pages that settled in it and the requests that led to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.attempt import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One request for a document that the person's browser made, and its answer. Never what was sent in it.

    started, finished: aware UTC instants by our clock. body: decoded bytes, None where they were not had. failure: the
    browser's own word for why no answer came (`net::ERR_…`).
    """

    method: str
    url: str
    started: datetime
    finished: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A page that settled in the person's window. at: aware UTC instant.

    passed: the requests that led to it, redirects first; empty for a change made inside the page. served: bytes of the
    answer. shown: the document as the browser shows it; frames: those inside it. typed: a field held something when it
    was taken in. failure: the browser's word where no answer came. trigger: who made it load.
    """

    url: str
    at: datetime
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    served: bytes | None = None
    shown: str | None = None
    frames: Sequence[str] = ()
    passed: Sequence[Passed] = ()
    typed: bool = False
    failure: str | None = None
    trigger: Trigger = "person"
