"""`python -m tests.simulator [options]` runs it; `... report --control PORT` asks a running one how it was treated."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.simulator.client import ask
from tests.simulator.scenarios import SCENARIOS, script_of
from tests.simulator.script import read_script
from tests.simulator.server import Options, running
from tests.simulator.states import ScriptError

USAGE = 64


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit 0; 64 where options or scripts cannot be used."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _report(given[1:]) if given[:1] == ["report"] else _serve(given)
    except (ScriptError, OSError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return USAGE


def _serve(given: Sequence[str]) -> int:
    options = _parser().parse_args(given)
    scripts = [script_of(name) for name in options.scenario] + [read_script(file) for file in options.script]
    chosen = Options(
        ca_dir=options.ca_dir,
        address=options.address,
        port=options.port,
        http_port=options.http_port,
        control_port=options.control_port,
        scripts=tuple(scripts),
        sites=tuple(options.sites),
        time_scale=options.time_scale,
        date=options.date,
        max_seconds=options.max_seconds,
    )
    asyncio.run(_run(chosen, options.until_stdin_closes))
    return 0


async def _run(options: Options, until_stdin_closes: bool) -> None:
    """Until a signal, the control endpoint, the parent's end or `max_seconds`."""
    loop = asyncio.get_running_loop()
    async with running(options) as server:
        stop = server.stopping
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        if until_stdin_closes:
            loop.add_reader(sys.stdin.fileno(), lambda: None if os.read(sys.stdin.fileno(), 4096) else stop.set())
        print(json.dumps(server.ready.as_json()), flush=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(options.max_seconds):
                await stop.wait()


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--ca-dir", type=Path, help="folder in which ca.pem is written")
    parser.add_argument("--address", default="127.0.0.1", help="one of 127.0.0.0/8")
    parser.add_argument("--port", type=int, default=0, help="https and http (0: any)")
    parser.add_argument("--http-port", type=int, default=0, help="http and https (0: one above --port)")
    parser.add_argument("--control-port", type=int, default=0, help="control endpoint (0: any)")
    parser.add_argument("--scenario", action="append", default=[], choices=sorted(SCENARIOS))
    parser.add_argument("--script", action="append", default=[], type=Path, help="JSON file; loaded after scenarios")
    parser.add_argument("--sites", action="append", default=[], type=Path, help="folder HOST/PATH of plain pages")
    parser.add_argument("--time-scale", type=float, default=1.0, help="real seconds per virtual second")
    parser.add_argument("--date", type=_instant, help="instant at which the server's wall clock stands")
    parser.add_argument("--max-seconds", type=float, default=3600.0, help="real seconds after which it stops by itself")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when standard input closes")
    return parser


def _report(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator report")
    parser.add_argument("--control", type=int, required=True, help="control port of the running simulator")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--threshold", type=float, default=1.0, help="shorter gaps are counted (virtual seconds)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(given)
    route = "stats" if options.json else "report"
    answer = ask(options.address, options.control, route, {"threshold": options.threshold})
    print(json.dumps(answer, ensure_ascii=False, indent=1) if options.json else answer)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
