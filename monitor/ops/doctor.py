"""What is well and what is not on this machine, each with what to do. Judges facts it is given; asks nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING, Literal

from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.evidence.sums import StampTrouble

State = Literal["OK", "WARN", "FAIL"]

ROOM_NEEDED = 200 * 10**6  # bytes: a national sweep writes about 10 MB, its journal as much again
ROOM_WANTED = 2 * 10**9  # bytes: about a year of all préfectures
LATE = timedelta(hours=2)
LOST = timedelta(hours=24)
RENEW = timedelta(days=60)
WITNESSED = timedelta(days=2)
TICK = 600  # seconds: the timer that is installed calls `vigie run` every ten minutes


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One examination. about: a stable name for machines. says: what was found. todo: what to do, empty when well."""

    about: str
    state: State
    says: str
    todo: str = ""

    def to_json(self) -> dict[str, str]:
        """As `vigie doctor --json` prints it."""
        return {"about": self.about, "state": self.state, "says": self.says, "todo": self.todo}


def loose(about: str, path: str, by: str | None) -> Diagnosis:
    """The settings file, or a folder of plugins. by: the file or folder by which another user can change it, if any."""
    if by is None:
        return Diagnosis(about, "OK", path)
    return Diagnosis(
        about,
        "FAIL",
        _("{path}: another user can change {loose}, and with it what vigie runs").format(path=path, loose=by),
        f"chown $(id -un) {by} && chmod go-w {by}",
    )


def unexamined(about: str, why: str) -> Diagnosis:
    """An examination that failed of itself: nothing is known of what it was to tell."""
    says = _("this could not be examined ({why})").format(why=why)
    return Diagnosis(about, "FAIL", says, _("mend what it names; if nothing is wrong with it, please report it"))


def contact(address: str) -> Diagnosis:
    """A way for the sites visited to reach who runs this."""
    if address:
        return Diagnosis("contact", "OK", address)
    return Diagnosis(
        "contact",
        "WARN",
        _("no contact is set: the monitor runs at half pace"),
        _("set [operator] contact to an e-mail address or an https page"),
    )


