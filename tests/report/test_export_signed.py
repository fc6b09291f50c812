"""`vigie export` with authorities and a certificate: a proof both verifiers accept, a relevé signed for long."""

from __future__ import annotations

import asyncio
import io
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pikepdf import pdfa

from monitor.cli import run
from monitor.fetch.clock import SystemClock
from monitor.run import wiring
from monitor.settings.settings import load
from tests.support.authority import Issuer, Tsa, certify, new_key, served
from tests.support.exporting import DESK, NO_SLOT, OPEN, fill
from tests.support.ledger import reseal
from tests.support.parts import needs, part

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def vigie(*words: str) -> int:
    """Run the command, in English."""
    return run([*words, "--lang", "en"])


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tsa, str]]:
    authority = Tsa(tmp_path_factory.mktemp("tsa") / "a")
    with served(authority.reply) as url:
        yield authority, url


def certificate(folder: Path, *, password: bytes = b"essai", until: datetime = NOW + 90 * DAY) -> Path:
    """A PKCS#12 file of an operator, with the root that certified it."""
    key = new_key()
    root = Issuer(certify("AC d'essai", key, None, NOW - 900 * DAY, NOW + 900 * DAY, ca=True), key)
    own = new_key()
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    ) | {"encipher_only": False, "decipher_only": False}
    cert = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Association d'essai")]))
        .issuer_name(root.cert.subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 800 * DAY)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(root.key, hashes.SHA256())
    )
    file = folder / "operator.p12"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(b"vigie", own, cert, [root.cert], BestAvailableEncryption(password))
    )
    return file


def configured(folder: Path, tsa: tuple[Tsa, str], *, signed: bool = True) -> Path:
    authority, url = tsa
    (folder / "roots.pem").write_bytes(authority.root.pem)
    (folder / "password").write_text("essai\n")
    text = f'[[timestamps.authority]]\nname = "essai"\nurl = "{url}"\nroots = "roots.pem"\n'
    if signed:
        text += '[signature]\nfile = "operator.p12"\npassword = { file = "password" }\n'
    (folder / "monitor.toml").write_text(text)
    return folder / "monitor.toml"


def sealed_and_stamped(folder: Path, config: Path) -> Path:
    """A data folder as sweeps leave it: sealed, and stamped by the authority of the settings."""
    data = folder / "data"
    evidence = wiring.evidence(load(str(config), str(data), {}, folder), SystemClock())
    fill(data, [NO_SLOT, OPEN, NO_SLOT], evidence=evidence)
    asyncio.run(evidence.stamp())
    return data


def exported(folder: Path, tsa: tuple[Tsa, str], *, signed: bool = False) -> Path:
    if signed:
        certificate(folder)
    config = configured(folder, tsa, signed=signed)
    data = sealed_and_stamped(folder, config)
    out = folder / "out"
    assert vigie("export", DESK, "--data", str(data), "--config", str(config), "--out", str(out)) == 0
    return out


