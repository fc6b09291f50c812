"""A process that appends checks and says which, until it is killed or there is no room. Run by test_durability.

`python -m tests.support.appender FOLDER [BYTES]`: prints each sequence number once it is kept. BYTES: no file may
grow beyond them; then prints the sentence of the error.
"""

from __future__ import annotations

import resource
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random

from monitor.core.errors import StoreError
from tests.support.records import keep, sweeping

BARRIER_EVERY = 7


def main(folder: Path, limit: int | None) -> None:
    with sweeping(folder, datetime.now(UTC)) as (store, number):
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        chance = Random(number)
        print("begun", flush=True)
        for i in count():
            bodies = {"head": chance.randbytes(40), "decoded_body": chance.randbytes(chance.choice((500, 60_000)))}
            keep(store, sweep=number, check=f"95/desk-{i % 5}", bodies=bodies, covered=False)
            print(store.next_seq() - 1, flush=True)
            if i % BARRIER_EVERY == 0:
                store.barrier(datetime.now(UTC))


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else None)
    except StoreError as error:
        print(error, flush=True)
