"""What people answered, kept until it is acted on: where it is read once only, or where the store is held.

A letter is a file, encrypted under the key of addresses and safe on the disk before anything else is done; it
goes when all of it was acted on. Who acts may be killed in between: then it is acted on again, which changes nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.alerts.people.address_key import AddressKey
from monitor.core.errors import StoreError
from monitor.store import files as durable
from monitor.store.schema import disk_told
from monitor.values import dataclass

FOLDER: Final = "unheard"  # of the data folder
MOST: Final = 2000  # letters; more is a flood of codes that nobody has
_BOUND: Final = b"letters that wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """at: when it was read, aware UTC. text: what was written, or a code alone. address: by whom; empty: by who has the
    code."""

    at: datetime
    text: str
    address: str = ""

    def __repr__(self) -> str:
        return "KeptAnswer(…)"


class Spool:
    """The letters of one way of writing. folder: need not be there."""

    def __init__(self, folder: Path, key: AddressKey) -> None:
        self._folder, self._key = folder, key

    def keep(self, letters: Sequence[KeptAnswer]) -> None:
        """They are on the disk, together or not at all, when this returns. Raises StoreError."""
        if not letters:
            return
        if sum(1 for _one in self._folder.glob("*.letter")) >= MOST:
            raise StoreError(_("{path} is full: its letters were never acted on").format(path=self._folder))
        text = json.dumps([{**asdict(one), "at": one.at.isoformat()} for one in letters])
        path = self._folder / f"{letters[0].at:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}.letter"
        with disk_told(path):
            durable.make_folder(self._folder)
            durable.replace(path, self._key.encrypt(text, _BOUND))

    def waiting(self) -> bool:
        """Whether there is any."""
        return any(self._folder.glob("*.letter"))

    def act(self, do: Callable[[Sequence[KeptAnswer]], None]) -> None:
        """Hand over each file, the oldest first, and let go of it afterwards.

        Raises StoreError once all were tried; what was not acted on stays.
        """
        trouble: StoreError | None = None
        for path in sorted(self._folder.glob("*.letter")):
            try:
                with disk_told(path):
                    held = path.read_bytes() if path.exists() else None  # else another acted on it
                    if held is not None:
                        do([_letter(one) for one in json.loads(self._key.decrypt(held, _BOUND))])
                        path.unlink(missing_ok=True)
            except StoreError as error:
                trouble = error
        if trouble is not None:
            raise trouble


def _letter(kept: dict[str, str]) -> KeptAnswer:
    return KeptAnswer(at=datetime.fromisoformat(kept["at"]), text=kept["text"], address=kept["address"])