def bare_shell(out: Path) -> tuple[int, str]:
    part("openssl")  # the script asks for it
    done = subprocess.run(
        ["env", "-i", "PATH=/usr/bin:/bin", "sh", "verify.sh"], cwd=out, capture_output=True, text=True
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_stamped_export_verifies_in_a_bare_shell_and_with_the_program(
    tmp_path: Path, tsa: tuple[Tsa, str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = exported(tmp_path, tsa)
    capsys.readouterr()
    status = vigie("verify", str(out))
    told = capsys.readouterr().out
    assert (status, bare_shell(out)[0]) == (3, 3), told + bare_shell(out)[1]
    assert "time-stamps verified by openssl" in told
    readme = (out / "LISEZ-MOI.txt").read_text()
    assert "autorités d'horodatage nommées" in readme
    assert "AUCUN TIERS" not in readme


def test_the_root_of_a_rogue_in_its_place_fails_in_both(tmp_path: Path, tsa: tuple[Tsa, str]) -> None:
    out = exported(tmp_path, tsa)
    rogue = Tsa(tmp_path / "rogue", embed_root=True)
    (root,) = (out / "trust/roots").iterdir()
    root.write_bytes(rogue.root.pem)
    reseal(out)
    assert (vigie("verify", str(out)), bare_shell(out)[0]) == (1, 1)


def test_without_an_authority_the_reader_is_told_that_nobody_attests_the_date(tmp_path: Path) -> None:
    (tmp_path / "monitor.toml").write_text("[timestamps]\npresets = []\n")
    data = sealed_and_stamped(tmp_path, tmp_path / "monitor.toml")
    out = tmp_path / "out"
    assert vigie("export", DESK, "--data", str(data), "--out", str(out)) == 0
    readme = (out / "LISEZ-MOI.txt").read_text()
    assert "AUCUN TIERS N'ATTESTE LA DATE" in readme
    assert "autorités d'horodatage nommées" not in readme
    assert (vigie("verify", str(out)), bare_shell(out)[0]) == (3, 3)


# --- the signature ----------------------------------------------------------------------------------------------------


def test_the_releve_is_signed_for_long_and_stays_pdf_a(tmp_path: Path, tsa: tuple[Tsa, str]) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import DocumentSecurityStore, validate_pdf_signature, validate_pdf_timestamp
    from pyhanko_certvalidator import ValidationContext

    out = exported(tmp_path, tsa, signed=True)
    pdf = (out / "releve.pdf").read_bytes()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert [str(v) for v in pdfa.check(opened, "3b").violations] == []
        assert "/DSS" in opened.Root
    reader = PdfFileReader(io.BytesIO(pdf))
    assert [s.sig_object["/SubFilter"] for s in reader.embedded_signatures] == ["/ETSI.CAdES.detached", "/ETSI.RFC3161"]
    root = pkcs12.load_pkcs12((tmp_path / "operator.p12").read_bytes(), b"essai").additional_certs[0].certificate
    trusted = ValidationContext(
        trust_roots=[_asn1(root), _asn1(tsa[0].root.cert)],
        other_certs=list(DocumentSecurityStore.read_dss(reader).load_certs()),
        revocation_mode="soft-fail",
    )
    signature, closing = reader.embedded_signatures
    status = validate_pdf_signature(signature, trusted, ts_validation_context=trusted)
    assert status.bottom_line
    assert status.timestamp_validity is not None
    stamped = validate_pdf_timestamp(closing, trusted)
    assert (stamped.intact, stamped.valid, stamped.trusted) == (True, True, True)
    assert (vigie("verify", str(out)), bare_shell(out)[0]) == (3, 3), "the stamp came months after the sweeps"
    told = by_pdfsig(out / "releve.pdf")
    assert "Signature is Valid" in told
    assert "Association d'essai" in told


def by_pdfsig(pdf: Path) -> str:
    """What poppler says of the signatures of a PDF."""
    return subprocess.run([part("pdfsig"), "-nocert", str(pdf)], capture_output=True, text=True).stdout


def _asn1(cert: x509.Certificate) -> Any:
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives.serialization import Encoding

    return asn1.Certificate.load(cert.public_bytes(Encoding.DER))


@needs("pdfsig")
def test_a_changed_byte_of_the_signed_releve_shows(tmp_path: Path, tsa: tuple[Tsa, str]) -> None:
    out = exported(tmp_path, tsa, signed=True)
    pdf = bytearray((out / "releve.pdf").read_bytes())
    pdf[len(pdf) // 8] ^= 1
    (tmp_path / "changed.pdf").write_bytes(pdf)
    assert "Signature is Valid" not in by_pdfsig(tmp_path / "changed.pdf")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"password": b"autre"}, "wrong password"),
        ({"until": NOW - 30 * DAY}, "is valid from"),
    ],
)
def test_a_certificate_that_cannot_sign_is_one_sentence_and_no_folder(
    tmp_path: Path, tsa: tuple[Tsa, str], capsys: pytest.CaptureFixture[str], more: dict[str, Any], words: str
) -> None:
    certificate(tmp_path, **more)
    config = configured(tmp_path, tsa)
    fill(tmp_path / "data", [NO_SLOT])
    arguments = [
        "export",
        DESK,
        "--data",
        str(tmp_path / "data"),
        "--config",
        str(config),
        "--out",
        str(tmp_path / "o"),
    ]
    assert vigie(*arguments) == 78
    assert words in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def test_an_authority_that_is_down_leaves_no_half_signed_file(
    tmp_path: Path, tsa: tuple[Tsa, str], capsys: pytest.CaptureFixture[str]
) -> None:
    certificate(tmp_path)
    config = configured(tmp_path, (tsa[0], "http://127.0.0.1:9/"))
    fill(tmp_path / "data", [NO_SLOT])
    arguments = [
        "export",
        DESK,
        "--data",
        str(tmp_path / "data"),
        "--config",
        str(config),
        "--out",
        str(tmp_path / "o"),
    ]
    assert vigie(*arguments) == 69
    assert "could not be signed: essai" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def test_a_missing_extra_is_named(
    tmp_path: Path, tsa: tuple[Tsa, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    certificate(tmp_path)
    config = configured(tmp_path, tsa)
    fill(tmp_path / "data", [NO_SLOT])
    monkeypatch.setitem(sys.modules, "pyhanko", None)
    monkeypatch.setitem(sys.modules, "pyhanko.sign", None)
    arguments = [
        "export",
        DESK,
        "--data",
        str(tmp_path / "data"),
        "--config",
        str(config),
        "--out",
        str(tmp_path / "o"),
    ]
    assert vigie(*arguments) == 78
    assert '"sign" extra' in capsys.readouterr().err


# --- a witness --------------------------------------------------------------------------------------------------------


def test_the_checkpoint_given_to_a_witness_shows_a_cut_off_end(
    tmp_path: Path, tsa: tuple[Tsa, str], capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    data = sealed_and_stamped(tmp_path, configured(tmp_path, tsa, signed=False))
    capsys.readouterr()
    assert vigie("verify", "--checkpoint", "--data", str(data)) == 0
    (tmp_path / "kept").write_text(capsys.readouterr().out)
    verify = ["verify", "--all", "--data", str(data), "--witness", str(tmp_path / "kept")]
    assert vigie(*verify) == 3
    last = sorted((data / "evidence/sweeps").glob("*/*/*/*"))[-1]
    shutil.rmtree(last)
    assert vigie("verify", "--all", "--data", str(data)) == 3  # by itself, a shorter log looks whole
    assert vigie(*verify) == 1
    assert "[witness]" in capsys.readouterr().out
