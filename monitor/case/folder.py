"""A case: one folder on the person's side, encrypted at rest. Entries are appended, never changed, and each holds the
digest of the last.

    LISEZ-MOI.txt          in clear, says nothing of the person
    identity.age           the key pair under the passphrase
    entries/000001.age     JSON: {"n", "previous", "recorded", "what", "data", "files"}
    files/000001-01.age    a file that came with entry 1, byte for byte

`previous` is the SHA-256 of the plain bytes of the entry before: an entry changed, moved or taken out of the middle
shows. A cut-off end does not, unless the digest of the last entry was kept elsewhere (`head`).

Files are in the age format (age-encryption.org/v1), through pyrage. A key pair is drawn for each case; its secret half
is itself an age file under the passphrase (`age_passphrase`), so that the slow derivation is paid once a command, and
every file of the case opens with the ordinary `age` tool, without this program. The public half is written nowhere in
clear: whoever lacks the passphrase can neither read nor add.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final

from monitor.case.model import FileRef
from monitor.core.errors import UsageError, VigieError
from monitor.core.words import os_words
from monitor.store.schema import disk_told
from monitor.values import dataclass, pattern

IDENTITY = "identity.age"
LEAST = 12  # characters of a new passphrase


class PassphraseError(VigieError):
    """The passphrase is not the one of this case (EX_NOPERM)."""

    exit_code = 77


class DamagedError(VigieError):
    """A file of the case is missing, cut, altered, or of another case (EX_DATAERR)."""

    exit_code = 65


class RoomError(VigieError):
    """This machine has not the memory that opening the case takes (EX_OSERR)."""

    exit_code = 71


class Vault:
    """The key pair of an open case."""

    def __init__(self, secret: str) -> None:
        from pyrage import x25519  # type: ignore[import-untyped]

        self._identity = x25519.Identity.from_str(secret)
        self._recipient = self._identity.to_public()

    def seal(self, data: bytes) -> bytes:
        """An age file."""
        import pyrage

        sealed: bytes = pyrage.encrypt(data, [self._recipient])
        return sealed

    def open(self, data: bytes, name: str) -> bytes:
        """What an age file holds. name: told in the error. Raises DamagedError."""
        import pyrage

        try:
            plain: bytes = pyrage.decrypt(data, [self._identity])
        except pyrage.DecryptError as error:
            raise DamagedError(
                _("{name} of this case is damaged, or was put there by another").format(name=name)
            ) from error
        return plain


def new_identity(passphrase: str) -> tuple[bytes, Vault]:
    """A key pair: the file `identity.age`, and the vault. Raises UsageError for a passphrase too short."""
    from pyrage import x25519

    from monitor.case.age_passphrase import lock

    if len(passphrase) < LEAST:
        raise UsageError(_("the passphrase must have at least {n} characters").format(n=LEAST))
    secret = str(x25519.Identity.generate())
    return lock(secret.encode(), passphrase), Vault(secret)


def unlock(path: Path, passphrase: str) -> Vault:
    """The vault of `identity.age`, after a derivation of seconds, minutes on a slow machine.

    Raises PassphraseError, DamagedError, and RoomError where the machine cannot hold the derivation.
    """
    import pyrage

    from monitor.case import age_passphrase as age

    data = path.read_bytes()
    try:
        return Vault(age.unlock(data, passphrase).decode().strip())
    except age.WrongPassphraseError as error:
        raise PassphraseError(_("this is not the passphrase of the case {path}").format(path=path.parent)) from error
    except (age.AgeError, pyrage.IdentityError, UnicodeDecodeError) as error:
        raise DamagedError(
            _("{name} of this case is damaged, or was put there by another").format(name=IDENTITY)
        ) from error
    except MemoryError as error:
        need = age.memory_needed(data) >> 20
        raise RoomError(
            _(
                "opening the case {path} takes {need} MiB of free memory: close other programs, or open it elsewhere"
            ).format(path=path.parent, need=need)
        ) from error


README: Final = "LISEZ-MOI.txt"
_README_TEXT: Final = """\
Dossier chiffré de Vigie Préfectures. Il s'ouvre avec « vigie case show » et la phrase secrète, ou, sans Vigie, avec
l'outil age (age-encryption.org) :
    age -d identity.age > cle.txt
    age -d -i cle.txt entries/000001.age
Sans la phrase secrète rien ne peut être lu, par personne. Supprimez cle.txt après usage.

