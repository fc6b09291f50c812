"""The words people read: English stands in the code, every other language in a catalogue of `monitor/locale`.

A third language is a `.po` file and no line of code. `_` speaks the language of the command that runs; what is written
to a person (an alert, a letter) speaks that person's, by `spoken`.
"""

from __future__ import annotations

import errno
import gettext as catalogues
import struct
from functools import cache
from gettext import gettext as _
from os.path import dirname, realpath
from typing import Any, Final

_PROGRAM: Final = dirname(dirname(realpath(__file__)))  # importlib.resources costs 6 ms at each start, pathlib 3
LOCALE: Final = f"{_PROGRAM}/locale"
DATA: Final = f"{_PROGRAM}/data"
DOMAIN: Final = "vigie"
_WORDS: Final = struct.Struct("<II")


def N_(message: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Marks a message for the catalogue where it is declared; whoever says it translates it."""
    return message


@cache
def spoken(language: str) -> catalogues.NullTranslations:
    """The catalogue of a language such as `fr`; English where there is none. Read once."""
    return catalogues.translation(DOMAIN, LOCALE, [language], MessageFile, fallback=True)


class MessageFile(catalogues.NullTranslations):
    """A `.mo` file whose messages are found in its sorted table one by one, as they are asked for.

    `gettext.GNUTranslations` reads all 1,800 of them first: 6 ms at each start, for the ten that a run says. The file
    is ours (`tests.house.messages`): little-endian, UTF-8, sorted (GNU gettext manual, 10.3).
    """

    def _parse(self, fp: Any) -> None:
        self._bytes: bytes = fp.read()
        magic, _version, self._count, self._ids, self._said = struct.unpack_from("<5I", self._bytes)
        if magic != 0x950412DE:
            raise OSError(errno.EINVAL, "no message file", fp.name)
        header = self._message(b"") or b""
        told = (line.partition(": ") for line in header.decode().splitlines() if line)
        self._info: dict[str, str] = {name.lower(): value for name, _colon, value in told}
        self._rule = self._info["plural-forms"].partition("plural=")[2].rstrip("; ")
        self._known: dict[str, str] = {}

    def _at(self, table: int, number: int) -> bytes:
        length, offset = _WORDS.unpack_from(self._bytes, table + 8 * number)
        return self._bytes[offset : offset + length]

    def _message(self, key: bytes) -> bytes | None:
        """What is said for a message; of one with a plural, the key is its singular alone."""
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            found = self._at(self._ids, middle).partition(b"\0")[0]
            if found == key:
                return self._at(self._said, middle)
            low, high = (middle + 1, high) if found < key else (low, middle)
        return None

    def gettext(self, message: str) -> str:
        """See `gettext.NullTranslations`."""
        if message not in self._known:
            found = self._message(message.encode()) if message else None  # argparse asks for the word of no title, None
            self._known[message] = message if found is None else self._form(found, 1)
        return self._known[message]

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """See `gettext.NullTranslations`."""
        found = self._message(msgid1.encode())
        if found is None:
            return msgid1 if n == 1 else msgid2
        return self._form(found, n)

    def _form(self, found: bytes, n: int) -> str:
        forms = found.split(b"\0")
        return forms[catalogues.c2py(self._rule)(n) if len(forms) > 1 else 0].decode()


def os_words(error: OSError) -> str:
    """Why the system refused a file or a connection, in the language that is spoken; its own words, between
    backquotes, for what is seldom met."""
    if isinstance(error, TimeoutError):
        return _("no answer came in time")
    words = {
        errno.ENOENT: _("there is no such file or folder"),
        errno.EISDIR: _("it is a folder"),
        errno.ENOTDIR: _("part of its path is no folder"),
        errno.EACCES: _("permission is denied"),
        errno.EPERM: _("permission is denied"),
        errno.EROFS: _("the file system is read-only"),
        errno.ENOSPC: _("no room is left on the disk"),
        errno.EEXIST: _("it is there already"),
        errno.ECONNREFUSED: _("the connection was refused"),
        errno.ECONNRESET: _("the connection was cut"),
        errno.ENETUNREACH: _("the network cannot be reached"),
        errno.EHOSTUNREACH: _("the machine cannot be reached"),
    }
    return words.get(error.errno or 0) or f"`{error.strerror or type(error).__name__}`"
