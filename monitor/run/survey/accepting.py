"""What a person accepts of a survey is put into place: validated first, all of it or nothing, and nothing is lost."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from monitor.catalogue.catalogue import load, refuse_changeable, refuse_code
from monitor.core.errors import ConfigurationError, UsageError
from monitor.core.prefecture import Desk, Notice, Prefecture
from monitor.core.words import os_words
from monitor.discover.addresses import twin_key
from monitor.run import wiring
from monitor.run.survey.folder import PROPOSED, ReviewFolder, digest_of
from monitor.settings.settings import checkout
from monitor.store import files as durable
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.settings.settings import Settings

DOCS: Final = ("-m", "tests.house.docs")
CONTRACT: Final = ("-m", "pytest", "tests/catalogue/test_plugins.py")
NUMBERS: Final = ("-m", "pytest", "tests/house/test_readmes.py")  # what the README counts: a person writes it anew
_FOR_ALL: Final = 0o644


@dataclass(frozen=True, slots=True)
class FollowingStep:
    """A command that follows. done: its exit code; None where it could not be run here. said: its last lines."""

    command: tuple[str, ...]
    done: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """files: written. steps: that follow in a checkout, taken or to be taken. back: all was put back, because a step
    failed."""

    files: tuple[Path, ...]
    steps: tuple[FollowingStep, ...] = ()
    back: bool = False


def accept(folder: ReviewFolder, names: Sequence[str], chosen: Settings, into: Path | None) -> Accepted:
    """Put the proposals of the préfectures named into place: into a folder, else the checkout, else the first
    `[plugins]` folder.

    Raises UsageError for what cannot be accepted, ConfigurationError for a proposal that may not be used: in both cases
    nothing is in place that was not before.
    """
    folder = ReviewFolder(folder.path.absolute())  # as the catalogue names the files it loads
    record = folder.record()
    declared = wiring.catalogue(chosen)
    wanted = [declared.find(name) for name in names]
    target = _target(chosen, into, simulated=record["simulated"])
    known = {one["code"]: one for one in record["prefectures"]}
    if absent := [one.code for one in wanted if one.code not in known]:
        raise UsageError(_("{path} says nothing of {codes}").format(path=folder.path, codes=", ".join(absent)))
    texts = _texts(folder, {one.code: known[one.code] for one in wanted})
    proposals = _proposals(folder, texts)
    wrong: list[str] = []
    for one in wanted:
        wrong += _out_of_date(one, Path(declared.files[one.code]), record["sums"].get(one.code, {}))
        try:
            wrong += _unread(proposals[one.code], one, *_seen(known[one.code], one.zone))
        except (KeyError, TypeError, ValueError):
            raise UsageError(folder.not_ours()) from None
    if wrong:
        raise UsageError("\n".join(wrong) + "\n" + _("Nothing was put in place."))
    return _place(folder, record, texts, target, chosen)


def _target(chosen: Settings, into: Path | None, *, simulated: bool) -> Path:
    own = checkout()
    target = into or (own / wiring.PLUGINS if own else next(iter(chosen.plugins.folders), None))
    if target is None:
        raise UsageError(
            _("where to? Name a folder with --into, or one in the settings: {lines}").format(
                lines='[plugins] folders = ["..."]'
            )
        )
    if simulated and own and target.resolve() == (own / wiring.PLUGINS).resolve():
        raise UsageError(_("this survey was played by a simulator: nothing of it goes among the declarations"))
    return target


def _texts(folder: ReviewFolder, known: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, bytes]]:
    """Name and bytes of the proposals as they stand, edited or not, by code; read once. Raises UsageError."""
    refuse_changeable(folder.path / PROPOSED)
    out = {}
    for code, one in known.items():
        file = folder.proposed(one["file"])
        refuse_changeable(file)
        try:
            out[code] = file.name, file.read_bytes()
        except OSError as error:
            raise UsageError(_("cannot open {path}: {why}").format(path=file, why=os_words(error))) from error
    return out


def _proposals(folder: ReviewFolder, texts: Mapping[str, tuple[str, bytes]]) -> dict[str, Prefecture]:
    """What they declare. Nothing is run but these, and of these nothing but a declaration: a review folder may be
    another person's. Raises ConfigurationError for one that may not be used."""
    put_nowhere = "\n" + _("Nothing was put in place.")
    with tempfile.TemporaryDirectory() as name:
        stage, proposed = Path(name), folder.path / PROPOSED
        faulty: dict[str, str] = {}
        try:
            for file, text in texts.values():
                refuse_code(text.decode("utf-8", "replace"), proposed / file)
                (stage / file).write_bytes(text)
            found = load(stage, faulty=faulty)
        except ConfigurationError as error:
            raise ConfigurationError(str(error).replace(str(stage), str(proposed)) + put_nowhere) from error
        for why in faulty.values():
            raise ConfigurationError(why.replace(str(stage), str(proposed)) + put_nowhere)
        for code, (file, _text) in texts.items():
            if found.files.get(code) != str(stage / file):
                words = _("{path}: no declaration of {code} here").format(path=proposed / file, code=code)
                raise ConfigurationError(words + put_nowhere)
    return {one.code: one for one in found.prefectures}