Encrypted folder of Vigie Préfectures: opens with `vigie case show`, or with the age tool as above.
"""
_ENTRY = pattern(r"(\d{6})\.age")
_OURS = pattern(r"(?:\d{6}(?:-\d{2,})?\.age|\..*\.new)")
_NONE = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. n: from 1; recorded: aware UTC, when it was written down; what: `opened`, `attempt`, `facts` ..."""

    n: int
    recorded: datetime
    what: str
    data: Mapping[str, Any]
    files: tuple[FileRef, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Brought:
    """A file brought to the case. name: without its folder."""

    name: str
    data: bytes
    what: str = ""


class CaseFolder:
    """An open case. Raises DamagedError, StoreError."""

    def __init__(self, root: Path, vault: Vault) -> None:
        self.root, self._vault = root, vault
        self._entries = self._read_all()

    @classmethod
    def create(cls, root: Path, passphrase: str) -> CaseFolder:
        """A new case in a folder that does not exist yet, or is empty. Raises UsageError."""
        identity, vault = new_identity(passphrase)
        with disk_told(root):
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(root.iterdir()):
                raise UsageError(_("{path} is not empty: a case needs a folder of its own").format(path=root))
            for name in ("entries", "files"):
                (root / name).mkdir(mode=0o700)
            _write(root / README, _README_TEXT.encode())
            _write(root / IDENTITY, identity)
        return cls(root, vault)

    @classmethod
    def open(cls, root: Path, passphrase: str) -> CaseFolder:
        """An existing case. Raises UsageError where none is, PassphraseError."""
        return cls(root, unlock(_known(root), passphrase))

    @property
    def entries(self) -> Sequence[Entry]:
        """Every entry, oldest first."""
        return self._entries

    @property
    def head(self) -> str:
        """Digest of the last entry, to be kept elsewhere: it stands for the whole case."""
        return self._entries[-1].digest if self._entries else _NONE

    def append(
        self, what: str, data: Mapping[str, Any], files: Sequence[Brought] = (), *, now: datetime | None = None
    ) -> Entry:  # fmt: skip
        """Write an entry with its files. The files come first: an entry never names what is not there.

        now: aware, when it is written down, where that is not this moment of the machine.
        """
        n = len(self._entries) + 1
        refs = tuple(self._store(n, i, one) for i, one in enumerate(files, 1))
        told = {
            "n": n,
            "previous": self.head,
            "recorded": (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
            "what": what,
            "data": data,
            "files": [asdict(ref) for ref in refs],
        }
        plain = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
        with disk_told(self.root):
            _write(self.root / "entries" / f"{n:06d}.age", self._vault.seal(plain))
        self._entries.append(_entry(plain))
        return self._entries[-1]

    def read(self, ref: FileRef) -> bytes:
        """The bytes of a file as it was brought. Raises DamagedError when they are not those."""
        data = self._plain(self.root / "files" / ref.stored)
        if hashlib.sha256(data).hexdigest() != ref.sha256:
            raise DamagedError(_("{name} of this case is damaged, or was put there by another").format(name=ref.stored))
        return data

    def holds(self, sha256: str) -> bool:
        """True when a file with those bytes is in the case."""
        return any(ref.sha256 == sha256 for entry in self._entries for ref in entry.files)

    def _store(self, n: int, i: int, one: Brought) -> FileRef:
        stored = f"{n:06d}-{i:02d}.age"
        path = self.root / "files" / stored
        with disk_told(path):
            path.unlink(missing_ok=True)  # left by an entry that was never written
            _write(path, self._vault.seal(one.data))
        digest = hashlib.sha256(one.data).hexdigest()
        return FileRef(name=one.name, stored=stored, sha256=digest, size=len(one.data), what=one.what)

    def _plain(self, path: Path) -> bytes:
        try:
            return self._vault.open(path.read_bytes(), f"{path.parent.name}/{path.name}")
        except OSError as error:
            raise DamagedError(_("{path} cannot be read: {why}").format(path=path, why=os_words(error))) from error

    def _read_all(self) -> list[Entry]:
        with disk_told(self.root):
            names = sorted(p.name for p in (self.root / "entries").iterdir() if _ENTRY.fullmatch(p.name))
        out: list[Entry] = []
        previous = _NONE
        for i, name in enumerate(names, 1):
            plain = self._plain(self.root / "entries" / name)
            try:
                told, entry = json.loads(plain), _entry(plain)
                sound = (told["n"], told["previous"], name) == (i, previous, f"{i:06d}.age")
            except (KeyError, TypeError, ValueError):
                sound = False
            if not sound:
                raise DamagedError(_("the entries of this case do not follow each other at {name}").format(name=name))
            out.append(entry)
            previous = entry.digest
        return out


def erase(root: Path) -> Sequence[str]:
    """Remove a case, its key first: the rest is unreadable from then on. Returns what is not ours, left there."""
    identity = _known(root)
    with disk_told(root):
        identity.unlink()
        for folder in (root / "entries", root / "files"):
            for path in [*folder.iterdir()] if folder.is_dir() else []:
                if _OURS.fullmatch(path.name):
                    path.unlink()
            with suppress(OSError):
                folder.rmdir()
        (root / README).unlink(missing_ok=True)
        left = sorted(str(p.relative_to(root)) for p in root.rglob("*"))
        if not left:
            root.rmdir()
    return left


def _known(root: Path) -> Path:
    path = root / IDENTITY
    if not path.is_file() or not (root / "entries").is_dir():
        raise UsageError(_("{path} is not a case: `vigie case new` makes one").format(path=root))
    return path


def _entry(plain: bytes) -> Entry:
    told = json.loads(plain)
    return Entry(
        n=told["n"],
        recorded=datetime.fromisoformat(told["recorded"]),
        what=told["what"],
        data=told["data"],
        files=tuple(FileRef(**ref) for ref in told["files"]),
        digest=hashlib.sha256(plain).hexdigest(),
    )


def _write(path: Path, data: bytes) -> None:
    """A new file, whole or not at all, readable by its owner only. Raises FileExistsError: two wrote at once."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        raise FileExistsError(17, "exists", str(path))
    os.replace(new, path)
