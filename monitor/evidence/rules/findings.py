"""What a verification found, in words for whoever reads the file: a lawyer, a clerk, an opponent's expert."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from gettext import ngettext
from typing import Literal

from monitor.values import dataclass

Code = Literal[
    "sums", "file", "unlisted", "extra", "signed", "number", "chain", "stamp", "authority", "revoked", "order",
    "undeclared", "checkpoint", "key", "inclusion", "consistency", "plan", "canonical", "record", "capture", "csv",
    "figures", "witness", "date", "bounds", "unstamped", "clocks", "simulated", "format", "replay",
]  # fmt: skip


def sentence(code: Code) -> str:
    """What a code means. verify.sh says the same with the same codes in brackets; `replay` takes the program."""
    return {
        "sums": _("the list of digests SHA256SUMS is missing or badly spelt"),
        "file": _("a file is missing or was changed"),
        "unlisted": _("a file stands in no list of digests"),
        "extra": _("a file that is no part of an export: nothing is said of what it holds"),
        "signed": _("the list of digests is not signed by the key of the log"),
        "number": _("the sweeps do not follow each other: some are missing, or a number is false"),
        "chain": _("the sweep does not contain the exact digests or time-stamp of the sweep before"),
        "stamp": _("the time-stamp is worth nothing for these digests"),
        "authority": _("no root certificate is enclosed for this time-stamp authority"),
        "revoked": _("the certificate that signed the time-stamp was revoked"),
        "order": _("two time-stamps of one authority contradict the order of the sweeps"),
        "undeclared": _("the time-stamp of the sweep before is missing and nothing declares it"),
        "checkpoint": _("the signature or the content of the log's checkpoint is false"),
        "key": _("the checkpoint is not signed by a key that is known or was announced"),
        "inclusion": _("what is enclosed is not what was sealed in the log"),
        "consistency": _("the log was rewritten between two sweeps"),
        "plan": _("the observations enclosed are not exactly those that the sweep announces"),
        "canonical": _("a line is not spelt in the only way the format allows: it can be read in two ways"),
        "record": _("the observation does not say what its sweep says of it"),
        "capture": _("a capture belongs to no observation, or to another than its name says"),
        "csv": _("the table is not that of these observations"),
        "figures": _("the figures are not those of these observations"),
        "witness": _("the log is not the one whose checkpoint was kept elsewhere"),
        "date": _("the dates written contradict the time-stamps"),
        "bounds": _("the time-stamps say little of when this was written"),
        "unstamped": _("no time-stamp bounds the end of this sweep yet"),
        "clocks": _("the clocks of two time-stamp authorities contradict each other"),
        "simulated": _("observations were made on a simulator, not on the site of a préfecture"),
        "format": _("written in a newer version of the format: what it adds is not checked"),
        "replay": _("the rule, applied again to the bytes that were kept, does not give the reading recorded"),
    }[code]


def proven() -> str:
    """What a verification that found nothing false establishes, and what none can."""
    return _(
        "Proven: each observation enclosed was written between the dates given above for its sweep, by the clock of\n"
        "  the authorities named (“no bound”: no date is proven); nothing in it was changed; no observation announced\n"
        "  is missing between the first and the last sweep enclosed.\n"
        "Not proven: that the site sent these pages (nothing technical can prove it; its own access logs can); what\n"
        "  came before or after the sweeps enclosed; of a partial export, that the plan of each sweep is in order\n"
        "  beyond the rows shown (the holder of the log's key could have put one elsewhere: an export of everything,\n"
        "  or the data folder, shows it); that the certificates and keys of trust/ are the right ones:\n"
        "  compare their fingerprints with those that the authority and the operator publish. The PDF only presents\n"
        "  what is sealed; SHA256SUMS.signed says which PDF the log's key has signed."
    )


def sweep_name(number: int) -> str:
    """A sweep, for people."""
    return _("sweep {number:09d}").format(number=number)


def sweep_names(first: int, last: int) -> str:
    """Sweeps that follow each other, for people."""
    return sweep_name(first) if first == last else _("sweeps {first} to {last}").format(first=first, last=last)


def observations(count: int) -> str:
    """How many observations, in words that agree."""
    return ngettext("{n} observation", "{n} observations", count).format(n=count)


def _sweeps(count: int) -> str:
    return ngettext("{n} sweep", "{n} sweeps", count).format(n=count)


def runs(numbers: Iterable[int]) -> Sequence[tuple[int, int]]:
    """First and last of each run of numbers that follow each other. numbers: ascending."""
    out: list[tuple[int, int]] = []
    for number in numbers:
        if out and number == out[-1][1] + 1:
            out[-1] = (out[-1][0], number)
        else:
            out.append((number, number))
    return out


@dataclass(frozen=True, slots=True)
class ProofFinding:
    """Something false (`failed`) or something that remains open. where: the file or sweep; detail: for an expert."""

    code: Code
    where: str
    detail: str = ""
    failed: bool = True

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        words = _("FAILED [{code}] {where}: {what}") if self.failed else _("RESERVE [{code}] {where}: {what}")
        return printable(words.format(code=self.code, where=self.where, what=sentence(self.code)) + detail)


@dataclass(frozen=True, slots=True)
class Bound:
    """A time-stamp as a bound. at: aware UTC; accuracy: as the authority states it."""

    at: datetime
    authority: str
    accuracy: timedelta = timedelta()


@dataclass(slots=True, kw_only=True)
class Bounds:
    """Between which authorities' times a sweep was written. after, before: None where nothing bounds it."""

    number: int
    after: Bound | None
    before: Bound | None

    def __str__(self) -> str:
        return _("{sweep}: written after {after} and before {before}").format(
            sweep=sweep_name(self.number), after=_utc(self.after), before=_utc(self.before)
        )


