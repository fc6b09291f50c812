"""Records of notices that were read, for tests: what a page publishes, without the page."""

from __future__ import annotations

from typing import Any

from monitor.core.changes import CHANNELS


def published(for_foreigners: bool | None, *channels: str) -> dict[str, Any]:
    """A record of a page that publishes a PAN, and these ways of filing."""
    channel = {"published": False, "seen": None, "substitution": False, "scope": None, "addresses": []}
    return {
        "started": "2026-11-29T12:00:00.000000Z",
        "reading": "Published",
        "seen": "Le point d'accueil numérique vous accueille.",
        "facts": {
            "pan": {"status": "published", "seen": "Le point d'accueil numérique vous accueille.",
                    "for_foreigners": for_foreigners},
            "channels": {name: channel | {"published": name in channels, "seen": "Par courrier."} for name in CHANNELS},
            "two_vectors": None,
            "ccc": {"phone": None},
            "updated_on": None,
        },
    }  # fmt: skip
