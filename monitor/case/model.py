"""A person's case: what they tried, wrote and were answered, apart from anything the monitor read. Pure.

A kind says what happened in the field's own terms; whether it counts as an attempt is a rule (`case.check.spread`), and
whether it is proven depends on the files that came with it. A day alone is a day of legal time whose hour is unknown;
an instant without offset is legal time.

Attempts may also come as a list that a person or another program made, without a case:
`[{"at", "kind", "procedure", "captured"}]`. A list is taken at its word: each attempt has its capture unless
`"captured": false` stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, time
from gettext import gettext as _
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

from monitor.catalogue.declaration import nearest_or_all
from monitor.catalogue.errata import Erratum, erratum
from monitor.core.errors import VigieError
from monitor.values import dataclass, pattern

Group = Literal["attempt", "seen", "anef", "after", "ccc", "pan", "request", "answer", "filing", "obstacle", "other"]
Author = Literal["person", "helper"]
Family = Literal["anef", "non_anef", "naturalisation", "other"]
State = Literal["YES", "NO_ON_LISTED_PAGES", "UNKNOWN"]
Tick = Literal["YES", "NO"]
DateSource = Literal["stated", "exif", "file_name", "file_date", "mail", "assist", "extension"]
Origin = Literal["", "assist", "extension", "diary"]
OTHER: Final = "other"  # the démarche of a desk that is of several, or of none that is known

KINDS: Final[Mapping[str, Group]] = {
    # what the site answered to an attempt (LAW of the case files: attempts are these four)
    "no_slot": "attempt",
    "category_missing": "attempt",
    "error_message": "attempt",
    "form_unavailable": "attempt",
    "attempt": "attempt",  # made, its result not stated
    # what was seen and is no failed attempt: kept and shown, a one-sided file is worth nothing
    "slot_offered": "seen",
    "captcha_wall": "seen",
    "site_down": "seen",
    "unreadable": "seen",
    "anef_account": "anef",
    "anef_password": "anef",
    "anef_contact_details": "anef",
    "anef_previous_card": "anef",
    "anef_other_request_pending": "anef",
    "anef_attachment": "anef",
    "anef_category_absent": "anef",
    "anef_not_recognised": "anef",
    "anef_error_code": "anef",
    # after the application was sent: nothing that kept it from being sent (CESEDA, art. R. 431-15-1)
    "anef_no_confirmation": "after",
    "anef_no_attestation": "after",
    "ccc_call": "ccc",
    "ccc_message": "ccc",
    "ccc_attestation": "ccc",
    "pan_sought": "pan",
    "pan_visit": "pan",
    "pan_refusal": "pan",
    "pan_unavailable": "pan",
    "email": "request",
    "registered_letter": "request",
    "letter": "request",
    "walk_in": "other",
    "prefecture_call": "other",
    "door_refusal": "other",
    "prefecture_answer": "answer",
    "prefecture_attestation": "answer",
    "receipt": "answer",  # récépissé or attestation de prolongation, given or renewed
    "documents_requested": "answer",  # with `due`, the time limit it sets
    "late_date": "answer",
    "date_cancelled": "answer",
    "date_given": "obstacle",
    "refusal_of_date": "obstacle",
    "refusal_of_registration": "obstacle",
    "removal_order": "obstacle",
    "application_refused": "obstacle",  # expressly
    "application_granted": "obstacle",
    "filed": "filing",
    "ofii_attestation": "filing",  # of a complete file of family reunification
    "application_closed": "filing",
    "application_reclassified": "filing",
    "document_missing": "other",
    "document_expired": "other",
    "documents_sent": "other",  # in answer to a request for them
    "reasons_asked": "other",  # of an implicit refusal
    "urgency_proof": "other",  # what is lost without a date: work, studies, rights, health
}
ALIASES: Final[Mapping[str, str]] = {"lrar": "registered_letter", "capture": "attempt", "screenshot": "attempt"}
_CAMEL = pattern(r"(?<=[a-z0-9])(?=[A-Z])")


def kind_of(word: str) -> str | None:
    """The kind a word names, whether NO_SLOT, no-slot or NoSlot; None when no kind is called so."""
    name = re.sub(r"[-\s]+", "_", _CAMEL.sub("_", word.strip())).lower()
    name = ALIASES.get(name, name)
    return name if name in KINDS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file of the case. name: as it was brought; stored: its name in the folder; sha256 of the plain bytes."""

    name: str
    stored: str
    sha256: str
    size: int
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt or event of the person.

    day: in the préfecture's legal time; at: aware instant, None where only the day is known. procedure: one code a
    démarche. site_serves: False where the site does not serve the person's commune, None unknown. sentence: the site's
    own words. reference: ticket or registered letter number. due: the day an answer gave. date_source: where the date
    comes from. pictured: when its picture says it was made, a day or an instant; empty where it says nothing.
    confirmed: asked whether what looks odd is right, the person said it is. number: of its entry, 0 without one.
    origin: the program that kept it, empty where the person wrote it down. kept: digests of what it kept, page by page:
    the same page brought twice is known by it.
    """

    day: date
    at: datetime | None
    kind: str
    procedure: str
    prefecture: str = ""
    address: str = ""
    sentence: str = ""
    reference: str = ""
    due: date | None = None
    author: Author = "person"
    site_serves: bool | None = None
    date_source: DateSource = "stated"
    pictured: str = ""
    confirmed: bool = False
    note: str = ""
    origin: Origin = ""
    kept: tuple[str, ...] = ()
    files: tuple[FileRef, ...] = ()
    number: int = 0
    listed: bool = False

    @property
    def captured(self) -> bool:
        """Whether something shows it: a file of the case, or the word of a list."""
        return bool(self.files) or self.listed

    @property
    def recorded(self) -> bool:
        """Whether a program wrote its hour down by itself while the person sat there, with a record of its own."""
        return self.date_source in ("assist", "extension")

    @property
    def group(self) -> Group:
        """What sort of event it is."""
        return KINDS[self.kind]

    @property
    def erratum(self) -> Erratum | None:
        """Whom the desk at its address is known to serve, where that is not foreigners."""
        return erratum(self.address)

    def local(self, zone: ZoneInfo) -> time | None:
        """Its hour in legal time."""
        return None if self.at is None else self.at.astimezone(zone).time()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the person states of their case. No name, no number of a foreigner.

    expires: of the permit held; arrived: entry in France; majority: 18th birthday; release: hour at which the
    préfecture publishes slots, in legal time; silence: key of the delay table, empty for the démarche's usual one;
    published: the ways `[alternatives]` of the rules names; ready: the papers of the checklist the person ticked.
    """

    prefecture: str = ""
    zone: str = "Europe/Paris"
    procedure: str = ""
    family: Family | None = None
    expires: date | None = None
    arrived: date | None = None
    majority: date | None = None
    release: time | None = None
    silence: str = ""
    published: Mapping[str, State] = field(default_factory=dict)
    ready: Mapping[str, Tick] = field(default_factory=dict)


