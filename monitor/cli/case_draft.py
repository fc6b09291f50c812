"""`vigie case draft`: a letter for the person to edit and send."""

from __future__ import annotations

import argparse
import json
import os
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from monitor.adapters.articles import articles
from monitor.app.drafts import draft
from monitor.cli.case_export import gathered
from monitor.cli.case_opening import opened
from monitor.domain.draft import lines_of
from monitor.domain.errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Print the draft, or write it. Exit 0; 64 usage; 77 wrong passphrase."""
    out = Path(args.out) if args.out else None
    if out is not None and out.suffix not in (".docx", ".txt"):
        raise UsageError(_("--out {path}: a name ending in .docx or .txt is expected").format(path=out))
    case, book = opened(args)
    dossier, _read = gathered(args, case, book)
    text = draft(args.letter, dossier, articles())
    if out is None:
        print(json.dumps({"letter": args.letter, "text": text}, ensure_ascii=False) if args.json else text, end="")
        return 0
    data = text.encode()
    if out.suffix == ".docx":
        from monitor.adapters.telerecours_docx import docx

        data = docx(lines_of(text), f"Brouillon : {args.letter}", datetime.now(UTC))
    _write(out, data)
    print(json.dumps({"written": str(out)}) if args.json else _("written, in clear: {path}").format(path=out))
    return 0


def _write(out: Path, data: bytes) -> None:
    """A new file for its owner only; one that is there was perhaps edited already."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with open(os.open(out, flags, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=out, why=error.strerror)) from error
