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

_PROGRAM: Final = Path(__file__).resolve().parent.parent  # importlib.resources would cost 6 ms at each start
LOCALE: Final = _PROGRAM / "locale"
DATA: Final = _PROGRAM / "data"
DOMAIN: Final = "vigie"


def N_(message: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Marks a message for the catalogue where it is declared; whoever says it translates it."""
    return message


@cache
def spoken(language: str) -> catalogues.NullTranslations:
    """The catalogue of a language such as `fr`; English where there is none. Read once."""
    return catalogues.translation(DOMAIN, str(LOCALE), [language], fallback=True)


def os_words(error: OSError) -> str:
    """Why the system refused a file, in the language that is spoken; its own words for what is seldom met."""
    words = {
        errno.ENOENT: _("there is no such file or folder"),
        errno.EISDIR: _("it is a folder"),
        errno.ENOTDIR: _("part of its path is no folder"),
        errno.EACCES: _("permission is denied"),
        errno.EPERM: _("permission is denied"),
        errno.EROFS: _("the file system is read-only"),
        errno.ENOSPC: _("no room is left on the disk"),
        errno.EEXIST: _("it is there already"),
    }
    return words.get(error.errno or 0) or error.strerror or type(error).__name__
