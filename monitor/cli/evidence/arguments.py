"""Commands about the proof: verify, export, figures, retention."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.cli.declare import Add


def declare(add: Add) -> None:
    """Declare them."""
    verify = add(
        "verify",
        "evidence.verify",
        _("check that the evidence is what was sealed"),
        _(
            "The same checks as the verify.sh of every export. Exit 0: verified; 1: something is false; 3: something is open."
        ),
        (
            "vigie verify --all",
            "vigie verify releve-95/ --replay",
            "vigie verify --checkpoint > 2026-11-21.checkpoint",
            "vigie verify --all --witness 2026-11-21.checkpoint",
        ),
    )
    verify.add_argument("export", nargs="?", metavar="EXPORT", help=_("folder of an export"))
    verify.add_argument("--all", action="store_true", help=_("the whole evidence of the data folder"))
    verify.add_argument("--witness", metavar=_("FILE"), help=_("a checkpoint kept elsewhere: a cut-off end shows"))
    verify.add_argument("--replay", action="store_true", help=_("read the kept bytes again: is it what was recorded?"))
    verify.add_argument(
        "--openssl", action="store_true", help=_("put every time-stamp to openssl (slow, as verify.sh)")
    )
    verify.add_argument(
        "--checkpoint", action="store_true", help=_("print the newest signed checkpoint, for a witness to keep")
    )

    again = add(
        "reread",
        "evidence.reread",
        _("read the kept pages again with today's readers: what no longer holds counts no more"),
        _(
            "Every “no slot” and “slot shown” that was recorded, read again from the bytes that were kept; no network, also\n"
            "during a sweep. Those that are no longer confirmed are listed with what is read today, and kept beside the\n"
            "store: exports, stats and the table mark them and count them no more. Nothing recorded or sealed is changed.\n"
            "Exit 0: all confirmed; 1: at least one is not; 3: none is refuted, but some could not be read again."
        ),
        ("vigie reread", "vigie reread --since 2026-09-01", "vigie reread --json > reread.json"),
    )
    again.add_argument("--since", metavar=_("DAY"), help=_("first day of legal time, as 2026-11-21 (default: all)"))

    stats = add(
        "stats",
        "look.stats",
        _("how often each desk said what, by week, with denominators and gaps"),
        _(
            "From what was recorded; no network. Sweeps of the last 24 hours are left out: public figures are at least that\n"
            "old. What a simulator played is never added to what a site said."
        ),
        ("vigie stats 95", "vigie stats --csv > weeks.csv", "vigie stats 95 92 --pdf stats.pdf"),
    )
    stats.add_argument("codes", nargs="*", metavar="CODE")
    taken = stats.add_mutually_exclusive_group()
    taken.add_argument("--csv", action="store_true", help=_("comma-separated values on standard output"))
    taken.add_argument("--pdf", metavar=_("FILE"), help=_("write one page with charts"))
    stats.add_argument("--recent", action="store_true", help=_("count the last 24 hours too (not for publication)"))

    tidy = add(
        "gc",
        "evidence.gc",
        _("say what is older than [retention] months, and with --apply remove it"),
        _(
            "Pages and headers that were seen go; records, seals and stamps stay for ever, so that the log is never broken.\n"
            "Bytes that a younger record needs stay. Exit 75: a sweep is running."
        ),
        ("vigie gc", "vigie gc --apply"),
    )
    tidy.add_argument("--apply", action="store_true", help=_("remove it (without this nothing is touched)"))

    court = add(
        "export",
        "evidence.export",
        _("write the court file of a préfecture or a desk: PDF, CSV, records, pages, proof"),
        _(
            "Counted observations of whole sweeps begun in the days named (legal time), with what verifies them. Once\n"
            "sweeps are sealed, those not sealed yet are left out and counted. The folder must not exist. No network."
        ),
        (
            "vigie export 95",
            "vigie export 95/renouvellement-cergy --from 2026-09-01 --to 2026-11-30 --out releve-95",
            "vigie export 95 --attachable      " + _("# under 1 MB, for a mail"),
        ),
    )
    court.add_argument("code", metavar=_("CODE[/DESK]"))
    court.add_argument("--from", dest="first", metavar=_("DAY"), help=_("first day, as 2026-11-21"))
    court.add_argument("--to", dest="last", metavar=_("DAY"), help=_("last day, included"))
    court.add_argument("--out", metavar=_("FOLDER"), help=_("folder to write (default: named after CODE and now)"))
    court.add_argument("--attachable", action="store_true", help=_("the small set: PDF, CSV and the last seal as ZIP"))
    court.add_argument("--all", action="store_true", help=_("every page received, not a selection"))
