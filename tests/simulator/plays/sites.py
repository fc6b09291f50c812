"""Plain pages out of folders: `FOLDER/HOST/PATH`, for notices and whatever else a site publishes.

`/a/b` is `a/b`, `a/b.html` or `a/b/index.html`; `/index.php/a/b` and `/layout/set/print/a/b` are its twins (print: the
file `a/b.print.html` where there is one). Sub-resources a page of ours names exist. A host's home always answers.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path, PurePosixPath

from tests.simulator.faults.refusals import NOT_FOUND
from tests.simulator.messages import Answer, Request, html
from tests.simulator.plays.state_site import name_of

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501"
    "0127e3b7f70000000049454e44ae426082"
)
RESOURCES = {
    ".png": ("image/png", PIXEL),
    ".ico": ("image/png", PIXEL),
    ".jpg": ("image/png", PIXEL),
    ".css": ("text/css; charset=utf-8", b"body { font-family: sans-serif }\n"),
    ".js": ("text/javascript; charset=utf-8", b"/* simulateur */\n"),
    ".svg": ("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
}


def find(folders: Sequence[Path], host: str, path: str) -> Path | None:
    """The file of an address, None where no folder holds it. Never outside the host's folder."""
    parts = [p for p in PurePosixPath(path).parts if p not in ("/", "index.php")]
    printed = parts[:3] == ["layout", "set", "print"]
    tail = parts[3:] if printed else parts
    if ".." in tail or not host or "/" in host or host.startswith("."):
        return None
    for folder in folders:
        base = folder.joinpath(host, *tail)
        candidates = [base, Path(f"{base}.html"), base / "index.html"]
        if printed:
            candidates.insert(0, Path(f"{base}.print.html"))
        for file in candidates:
            if file.is_file():
                return file
    return None


def answer(folders: Sequence[Path], request: Request, named: str | None = None) -> Answer:
    """The file of an address (or the one `named`, relative to the host's folder), a resource, the home page, or 404."""
    path = f"/{named}" if named else request.path
    if file := find(folders, request.host, path):
        return _file(file, request)
    if found := RESOURCES.get(PurePosixPath(request.path).suffix):
        return Answer(200, (found[1],), type=found[0], headers=(("Cache-Control", "max-age=86400"),), compress=False)
    if request.path in ("/", "/index.php") and not named:
        place = escape(name_of(request.host))
        return html(
            f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>Accueil - {place}</title></head>\n'
            f"<body><main><h1>Les services de l'État : {place}</h1><p>Bienvenue.</p></main></body></html>\n"
        )
    return html(NOT_FOUND, 404)


def _file(file: Path, request: Request) -> Answer:
    """The file with validators; 304 where the client holds it already."""
    data = file.read_bytes()
    tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    modified = format_datetime(datetime.fromtimestamp(int(file.stat().st_mtime), UTC), usegmt=True)
    headers = (("ETag", tag), ("Last-Modified", modified))
    held = request.header("if-none-match")
    if held == tag or (held is None and request.header("if-modified-since") == modified):
        return Answer(304, (), headers=headers)
    text = kind.startswith("text/") or kind.endswith(("json", "xml"))
    return Answer(200, (data,), type=f"{kind}; charset=utf-8" if text else kind, headers=headers, compress=text)
