"""`python -m monitor` and the command `vigie`."""

from __future__ import annotations

import gc
import io
import sys

OBJECTS = 50_000  # between two rounds of the collector, of containers made and not freed


def main() -> None:
    """Entry point of the command `vigie`. What it writes is UTF-8 whatever the locale: French, and JSON."""
    # What a start imports stays to its end, and the collector would walk it some 190 times a sweep: 4 % of a sweep's
    # processor time (measured 2026-11). What holds pages is freed without it.
    gc.set_threshold(OBJECTS, 10, 10)
    # httpx makes a command line of its own where `click` is installed, as it is with apprise: 8 ms at each sweep.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # as importlib has it: no such module
    from monitor.cli import run

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
