"""What the value of a setting may be: one small function each, from what TOML gives to what the program uses.

A reader takes the value and the folder of the settings file. Its ValueError says what is allowed, and nothing of the
value itself. Modules that only one reader needs are imported when it runs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final, TypeVar

from monitor.values import dataclass

T = TypeVar("T")
Reader = Callable[[Any, Path], T]

MASK: Final = "********"


class Secret:
    """A value that is never printed: `reveal` is the only way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself; not for a log, an error or an observation."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like `word`."""
    from difflib import SequenceMatcher

    return max(known, key=lambda one: SequenceMatcher(None, word.lower(), one).ratio())


def number(low: float, high: float) -> Reader[float]:
    """An integer or a decimal from `low` to `high`."""

    def read(value: Any, folder: Path) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(_("a number from {low} to {high}").format(low=low, high=high))
        return float(value)

    return read


def integer(low: int, high: int) -> Reader[int]:
    """A whole number from `low` to `high`."""

    def read(value: Any, folder: Path) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(_("a whole number from {low} to {high}").format(low=low, high=high))
        return value

    return read


def text(value: Any, folder: Path) -> str:
    """A short line; may be empty."""
    if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
        raise ValueError(_("a line of text in quotes, 200 characters at most"))
    return value.strip()


def list_of(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """A list of values, each by `read`; repetitions are dropped."""

    def read_all(value: Any, folder: Path) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise ValueError(_("a list in brackets"))
        return tuple(dict.fromkeys(read(one, folder) for one in value))

    return read_all


def prefecture(value: Any, folder: Path) -> str:
    """A prefecture by code or name, as the catalogue will find it."""
    if not isinstance(value, str) or not text(value, folder):
        raise ValueError(_('codes of préfectures in quotes, such as "95" or "2A"'))
    return text(value, folder)


def procedure(value: Any, folder: Path) -> str:
    """One of `monitor.core.prefecture.Procedure`."""
    from typing import get_args

    from monitor.core.prefecture import Procedure

    known: tuple[str, ...] = get_args(Procedure)
    if value not in known:
        raise ValueError(
            _('names of procedures; the nearest known is "{near}"').format(near=nearest(str(value), known))
        )
    return str(value)


def contact(value: Any, folder: Path) -> str:
    """An e-mail address or https page by which sites reach the operator; may be empty.

    It stands in the User-Agent as a comment, so neither spaces nor `( ) \\ ;` (RFC 9110, 5.6.5).
    """
    found = text(value, folder)
    name, at, host = found.removeprefix("https://").partition("@")
    if not at:
        name, host = "page", name.partition("/")[0]
    plain = found.isascii() and not set(found) & set(' ()\\;<>"')
    proper = bool(at) != found.startswith("https://") and name and "." in host.strip(".") and "@" not in host
    if found and not (plain and proper):
        raise ValueError(_("an e-mail address, or a page that begins with https://"))
    return found


def https(value: Any, folder: Path) -> str:
    """An https address."""
    if not (found := contact(value, folder)).startswith("https://"):
        raise ValueError(_("addresses that begin with https://"))
    return found


def https_or_none(value: Any, folder: Path) -> str:
    """An https address, or nothing."""
    return https(value, folder) if value != "" else ""


def https_site(value: Any, folder: Path) -> str:
    """An https address of a whole host, or nothing; without its last slash."""
    found = https_or_none(value, folder).rstrip("/")
    if "/" in found.removeprefix("https://"):
        raise ValueError(_('an address such as "https://vigie.example.org", without a path'))
    return found


def independent_hosts(value: Any, folder: Path) -> tuple[str, ...]:
    """Https addresses of at least two hosts."""
    found = list_of(https)(value, folder)
    if len({url.split("/")[2].lower() for url in found}) < 2:
        raise ValueError(_("addresses that begin with https://, of at least two different hosts"))
    return found


@dataclass(frozen=True, slots=True)
class PinnedAuthority:
    """A time-stamp authority: short name, address, the file of the roots trusted for it alone, that of revocations."""

    name: str
    url: str
    roots: Path
    crls: Path | None = None


def preset(value: Any, folder: Path) -> str:
    """The name of a public time-stamp authority."""
    from monitor.settings.presets import presets

    if not isinstance(value, str) or value not in presets():
        raise ValueError(_("names of public authorities: {names}").format(names=", ".join(presets())))
    return value


def authority(value: Any, folder: Path) -> PinnedAuthority:
    """A table `{name, url, roots[, crls]}`; plain http is allowed, since the stamp itself is verified."""
    match value:
        case {"name": str(name), "url": str(url), "roots": str(roots), **rest} if rest.keys() <= {"crls"}:
            files = (roots, *map(str, rest.values()))
        case _:
            raise ValueError(_("a table [[timestamps.authority]] with name, url, roots and, where you keep one, crls"))
    if not url.startswith(("http://", "https://")):
        raise ValueError(_("a url that begins with http:// or https://"))
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ValueError(_("a name of lower-case letters, digits and hyphens"))
    return PinnedAuthority(name, url, *(_path(file, folder) for file in files))


def authority_words(value: Any, folder: Path) -> PinnedAuthority:
    """`NAME ADDRESS ROOTS.pem [CRLS.pem]`, as version 0.1 wrote it; `config migrate` makes a table of it."""
    return authority(authority_table(text(value, folder)), folder)


def authority_table(words: str) -> dict[str, str]:
    """The keys of `[[timestamps.authority]]` from the words of version 0.1. Raises ValueError."""
    parts = words.split()
    if len(parts) not in (3, 4):
        raise ValueError(_('texts such as "name http://authority.example/tsa roots.pem"'))
    return dict(zip(("name", "url", "roots", "crls"), parts, strict=False))


def host_name(value: Any, folder: Path) -> str:
    """A host name."""
    found = text(value, folder)
    if not found.isascii() or not all(label.replace("-", "").isalnum() for label in found.split(".")):
        raise ValueError(_('a host name, such as "www.afnic.fr"'))
    return found


def ip_address(value: Any, folder: Path) -> str:
    """An IP address."""
    import ipaddress

    try:
        return str(ipaddress.ip_address(text(value, folder)))
    except ValueError:
        raise ValueError(_('IP addresses in quotes, such as "9.9.9.9"')) from None


def loopback(value: Any, folder: Path) -> str:
    """`IP:PORT` on this machine, where the simulator plays the sites; may be empty."""
    import ipaddress

    if not (found := text(value, folder)):
        return ""
    host, _colon, port = found.rpartition(":")
    try:
        if ipaddress.IPv4Address(host).is_loopback and 0 < int(port) < 65536:
            return f"{host}:{int(port)}"
    except ValueError:
        pass
    raise ValueError(_('an address of this machine with its port, such as "127.0.0.1:8443"'))


def _path(value: Any, folder: Path) -> Path:
    try:
        return folder / Path(text(value, folder)).expanduser()
    except RuntimeError:  # `~nobody-of-that-name`
        raise ValueError(_("a path that can be read")) from None


def file(value: Any, folder: Path) -> Path | None:
    """A file that exists, relative to the settings file; empty: none."""
    if text(value, folder) and not os.path.isfile(_path(value, folder)):
        raise ValueError(_("a file that exists"))
    return _path(value, folder) if text(value, folder) else None


def path(value: Any, folder: Path) -> Path:
    """A path, relative to the settings file, whether or not something is there."""
    if not text(value, folder):
        raise ValueError(_("a path in quotes"))
    return _path(value, folder)


def optional_path(value: Any, folder: Path) -> Path | None:
    """A path, relative to the settings file, whether or not something is there; empty: none."""
    return path(value, folder) if text(value, folder) else None


def yes_or_no(value: Any, folder: Path) -> bool:
    """true or false, without quotes."""
    if not isinstance(value, bool):
        raise ValueError(_("true or false, without quotes"))
    return value


def directory(value: Any, folder: Path) -> Path:
    """A folder that exists, relative to the settings file."""
    if not text(value, folder) or not os.path.isdir(_path(value, folder)):
        raise ValueError(_("folders that exist"))
    return _path(value, folder)


def one_of(*allowed: str) -> Reader[str]:
    """One of a few words."""

    def read(value: Any, folder: Path) -> str:
        if value not in allowed:
            raise ValueError(_("one of: {words}").format(words=", ".join(f'"{word}"' for word in allowed)))
        return str(value)

    return read


def email(value: Any, folder: Path) -> str:
    """An e-mail address; may be empty."""
    found = text(value, folder)
    if found and "@" not in contact(found, folder):
        raise ValueError(_("an e-mail address in quotes"))
    return found


def gateway(value: Any, folder: Path) -> str:
    """`http://HOST:PORT` on this machine or `https://HOST:PORT` anywhere; may be empty."""
    found = text(value, folder).rstrip("/")
    match = re.fullmatch(r"(https?)://([A-Za-z0-9.-]+):([0-9]{1,5})", found)
    near = match and (match[1] == "https" or match[2] == "localhost" or re.fullmatch(r"127(\.[0-9]{1,3}){3}", match[2]))
    if found and not (match and near and 0 < int(match[3]) < 65536):
        raise ValueError(_('"http://127.0.0.1:8080" on this machine, or "https://HOST:PORT"'))
    return found


def witness_url(value: Any, folder: Path) -> str:
    """An https address, or http on this machine; may be empty. Without its last slash."""
    found = text(value, folder).rstrip("/")
    near = re.fullmatch(r"http://(localhost|127(\.[0-9]{1,3}){3})(:[0-9]{1,5})?(/[!-~]*)?", found)
    if found and not near and not re.fullmatch(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?", found):
        raise ValueError(_("an address that begins with https://"))
    return found


def witness_key(value: Any, folder: Path) -> str:
    """A C2SP verifier key `NAME+HASH+BASE64`; may be empty. What it holds is read where it is used."""
    found = text(value, folder)
    if found and not re.fullmatch(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}", found):
        raise ValueError(_('a verifier key, such as "witness.example/w1+6b1d0b3a+BD4..."'))
    return found


def phone_number(value: Any, folder: Path) -> str:
    """A number in international form; may be empty."""
    found = text(value, folder).replace(" ", "")
    if found and not re.fullmatch(r"\+[1-9][0-9]{6,14}", found):
        raise ValueError(_('a number in international form, such as "+33612345678"'))
    return found


def secret(value: Any, folder: Path) -> Secret | None:
    """`{ env = "NAME" }` or `{ file = "PATH" }`: where the secret is. Absent or `""`: none."""
    if value == "":
        return None
    match value:  # what was written is never repeated: it may be the secret, in the wrong place
        case {"env": str(name), **rest} if not rest:
            if name in os.environ:
                return Secret(os.environ[name])
            raise ValueError(_('{ env = "NAME" } of a variable that is set: this one is not'))
        case {"file": str(), **rest} if not rest:
            try:
                return Secret(_path(value["file"], folder).read_text(encoding="utf-8").strip())
            except (OSError, ValueError):
                raise ValueError(_('{ file = "PATH" } of a text file that can be read: this one cannot')) from None
    raise ValueError(_('{ env = "NAME" } or { file = "PATH" } that exists; never the secret itself'))
