"""`python -m tests.simulator.faults_table`: every fault state the simulator has, and the reading it gave.

One desk a fault, each on a host of its own where its platform allows, in one sweep. The expected readings are those of
the platforms' decision tables; the last column says where another one came.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.api import DemarcheNumerique, RdvPrefecture, RdvServicePublic
from monitor.fetch.http.connection import Limits
from monitor.sweep.plan import Look
from tests.simulator.client import Simulator
from tests.simulator.faults import FAULTS
from tests.simulator.fixture import in_process
from tests.simulator.plays import PLAYS
from tests.support import sweeps

Reading = tuple[str, str | None]

OVERLOADED: Reading = ("Unavailable", "overloaded")
WAF: Reading = ("Obstructed", "waf")
CAPTCHA: Reading = ("Obstructed", "captcha")
CHANGED: Reading = ("Unreadable", "layout_changed")
ABSENT: Reading = ("Unreadable", "not_found")
SLOTS: Reading = ("SlotsOpen", None)
WEAK: Reading = ("SlotsOpen", "weak")
NO_SLOT: Reading = ("NoSlot", None)
FORM: Reading = ("RequestForm", None)
CLOSED: Reading = ("Closed", None)


def _unreached(cause: str) -> Reading:
    return "Unreached", cause


ANSWERS: dict[str, Reading] = {
    "503": OVERLOADED,
    "503?retry_after=120": OVERLOADED,
    "429": ("Obstructed", "rate_limit"),
    "403_haproxy": WAF,
    "403_nginx": WAF,
    "403_denied": WAF,
    "cloudflare_challenge": WAF,
    "cloudflare_challenge_200": WAF,
    "cloudflare_block": WAF,
    "imperva": WAF,
    "imperva_200": WAF,
    "500": ("Unavailable", "server_error"),
    "502": OVERLOADED,
    "504": OVERLOADED,
    "404": ABSENT,
    "410": ABSENT,
    "maintenance": ("Unavailable", "maintenance"),
    "overloaded": OVERLOADED,
    "login": ("Obstructed", "login"),
    "queue": ("Obstructed", "queue"),
    "disabled": CLOSED,
    "empty": ("Unreadable", "empty"),
    "pdf": ("Unreadable", "not_text"),
    "bad_utf8?at=2": NO_SLOT,  # Latin-1 under a UTF-8 label: signs are broken on the screen, a person reads on
}
REDIRECTS: dict[str, Reading] = {
    "redirect_loop": _unreached("redirects"),
    "self_loop": _unreached("redirects"),
    "to_file": _unreached("redirects"),
    "to_unofficial": _unreached("redirects"),
    "to_http": _unreached("redirects"),
    "to_loopback": _unreached("redirects"),
    "to_metadata": _unreached("redirects"),
    "to_step5": _unreached("redirects"),
    "to": CHANGED,
}
WIRE: dict[str, Reading] = {
    "hang": _unreached("timeout"),
    "hang_body": _unreached("timeout"),
    "drip": _unreached("timeout"),
    "slow?at=2": NO_SLOT,
    "late?at=2": NO_SLOT,
    "reset": _unreached("reset"),
    "reset_headers": _unreached("reset"),
    "reset_body": _unreached("reset"),
    "truncated": _unreached("truncated"),
    "truncated?at=2&cut=0.97": _unreached("truncated"),  # the sentence stands before the cut, and does not count
    "truncated_chunked": _unreached("truncated"),
    "big": _unreached("too_large"),
    "big?mb=2": ("Unreadable", "too_big"),
    "bomb": _unreached("too_large"),
    "bomb?mb=2": ("Unreadable", "too_big"),
    "bad_gzip": _unreached("truncated"),
    "header_bomb": _unreached("too_large"),
    "not_http": _unreached("truncated"),
}
EZ: dict[str, Reading] = {
    "no_slot": NO_SLOT,
    "slots": SLOTS,
    "slots_weak": WEAK,
    "slots_vanish": WEAK,  # the step that only slots open was shown; the calendar behind it was empty
    "no_calendar": ("NoSlot", "no_calendar"),
    "renumbered": NO_SLOT,
    "session_lost": ("Unreadable", "session_lost"),
    "captcha": CAPTCHA,
    "captcha?at=2": CAPTCHA,
    "layout_changed": CHANGED,
    "layout_changed?at=2": CHANGED,
    "contradictory": ("Unreadable", "contradictory"),
    "sentence_elsewhere": CHANGED,
    "overloaded?at=2": OVERLOADED,
    "503?at=2": OVERLOADED,
    "disabled?at=2": CLOSED,
    "404?at=2": ABSENT,
}
RDV: dict[str, Reading] = {
    **dict.fromkeys(("captcha", "no_slot", "slots", "not_yet_open", "session_expired", "contradictory"), CAPTCHA),
    "no_button": CHANGED,
    "layout_changed": CHANGED,
}
FORMS: dict[str, Reading] = {
    "open": FORM,
    "announced": FORM,
    "closed": CLOSED,
    "draft": ("Unreadable", "draft"),
    "agents_only": ("Obstructed", "login"),
    "replaced": ("Unreadable", "replaced"),
    "layout_changed": CHANGED,
}
SERVICE: dict[str, Reading] = {
    "no_slot": NO_SLOT,
    "places": SLOTS,
    "places_2024": SLOTS,
    "workshops": SLOTS,
    "motifs": ("Unreadable", "mid_visit"),
    "slots": SLOTS,
    "slots_dsfr": SLOTS,
    "closed_grid": ("NoSlot", "by_data"),
    "unknown_organisation": CLOSED,
    "no_label": CHANGED,
    "referent_none": CHANGED,
    "layout_changed": CHANGED,
}
TLS: dict[str, Reading] = {
    **dict.fromkeys(("expired", "not_yet_valid", "self_signed", "rogue", "wrong_name", "alert"), _unreached("tls")),
    "cut": _unreached("reset"),
}
ROBOTS: dict[str, Reading] = {
    "User-agent: *\nDisallow: /": ("Obstructed", "robots"),
    "User-agent: vigie\nDisallow: /booking/": ("Obstructed", "robots"),
    "User-agent: *\nDisallow: /booking/create/*/2": ("Obstructed", "robots"),
    "User-agent: googlebot\nDisallow: /": NO_SLOT,
}
ROBOTS_STATES: dict[str, Reading] = {
    "404": NO_SLOT,
    "403_nginx": NO_SLOT,
    "503": OVERLOADED,
    "500": ("Unavailable", "server_error"),
    "429": ("Obstructed", "rate_limit"),
    "hang": _unreached("timeout"),
    "to_unofficial": NO_SLOT,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One fault: the part of the simulator it belongs to, its name, a desk that meets it, the reading it must give."""

    part: str
    fault: str
    look: Look
    expected: Reading
    host: str
    path: str


