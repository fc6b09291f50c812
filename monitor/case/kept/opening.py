"""A ZIP that somebody brings, opened in memory within bounds: nothing in it is ever written under a name it gives.

Refused whole, in one sentence: more than an honest file holds, a name that climbs, a link, a name twice, what was
packed to swell. What is in it is checked afterwards (`parcel`).
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.case.assist.folder import MAX_BYTES, MAX_FILES
from monitor.case.model import CaseDataError
from monitor.core.errors import UsageError
from monitor.core.words import os_words
from monitor.values import pattern

RATIO: Final = 200  # of plain to packed bytes: text packs to a tenth, nothing honest to a two-hundredth
_LEEWAY: Final = 1_000  # bytes under which a ratio says nothing
_NAME: Final = pattern(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}")
_LONGEST: Final = 200
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_END: Final = struct.Struct("<4s4H2LH")  # end of central directory (APPNOTE 4.3.16)
_LOCATOR: Final = 20  # bytes before it where an archive of more than 4 GB says so (4.3.15)
_ENTRY: Final = 46  # bytes of an entry of the central directory beside its name (4.3.12)


def read_archive(path: Path) -> bytes:
    """The bytes of the file. Raises UsageError where it cannot be read, CaseDataError where it is too big."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CaseDataError(_("{path} holds more than an attempt does").format(path=path))
        return path.read_bytes()
    except OSError as error:
        raise UsageError(_("{path} cannot be read: {why}").format(path=path, why=os_words(error))) from error


def opened(data: bytes) -> dict[str, bytes]:
    """Every file of a ZIP by its name with `/`. Raises CaseDataError, in one sentence."""
    _count(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told = archive.infolist()
            _bounds(told)
            return {one.filename: archive.read(one) for one in told}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise CaseDataError(_("this file is no ZIP, or is damaged: {why}").format(why=error)) from error


def _count(data: bytes) -> None:
    """Before anything is parsed: how much there is to parse. Whatever count it tells, a directory is as long as it is.

    The end of the directory is the end of the file: nothing is searched for, so that no other is found.
    """
    at = len(data) - _END.size
    if at < 0:
        raise CaseDataError(_("this file is no ZIP"))
    mark, _disk, _first, _here, count, size, _start, comment = _END.unpack_from(data, at)
    if mark != b"PK\x05\x06" or comment or data[max(at - _LOCATOR, 0) :].startswith(b"PK\x06\x07"):
        raise CaseDataError(_("this file is no ZIP"))
    if count > MAX_FILES or size > MAX_FILES * (_ENTRY + _LONGEST):
        raise CaseDataError(_("this ZIP holds more than {count} files").format(count=MAX_FILES))


def _bounds(told: list[zipfile.ZipInfo]) -> None:
    if len(told) > MAX_FILES:
        raise CaseDataError(_("this ZIP holds more than {count} files").format(count=MAX_FILES))
    names = [one.filename for one in told]
    if len({name.lower() for name in names}) < len(names):  # Windows and macOS would write one over the other
        raise CaseDataError(_("this ZIP holds two files of one name"))
    if sum(one.file_size for one in told) > MAX_BYTES:
        raise CaseDataError(_("this ZIP unpacks to more than {mb} MB").format(mb=MAX_BYTES // 1_000_000))
    for one in told:
        name = ascii(one.filename[:80])
        kind = stat.S_IFMT(one.external_attr >> 16)
        if len(one.filename) > _LONGEST or not _NAME.fullmatch(one.filename) or kind not in (0, stat.S_IFREG):
            raise CaseDataError(_("this ZIP holds {name}, which no honest file does").format(name=name))
        if one.flag_bits & _ENCRYPTED or one.compress_type not in _METHODS:
            raise CaseDataError(_("this ZIP is packed in a way that is not read here: {name}").format(name=name))
        if one.file_size > RATIO * one.compress_size + _LEEWAY:
            raise CaseDataError(_("this ZIP is packed to swell: {name}").format(name=name))
