"""Lists of addresses and doors that others publish, each row a candidate under its source's name and licence.

Two are known by their own form: the table `couverture-rdv-prefecture` (guichetlibre, CC-BY-4.0) and the annuaire of the
administration (DILA, Licence Ouverte 2.0), as its API answers or as its dump. A row claims nothing by itself: it is
what a person is shown, or an address to be opened once.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from gettext import gettext as _
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from monitor.catalogue.catalogue import slug_of
from monitor.core.errors import UsageError
from monitor.core.hosts import is_official
from monitor.core.prefecture import Place, PlaceKind, Prefecture, Provenance
from monitor.values import dataclass, pattern

Told = Literal["booking", "place", "office", "sub_prefecture"]

COVERAGE: Final = (
    "guichet_slug",
    "guichet_nom",
    "guichet_type",
    "demarche_slug",
    "demarche_libelle",
    "url_reservation",
)
COVERAGE_SOURCE: Final = "guichetlibre, couverture-rdv-prefecture (CC-BY-4.0)"
DILA_SOURCE: Final = "DILA, annuaire de l'administration (Licence Ouverte 2.0)"
_TYPES: Final[Mapping[str, Told]] = {
    "point_accueil_numerique": "place",
    "plateforme_naturalisation": "place",
    "prefecture": "office",
    "sous_pref": "sub_prefecture",
}
_OFFICE = pattern(r"^(?:sous-)?prefecture-(?:de-la-|de-|du-|des-|d-|l-)?")
_INSEE = pattern(r"(97\d|2[AB]|\d\d)\d{2,3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One row of a list.

    code: of the préfecture it is about, empty where the row does not say. told: what it is. name: of the office, as the
    source writes it. label: of the démarche. url: an address it gives. where: file and line, or number of the entry.
    """

    code: str
    told: Told
    name: str
    provenance: Provenance
    where: str
    label: str = ""
    url: str = ""
    kind: PlaceKind | None = None
    address: str | None = None
    phone: str | None = None
    emails: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    def place(self) -> Place | None:
        """The door it names, in the words of a declaration; mailboxes on hosts of the State alone."""
        if self.kind is None:
            return None
        emails = tuple(one for one in self.emails if is_official(one.partition("@")[2]))
        return Place(
            kind=self.kind,
            name=self.name,
            address=self.address,
            phone=self.phone,
            emails=emails,
            provenance=self.provenance,
        )


def read_source(name: str, data: bytes) -> list[SourceRow]:
    """The rows of a file in either form, in its order. name: of the file, for the words.

    Raises UsageError for a file that is neither: what was found and what is wanted.
    """
    text = data.decode("utf-8-sig", "replace")
    if text.lstrip()[:1] in ("{", "["):
        return list(_dila(name, text))
    return list(_coverage(name, text))


def placed(rows: Iterable[SourceRow], prefectures: Sequence[Prefecture]) -> list[SourceRow]:
    """The rows with the code of their préfecture where the office's name or the address's host tells it, those of a
    sous-préfecture by what is declared of it or by another row that gives its commune."""
    names = {tail: one.code for one in prefectures for tail in _tails(one.slug)}
    hosts = {urlsplit(one.site).hostname: one.code for one in prefectures}
    seats = {slug_of(sub.name): one.code for one in prefectures for sub in one.sub_prefectures}
    known = list(rows)
    seats |= {_tail(row.name): row.code for row in known if row.told == "sub_prefecture" and row.code}
    out = []
    for row in known:
        tail = _tail(row.name)
        below = slug_of(row.name).startswith("sous-prefecture")
        by_name = next((seats[one] for one in _tails_of(tail) if one in seats), "") if below else names.get(tail, "")
        out.append(row if row.code else replace(row, code=by_name or hosts.get(urlsplit(row.url).hostname, "")))
    return out


def _tails(slug: str) -> Iterator[str]:
    """`ain`, `lain`, `dain`: an elided article stays with its word in a slug."""
    yield from (slug, f"l{slug}", f"d{slug}")


def _tails_of(tail: str) -> Iterator[str]:
    yield tail
    if tail[:1] in ("l", "d"):
        yield tail[1:]


def _tail(name: str) -> str:
    return _OFFICE.sub("", slug_of(name))


# --- couverture-rdv-prefecture ----------------------------------------------------------------------------------------


