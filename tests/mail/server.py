"""A real mail system on loopback: postfix takes submissions (TLS, AUTH), opendkim signs, dovecot keeps Maildirs.

Nothing can leave the machine: every domain but exemple.test is an error. Needs root and Debian's postfix,
dovecot-imapd, dovecot-lmtpd, opendkim. `plein@` answers 452 and `inconnu@` 550, both from postfix itself.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

DOMAIN: Final = "exemple.test"
PASSWORD: Final = "un-secret-d-essai"
PROGRAMS: Final = ("/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/sbin/opendkim")

_OPENDKIM = """\
Syslog no
Domain {domain}
Selector essai
KeyFile {base}/dkim.key
Canonicalization relaxed/relaxed
Mode s
Socket inet:{milter}@127.0.0.1
InternalHosts 127.0.0.1
SignHeaders *,+List-Unsubscribe,+List-Unsubscribe-Post,+Message-ID,+Auto-Submitted,+Reply-To,+MIME-Version,+Content-Type
OversignHeaders From
RequireSafeKeys no
PidFile {base}/opendkim.pid
"""
_DOVECOT = """\
base_dir = {base}/dovecot
state_dir = {base}/dovecot-state
log_path = {base}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{base}/server.pem
ssl_key = <{base}/server.key
disable_plaintext_auth = no
auth_username_chars =
mail_location = maildir:{base}/mail/%n
first_valid_uid = 1
auth_username_format = %n
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={base}/mail/%n allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener {base}/dovecot/lmtp-in {{
    mode = 0666
  }}
}}
service auth {{
  unix_listener {base}/dovecot/auth-in {{
    mode = 0666
  }}
}}
"""
_MAIN = """\
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
maillog_file = {base}/postfix.log
maillog_file_prefixes = /tmp, /var
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.{domain}
mydestination =
mynetworks =
alias_maps =
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = static:all
virtual_transport = lmtp:unix:{base}/dovecot/lmtp-in
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {base}/dovecot/auth-in
smtpd_tls_cert_file = {base}/server.pem
smtpd_tls_key_file = {base}/server.key
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_recipient_restrictions =
  check_recipient_access inline:{{
    {{ plein@{domain} = 452 4.2.2 Mailbox full }}
    {{ inconnu@{domain} = 550 5.1.1 No such user }} }},
  permit_sasl_authenticated, reject
smtpd_milters = inet:127.0.0.1:{milter}
milter_default_action = tempfail
"""
_MASTER = """\
127.0.0.1:{smtp} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
tlsmgr unix - - n 1000? 1 tlsmgr
showq unix n - n - - showq
"""


def missing() -> str:
    """Why this machine cannot run it; empty when it can."""
    if os.geteuid() != 0:
        return "needs root"
    absent = [Path(program).name for program in PROGRAMS if not os.access(program, os.X_OK)]
    return f"not installed: {', '.join(absent)}" if absent else ""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where it listens and what it keeps. ca: the authority to trust. dkim: the public key, as DNS would give it."""

    base: Path
    smtp: int
    imap: int
    ca: Path
    dkim: str
    imaps: int

    def received(self, box: str, count: int = 1, patience: float = 15.0) -> Sequence[bytes]:
        """The messages of a Maildir, waiting for `count` of them (delivery is postfix's own affair)."""
        folder = self.base / "mail" / box / "new"
        end = time.monotonic() + patience
        while time.monotonic() < end:
            found = sorted(folder.iterdir()) if folder.is_dir() else []
            if len(found) >= count:
                return [one.read_bytes() for one in found]
            time.sleep(0.05)
        raise AssertionError(f"{box} did not get {count} messages")


@contextmanager
def running(base: Path) -> Iterator[MailServer]:
    """Start it in an empty folder, and stop it."""
    ports = dict(zip(("smtp", "imap", "milter", "imaps"), _free(4), strict=True))
    dkim = _keys(base)
    keeper = pwd.getpwnam("mail")
    names = {
        **ports, "base": base, "domain": DOMAIN, "password": PASSWORD, "user": keeper.pw_uid, "group": keeper.pw_gid,
    }  # fmt: skip
    for folder in ("dovecot", "dovecot-state", "mail", "queue", "data", "postfix"):
        (base / folder).mkdir()
    shutil.chown(base / "mail", keeper.pw_uid, keeper.pw_gid)
    shutil.chown(base / "data", "postfix")
    base.chmod(0o755)
    for name, text in {
        "opendkim.conf": _OPENDKIM,
        "dovecot.conf": _DOVECOT,
        "postfix/main.cf": _MAIN,
        "postfix/master.cf": _MASTER,
        "postfix/dynamicmaps.cf": "",
    }.items():
        (base / name).write_text(text.format(**names), encoding="utf-8")
    try:
        _run(base, "/usr/sbin/opendkim", "-x", str(base / "opendkim.conf"))
        _run(base, "/usr/sbin/dovecot", "-c", str(base / "dovecot.conf"))
        _run(base, "/usr/sbin/postfix", "-c", str(base / "postfix"), "start")
        for port in ports.values():
            _wait(port)
        yield MailServer(base, ports["smtp"], ports["imap"], base / "ca.pem", dkim, ports["imaps"])
    finally:
        _stop(base)


def _run(base: Path, *command: str) -> None:
    """Daemons get no pipe of ours, or whoever reads it would wait for them for ever."""
    with (base / "start.log").open("ab") as log:
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True, timeout=60)


def _stop(base: Path) -> None:
    for command in (
        ("/usr/sbin/postfix", "-c", str(base / "postfix"), "stop"),
        ("/usr/bin/doveadm", "-c", str(base / "dovecot.conf"), "stop"),
    ):
        with (base / "start.log").open("ab") as log:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False, timeout=60)
    pid = base / "opendkim.pid"
    if pid.exists():
        os.kill(int(pid.read_text()), 15)


def _wait(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")


def _free(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _keys(base: Path) -> str:
    """Write the authority, the server's certificate and the DKIM key; the DKIM record."""
    now = datetime.now(UTC)
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail tests")])
    made = {}
    for name, key, extension in (
        ("ca", authority_key, x509.BasicConstraints(ca=True, path_length=None)),
        (
            "server",
            server_key,
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
        ),
    ):
        subject = issuer if name == "ca" else x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        made[name] = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(extension, critical=name == "ca")
            .sign(authority_key, hashes.SHA256())
        )
        (base / f"{name}.pem").write_bytes(made[name].public_bytes(Encoding.PEM))
    (base / "server.key").write_bytes(server_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    dkim = rsa.generate_private_key(65537, 2048)
    (base / "dkim.key").write_bytes(dkim.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    (base / "dkim.key").chmod(0o600)
    public = dkim.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"
