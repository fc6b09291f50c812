"""What a message says of one kind of event: sentences with `{names}` for what the event itself tells. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one kind, in one language.

    title: the subject line. fact: what was read, and no more. next: what the person can do now. unknown: what the
    monitor cannot know. extras: sentences said only when the event has the fact of that name.
    """

    title: str
    fact: str
    next: tuple[str, ...]
    unknown: str
    extras: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tongue:
    """Everything a message says in one language.

    kinds: by kind of event. obstacles, channels, causes: words for the values of those facts. said: short labels.
    ladder, ladder_naturalisation: the next steps of a digest, sourced.
    """

    kinds: Mapping[str, Words]
    obstacles: Mapping[str, str]
    channels: Mapping[str, str]
    causes: Mapping[str, str]
    said: Mapping[str, str]
    ladder: tuple[str, ...]
    ladder_naturalisation: tuple[str, ...]
