"""A public witness of the log, asked by C2SP tlog-witness: it cosigns a checkpoint that extends the last one it saw.

What it has cosigned can no longer be cut off or written anew without it: a shorter log, or another one of the same
name, gets no signature. It must know the log's key beforehand. Source: https://c2sp.org/tlog-witness (read on commit
055270b5 of C2SP/C2SP).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from gettext import gettext as _
from typing import Literal

from monitor.evidence.checkpoint import Checkpoint, CosignerKey, SignedNote, cosigned_at
from monitor.evidence.key import verify_signature
from monitor.evidence.stamps.authority import UnansweredError, post
from monitor.values import dataclass, pattern

MAX_PROOF = 63  # lines, by the specification

_SIZE = pattern(rb"(0|[1-9][0-9]{0,17})\n")

WitnessTroubleKind = Literal[
    "down",  # no whole answer, or a status the specification does not know
    "unknown",  # it knows no log of this name
    "refused",  # it does not accept the log's signature, or the form of the request
    "ahead",  # it has cosigned a longer log of this name: ours was cut, or an older copy was put back
    "contradicted",  # what it cosigned is not the beginning of our log
    "false",  # it answered without a true cosignature of its key
]


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint with the log's signatures and the witness's. note: as stored; at: the witness's time, aware UTC."""

    note: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class WitnessTrouble:
    """Why there is no cosignature. detail: for the operator."""

    kind: WitnessTroubleKind
    detail: str

    @property
    def grave(self) -> bool:
        """True when somebody must look: the log is not what the witness saw of it."""
        return self.kind in ("ahead", "contradicted")


class Witness:
    """One witness. url: its submission prefix. seconds: limit of each request."""

    def __init__(self, url: str, key: CosignerKey, *, user_agent: str, seconds: float = 10.0) -> None:
        self._url, self.key, self._user_agent, self._seconds = url, key, user_agent, seconds

    async def cosign(
        self, note: bytes, known: int, proof: Callable[[int], Sequence[bytes]]
    ) -> Cosigned | WitnessTrouble:
        """Have a checkpoint cosigned. note: as the log signed it; known: size the witness last cosigned, 0 unknown.

        proof: the consistency proof from a smaller size to this one. A witness that knows another size says so, and is
        asked once more from there.
        """
        signed = SignedNote.parse(note)
        size = Checkpoint.parse(signed.text).size
        try:
            status, body = await self._submit(note, known, proof)
            if status == 409 and (told := _SIZE.fullmatch(body)) and int(told[1]) != known:
                known = int(told[1])
                if known > size:
                    words = _("it has cosigned {known} lines of this log, which has {size} now: this log was cut")
                    return WitnessTrouble("ahead", words.format(known=known, size=size))
                status, body = await self._submit(note, known, proof)
        except UnansweredError as error:
            return WitnessTrouble("down", str(error))
        return self._cosigned(signed, body) if status == 200 else _refusal(status)

    async def _submit(self, note: bytes, old: int, proof: Callable[[int], Sequence[bytes]]) -> tuple[int, bytes]:
        lines = [base64.b64encode(one) for one in proof(old)]
        assert len(lines) <= MAX_PROOF, "a tree of more than 2^63 leaves"
        content = b"\n".join([f"old {old}".encode(), *lines, b"", note])
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": "identity"}
        return await post(f"{self._url}/add-checkpoint", content, headers, seconds=self._seconds)

    def _cosigned(self, signed: SignedNote, body: bytes) -> Cosigned | WitnessTrouble:
        """The checkpoint with the witness's own lines; those of keys that were not named are passed over."""
        false = WitnessTrouble("false", _("its answer holds no true cosignature of the key in the settings"))
        try:
            told = SignedNote.parse(signed.text.encode() + b"\n" + body)
        except ValueError:
            return false
        own = tuple(one for one in told.signatures if (one.name, one.key_id) == (self.key.name, self.key.id))
        whole = SignedNote(signed.text, (*signed.signatures, *own))
        at = cosigned_at(whole, self.key, verify_signature)
        return false if at is None else Cosigned(whole.render(), at)


def _refusal(status: int) -> WitnessTrouble:
    match status:
        case 404:
            return WitnessTrouble("unknown", _("it does not know this log: give its operator the log's key"))
        case 400 | 403:
            return WitnessTrouble(
                "refused", _("it does not accept the log's signature (HTTP status {status})").format(status=status)
            )
        case 409 | 422:
            return WitnessTrouble("contradicted", _("what it cosigned before is not the beginning of this log"))
    return WitnessTrouble("down", f"HTTP status {status}")
