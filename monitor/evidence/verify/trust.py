"""The certificates and keys an archive brings along, by which it is verified and which a reader has to compare."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor.evidence.checkpoint import VerifierKey
from monitor.evidence.rules.findings import Bound, Report
from monitor.values import pattern

if TYPE_CHECKING:
    from monitor.evidence.stamps.authority import PinnedRoot
    from monitor.evidence.stamps.tokens import StampToken
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.evidence.verify.crypto import Verifiers

_KEY_FILE = pattern(r"[0-9a-z.]+")


class Trust:
    """The certificates and keys that came with the archive, and what was seen of stamps by them."""

    def __init__(self, archive: FolderArchive, tools: Verifiers) -> None:
        self._archive, self.tools = archive, tools
        self.pem = cache(self._pem)
        self._roots: Counter[tuple[str, PinnedRoot]] = Counter()
        self._kinds: Counter[tuple[str, str, str, bool]] = Counter()
        self._told: set[tuple[str, str, bool]] = set()

    def _pem(self, kind: str, name: str) -> bytes:
        """All PEM files kept for an authority, one after the other; empty when there are none."""
        folder, pattern = f"trust/{kind}", re.compile(rf"{re.escape(name)}\.[0-9a-z]+\.pem")
        names = filter(pattern.fullmatch, self._archive.within(folder))
        return b"".join(self._archive.read(f"{folder}/{name}") + b"\n" for name in names)

    def log_keys(self, origin: str) -> Iterator[VerifierKey]:
        """The log's public keys, under the name they sign with."""
        for name in filter(_KEY_FILE.fullmatch, self._archive.within("trust/log")):
            with suppress(ValueError):
                yield VerifierKey(origin, self.tools.public_key(self._archive.read(f"trust/log/{name}")))

    def stamp(
        self, authority: str, where: str, reply: bytes, data: bytes, report: Report, *, bearing: bool
    ) -> Bound | None:
        """What a stamp proves over `data`; None where it holds not, which is reported. bearing: see `Verifiers`."""
        roots, untrusted = self.pem("roots", authority), self.pem("untrusted", authority)
        if not roots:
            self._once("authority", authority, where, report)
            return None
        token = self.tools.stamp(reply, data, roots, untrusted, bearing=bearing)
        if isinstance(token, str):
            report.fail("stamp", where, token)
            return None
        self._revoked(authority, where, reply, token, report)
        self._roots.update((authority, root) for root in self.tools.led_to(reply, data, roots, untrusted))
        self._kinds[authority, token.policy, _accuracy(token), token.qualified] += 1
        return Bound(token.gen_time, authority, token.accuracy)

    def _once(self, what: str, authority: str, where: str, report: Report) -> None:
        """One finding a fact: an authority without a root is one, however many stamps it gave."""
        if (what, authority, True) not in self._told:
            self._told.add((what, authority, True))
            report.fail("authority", where, authority)

    def _revoked(self, authority: str, where: str, reply: bytes, token: StampToken, report: Report) -> None:
        crls = self.pem("crls", authority)
        if not crls:
            return
        try:
            revoked = self.tools.revocation(reply, crls, self.pem("roots", authority), self.pem("untrusted", authority))
        except ValueError as error:
            report.notes.append(
                _("the revocation lists of {name} cannot be read: {why}").format(name=authority, why=error)
            )
            return
        if revoked is None:
            return
        failed = revoked.at <= token.gen_time
        if ("revoked", authority, failed) not in self._told:
            self._told.add(("revoked", authority, failed))
            words = _("{subject}, on {day}, reason: {why}").format(
                subject=revoked.subject, day=f"{revoked.at:%Y-%m-%d}", why=revoked.reason or _("not told")
            )
            (report.fail if failed else report.reserve)("revoked", where, words)

    def notes(self) -> Sequence[str]:
        """The roots, with how many stamps led to each, and what the authorities say of their stamps."""
        led = _("root {subject}, SHA-256 {sha256}; time-stamps of {authority} that lead to it: {count}")
        roots = [
            led.format(subject=root.subject, sha256=root.sha256, count=count, authority=authority)
            for (authority, root), count in sorted(
                self._roots.items(), key=lambda item: (item[0][0], item[0][1].sha256)
            )
        ]
        words = _("time-stamps of {authority}: {count}, policy {policy}, accuracy {accuracy}, {qualified}")
        kinds = [
            words.format(
                count=count, authority=authority, policy=policy or _("unknown"), accuracy=accuracy,
                qualified=_("which say that they are qualified (eIDAS): only a trusted list can confirm it")
                if qualified else _("which do not say that they are qualified (eIDAS)"),
            )
            for (authority, policy, accuracy, qualified), count in sorted(self._kinds.items())
        ]  # fmt: skip
        return [*roots, *kinds]


def _accuracy(token: StampToken) -> str:
    return f"{token.accuracy.total_seconds():g} s" if token.accuracy_stated else _("not stated")
