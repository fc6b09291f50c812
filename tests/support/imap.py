"""A mailbox by IMAP over TLS on loopback: the few commands a reader of subjects needs. Keeps what was asked of it."""

from __future__ import annotations

import re
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, cast

from tests.support.parts import part

USER, PASSWORD = "alerte@exemple.test", "mot de passe"
_WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


@dataclass
class Box:
    """subjects: raw header values by UID. seen: what was marked. asked: every command, without the password."""

    port: int
    ca_file: Path
    subjects: dict[int, str] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)


class _Session(socketserver.StreamRequestHandler):
    box: ClassVar[Box]
    context: ClassVar[ssl.SSLContext]

    def handle(self) -> None:
        try:
            with self.context.wrap_socket(self.request, server_side=True) as self.tls:
                self._talk()
        except OSError:
            return

    def _talk(self) -> None:
        lines = self.tls.makefile("rb")
        self._say("* OK ready")
        for line in lines:
            tag, *words = [quoted or bare for quoted, bare in _WORDS.findall(line.decode().strip())]
            command = " ".join(words[:2] if words[0].upper() == "UID" else words[:1]).upper()
            self.box.asked.append(command if command == "LOGIN" else " ".join(words))
            self._say(f"{tag} {self._answer(command, words)}")
            if command == "LOGOUT":
                return

    def _answer(self, command: str, words: list[str]) -> str:
        match command:
            case "CAPABILITY":
                self._say("* CAPABILITY IMAP4rev1 UNSELECT")
            case "LOGIN":
                if words[1:] != [USER, PASSWORD]:
                    return f"NO [AUTHENTICATIONFAILED] {words[1]} is not let in"
            case "SELECT":
                if words[1] != "INBOX":
                    return "NO no such folder"
                self._say(f"* {len(self.box.subjects)} EXISTS")
            case "UID SEARCH":
                word = words[-1].upper()
                found = [
                    uid for uid, text in self.box.subjects.items() if word in text.upper() and uid not in self.box.seen
                ]
                self._say(f"* SEARCH {' '.join(map(str, found))}".rstrip())
            case "UID FETCH":
                header = f"Subject: {self.box.subjects[int(words[2])]}\r\n\r\n".encode()
                self._say(f"* 1 FETCH (UID {words[2]} BODY[HEADER.FIELDS (SUBJECT)] {{{len(header)}}}")
                self.tls.sendall(header + b")\r\n")
            case "UID STORE":
                self.box.seen.add(int(words[2]))
        return "OK done"

    def _say(self, line: str) -> None:
        self.tls.sendall(line.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mailbox(folder: Path) -> Iterator[Box]:
    """A mailbox that runs; `folder` gets its certificate."""
    key, ca = folder / "imap.key", folder / "imap.pem"
    subprocess.run(
        [part("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", ca],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca, key)
    with _Server(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        box = Box(port=server.server_address[1], ca_file=ca)
        session = type("Session", (_Session,), {"box": box, "context": context})
        server.RequestHandlerClass = cast("type[socketserver.BaseRequestHandler]", session)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
