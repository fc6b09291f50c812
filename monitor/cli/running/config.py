"""`vigie config`: what the settings say, an example of them, and an older file brought up to date."""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from monitor.cli.asked import catalogue, settings
from monitor.core.errors import ConfigurationError
from monitor.run.wiring import refusals
from monitor.settings.migrate import migrated
from monitor.settings.settings import Settings, effective, example
from monitor.store import files as durable


def run(args: argparse.Namespace) -> int:
    """`check`, `example` or `migrate`. Exit 0; 78 the settings are not sound."""
    if args.action == "example":  # whatever the settings say, and where there are none
        print(example(), end="")
        return 0
    chosen = settings(args)
    return {"check": _check, "migrate": _migrate}[args.action](args, chosen)


def _check(args: argparse.Namespace, chosen: Settings) -> int:
    """Open all that a sweep opens before its first look, and print what is in force. Exit 78 where one would stop."""
    refused = list(refusals(chosen))
    if refused:
        for why in (*refused, *_outdated(chosen)):
            print(f"vigie: {why}", file=sys.stderr)
        return ConfigurationError.exit_code
    declared = catalogue(args)
    chosen_watch = declared.select(chosen.watch.prefectures)
    in_force = effective(chosen)
    if args.json:
        print(json.dumps(in_force, ensure_ascii=False, indent=1, sort_keys=True))
        return 0
    source = chosen.source or _("no file: defaults")
    print(_("settings: {source}").format(source=source))
    print("```toml\n" + _as_toml(in_force) + "```")
    print(_("watched: {n} of {all} préfectures declared").format(n=len(chosen_watch), all=len(declared.prefectures)))
    if not chosen.operator.contact:
        print(_("No contact is set: sweeps run at half pace. Set [operator] contact (e-mail or https page)."))
    for one in _outdated(chosen):
        print(one)
    return 0


def _outdated(chosen: Settings) -> list[str]:
    """A sentence for each key that is spelt as it was before."""
    words = _("{key} is an older spelling, still read; `vigie config migrate` writes {instead} instead.")
    return [words.format(key=key, instead=instead) for key, instead in chosen.outdated.items()]


def _as_toml(in_force: Mapping[str, Any]) -> str:
    """The settings as their file would say them; keys without a value are left out, as there."""
    import tomlkit

    def kept(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: kept(one) for name, one in sorted(value.items()) if one is not None}
        return [kept(one) for one in value] if isinstance(value, list | tuple) else value

    return tomlkit.dumps(kept(in_force))


def _migrate(args: argparse.Namespace, chosen: Settings) -> int:
    """Rewrite the file that was read; what it said before stands beside it under NAME.before."""
    path = chosen.source
    if path is None:
        raise ConfigurationError(_("there is no settings file to rewrite: the defaults are in force"))
    before = path.read_text(encoding="utf-8")
    try:
        after = migrated(before)
    except ValueError as error:
        raise ConfigurationError(_("{file} cannot be rewritten: {why}").format(file=path, why=error)) from error
    if after == before:
        print(_("{file} is up to date; nothing was written").format(file=path))
        return 0
    if args.dry_run:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
        sys.stdout.writelines(difflib.unified_diff(old, new, str(path), str(path)))
        return 0
    mode = path.stat().st_mode & 0o777
    kept = path.with_name(f"{path.name}.before")
    durable.replace(kept, before.encode(), mode)
    durable.replace(path, after.encode(), mode)
    print(_("{file} was rewritten; what it said before is in {kept}").format(file=path, kept=kept))
    return 0
