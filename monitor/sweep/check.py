"""One check: walk a visit move by move, and keep what was read together with how it was come by."""

from __future__ import annotations

from monitor.core.ports import Clock, Session, Visitor
from monitor.core.prefecture import Move, NoPageError, Page, Visit
from monitor.core.readings import Reading, Unreached
from monitor.core.record import Looked

MOVES_AT_MOST = 40  # an eZ desk of a dozen calendars needs about 30; a visit that asks for more has lost its way

CERTAINLY_THEIRS = ("too_large",)  # megabytes came: the network that brought them works


async def walk(visit: Visit, session: Session) -> tuple[Reading, tuple[Move, ...]]:
    """Drive one visit to its reading. Returns the reading and the moves made, the last of them perhaps unanswered."""
    moves: list[Move] = []
    page: Page | None = None
    try:
        move = next(visit)
        while len(moves) < MOVES_AT_MOST:
            moves.append(move)
            came = await session.perform(move, page)
            if isinstance(came, Page):
                page = came
                move = visit.send(page)
            else:
                move = visit.throw(NoPageError(came))
    except StopIteration as end:
        return end.value, tuple(moves)
    except NoPageError as none:
        return none.reading, tuple(moves)
    finally:
        visit.close()
    raise RuntimeError(f"a visit wants more than {MOVES_AT_MOST} moves; last: {moves[-1]!r}")


async def check(visit: Visit, session: Session, *, visitor: Visitor, clock: Clock) -> Looked:
    """Look once. A failure of transport is the site's only while our own control probes answer.

    The bodies in what is returned are big: keep it, then close the session.
    """
    started, mono = clock.now(), clock.monotonic_ns()
    reading, moves = await walk(visit, session)
    if isinstance(reading, Unreached) and reading.cause not in CERTAINLY_THEIRS and not await visitor.reached():
        reading = Unreached(cause="vantage_offline", detail=reading.cause)
    return Looked(
        reading=reading,
        started=started,
        finished=clock.now(),
        started_mono_ns=mono,
        finished_mono_ns=clock.monotonic_ns(),
        moves=moves,
        exchanges=tuple(session.exchanges),
    )
