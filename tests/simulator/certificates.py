"""A certification authority that lives as long as the simulator, and the faulty certificates a client must refuse."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KINDS = ("good", "expired", "not_yet_valid", "self_signed", "rogue", "wrong_name")
DAY = timedelta(days=1)


class _Issuer:
    """A key and a CA certificate. The key never leaves this process."""

    def __init__(self, name: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        self.certificate = (
            _builder(self.name, self.name, self.key.public_key(), now - DAY, now + 30 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _alternative_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


class Authority:
    """Signs a leaf for any host when it is first asked for; a server context a host and kind is kept.

    ca_file: PEM of the authority a client must trust; `rogue` leaves come from another one with the same name.
    """

    def __init__(self, folder: Path) -> None:
        self._name = "Autorite de test du simulateur"
        self._trusted, self._rogue = _Issuer(self._name), _Issuer(self._name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._contexts: dict[tuple[str, str], ssl.SSLContext] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(self._trusted.certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, host: str, kind: str = "good") -> ssl.SSLContext:
        """The TLS context that shows `host` (or its faulty likeness)."""
        found = self._contexts.get((host, kind))
        if found is None:
            found = self._contexts[host, kind] = self._load(self._leaf(host, kind))
        return found

    def _leaf(self, host: str, kind: str) -> x509.Certificate:
        issuer = self._rogue if kind == "rogue" else self._trusted
        now = datetime.now(UTC)
        start, end = {"expired": (now - 20 * DAY, now - DAY), "not_yet_valid": (now + DAY, now + 20 * DAY)}.get(
            kind, (now - DAY, now + 20 * DAY)
        )
        shown = "autre-site.invalid" if kind == "wrong_name" else host
        own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "simulateur")])
        alone = kind == "self_signed"
        signer = self._key if alone else issuer.key
        return (
            _builder(own, own if alone else issuer.name, self._key.public_key(), start, end)
            .add_extension(x509.SubjectAlternativeName([_alternative_name(shown)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
        )

    def _load(self, leaf: x509.Certificate) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        key = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:  # ssl loads a chain from a file only
            file.write(leaf.public_bytes(serialization.Encoding.PEM) + key)
            file.flush()
            context.load_cert_chain(file.name)
        return context
