"""A time-stamp authority for tests: certificates with the dates a test wants, answers by `openssl ts`, loopback http.

`openssl ts -reply` stamps with the machine's clock. An authority given a `clock` of its own signs the same structure
with `openssl cms` (content type TSTInfo, ESS signing certificate), so that a test stamps in any year.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from rfc3161_client._rust import parse_timestamp_request as parse_timestamp_request

from tests.support import der
from tests.support.parts import part

POLICY = "1.3.6.1.4.1.99999.1"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Issuer:
    """A certificate and its private key."""

    cert: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        return self.cert.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def new_key(rsa_bits: int = 0) -> Key:
    return rsa.generate_private_key(65537, rsa_bits) if rsa_bits else ec.generate_private_key(ec.SECP256R1())


def certify(
    subject: str,
    key: Key,
    issuer: Issuer | None,
    since: datetime,
    until: datetime,
    *,
    ca: bool,
    path: int | None = None,
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, part) for part in subject.split("|")])
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.cert.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer:
        key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(key_id, critical=False)
    if not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(issuer.key if issuer else key, hashes.SHA256())


def certified_again(leaf: Issuer, issuer: Issuer) -> bytes:
    """PEM of a certificate of the same subject, serial number and key, a day shorter."""
    old = leaf.cert
    builder = (
        x509.CertificateBuilder()
        .subject_name(old.subject)
        .issuer_name(old.issuer)
        .public_key(old.public_key())
        .serial_number(old.serial_number)
        .not_valid_before(old.not_valid_before_utc)
        .not_valid_after(old.not_valid_after_utc - timedelta(days=1))
    )
    for extension in old.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def revocation_list(
    issuer: Issuer, revoked: x509.Certificate | None, at: datetime, reason: x509.ReasonFlags | None = None
) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.cert.subject)
        .last_update(at - timedelta(days=1))
        .next_update(at + timedelta(days=30))
    )
    if revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(revoked.serial_number).revocation_date(at)
        entry = entry.add_extension(x509.CRLReason(reason), critical=False) if reason else entry
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.PEM)


@dataclass
class Tsa:
    """Root, intermediate and leaf in a folder, with the configuration `openssl ts` wants.

    embed_root: put the root among the certificates of each token, as a rogue would. unsorted: give the leaf a name so
    long that openssl's order of certificates is not DER's. clock: None for the machine's, else the time of each stamp.
    digests: what it accepts. signed_over, qualified, enclosed: of what `craft` makes. since, until: dates of its
    certificates.
    """

    folder: Path
    name: str = "Autorite d'essai"
    embed_root: bool = False
    unsorted: bool = False
    rsa_bits: int = 0
    digests: str = "sha256"
    since: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(days=400))
    until: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(days=400))
    clock: Callable[[], datetime] | None = None
    signed_over: str = "sha256"
    qualified: bool = False
    enclosed: bool = True
    serial: int = 1

    def __post_init__(self) -> None:
        part("openssl")  # asked here, in the test's own thread
        self.folder.mkdir(parents=True)
        dates = (self.since, self.until)
        key = new_key(self.rsa_bits)
        self.root = Issuer(certify(f"{self.name}|racine", key, None, *dates, ca=True), key)
        key = new_key(self.rsa_bits)
        self.intermediate = Issuer(
            certify(f"{self.name}|intermediaire", key, self.root, *dates, ca=True, path=0), key
        )  # fmt: skip
        key = new_key(self.rsa_bits)
        leaf_name = self.name + "|" + "|".join(f"unite d'horodatage numero {n} au nom tres long" for n in range(6))
        subject = leaf_name if self.unsorted else "TSU"
        self.leaf = Issuer(certify(subject, key, self.intermediate, *dates, ca=False), key)
        self._lock = threading.Lock()
        self._write()

    def _write(self) -> None:
        chain = self.intermediate.pem + (self.root.pem if self.embed_root else b"")
        files = {"leaf.pem": self.leaf.pem, "leaf.key": self.leaf.key_pem, "chain.pem": chain, "serial": b"01\n"}
        for name, data in files.items():
            (self.folder / name).write_bytes(data)
        (self.folder / "ts.cnf").write_text(
            f"[tsa]\ndefault_tsa=t\n[t]\nserial=serial\ncrypto_device=builtin\nsigner_cert=leaf.pem\ncerts=chain.pem\n"
            f"signer_key=leaf.key\nsigner_digest=sha256\ndefault_policy={POLICY}\ndigests={self.digests}\n"
            "accuracy=secs:1\nordering=yes\ntsa_name=yes\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n"
        )

    def crls(self, *, revoke_leaf: bool = False) -> bytes:
        """Current lists of the root and of the intermediate."""
        now = datetime.now(UTC)
        revoked = self.leaf.cert if revoke_leaf else None
        return revocation_list(self.root, None, now) + revocation_list(self.intermediate, revoked, now)

    def reply(self, query: bytes) -> bytes:
        """The response to a request."""
        if self.clock is not None:
            request = parse_timestamp_request(query)
            reply = self.craft(request.message_imprint.message, request.nonce, self.clock())
            return reply if request.cert_req else der.bare(reply)
        with self._lock:
            (self.folder / "query").write_bytes(query)
            self._openssl("ts", "-reply", "-config", "ts.cnf", "-queryfile", "query", "-out", "reply")
            return (self.folder / "reply").read_bytes()

    def craft(self, imprint: bytes, nonce: int | None, gen_time: datetime) -> bytes:
        """A granted response that says just this, signed like any other."""
        with self._lock:
            self.serial += 1
            info = der.tst_info(
                policy=POLICY, imprint=imprint, serial=self.serial, gen_time=gen_time.astimezone(UTC), nonce=nonce,
                qualified=self.qualified,
            )  # fmt: skip
            (self.folder / "info").write_bytes(info)
            self._openssl(
                "cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-cades", "-md", self.signed_over,
                "-outform", "DER", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-signer", "leaf.pem",
                "-inkey", "leaf.key",
                *(("-certfile", "chain.pem") if self.enclosed else ("-nocerts",)), "-in", "info", "-out", "token",
            )  # fmt: skip
            return der.granted((self.folder / "token").read_bytes())

    def _openssl(self, *arguments: str) -> None:
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())


Answer = Callable[[bytes], bytes | tuple[int, bytes]]


@contextmanager
def served(answer: Answer, heard: list[dict[str, str]] | None = None) -> Iterator[str]:
    """Serve `answer` (request bytes to response bytes, or status and bytes) on loopback; yields the address.

    heard: gets the headers of each request, names in lower case.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            if heard is not None:
                heard.append({name.lower(): value for name, value in self.headers.items()})
            got = answer(query)
            status, body = got if isinstance(got, tuple) else (200, got)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
