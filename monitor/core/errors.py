"""The small tree of errors a user can cause or meet. Everything else is a bug and crashes.

Each carries one clear sentence (what, where, what to do) and the exit code the command ends with
(`sysexits.h` values where one exists).
"""

from __future__ import annotations


class VigieError(Exception):
    """Base of every error shown to a person as one sentence."""

    exit_code = 1


class UsageError(VigieError):
    """An argument, file or address given by the caller cannot be used."""

    exit_code = 64


class LockedError(VigieError):
    """Another sweep holds the data folder."""

    exit_code = 75


class ConfigurationError(VigieError):
    """Settings or a plugin are wrong: table, key and the nearest known key are named."""

    exit_code = 78


class StoreError(VigieError):
    """The data folder cannot be used: damaged file, no room, no permission, an older schema."""

    exit_code = 74


class NewerStoreError(StoreError):
    """A newer program wrote the data folder: this one would misread it, and leaves it alone."""

    exit_code = 76
