"""Joining a relevé, or an assisted attempt, to a case: only what verifies is accepted, and that is what is kept.

A relevé is the monitor's and stays beside the person's attempts; the folder `vigie assist` wrote is one of them.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from gettext import gettext as _
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from monitor.case.assist import attempt as assisted
from monitor.case.kept.sittings import kind_of_reading, sentence, telling
from monitor.case.model import Attempt, CaseDataError
from monitor.core.labels import label
from monitor.core.readings import detail_of
from monitor.core.record import digest
from monitor.evidence.exported.names import SIGNED
from monitor.evidence.folder import RECORDS
from monitor.evidence.sums import SUMS, parse_sums
from monitor.paper.french import utc

if TYPE_CHECKING:
    from monitor.evidence.rules.findings import Report
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.evidence.verify.crypto import Verifiers

_PAST_RECORDING: Final[tuple[assisted.Ending, ...]] = ("personal_data", "beyond_steps")
_ENDINGS_FR: Final[Mapping[assisted.Ending, str]] = {
    "slots_open": "un créneau était affiché",
    "personal_data": "une page demandait des données personnelles : la suite n'est pas enregistrée",
    "beyond_steps": "une page était hors des étapes qui montrent les créneaux : la suite n'est pas enregistrée",
    "window_closed": "la fenêtre a été fermée",
    "interrupted": "le programme a été interrompu",
}


def packed(archive: FolderArchive, verify: Callable[[], Report]) -> tuple[bytes, Report]:
    """The export as a ZIP, and its verification. Raises CaseDataError where something is false or played in it.

    The bytes packed are compared with the list of digests the verification rests on: the folder may change meanwhile.
    """
    report = verify()
    if report.failed:
        first = next(finding for finding in report.findings if finding.failed)
        raise CaseDataError(_("this export does not verify and was not joined: {why}").format(why=first))
    if any(json.loads(line).get("simulated") for line in archive.lines(RECORDS)):
        raise CaseDataError(_("SIMULATION: a simulator played these pages, they prove nothing and were not joined"))
    sums = parse_sums(archive.read(SUMS))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in archive.names():
            if ".." in PurePosixPath(name).parts:
                raise CaseDataError(_("this export holds a name no honest export holds: {name}").format(name=name))
            data = archive.read(name)
            if name not in (SUMS, SIGNED) and hashlib.sha256(data).hexdigest() != sums.get(name):
                raise CaseDataError(_("this export changed while it was read: {name}").format(name=name))
            zipped.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return held.getvalue(), report


def as_attempt(files: Mapping[str, bytes], tools: Verifiers, held: Callable[[str], bool]) -> Attempt:
    """The entry a folder of `vigie assist` becomes; its note, in French, says what was verified and what was not.

    files: all of the folder, by path with `/`. held: whether the case has a file with that SHA-256. Raises
    CaseDataError where something is false or played in it, or the case has it already; OpenSSLError.
    """
    try:
        made = assisted.read(files)
    except assisted.AttemptError as error:
        raise CaseDataError(_("this attempt does not verify and was not joined: {why}").format(why=error)) from error
    if made.simulated:
        raise CaseDataError(_("SIMULATION: a simulator played these pages, they prove nothing and were not joined"))
    if held(digest(files[assisted.ATTEMPT])):
        raise CaseDataError(_("this attempt is in the case already and was not joined again"))
    step = telling(made.steps)
    kind = kind_of_reading(step.reading)
    return Attempt(
        day=step.at.astimezone(made.zone).date(),
        at=step.at,
        date_source="assist",
        origin="assist",
        kind="unreadable" if made.ended in _PAST_RECORDING and kind != "slot_offered" else kind,
        procedure=made.procedure,
        prefecture=made.prefecture,
        address=step.url,
        sentence=sentence(step.reading),
        author="person" if made.author == "person" else "helper",
        note=" ".join([*_course(made), *stamps_told(made.stamps, files, tools)]),
    )


def _course(made: assisted.AssistedAttempt) -> Iterator[str]:
    read = Counter(label(type(step.reading).__name__, detail_of(step.reading)).said("fr") for step in made.steps)
    yield f"Tentative assistée {made.check}, du {utc(made.started)} au {utc(made.finished)}."
    yield f"Pages lues : {' ; '.join(f'{words} ({n})' for words, n in read.items())}."
    timed = sum(step.trigger == "reload" for step in made.steps)
    if timed:
        yield f"Dont {timed} rechargées par le programme, à intervalle fixe."
    yield f"Fin : {_ENDINGS_FR[made.ended]}. Empreintes de tous les fichiers vérifiées."


def stamps_told(stamps: Mapping[str, bytes], files: Mapping[str, bytes], tools: Verifiers) -> Iterator[str]:
    """What each stamp of the sums is worth. Raises CaseDataError for one that does not hold for them."""
    for name, reply in sorted(stamps.items()):
        roots = files.get(f"{SUMS}.{name}.pem")
        if roots is None:
            yield f"Horodatage {name} : non vérifié, son certificat racine n'est pas joint."
            continue
        got = tools.stamp(reply, files[SUMS], roots, b"", bearing=True)
        if isinstance(got, str):
            why = _("time-stamp of {authority}: {why}").format(authority=name, why=got)
            raise CaseDataError(_("this attempt does not verify and was not joined: {why}").format(why=why))
        at = utc(got.gen_time)
        yield f"Horodatage {name} : {at}, vérifié avec le certificat joint, à comparer à celui de l'autorité."
    if not stamps:
        yield "Sans horodatage : la date est celle de l'ordinateur de la personne."