def folder(path: str, *, there: bool, writable: bool, mode: int, free: int) -> Diagnosis:
    """The data folder. mode: its permission bits. free: bytes left where it lives."""
    if there and not writable:
        return Diagnosis(
            "data", "FAIL", _("{path} cannot be written").format(path=path), _("give it to who runs vigie")
        )
    room = _("{path}: {mb} MB free").format(path=path, mb=free // 10**6)
    if free >= ROOM_WANTED:
        room = _("{path}: {gb} GB free").format(path=path, gb=free // 10**9)
    if free < ROOM_NEEDED:
        return Diagnosis(
            "data", "FAIL", room, _("free some space: a sweep needs {mb} MB").format(mb=ROOM_NEEDED // 10**6)
        )
    if there and mode & 0o077:
        return Diagnosis("data", "WARN", _("{path} can be read by others").format(path=path), f"chmod 700 {path}")
    if free < ROOM_WANTED:
        return Diagnosis(
            "data", "WARN", room, _("a year of all préfectures takes about 2 GB; `vigie gc` tells what is old")
        )
    return Diagnosis("data", "OK", room)


def clock(*, synchronised: bool | None, max_error_us: int) -> Diagnosis:
    """This machine's clock, as the kernel has it. synchronised: None where the kernel does not tell."""
    if synchronised is None:
        return Diagnosis("clock", "WARN", _("the kernel does not say how well the clock is kept"))
    if not synchronised:
        return Diagnosis(
            "clock",
            "WARN",
            _("the clock is not kept by any time server: dates rest on the stamps alone"),
            "apt-get install chrony",
        )
    return Diagnosis("clock", "OK", _("synchronised, at most {ms:.0f} ms off").format(ms=max_error_us / 1000))


def network(*, resolved: bool, answered: int, asked: int, failures: tuple[str, ...]) -> tuple[Diagnosis, Diagnosis]:
    """Name resolution and control probes: what tells our own broken network from a broken site."""
    why = ", ".join(failures)
    dns = (
        Diagnosis("dns", "OK", _("names are found"))
        if resolved
        else Diagnosis(
            "dns", "FAIL", _("no name is found ({why})").format(why=why), _("check the network, or [resolver] servers")
        )
    )
    if answered == 0:
        probes = Diagnosis(
            "probes",
            "FAIL",
            _("no control probe answers ({why}): every failure would count as ours").format(why=why),
            _("check the network, a proxy or a firewall, or choose other [probes] hosts"),
        )
    elif answered < asked:
        probes = Diagnosis(
            "probes",
            "WARN",
            _("{n} of {all} control probes answer ({why})").format(n=answered, all=asked, why=why),
            _("choose [probes] hosts that answer from here"),
        )
    else:
        probes = Diagnosis("probes", "OK", _("{n} control probes answer").format(n=answered))
    return dns, probes


def no_authority() -> Diagnosis:
    """No third party attests any date."""
    return Diagnosis(
        "timestamps",
        "WARN",
        _("no time-stamp authority: the log is sealed, but no third party attests its dates"),
        '`presets = ["digicert", "sectigo"]`',
    )


def stamp_trouble(trouble: StampTrouble) -> str:
    """Why a stamp was not had, in words."""
    return {
        "down": _("it gives no whole answer"),
        "refused": _("it refuses"),
        "garbled": _("its answer is no time-stamp"),
        "wrong_nonce": _("its answer is to another request"),
        "wrong_imprint": _("its stamp is of something else"),
        "wrong_policy": _("its stamp is under another policy"),
        "weak": _("its stamp rests on SHA-1 or MD5"),
        "untrusted": _("its stamp leads to no root that is pinned"),
        "expired": _("a certificate of its stamp has expired"),
        "revoked": _("a certificate of its stamp is revoked"),
        "disagreement": _("the two verifiers do not agree about its stamp"),
    }[trouble]


def authority(
    name: str, *, stamped: datetime | None, why: str, roots_until: datetime, now: datetime, size: int = 0,
    each_day: int = 0,
) -> Diagnosis:  # fmt: skip
    """One authority. stamped: the time it gave, None with `why`. roots_until: end of its first root to expire.

    size: bytes of a request and its answer; each_day: requests a day at most.
    """
    about = f"timestamps:{name}"
    if stamped is None:
        return Diagnosis(about, "FAIL", why, _("check its address and its roots; until then its stamps are late"))
    if roots_until - now < RENEW:
        return Diagnosis(
            about,
            "WARN",
            _("a pinned root expires on {day}").format(day=roots_until.date().isoformat()),
            _("fetch the authority's new root and add it to the file"),
        )
    cost = _("stamps, verified by openssl; {size} bytes a stamp, at most {n} a day: {kb:.0f} kB")
    return Diagnosis(about, "OK", cost.format(size=size, n=each_day, kb=size * each_day / 1000))


def witness(name: str, *, last: str | None, key: str | None, today: date) -> Diagnosis:
    """The public witness. last: UTC day of its newest cosignature. key: of this log, None before there is one."""
    if last is None:
        return Diagnosis(
            "witness",
            "WARN",
            _("{name} has cosigned nothing yet").format(name=name),
            _("give its operator this log's key: {key}").format(key=key) if key else "vigie run",
        )
    told = _("last cosigned by {name} on {day}").format(name=name, day=last)
    if today - date.fromisoformat(last) > WITNESSED:
        return Diagnosis("witness", "WARN", told, _("`vigie run --verbose` tells what it answers"))
    return Diagnosis("witness", "OK", told)


def no_browser(path: str | None, command: str) -> Diagnosis:
    """Nothing to start. path: where Chromium is not; None where it is its libraries that are missing."""
    says = _("its libraries are not installed") if path is None else _("Chromium is not at {path}").format(path=path)
    says = _("{says}: a few desks are not looked at, and no picture is made").format(says=says)
    return Diagnosis("browser", "WARN", says, command)


def browser(*, version: str, sandbox: bool, failure: str | None) -> Diagnosis:
    """Chromium, without which pages that need their script are not looked at and nothing is pictured."""
    if failure:
        says = _("Chromium does not start here: {why}").format(why=failure)
        return Diagnosis("browser", "FAIL", says, _("see `chromium --version`, and [browser] binary and sandbox"))
    if not sandbox:
        return Diagnosis(
            "browser", "WARN", _("{version}, without its sandbox").format(version=version), _("do not run it as root")
        )
    return Diagnosis("browser", "OK", _("{version}, in its sandbox").format(version=version))


def database(*, wrong: str | None, whole: bool) -> Diagnosis:
    """The database. wrong: what was found. whole: all of it was looked at, and not a sample."""
    if wrong:
        return Diagnosis("database", "FAIL", wrong, _("`vigie restore` a backup, or `vigie rebuild`"))
    return Diagnosis("database", "OK", _("sound") if whole else _("sound as far as two seconds go"))


def packs(*, wrong: str | None, whole: bool) -> Diagnosis:
    """The packs of pages received."""
    if wrong:
        todo = _("put the file back from a backup; what was read of those pages stays sealed")
        return Diagnosis("packs", "FAIL", wrong, todo)
    return Diagnosis("packs", "OK", _("as long as they should be") if whole else _("the newest are as they should be"))


def log(*, newest: int, unsealed: int, lost: Sequence[int], hashes: bool) -> Diagnosis:
    """The sealed log. newest: its last sweep. unsealed: sweeps of the database after it. lost: sweeps before it that
    are gone. hashes: whether its stored hashes reach its end.
    """
    if lost:
        shown = ", ".join(map(str, lost[:10])) + (" …" if len(lost) > 10 else "")
        says = _("sealed sweeps are gone: {numbers}").format(numbers=shown)
        return Diagnosis("log", "FAIL", says, _("put their folders back from a backup (evidence/sweeps)"))
    if not hashes:
        return Diagnosis("log", "FAIL", _("its hashes were cut: nothing more can be sealed"), "vigie rebuild")
    says = _("sealed up to sweep {n}").format(n=newest)
    if unsealed > 1:  # one may be going on
        return Diagnosis(
            "log",
            "WARN",
            _("{says}, {n} later ones are not").format(says=says, n=unsealed),
            _("look at what `vigie run` says: it seals them"),
        )
    return Diagnosis("log", "OK", says)


def keys(
    *, there: bool, private: bool, copied: datetime | None, changed: datetime | None, wrong: str | None = None
) -> Diagnosis:
    """The log's keys. private: for their owner alone. copied, changed: last `backup --keys`, last change of a key.

    wrong: why the next sweep could not be sealed as the last one was.
    """
    if wrong:
        return Diagnosis("keys", "FAIL", wrong, _("put the folder `keys` back from its copy (`vigie backup --keys`)"))
    if not there:
        return Diagnosis("keys", "OK", _("none yet: the first sweep makes them"))
    if not private:
        return Diagnosis("keys", "FAIL", _("the keys can be read by others"), _("close their folder: chmod 700"))
    if copied is None or (changed and changed > copied):
        return Diagnosis(
            "keys",
            "WARN",
            _("the keys were never copied: a lost disk would end this log"),
            _("vigie backup FOLDER --keys FOLDER"),
        )
    return Diagnosis("keys", "OK", _("copied on {day}").format(day=copied.date().isoformat()))


def schedule(found: str | None) -> Diagnosis:
    """What calls `vigie run`."""
    if found:
        return Diagnosis("schedule", "OK", found)
    return Diagnosis(
        "schedule",
        "WARN",
        _("nothing here calls `vigie run`"),
        _("`vigie install --systemd` or `vigie install --cron`"),
    )


def last_sweep(finished: datetime | None, now: datetime) -> Diagnosis:
    """The last sweep that ended. finished: aware, None when there was none."""
    if finished is None:
        return Diagnosis("sweep", "WARN", _("no sweep has ended yet"), "vigie run --verbose")
    age = now - finished
    says = _("the last sweep ended {when}").format(when=ago(age))
    if age > LATE:
        return Diagnosis("sweep", "FAIL" if age > LOST else "WARN", says, _("look at the schedule and at its log"))
    return Diagnosis("sweep", "OK", says)


def ago(age: timedelta) -> str:
    """How long ago something was, in the largest unit that says enough."""
    minutes = max(int(age.total_seconds() // 60), 0)
    if minutes < 120:
        return ngettext("{n} minute ago", "{n} minutes ago", minutes).format(n=minutes)
    if minutes < 48 * 60:
        return ngettext("{n} hour ago", "{n} hours ago", minutes // 60).format(n=minutes // 60)
    days = minutes // (24 * 60)
    return ngettext("{n} day ago", "{n} days ago", days).format(n=days)


def channel(about: str, *, configured: bool, why: str | None) -> Diagnosis:
    """A way alerts leave by: `mail` or `signal`. why: what stood in the way, None when nothing did."""
    if not configured:
        return Diagnosis(about, "OK", _("not configured: no alert leaves this way"))
    if why is None:
        return Diagnosis(about, "OK", _("lets us in; nothing was sent"))
    return Diagnosis(about, "FAIL", why, _("check its address, port and password, then `vigie notify --test`"))
