"""`python -m monitor` and the command `vigie`."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the command `vigie`."""
    from monitor.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
