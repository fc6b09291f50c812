"""How many hosts and desks, and what each shows; imports next to nothing, since the measured program reads it too."""

import os

HOSTS, DESKS = (int(number) for number in os.environ.get("BENCH_FLEET", "101x3").split("x"))
OPEN_EVERY = 15  # one desk in fifteen shows a free cell


def is_open(desk: int) -> bool:
    """Whether the desk of that number shows a free cell."""
    return desk % OPEN_EVERY == 0


def step(desk: int) -> int:
    """The step of the booking module its one page is."""
    return 4 if is_open(desk) else 2
