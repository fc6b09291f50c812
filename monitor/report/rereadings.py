"""Which readings today's readers no longer confirm: one file beside the store, written by `vigie reread`.

It is no part of the record: what was recorded and sealed stays as it is, and this says that it counts no more. Each
entry names its observation by number and by the digest of its line, so that it can never be taken for another's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final

from monitor.catalogue.errata import erratum
from monitor.core.errors import StoreError
from monitor.core.record import digest
from monitor.report.remarks import Unconfirmed, reading_now
from monitor.store.files import replace
from monitor.store.records import Records
from monitor.store.schema import disk_told
from monitor.values import dataclass

REREADINGS: Final = "rereadings.json"
_VERSION: Final = 1


def unconfirmed(data: Path) -> dict[int, Unconfirmed]:
    """What is kept in a data folder, by number of the observation; nothing where nothing was ever read again.

    Raises StoreError for a file that cannot be read: what it withdraws must not count by accident.
    """
    path = data / REREADINGS
    with disk_told(path):
        if not path.exists():
            return {}
        text = path.read_bytes()
    try:
        told = json.loads(text)
        if told["v"] != _VERSION:
            raise ValueError(told["v"])
        kept = [Unconfirmed(**{**one, "at": datetime.fromisoformat(one["at"])}) for one in told["unconfirmed"]]
        for one in kept:
            reading_now(one, "en")
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            _("{path} cannot be read; `vigie reread` writes it anew once it is put aside").format(path=path)
        ) from error
    return {one.seq: one for one in kept}


def keep(data: Path, entries: Iterable[Unconfirmed]) -> Path:
    """Put the file in place of the one before, whole or not at all. Returns where it stands."""
    path = data / REREADINGS
    rows = [one.to_json() for one in sorted(entries, key=lambda one: one.seq)]
    with disk_told(path):
        replace(path, (json.dumps({"v": _VERSION, "unconfirmed": rows}, ensure_ascii=False, indent=1) + "\n").encode())
    return path


@dataclass(frozen=True, slots=True)
class Uncounted:
    """What figures leave out. checks: keys all of whose observations were made of a wrong address; seqs: of others.

    partly: the keys of those.
    """

    checks: frozenset[str] = frozenset()
    seqs: frozenset[int] = frozenset()
    partly: frozenset[str] = frozenset()

    def __contains__(self, one: tuple[str, int]) -> bool:
        """Whether the observation of this check, with this number, is left out."""
        return one[0] in self.checks or one[1] in self.seqs


def uncounted(records: Records, again: Mapping[int, Unconfirmed]) -> Uncounted:
    """What a data folder holds that counts no more.

    A check's address is that of its declaration, which may have been put right since: where the first and the last of
    its observations differ, each is looked at.
    """
    checks: set[str] = set()
    unread = [one for one in again.values() if _is_its_line(records, one)]
    seqs, partly = {one.seq for one in unread}, {one.check for one in unread}
    last = records.latest()
    for key, first in records.firsts().items():
        ends = [_is_wrong(first.line), key not in last or _is_wrong(last[key].row.line)]
        if all(ends):
            checks.add(key)
        elif any(ends):
            seqs |= {row.seq for row in records.history(key) if not row.damaged and _is_wrong(row.line)}
            partly.add(key)
    return Uncounted(frozenset(checks), frozenset(seqs), frozenset(partly))


def _is_its_line(records: Records, one: Unconfirmed) -> bool:
    return any(digest(line) == one.line_sha256 for _seq, line in records.lines(one.seq, one.seq + 1))


def _is_wrong(line: bytes) -> bool:
    record: Mapping[str, Any] = json.loads(line)
    return erratum(record.get("url", "")) is not None