def _utc(bound: Bound | None) -> str:
    if bound is None:
        return _("(no bound)")
    fraction = f"{bound.at:.%f}".rstrip("0").rstrip(".")
    return f"{bound.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}{fraction} UTC ({bound.authority})"


@dataclass(slots=True, kw_only=True)
class Report:
    """The whole result. sweeps: in order; records: how many observations were proven; notes: to know, not to fear."""

    findings: list[ProofFinding] = field(default_factory=list)
    sweeps: list[Bounds] = field(default_factory=list)
    declared: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    records: int = 0

    def fail(self, code: Code, where: str, detail: str = "") -> None:
        """Note something false."""
        self.findings.append(ProofFinding(code, where, detail))

    def reserve(self, code: Code, where: str, detail: str = "") -> None:
        """Note something open."""
        self.findings.append(ProofFinding(code, where, detail, failed=False))

    def found(self, code: Code) -> bool:
        """Whether that was found."""
        return any(finding.code == code for finding in self.findings)

    @property
    def failed(self) -> bool:
        """True when anything is false."""
        return any(finding.failed for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """0 verified, 1 something is false, 3 nothing is false but something remains open (2: could not verify)."""
        return 1 if self.failed else 3 if self.findings else 0

    def lines(self) -> Sequence[str]:
        """The report in the language chosen; its last line in French is that of `verify.sh`."""
        verdict = {
            0: _("VERIFIED: {counts}"),
            1: _("FAILED: this folder cannot be relied on as it stands: {counts}"),
            3: _("VERIFIED, WITH THE RESERVES ABOVE: {counts}"),
        }[self.exit_code]
        lines = [
            *(_("declared by the log: {what}").format(what=printable(line)) for line in self.declared),
            *map(str, self.sweeps),
            *map(str, self.findings),
            *(_("note: {what}").format(what=printable(note)) for note in self.notes),
            *(() if self.failed else proven().splitlines()),
            verdict.format(counts=f"{_sweeps(len(self.sweeps))}, {observations(self.records)}"),
        ]
        return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]  # as verify.sh writes: comparable by bytes


def printable(text: str) -> str:
    """One line of a terminal: a name with a line feed in it forges no line of this report."""
    kept = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"  # of French, which str.isprintable refuses
    return "".join(c if c.isprintable() or c in kept else "\N{REPLACEMENT CHARACTER}" for c in text)