def _out_of_date(one: Prefecture, file: Path, sums: Mapping[str, str]) -> Iterator[str]:
    if digest_of(file.read_bytes()) != sums.get("before"):
        yield _(
            "{file} changed since this survey: run `vigie survey {code}` again, within a day nothing is asked twice"
        ).format(file=file, code=one.code)


def _seen(known: Mapping[str, Any], zone: ZoneInfo) -> tuple[dict[str, set[date]], date]:
    """The days each address answered, by key, and that of the walk. Raises KeyError, TypeError, ValueError."""
    opened: dict[str, set[date]] = {}
    for one in known["opened"]:
        if one["fate"] in ("alive", "moved") and one["at"]:
            day = datetime.fromisoformat(one["at"]).astimezone(zone).date()
            for url in filter(None, (one["url"], one["to"])):
                opened.setdefault(twin_key(url), set()).add(day)
    began = datetime.fromisoformat(known["walk"]["started"]).astimezone(zone).date()
    for page in known["walk"]["pages"]:
        if page["reading"] is None:
            opened.setdefault(twin_key(page["url"]), set()).add(began)
    return opened, began


def _unread(proposed: Prefecture, today: Prefecture, opened: Mapping[str, set[date]], began: date) -> Iterator[str]:
    """A day of verification or of search that rests on nothing: neither declared today nor of this survey."""
    if proposed.searched_on not in (None, today.searched_on, began):
        words = _("{code}: searched_on says {day}, and this survey searched the site on {began}")
        yield words.format(code=today.code, day=proposed.searched_on, began=began)
    entries: tuple[Desk | Notice | Prefecture, ...] = (today, *today.desks, *today.notices)
    declared = {(twin_key(_url(one)), one.verified_on) for one in entries}
    entries = (proposed, *proposed.desks, *proposed.notices)
    for entry in entries:
        key, said = twin_key(_url(entry)), entry.verified_on
        if said is None or (key, said) in declared or said in opened.get(key, ()):
            continue
        what = today.code if isinstance(entry, Prefecture) else f"{today.code}/{entry.slug}"
        yield _("{what}: verified_on says {day}, and this survey did not see {url} answer that day").format(
            what=what, day=said, url=_url(entry)
        )


def _url(entry: Desk | Notice | Prefecture) -> str:
    if isinstance(entry, Prefecture):
        return entry.site
    return entry.platform.url if isinstance(entry, Desk) else entry.url


def _place(
    folder: ReviewFolder,
    record: dict[str, Any],
    known: Mapping[str, tuple[str, bytes]],
    target: Path,
    chosen: Settings,
) -> Accepted:
    """Write them, then load all that is declared; what does not load is taken back."""
    texts = {target / name: text for name, text in known.values()}
    try:
        target.mkdir(mode=0o755, parents=True, exist_ok=True)
        refuse_changeable(target)
        kept = {file: file.read_bytes() if file.exists() else None for file in texts}
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=target, why=os_words(error))) from error
    own = checkout()
    in_checkout = own is not None and target.resolve() == (own / wiring.PLUGINS).resolve()
    try:
        for file, text in texts.items():
            durable.replace(file, text, _FOR_ALL)
        if in_checkout:
            wiring.catalogue(chosen)
        else:
            load(wiring.PLUGINS, *dict.fromkeys((*chosen.plugins.folders, target)))
        steps = tuple(_steps(own, texts)) if in_checkout and own else ()
    except BaseException as error:
        _put_back(kept)
        if isinstance(error, OSError):
            raise UsageError(_("cannot write {path}: {why}").format(path=target, why=os_words(error))) from error
        raise
    if own and any(step.done for step in steps):
        _put_back(kept)
        _taken((sys.executable, *DOCS), own)
        return Accepted((), steps, back=True)
    for code, (name, _text) in known.items():
        if in_checkout or target in chosen.plugins.folders:  # what is declared from now on
            record["sums"][code]["before"] = digest_of((target / name).read_bytes())
    folder.keep(record)
    return Accepted(tuple(texts), steps)


def _put_back(kept: Mapping[Path, bytes | None]) -> None:
    for file, text in kept.items():
        if text is None:
            file.unlink(missing_ok=True)
        else:
            durable.replace(file, text, _FOR_ALL)


def _steps(own: Path, files: Iterable[Path]) -> Iterator[FollowingStep]:
    """The files as the formatter wants them, the table of the declarations made anew, the contract tests: run where the
    tools are, else named."""
    tools = all(importlib.util.find_spec(name) is not None for name in ("pytest", "ruff"))
    for words in (("-m", "ruff", "format", *map(str, files)), DOCS, CONTRACT):
        step = _taken((sys.executable, *words), own) if tools else FollowingStep((sys.executable, *words))
        yield step
        if step.done:
            return
    yield FollowingStep((sys.executable, *NUMBERS))


def _taken(command: tuple[str, ...], own: Path) -> FollowingStep:
    done = subprocess.run(  # noqa: S603 - our own tools, in the checkout this program runs from
        command, cwd=own, capture_output=True, text=True, check=False
    )
    return FollowingStep(command, done.returncode, "\n".join((done.stdout + done.stderr).splitlines()[-12:]))
