"""The review folder of a survey: one page, one proposed declaration a préfecture, what is declared today, the change.

A proposal that a person edited is never written over: the newer one is laid beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from monitor.core.errors import UsageError
from monitor.core.words import os_words
from monitor.discover.survey.told import row_json
from monitor.store import files as durable
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.run.survey.surveying import SurveyResult

PAGE, RECORD, PROPOSED, BEFORE, CHANGES = "index.html", "survey.json", "proposed", "before", "changes"
_FOR_ALL: Final = 0o644


@dataclass(frozen=True, slots=True)
class ReviewFolder:
    """One on disk."""

    path: Path

    def proposed(self, file: str) -> Path:
        """Where the proposal for a declaration stands. file: as the record names it, `prefectures/d33_gironde.py`."""
        return self.path / PROPOSED / Path(file).name

    def before(self, file: str) -> Path:
        """The declaration as the survey found it."""
        return self.path / BEFORE / Path(file).name

    def record(self) -> dict[str, Any]:
        """Its `survey.json`. Raises UsageError where there is none that can be read."""
        path = self.path / RECORD
        try:
            found: dict[str, Any] = json.loads(path.read_bytes())
            found["sums"], found["simulated"]
            for one in found["prefectures"]:
                one["code"], one["file"], one["opened"], one["walk"]["pages"], one["walk"]["started"]
        except OSError as error:
            raise UsageError(
                _("{path} is no review folder of `vigie survey`: {why}").format(path=self.path, why=os_words(error))
            ) from error
        except (ValueError, KeyError, TypeError):
            raise UsageError(self.not_ours()) from None
        return found

    def not_ours(self) -> str:
        """What is said of a record that cannot be understood."""
        return _("{path} is not what `vigie survey` wrote").format(path=self.path / RECORD)

    def keep(self, record: Mapping[str, Any]) -> None:
        """Replace its `survey.json`."""
        durable.replace(self.path / RECORD, json.dumps(record, ensure_ascii=False, indent=1).encode(), _FOR_ALL)

    def merged(self, result: SurveyResult) -> dict[str, Any]:
        """The record of a survey, with what an earlier one of the same world left here of other préfectures."""
        found = record(result)
        with suppress(UsageError):
            earlier = self.record()
            if earlier["simulated"] == result.simulated:
                codes = {one["code"] for one in found["prefectures"]}
                found["prefectures"] += [one for one in earlier["prefectures"] if one["code"] not in codes]
                found["prefectures"].sort(key=lambda one: (len(one["code"]), one["code"]))
                found["sums"] = {code: sums for code, sums in earlier["sums"].items() if code not in codes}
        return found

    def begin(self) -> None:
        """Make it, before anything is asked that would have no place to go. Raises UsageError."""
        try:
            durable.make_folder(self.path)
        except OSError as error:
            raise UsageError(_("cannot write {path}: {why}").format(path=self.path, why=os_words(error))) from error

    def write(self, result: SurveyResult, found: dict[str, Any], page: str) -> list[Path]:
        """All of it; the proposals that had been edited, and were left as they are. found: as `merged` made it.

        Raises UsageError.
        """
        try:
            return self._write(result, found, page)
        except OSError as error:
            raise UsageError(_("cannot write {path}: {why}").format(path=self.path, why=os_words(error))) from error

    def _write(self, result: SurveyResult, found: dict[str, Any], page: str) -> list[Path]:
        for part in (PROPOSED, BEFORE, CHANGES):
            durable.make_folder(self.path / part)
        known = self._sums()
        sums: dict[str, dict[str, str]] = found["sums"]
        edited = []
        for one in result.prefectures:
            code, file = one["code"], one["file"]
            target, text = self.proposed(file), result.proposed[code].encode()
            sums[code] = {"before": digest_of(result.today[code].encode()), "proposed": digest_of(text)}
            if target.exists() and digest_of(target.read_bytes()) not in (known.get(code), sums[code]["proposed"]):
                edited.append(target)
                target = target.with_name(f"{target.name}.new")
                sums[code]["proposed"] = known.get(code, "")
            durable.replace(target, text, _FOR_ALL)
            durable.replace(self.before(file), result.today[code].encode(), _FOR_ALL)
            durable.replace(self.path / CHANGES / f"{Path(file).stem}.diff", one["diff"].encode(), _FOR_ALL)
        self.keep(found)
        durable.replace(self.path / PAGE, page.encode(), _FOR_ALL)
        return edited

    def _sums(self) -> dict[str, str]:
        """Digests of the proposals an earlier writing left here, by code."""
        try:
            return {code: sums["proposed"] for code, sums in self.record()["sums"].items()}
        except UsageError:
            return {}


def record(result: SurveyResult) -> dict[str, Any]:
    """A survey as one JSON object."""
    return {
        "started": result.started.isoformat(),
        "finished": result.finished.isoformat() if result.finished else None,
        "simulated": result.simulated,
        "asked": result.asked,
        "over": result.over or None,
        "prefectures": list(result.prefectures),
        "sums": {},
        "unplaced": row_json(result.unplaced),
    }


def digest_of(data: bytes) -> str:
    """SHA-256, in hex."""
    return hashlib.sha256(data).hexdigest()
