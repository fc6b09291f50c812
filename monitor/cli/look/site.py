"""`vigie site OUT`: the public site, whole, from what is sealed and a day old."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from urllib.parse import urlsplit

from monitor.cli.asked import catalogue, settings
from monitor.cli.layout import say
from monitor.core.errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Build it, or take it down."""
    from monitor.site.folder import remove
    from monitor.site.publish import count_settled, publish, site_options

    out = Path(args.out)
    if args.remove:
        return _removed(args, out, there=remove(out))
    chosen, now = settings(args), datetime.now(UTC)
    options = site_options(chosen, _languages(args.languages), _address(args.base_url))
    prefectures = catalogue(args).select(args.codes)
    count_settled(chosen.data, now)
    done = publish(chosen, prefectures, out, options, now)
    if args.json:
        print(json.dumps(done.to_json(), ensure_ascii=False, indent=1))
        return 0
    words = ngettext("{path}: {n} file, {size} kB", "{path}: {n} files, {size} kB", done.built.files)
    say(words.format(path=out, n=done.built.files, size=-(-done.built.size // 1000)))
    if not done.built.changed:
        say(_("The same site stood there: nothing was changed."))
    if done.data.until is None:
        say(_("No figure is shown: no sweep is 24 hours old yet."))
    else:
        say(
            _("Figures up to {day}, {hour} UTC.").format(
                day=f"{done.data.until:%Y-%m-%d}", hour=f"{done.data.until:%H:%M}"
            )
        )
    if done.left_out:
        form = ngettext("{n} sweep is left out as too young.", "{n} sweeps are left out as too young.", done.left_out)
        say(form.format(n=done.left_out))
    return 0


def _removed(args: argparse.Namespace, out: Path, *, there: bool) -> int:
    if args.json:
        print(json.dumps({"out": str(out), "removed": there}))
    else:
        say((_("{path}: taken down.") if there else _("{path}: there is no site there.")).format(path=out))
    return 0


def _languages(words: str) -> tuple[str, ...]:
    from monitor.site.tongues import SITE

    chosen = tuple(dict.fromkeys(word.strip() for word in words.split(",")))
    if not set(chosen) <= set(SITE):
        raise UsageError(_("--languages wants some of: {known}").format(known=", ".join(SITE)))
    return chosen


def _address(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise UsageError(_("--base-url wants an address such as https://vigie.example.org"))
    return url
