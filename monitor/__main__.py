"""`python -m monitor` and the command `vigie`."""

from __future__ import annotations

import io
import sys


def main() -> None:
    """Entry point of the command `vigie`. What it writes is UTF-8 whatever the locale: French, and JSON."""
    from monitor.cli import run

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
