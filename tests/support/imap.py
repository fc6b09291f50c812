"""A mailbox by IMAP over TLS on loopback: the few commands a reader of answers needs. Keeps what was asked of it."""

from __future__ import annotations

import re
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import ClassVar, cast

from tests.support.parts import part

USER, PASSWORD = "alerte@exemple.test", "mot de passe"
_WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


@dataclass
class Box:
    """messages: as they came, by UID. seen: what was marked. asked: every command, without the password."""

    port: int
    ca_file: Path
    messages: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def put(self, uid: int, subject: str, body: str = "", **headers: str) -> None:
        """A message. headers: with `_` for `-`."""
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in {"Subject": subject, **headers}.items()]
        self.messages[uid] = "\r\n".join([*lines, "", body]).encode()


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
                self._say(f"* {len(self.box.messages)} EXISTS")
            case "UID SEARCH":
                name, word = ("Subject" if words[-2] == "SUBJECT" else words[-2]), words[-1].upper()
                found = [
                    uid
                    for uid, whole in self.box.messages.items()
                    if uid not in self.box.seen and word in str(message_from_bytes(whole).get(name, "")).upper()
                ]
                self._say(f"* SEARCH {' '.join(map(str, found))}".rstrip())
            case "UID FETCH":
                whole = self.box.messages[int(words[2])]
                asked = whole if "BODY.PEEK[]" in words[3] else whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                self._say(f"* 1 FETCH (UID {words[2]} BODY[] {{{len(asked)}}}")
                self.tls.sendall(asked + b")\r\n")
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
