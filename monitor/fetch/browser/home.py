"""Where Chromium lives for one sweep: a private folder, our own command line, and no way to outlive us.

HOME is empty at the start: no trust anchor, no extension, no setting of anybody's. The profile's path is ours alone, so
that the process is found by it and never by name.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from monitor.core.ports import BrowserError as BrowserError
from monitor.settings.tables import CHROMIUM
from monitor.values import dataclass

WIDTH, HEIGHT = 1280, 900  # pixels of every page that is shown
BINARY = CHROMIUM
NAME = "vigie-ch"
_SOCKET = "/org.chromium.Chromium.scoped_dir.XXXXXX/SingletonSocket"  # made in TMPDIR
_LONGEST = 107  # bytes of a Unix socket's path (unix(7))
# Playwright's own list is replaced by the last on the line, so what matters of it stands here again. The address bar's
# popups cost half the CPU of a page (2026-11: 1.2 s, without them 0.6 s); a spare renderer is one more process a page.
_FEATURES_OFF = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "SpareRendererForSitePerProcess",
    "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "MediaRouter", "OptimizationHints",
    "NetworkTimeServiceQuerying", "PreconnectToSearch", "AimEnabled", "LensOverlay", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
    "AvoidCorsURLLoaderRestartOnRedirect",
)  # fmt: skip
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no name, and no literal address, leads anywhere
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",  # WebRTC does not ask the resolver
    f"--disable-features={','.join(_FEATURES_OFF)}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserOptions:
    """How Chromium is started.

    binary: the executable itself, no wrapper. sandbox: None: everywhere but under root, where Chromium refuses it.
    folder: where the private folder is made (the system's temporary folder when None). cache: file that keeps the
    binary's digest between sweeps. pages: open at once.
    """

    binary: Path = BINARY
    sandbox: bool | None = None
    folder: Path | None = None
    cache: Path | None = None
    pages: int = 2

    @property
    def sandboxed(self) -> bool:
        """Whether Chromium is asked to sandbox its processes."""
        return os.geteuid() != 0 if self.sandbox is None else self.sandbox


class Home:
    """The private folder of one Chromium: `home` (empty), `profile`, `t` (temporary files), and what starts it.

    Raises BrowserError where its path is too long for Chromium's sockets.
    """

    def __init__(self, options: BrowserOptions) -> None:
        _remove_orphans(options.folder)
        self.root = Path(tempfile.mkdtemp(prefix=f"{NAME}-{os.getpid()}-", dir=options.folder))
        self.home, self.profile, self.temporary = (self.root / name for name in ("home", "profile", "t"))
        if len(f"{self.temporary}{_SOCKET}".encode()) > _LONGEST:
            self.remove()
            raise BrowserError(f"the path of {self.root} is too long for Chromium's sockets: choose another folder")
        for folder in (self.home, self.profile, self.temporary):
            folder.mkdir(mode=0o700)
        self.executable = self._launcher(options.binary)

    def environment(self) -> dict[str, str]:
        """All that Chromium sees of our environment: no proxy variable, no session bus."""
        return {"HOME": str(self.home), "TMPDIR": str(self.temporary), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}

    def pid(self) -> int | None:
        """The browser process, found by our profile on its command line; None when there is none."""
        return browser_of(self.profile)

    def kill(self) -> None:
        """End the browser's process group, if it is still there."""
        pid = self.pid()
        if pid is None:
            return
        with suppress(ProcessLookupError):
            group = os.getpgid(pid)
            if group == os.getpgrp():  # not started in a group of its own: never take ourselves along
                os.kill(pid, signal.SIGKILL)
            else:
                os.killpg(group, signal.SIGKILL)

    def remove(self) -> None:
        """Forget everything the browser wrote."""
        shutil.rmtree(self.root, ignore_errors=True)

    def _launcher(self, binary: Path) -> Path:
        """A script that ties Chromium's life to its parent's (PR_SET_PDEATHSIG), should its own watch on the pipe hang.

        Where it cannot run (folder mounted noexec, no setpriv) the binary itself, which ends when the pipe closes.
        """
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            return binary
        script = self.root / "start"
        script.write_text(f'#!/bin/sh\nexec {setpriv} --pdeathsig KILL {shlex.quote(str(binary))} "$@"\n')
        script.chmod(0o700)
        return script if os.access(script, os.X_OK) else binary


def browser_of(profile: Path) -> int | None:
    """The browser process of a profile. A child just forked, which still bears its parent's words, does not count."""
    mine = f"--user-data-dir={profile}"
    found = {
        pid: _parent(pid)
        for pid, words in _command_lines()
        if mine in words and not any(word.startswith("--type=") for word in words)
    }
    return next((pid for pid, parent in found.items() if parent not in found), None)


def _parent(pid: int) -> int:
    """Number of the parent process (proc(5), field 4 of `stat`), 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def command_line(pid: int) -> tuple[str, ...]:
    """The real command line of a process, empty when it is gone."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ()
    return tuple(raw.decode(errors="replace").rstrip("\0").split("\0"))


def _command_lines() -> Iterator[tuple[int, tuple[str, ...]]]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            yield int(entry.name), command_line(int(entry.name))


def _remove_orphans(folder: Path | None) -> None:
    """Folders left by a sweep that was killed: its process number is in the name."""
    for left in Path(folder or tempfile.gettempdir()).glob(f"{NAME}-*-*"):
        number = left.name.removeprefix(f"{NAME}-").partition("-")[0]
        with suppress(OSError):
            if number.isdigit() and not Path(f"/proc/{number}").exists() and left.stat().st_uid == os.geteuid():
                shutil.rmtree(left, ignore_errors=True)
