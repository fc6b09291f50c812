"""A report about one desk that is no longer read, ready to file: Markdown, in the language of the issue tracker.

It names the program, the address, the readings and the digests under which the bytes are kept. It names nobody: neither
who runs the monitor, nor from where, nor a cookie, a query or a header of any exchange.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from monitor.core.readings import detail_of, from_json
from monitor.core.record import Sources
from monitor.ops.health import Part
from monitor.read.pages.scrub import scrub_text

HISTORY: Final = 20  # looks shown
WORDS: Final = 300  # characters of what was seen

Record = Mapping[str, Any]


def report(part: Part, records: Sequence[Record], today: Sources, program: str) -> str:
    """Markdown. records: newest first. today: digests of what would read it now. program: version of this one."""
    since = f", since {part.judged.since:%Y-%m-%d %H:%M} UTC" if part.judged.since else ""
    lines = [
        f"# {part.key} is {part.judged.state}" + (f" ({part.judged.why})" if part.judged.why else ""),
        "",
        f"* desk: {_inline(part.label)}",
        f"* platform: `{part.platform}`",
        f"* address: <{part.url}>",
        f"* looks in a row: {part.judged.looks}{since}",
        f"* program: vigie {program}",
        f"* rule today: {_sha(today.rule)}",
        f"* declaration today: {_sha(today.plugin)}",
    ]
    if part.judged.simulated:
        lines.append("* **simulated**: these pages were played by the simulator; there is nothing to file")
    if records:
        lines += ["", "## Last look", "", *_last(records[0]), "", "## History", "", *_history(records[:HISTORY])]
    else:
        lines += ["", "Never looked at."]
    lines += ["", "To keep the page as a fixture, its tokens scrubbed: " + f"`vigie capture {part.key}`."]
    return "\n".join(lines) + "\n"


def load_report(unusable: Mapping[str, str], program: str) -> str:
    """The same for plugins that do not load (file: sentence): the file's name, never where it lies."""
    lines = [f"# {', '.join(map(_name, unusable))} cannot be loaded", "", f"* program: vigie {program}"]
    lines += [f"* {_inline(why.replace(file, _name(file)))}" for file, why in unusable.items()]
    return "\n".join(lines) + "\n"


def _name(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2]


def _last(record: Record) -> Iterator[str]:
    yield f"* observation {record['seq']} of sweep {record['sweep']}, {record['started']}"
    yield f"* reading: {_reading(record)}"
    if record.get("seen"):
        yield f"* words: {_inline(scrub_text(record['seen'])[:WORDS])} in `{record.get('selector') or '?'}`"
    if record.get("step"):
        yield f"* step: `{_inline(str(record['step']))}`"
    yield f"* rule then: {_sha((record.get('rule') or {}).get('sha256'))}"
    yield f"* declaration then: {_sha(record.get('plugin_sha256'))}"
    yield from ("", "| request | status | bytes | SHA-256 of the answer |", "|---|---|---|---|")
    for one in record.get("exchanges", ()):
        digest = one.get("decoded_body_sha256") or one.get("wire_body_sha256")
        size = one.get("decoded_body_bytes", one.get("wire_body_bytes", ""))
        status = one.get("status", (one.get("failure") or {}).get("cause", ""))
        yield f"| {one.get('method')} {_bare(one.get('url', ''))} | {status} | {size} | {_sha(digest)} |"


def _history(records: Sequence[Record]) -> Iterator[str]:
    yield from ("| observation | started (UTC) | reading | program |", "|---|---|---|---|")
    for record in records:
        version = (record.get("program") or {}).get("version", "?")
        yield f"| {record['seq']} | {record['started']} | {_reading(record)} | {version} |"


def _reading(record: Record) -> str:
    detail = detail_of(from_json(dict(record)))
    return f"`{record['reading']}`" + (f" ({detail})" if detail else "")


def _bare(url: str) -> str:
    """An address without its query or session: those are the visit's own."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path.partition(";")[0], "…" if parts.query else "", ""))


def _sha(digest: str | None) -> str:
    return f"`{digest}`" if digest else "unknown"


def _inline(text: str) -> str:
    """Words of a page as they may stand in Markdown: on one line, nothing of them taken for markup."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return "« " + "".join(f"\\{char}" if char in "\\`*_[]<>|#&@" else char for char in plain) + " »"
