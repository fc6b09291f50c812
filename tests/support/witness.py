"""A public witness on loopback, written from C2SP tlog-witness and tlog-cosignature, with a key of its own."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from monitor.evidence.checkpoint import (
    Checkpoint,
    CosignerKey,
    NoteSignature,
    SignedNote,
    VerifierKey,
    cosigned_message,
)  # fmt: skip
from monitor.evidence.key import verify_signature
from monitor.evidence.merkle import verify_consistency

Answer = tuple[int, bytes]


@dataclass
class LoopbackWitness:
    """Knows some logs by their keys; keeps of each the last checkpoint it cosigned. clock: what it writes as time.

    heard: bodies of the requests. before: answers in its place while it returns something.
    """

    logs: list[VerifierKey]
    name: str = "witness.example/w1"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    seen: dict[str, Checkpoint] = field(default_factory=dict)
    heard: list[bytes] = field(default_factory=list)
    before: Callable[[bytes], Answer | None] = lambda body: None

    @property
    def key(self) -> CosignerKey:
        return CosignerKey(self.name, self.private.public_key().public_bytes_raw())

    def answer(self, body: bytes) -> Answer:
        """Status and body, by the rules of `add-checkpoint`, in their order."""
        self.heard.append(body)
        if (instead := self.before(body)) is not None:
            return instead
        head, _, note = body.partition(b"\n\n")
        first, *proof = head.decode().split("\n")
        if not first.startswith("old ") or str(int(first[4:])) != first[4:] or len(proof) > 63:
            return 400, b""
        old = int(first[4:])
        signed = SignedNote.parse(note)
        told = Checkpoint.parse(signed.text)
        keys = [key for key in self.logs if key.name == told.origin]
        if not keys:
            return 404, b""
        if signed.signed_by(keys, verify_signature) is None:
            return 403, b""
        if old > told.size:
            return 400, b""
        last = self.seen.get(told.origin)
        known = last.size if last else 0
        if old != known or (last and known == told.size and last.root != told.root):
            return 409, b"%d\n" % known
        path = [base64.b64decode(line, validate=True) for line in proof]
        if old == 0 and path:
            return 422, b""
        if last and not verify_consistency(old, told.size, last.root, told.root, path):
            return 422, b""
        self.seen[told.origin] = told
        return 200, self.line(signed.text)

    def line(self, text: str) -> bytes:
        """Its signature line over a checkpoint, at its time."""
        seconds = int(self.clock().timestamp())
        signature = self.private.sign(cosigned_message(text, seconds))
        return f"{NoteSignature(self.name, self.key.id, seconds.to_bytes(8) + signature)}\n".encode()


@contextmanager
def witnessing(witness: LoopbackWitness) -> Iterator[str]:
    """Serve it on loopback; yields its submission prefix."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, told = witness.answer(body) if self.path == "/w/add-checkpoint" else (404, b"")
            self.send_response(status)
            if status == 409:
                self.send_header("Content-Type", "text/x.tlog.size")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/w"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
