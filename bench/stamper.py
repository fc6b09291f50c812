"""Time-stamps by the ten thousand, at any time: of a local authority, each signed, none refused by openssl.

One response is made by `openssl cms`, as the tests make theirs; the others are that one with another digest, another
time, another serial number of as many bytes, and a signature of their own.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import cms, tsp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.support import der
from tests.support.authority import POLICY, Tsa

SERIAL = 100_000  # three bytes, whatever follows it here
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class Stamper:
    """An authority whose responses come without certificates: those stand under `trust/untrusted`. folder: new."""

    every, late, crls = timedelta(), 0, b""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        tsa = Tsa(
            folder, name=name, rsa_bits=2048, enclosed=False, since=BEGAN - timedelta(days=400),
            until=BEGAN + timedelta(days=800), serial=SERIAL,
        )  # fmt: skip
        self.roots, self.untrusted = tsa.root.pem, tsa.leaf.pem + tsa.intermediate.pem
        assert isinstance(tsa.leaf.key, RSAPrivateKey)
        self._key, self._serial = tsa.leaf.key, SERIAL
        self._reply = tsa.craft(bytes(32), None, BEGAN)
        signed = cms.ContentInfo.load(tsp.TimeStampResp.load(self._reply)["time_stamp_token"].dump())["content"]
        (signer,) = signed["signer_infos"]
        self._info = signed["encap_content_info"]["content"].parsed.dump()
        self._attributes = signer["signed_attrs"].untag().dump(force=True)
        self._signature = signer["signature"].native

    def stamp(self, data: bytes, at: datetime) -> bytes:
        """A granted response over `data`."""
        self._serial += 1
        imprint = hashlib.sha256(data).digest()
        info = der.tst_info(policy=POLICY, imprint=imprint, serial=self._serial, gen_time=at, nonce=None)
        old, new = (hashlib.sha256(one).digest() for one in (self._info, info))
        attributes = self._attributes.replace(old, new)
        signature = self._key.sign(attributes, PKCS1v15(), hashes.SHA256())
        reply = self._reply.replace(self._info, info).replace(old, new).replace(self._signature, signature)
        assert len(reply) == len(self._reply)
        return reply
