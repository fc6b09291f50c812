"""A Python without what only POSIX has: as a `sitecustomize` it stands for a person's Windows computer, imperfectly.

It blocks modules and takes calls away; separators, encodings, locks and permissions stay those of this system.
"""

from __future__ import annotations

from typing import Final

MODULES: Final = ("fcntl", "resource", "pwd", "grp", "termios", "syslog", "pty", "tty")
NOT_POSIX: Final = f"""
import os, signal, sys
class Blocked:
    def find_spec(self, name, *_more):
        if name in {MODULES!r}:
            raise ImportError(f"{{name}} is POSIX only")
sys.meta_path.insert(0, Blocked())
for name in {MODULES!r}:
    sys.modules.pop(name, None)
for name in (
    "geteuid", "getuid", "getegid", "getgid", "getpgrp", "getpgid", "killpg", "fork", "setsid", "fchmod", "fchown",
    "chown", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC", "sysconf", "statvfs", "getloadavg", "mkfifo",
):
    if hasattr(os, name):
        delattr(os, name)
del signal.SIGKILL, signal.SIGHUP
"""
