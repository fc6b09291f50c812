"""No test, demonstration or simulation may reach a public time-stamp authority: looking up its name is an error.

Python imports a module of this name by itself when its folder is on PYTHONPATH, so that the processes a test starts are
fenced too. Audit events cannot be taken back: once imported, the fence holds for the life of the process (PEP 578).
"""

import re
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parents[3] / "monitor" / "data" / "authorities.toml"
HOSTS = frozenset(re.findall(r'(?m)^url = "https?://([^"/:]+)', DATA.read_text(encoding="utf-8")))
assert HOSTS, "the fence protects nobody"


def hold(event: str, arguments: tuple[object, ...]) -> None:
    """Raise RuntimeError where the name of a preset's host is about to be looked up or connected to."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        asked = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        asked = arguments[1][0]
    else:
        return
    if isinstance(asked, bytes):
        asked = asked.decode("ascii", "replace")
    if isinstance(asked, str) and asked.rstrip(".").lower() in HOSTS:
        raise RuntimeError(f"a test was about to ask the public authority {asked}")


sys.addaudithook(hold)