def rows() -> Iterator[Row]:
    """Every fault, ready to be scripted by `play`."""
    groups = (("answer", ANSWERS), ("redirect", REDIRECTS), ("wire", WIRE), ("ez_booking", EZ), ("tls", TLS))
    for part, table in (*groups, ("robots.txt", ROBOTS), ("robots.txt state", ROBOTS_STATES)):
        for number, (fault, expected) in enumerate(table.items()):
            slug = f"{part.replace('_', '-').replace('.', '-').replace(' ', '-')}-{number}"
            yield Row(part, fault, sweeps.ez(slug), expected, sweeps.host_of(slug), sweeps.MODULE)
    for number, (fault, expected) in enumerate(RDV.items()):
        rdv = sweeps.look(f"rdv-prefecture-{number}", RdvPrefecture(3000 + number))
        yield _on_its_host("rdv_prefecture", fault, rdv, expected)
    for number, (fault, expected) in enumerate(FORMS.items()):
        form = sweeps.look(f"demarche-numerique-{number}", DemarcheNumerique(f"demarche-{number}"))
        yield _on_its_host("demarche_numerique", fault, form, expected)
    for number, (fault, expected) in enumerate(SERVICE.items()):
        slug = "renouvellement_de_recepisses"
        url = f"https://rdv.anct.gouv.fr/prendre_rdv?motif_name_with_location_type={slug}-public_office&org={number}"
        service = sweeps.look(f"rdv-service-public-{number}", RdvServicePublic(url, "Renouvellement de recepisses"))
        yield _on_its_host("rdv_service_public", fault, service, expected)


def _on_its_host(part: str, fault: str, look: Look, expected: Reading) -> Row:
    return Row(part, fault, look, expected, look.host, look.subject.url.split(look.host, 1)[1])


def play(simulator: Simulator, row: Row) -> None:
    """Script one fault."""
    if row.part == "tls":
        simulator.host(row.host, tls=row.fault)
    elif row.part == "robots.txt":
        simulator.host(row.host, robots=row.fault)
    else:
        simulator.show(row.host, "/robots.txt" if row.part == "robots.txt state" else row.path, row.fault)


def missing(table: Sequence[Row]) -> set[str]:
    """Names the simulator knows and no row tries. Orion needs a browser: it is read from stored pages only."""
    tried = {row.fault.partition("?")[0] for row in table}
    plays = {name for platform, play in PLAYS.items() if platform != "orion" for name in play.STATES}
    return (set(FAULTS) | plays) - tried


def main() -> int:
    """Exit 1 where a reading is not the expected one."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.faults_table", description=__doc__)
    parser.add_argument("--patience", type=float, default=20.0, help="seconds a request may take in all")
    options = parser.parse_args()
    limits = Limits(total=options.patience)
    table = list(rows())
    with (
        tempfile.TemporaryDirectory() as folder,
        in_process(Path(folder) / "ca", "--time-scale", str(sweeps.SCALE)) as simulator,
    ):
        for row in table:
            play(simulator, row)
        done = sweeps.swept(simulator, Path(folder) / "data", [row.look for row in table], limits=limits)
        report, violations = simulator.stats(), simulator.violations()
    wrong = 0
    for row in table:
        got = done.read(row.look.subject.key.partition("/")[2])
        odd = "" if got == row.expected else f"   expected {_words(row.expected)}"
        wrong += bool(odd)
        print(f"{row.part:<20} {row.fault!r:<52} {_words(got)}{odd}")
    print(f"{len(table)} faults, {wrong} unexpected; requests {report['requests']}, violations {len(violations)}")
    return 1 if wrong or violations else 0


def _words(reading: Reading) -> str:
    return f"{reading[0]}({reading[1]})" if reading[1] else reading[0]


if __name__ == "__main__":
    raise SystemExit(main())
