"""What a verification found, in words for whoever reads the file: a lawyer, a clerk, an opponent's expert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

Code = Literal[
    "sums", "file", "unlisted", "number", "chain", "stamp", "authority", "order", "undeclared", "checkpoint", "key",
    "inclusion", "consistency", "plan", "capture", "witness", "unstamped", "clocks", "replay",
]  # fmt: skip

# verify.sh says the same with the same codes in brackets; `replay` takes the program.
SENTENCES: Final[dict[Code, str]] = {
    "sums": "la liste des empreintes SHA256SUMS est absente ou mal formée",
    "file": "un fichier manque ou a été modifié",
    "unlisted": "un fichier ne figure dans aucune liste d'empreintes",
    "number": "les relevés ne se suivent pas : il en manque, ou un numéro est faux",
    "chain": "le relevé ne contient pas les empreintes ou l'horodatage exacts du relevé précédent",
    "stamp": "l'horodatage ne vaut rien pour ces empreintes",
    "authority": "aucun certificat racine n'est joint pour cette autorité d'horodatage",
    "order": "les deux horodatages d'une même autorité se contredisent",
    "undeclared": "l'horodatage du relevé précédent manque sans que ce soit déclaré",
    "checkpoint": "la signature ou le contenu du point de contrôle du journal est faux",
    "key": "le point de contrôle n'est pas signé par une clé connue ou annoncée",
    "inclusion": "l'observation n'est pas celle qui a été scellée dans le journal",
    "consistency": "le journal a été réécrit entre deux relevés",
    "plan": "les observations jointes ne sont pas exactement celles que le relevé annonce",
    "capture": "une capture ne correspond à aucune observation",
    "witness": "le journal n'est pas celui dont le point de contrôle témoin a été gardé",
    "unstamped": "aucun horodatage ne borne encore la fin de ce relevé",
    "clocks": "les horloges de deux autorités d'horodatage se contredisent",
    "replay": "la règle, appliquée de nouveau aux octets conservés, ne donne pas la lecture enregistrée",
}

PROVEN: Final = """\
Prouvé : chaque observation jointe a été écrite entre les dates données ci-dessus pour son relevé, selon l'horloge des
  autorités d'horodatage (« sans borne » : aucune date n'est prouvée) ; rien n'y a été changé ; aucune observation
  annoncée ne manque ; le journal n'a pas été réécrit entre les relevés joints.
Non prouvé : que le site a bien envoyé ces pages (rien de technique ne le peut ; ses propres journaux d'accès le
  peuvent) ; ce qui précède ou suit les relevés joints ; que les certificats et clés du dossier trust/ sont les
  bons : comparez leurs empreintes avec celles que publient l'autorité et l'exploitant. Le PDF et le CSV ne font
  que présenter records.jsonl.
"""


@dataclass(frozen=True, slots=True)
class ProofFinding:
    """Something false (`failed`) or something that remains open. where: the file or sweep; detail: for an expert."""

    code: Code
    where: str
    detail: str = ""
    failed: bool = True

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return f"{'ÉCHEC' if self.failed else 'RÉSERVE'} [{self.code}] {self.where} : {SENTENCES[self.code]}{detail}"


@dataclass(slots=True, kw_only=True)
class Bounds:
    """Between which authorities' times a sweep was written. after, before: aware UTC, None where nothing bounds it."""

    number: int
    after: datetime | None
    before: datetime | None

    def __str__(self) -> str:
        return f"relevé {self.number:09d} : écrit après {_utc(self.after)} et avant {_utc(self.before)}"


def _utc(instant: datetime | None) -> str:
    if instant is None:
        return "(sans borne)"
    fraction = f"{instant:.%f}".rstrip("0").rstrip(".")
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S}{fraction} UTC"


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

    @property
    def failed(self) -> bool:
        """True when anything is false."""
        return any(finding.failed for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """0 verified, 1 something is false, 3 nothing is false but something remains open (2: could not verify)."""
        return 1 if self.failed else 3 if self.findings else 0

    def lines(self) -> Sequence[str]:
        """The report in French, as `verify.sh` prints it."""
        verdict = {
            0: "VÉRIFIÉ",
            1: "ÉCHEC : ce dossier n'est pas fiable en l'état",
            3: "VÉRIFIÉ, AVEC LES RÉSERVES CI-DESSUS",
        }[self.exit_code]
        return [
            *(f"déclaré par le journal : {line}" for line in self.declared),
            *map(str, self.sweeps),
            *map(str, self.findings),
            *(f"note : {note}" for note in self.notes),
            *(() if self.failed else PROVEN.splitlines()),
            f"{verdict} : {len(self.sweeps)} relevés, {self.records} observations",
        ]
