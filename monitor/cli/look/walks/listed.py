"""A person's list of addresses, read for `vigie discover --from`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import cast, get_args

from monitor.core.errors import UsageError
from monitor.core.prefecture import Confidence, Provenance
from monitor.core.words import os_words
from monitor.discover.meeting import Listed

COLUMNS = ("url", "label", "source", "date", "confidence")


def listed_in(path: Path) -> tuple[list[Listed], list[tuple[int, str]]]:
    """The rows of a CSV of addresses, and those that cannot be used: line and reason. Columns `url[,label[,source,date,
    confidence]]`, `;` too, in any order under their names. Raises UsageError when the file cannot be read.
    """
    good: list[Listed] = []
    bad: list[tuple[int, str]] = []
    order: Sequence[str] = COLUMNS
    for line, cells in _rows(path):
        if line == 1 and "url" in (names := [cell.strip().lower() for cell in cells]):
            order = names
            continue
        row = {name: cell.strip() for name, cell in zip(order, cells, strict=False)}
        if not any(row.values()):
            continue
        try:
            provenance = _provenance(row)
        except ValueError as error:
            bad.append((line, str(error)))
            continue
        if not row.get("url"):
            bad.append((line, _("no address in the first column")))
            continue
        place = _("{file}, line {line}").format(file=path.name, line=line)
        good.append(Listed(line, row["url"], row.get("label", ""), place, provenance))
    return good, bad


def _provenance(row: Mapping[str, str]) -> Provenance | None:
    """What the list says of where a row comes from; a source without a confidence is one that nobody opened."""
    confidence = row.get("confidence") or "listed"
    if confidence not in get_args(Confidence):
        raise ValueError(_('confidence "{word}" is unknown').format(word=confidence))
    if not row.get("source"):
        return None
    return Provenance(row["source"], row.get("date") or None, cast("Confidence", confidence))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    import csv
    import io

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(_("cannot open {path}: {why}").format(path=path, why=os_words(error))) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # what a spreadsheet on Windows writes
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if ";" in first and "," not in first else ",")
    try:
        yield from ((reader.line_num, row) for row in reader if row)
    except csv.Error as error:
        raise UsageError(_("{path}, line {line}: {why}").format(path=path, line=reader.line_num, why=error)) from error