def facts_from(data: Mapping[str, Any]) -> Facts:
    """Facts from their JSON. Raises ValueError naming the field."""
    out: dict[str, Any] = {}
    for name, value in data.items():
        try:
            out[name] = _fact(name, value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name}: {error}") from None
    return Facts(**out)


def _fact(name: str, value: Any) -> Any:
    if name in ("expires", "arrived", "majority"):
        return date.fromisoformat(value) if value else None
    if name == "release":
        return time.fromisoformat(value) if value else None
    if name == "family" and value not in (None, *get_args(Family)):
        raise ValueError(f"{value!r} is not one of {', '.join(get_args(Family))}")
    if name in ("published", "ready"):
        known = get_args(State) if name == "published" else get_args(Tick)
        wrong = [what for what, state in value.items() if state not in known]
        if wrong:
            raise ValueError(f"{wrong[0]}: {value[wrong[0]]!r} is not one of {', '.join(known)}")
        return dict(value)
    if name not in Facts.__dataclass_fields__:
        raise ValueError("unknown fact")
    return value


def attempt_to_json(one: Attempt) -> dict[str, Any]:
    """`{"day", "at", "kind" ...}`: days and instants ISO 8601, files as objects."""
    return {
        "day": one.day.isoformat(),
        "at": one.at and one.at.isoformat(),
        "kind": one.kind,
        "procedure": one.procedure,
        "prefecture": one.prefecture,
        "address": one.address,
        "sentence": one.sentence,
        "reference": one.reference,
        "due": one.due and one.due.isoformat(),
        "author": one.author,
        "site_serves": one.site_serves,
        "date_source": one.date_source,
        "pictured": one.pictured,
        "confirmed": one.confirmed,
        "note": one.note,
        "origin": one.origin,
        "kept": list(one.kept),
    }


