"""The files of the log's key: what they may be, and one sentence for what they may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from monitor.core.errors import StoreError
from monitor.evidence.key import LogSigner

OURS = Ed25519PrivateKey.generate()
NO_KEYS = {
    "empty": b"",
    "garbage": b"garbage\n",
    "bytes": b"\xff\xfe\x00",
    "public": OURS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "with a passphrase": OURS.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
    "another algorithm": ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    ),
}


@pytest.mark.parametrize("garbage", NO_KEYS.values(), ids=NO_KEYS)
@pytest.mark.parametrize("name", ["log.key", "next.key"])
def test_a_file_that_is_no_key_is_one_sentence_and_left_as_it_is(tmp_path: Path, name: str, garbage: bytes) -> None:
    LogSigner(tmp_path).prepare_change()
    (tmp_path / name).write_bytes(garbage)
    with pytest.raises(StoreError) as refused:
        LogSigner(tmp_path)
    assert str(refused.value) == f"{tmp_path / name} is not the key of a log: put it back from its copy"
    assert (tmp_path / name).read_bytes() == garbage


@pytest.mark.parametrize("garbage", [b"", b"\n", b"two words\n", b"plus+plus\n", b"\xff\n", None])
def test_an_origin_that_is_no_name_is_one_sentence(tmp_path: Path, garbage: bytes | None) -> None:
    LogSigner(tmp_path)
    (tmp_path / "origin").unlink()
    if garbage is not None:
        (tmp_path / "origin").write_bytes(garbage)
    with pytest.raises(StoreError, match="is not the log's name: put it back"):
        LogSigner(tmp_path)


def test_a_key_that_was_made_is_read_back(tmp_path: Path) -> None:
    assert LogSigner(tmp_path).key == LogSigner(tmp_path).key
