"""The words people read: English stands in the code, every other language in a catalogue of `monitor/locale`.

A third language is a `.po` file and no line of code. `_` speaks the language of the command that runs; what is written
to a person (an alert, a letter) speaks that person's, by `spoken`.
"""

from __future__ import annotations

import errno
import gettext as catalogues
from functools import cache
from gettext import gettext as _
from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).resolve().parent.parent / "locale"
DOMAIN: Final = "vigie"


def N_(message: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Marks a message for the catalogue where it is declared; whoever says it translates it."""
    return message


@cache
def spoken(language: str) -> catalogues.NullTranslations:
    """The catalogue of a language such as `fr`; English where there is none. Read once."""
    return catalogues.translation(DOMAIN, str(LOCALE), [language], fallback=True)


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
