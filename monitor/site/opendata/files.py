"""The files for programs, in their order: tables, their description, what each préfecture says, archive, checkpoint."""

from __future__ import annotations

import io
import lzma
import tarfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

from monitor.site.frame import Output, SiteFrame
from monitor.site.model import SiteData
from monitor.site.opendata.licence import ADDRESS, citation
from monitor.site.opendata.now import now
from monitor.site.opendata.package import package
from monitor.site.opendata.tables import FOLDER, TableName, as_csv, days_of, desks, france, prefectures

# Measured in 2026 on a year of 303 desks: 0.25 MB in 1.4 s of processor and 20 MB of memory. Files one by one, as in a
# .zip, come to 0.7 MB; xz at its own settings to 0.2 MB in 4.6 s and 100 MB.
_XZ: Final[Sequence[dict[str, Any]]] = (
    {
        "id": lzma.FILTER_LZMA2,
        "dict_size": 1 << 20,
        "lc": 4,
        "lp": 0,
        "pb": 0,
        "mode": lzma.MODE_NORMAL,
        "mf": lzma.MF_BT4,
        "nice_len": 48,
        "depth": 20,
    },
)


def data_files(frame: SiteFrame) -> Iterator[Output]:
    """All but the feeds. The archive holds the tables and their description; none while there is nothing to show."""
    data, options = frame.data, frame.options
    made = list(_tables(data))
    described = list(package(made, data, options))
    yield from (file for _name, file in made)
    yield from described
    for one in data.prefectures:
        yield Output(f"{FOLDER}/{one.code}.json", now(one, data, options))
    if data.until is not None:
        licence = Output(f"{FOLDER}/LICENCE.txt", f"{citation(data, options)}\n{ADDRESS}\n".encode())
        yield licence
        yield archive([licence, *described, *(file for _name, file in made)], data)
    if data.checkpoint is not None:
        yield Output("checkpoint", data.checkpoint)


def archive_name(data: SiteData) -> str:
    """`vigie-prefectures-2026-11-28.tar.xz`: dated by the figures, not by the day it was made. until is known."""
    assert data.until is not None
    return f"vigie-prefectures-{data.until:%Y-%m-%d}.tar.xz"


def archive(files: Sequence[Output], data: SiteData) -> Output:
    """One .tar.xz of these: same files, same bytes, whoever makes it and when."""
    assert data.until is not None
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as kept:
        for file in sorted(files):
            entry = tarfile.TarInfo(file.path.removeprefix(f"{FOLDER}/"))
            entry.size, entry.mtime = len(file.data), int(data.until.timestamp())
            kept.addfile(entry, io.BytesIO(file.data))
    return Output(f"{FOLDER}/{archive_name(data)}", lzma.compress(out.getvalue(), filters=[*_XZ]))


def _tables(data: SiteData) -> Iterator[tuple[TableName, Output]]:
    """Each with its kind."""
    yield "prefectures", Output(f"{FOLDER}/prefectures.csv", as_csv("prefectures", prefectures(data)))
    yield "desks", Output(f"{FOLDER}/desks.csv", as_csv("desks", desks(data)))
    yield "france", Output(f"{FOLDER}/France.csv", as_csv("france", france(data)))
    for one in data.prefectures:
        yield "days", Output(f"{FOLDER}/{one.code}.csv", as_csv("days", days_of(one, data.simulated)))