def _coverage(name: str, text: str) -> Iterator[SourceRow]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        if missing := [one for one in COVERAGE if one not in (reader.fieldnames or ())]:
            words = _(
                "{file}: neither the annuaire of DILA (JSON) nor couverture-rdv-prefecture (CSV): no column {columns}"
            )
            raise UsageError(words.format(file=name, columns=", ".join(missing)))
        for row in reader:
            if (row["url_reservation"] or "").strip():
                yield _covered(row, _("{file}, line {line}").format(file=name, line=reader.line_num))
    except csv.Error as error:
        raise UsageError(_("{path}, line {line}: {why}").format(path=name, line=reader.line_num, why=error)) from error


def _covered(row: Mapping[str, str | None], where: str) -> SourceRow:
    return SourceRow(
        code="",
        told="booking",
        name=(row["guichet_nom"] or row["guichet_slug"] or "").strip(),
        label=(row["demarche_libelle"] or row["demarche_slug"] or "").strip(),
        url=(row["url_reservation"] or "").strip(),
        provenance=Provenance(COVERAGE_SOURCE, None, "listed"),
        where=where,
    )


# --- the annuaire of DILA ---------------------------------------------------------------------------------------------


def _dila(name: str, text: str) -> Iterator[SourceRow]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise UsageError(_("{path}: {why}").format(path=name, why=error)) from error
    entries = document
    if isinstance(document, dict):
        entries = next((document[key] for key in ("results", "service", "records") if key in document), None)
    if not isinstance(entries, list):
        raise UsageError(
            _("{file}: this JSON has no list called results (the API of the annuaire) or service (its dump)").format(
                file=name
            )
        )
    for number, entry in enumerate(entries, 1):
        if isinstance(entry, dict):
            yield from _entry(entry, _("{file}, entry {number}").format(file=name, number=number))


def _entry(entry: Mapping[str, Any], where: str) -> Iterator[SourceRow]:
    """A row for each of the types sought that an entry is of; the API writes lists as text."""
    types = {str(one.get("type_service_local")) for one in _list(entry.get("pivot"))}
    found = _INSEE.match(str(entry.get("code_insee_commune") or _of_pivot(entry)))
    addresses = [told for one in _list(entry.get("adresse")) if (told := _address(one))]
    mails = entry.get("adresse_courriel")
    emails = tuple(_texts(mails if isinstance(mails, list) else str(mails or "").split(";")))
    day = re.match(r"(\d\d)/(\d\d)/(\d{4})", str(entry.get("date_modification") or ""))
    for told in sorted(types & _TYPES.keys()):
        kinds: dict[str, PlaceKind] = {
            "point_accueil_numerique": "pan",
            "plateforme_naturalisation": "naturalisation",
        }
        yield SourceRow(
            code=found[1].upper() if found else "",
            told=_TYPES[told],
            name=str(entry.get("nom") or ""),
            provenance=Provenance(DILA_SOURCE, f"{day[3]}-{day[2]}-{day[1]}" if day else None, "confirmed_1"),
            where=where,
            kind=kinds.get(told),
            address=" ; ".join(addresses) or None,
            phone=next(iter(_texts(_list(entry.get("telephone")))), None),
            emails=emails,
            sites=tuple(_texts(_list(entry.get("site_internet")))),
        )


def _of_pivot(entry: Mapping[str, Any]) -> str:
    for one in _list(entry.get("pivot")):
        codes = one.get("code_insee_commune") if isinstance(one, dict) else None
        if isinstance(codes, list) and codes:
            return str(codes[0])
    return ""


def _list(value: object) -> list[Any]:
    """A list as it is, or as text holds it; empty for anything else."""
    if isinstance(value, str) and value.strip():
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(values: Iterable[object]) -> Iterator[str]:
    for one in values:
        text = one.get("valeur") if isinstance(one, dict) else one
        if isinstance(text, str) and text.strip():
            yield text.strip()


def _address(one: Mapping[str, Any]) -> str:
    """« 2 rue X, 33000 Bordeaux »."""
    street = ", ".join(
        _texts(one.get(key) for key in ("complement1", "complement2", "numero_voie", "service_distribution"))
    )
    town = " ".join(_texts((one.get("code_postal"), one.get("nom_commune"))))
    return ", ".join(filter(None, (street, town)))