def attempt_from_json(data: Mapping[str, Any], files: tuple[FileRef, ...] = (), number: int = 0) -> Attempt:
    """The inverse. Raises KeyError or ValueError on data this version does not know."""
    if data["kind"] not in KINDS:
        raise ValueError(f"kind: {data['kind']!r}")
    kept_by: Origin = "assist" if data["date_source"] == "assist" else ""  # of entries written before 0.2
    return Attempt(
        **{"origin": kept_by} | {k: v for k, v in data.items() if k not in ("day", "at", "due", "kept")},
        kept=tuple(data.get("kept", ())),
        day=date.fromisoformat(data["day"]),
        at=datetime.fromisoformat(data["at"]) if data["at"] else None,
        due=date.fromisoformat(data["due"]) if data["due"] else None,
        files=files,
        number=number,
    )


class CaseDataError(VigieError):
    """A file given to a case cannot be read as what it should be (EX_DATAERR)."""

    exit_code = 65


def moment(text: str, zone: ZoneInfo) -> tuple[date, datetime | None]:
    """Legal day and aware instant (None for a day alone) of an ISO 8601 text. Raises ValueError."""
    text = text.strip()
    if len(text) == len("2019-09-13"):
        return date.fromisoformat(text), None
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    try:
        return at.astimezone(zone).date(), at
    except OverflowError as error:
        raise ValueError(text) from error


def attempts_from(data: Any, zone: ZoneInfo) -> tuple[Attempt, ...]:
    """The attempts listed. Raises CaseDataError naming the index (from 0) and the field."""
    if not isinstance(data, list):
        example = '[{"at": ..., "kind": ..., "procedure": ...}]'
        raise CaseDataError(_("attempts: a list is expected: {example}").format(example=example))
    return tuple(_attempt(i, item, zone) for i, item in enumerate(data))


def _wrong(i: int, field: str, why: str) -> CaseDataError:
    place = f"attempts[{i}].{field}".rstrip(".")
    return CaseDataError(_("{path}: {why}").format(path=place, why=why))


def _attempt(i: int, item: Any, zone: ZoneInfo) -> Attempt:
    if not isinstance(item, dict):
        raise _wrong(i, "", _("an object with at, kind and procedure is expected"))
    text = {name: item.get(name) for name in ("at", "kind", "procedure")}
    for name, value in text.items():
        if not isinstance(value, str) or not value.strip():
            raise _wrong(i, name, _("missing") if value is None else _("a text is expected"))
    try:
        day, at = moment(str(text["at"]), zone)
    except ValueError:
        words = _("{text!r} is not a day or an instant such as 2026-03-02T09:14:00+01:00")
        raise _wrong(i, "at", words.format(text=text["at"])) from None
    kind = kind_of(str(text["kind"]))
    if kind is None:
        near = nearest_or_all(str(text["kind"]).lower(), (*KINDS, *ALIASES))
        raise _wrong(i, "kind", _('no kind is called "{word}"{near}').format(word=text["kind"], near=near))
    captured = item.get("captured", True)
    if not isinstance(captured, bool):
        raise _wrong(i, "captured", _("true or false is expected"))
    return Attempt(day=day, at=at, kind=kind, procedure=str(text["procedure"]).strip(), listed=captured)
