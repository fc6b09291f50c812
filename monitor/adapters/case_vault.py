"""Encryption of a case at rest: the age format (age-encryption.org/v1), through pyrage.

A key pair is drawn for each case. Its secret half is itself an age file under the passphrase (scrypt), so that the slow
derivation is paid once a command, and every file of the case opens with the ordinary `age` tool, without this program.
The public half is written nowhere in clear: whoever lacks the passphrase can neither read nor add.
"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

from monitor.domain.errors import UsageError, VigieError

IDENTITY = "identity.age"
LEAST = 12  # characters of a new passphrase


class PassphraseError(VigieError):
    """The passphrase is not the one of this case (EX_NOPERM)."""

    exit_code = 77


class DamagedError(VigieError):
    """A file of the case is missing, cut, altered, or of another case (EX_DATAERR)."""

    exit_code = 65


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
    from pyrage import passphrase as locked
    from pyrage import x25519

    if len(passphrase) < LEAST:
        raise UsageError(_("the passphrase must have at least {n} characters").format(n=LEAST))
    secret = str(x25519.Identity.generate())
    return locked.encrypt(secret.encode(), passphrase), Vault(secret)


def unlock(path: Path, passphrase: str) -> Vault:
    """The vault of `identity.age`. Raises PassphraseError."""
    import pyrage
    from pyrage import passphrase as locked

    try:
        return Vault(locked.decrypt(path.read_bytes(), passphrase).decode())
    except (pyrage.DecryptError, ValueError) as error:
        raise PassphraseError(_("this is not the passphrase of the case {path}").format(path=path.parent)) from error
