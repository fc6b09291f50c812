"""Checkpoints and signed notes: the published example, round trips, and no second spelling of anything."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from monitor.evidence.checkpoint import Checkpoint, NoteSignature, SealedDigest, SignedNote, VerifierKey
from monitor.evidence.key import verify_signature
from monitor.evidence.sums import check_id, first_anchor, parse_sums, render_sums

# The example of golang.org/x/mod/sumdb/note, the origin of the signed-note format.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey("example.org/journal", PRIVATE.public_key().public_bytes_raw())


def signed(checkpoint: Checkpoint) -> bytes:
    signature = PRIVATE.sign(checkpoint.text.encode())
    return SignedNote(checkpoint.text, (NoteSignature(KEY.name, KEY.id, signature),)).render()


HEAD = Checkpoint(origin=KEY.name, size=20852163, root=bytes(range(32)))


def test_the_published_note_verifies() -> None:
    key = VerifierKey.parse(NEUMANN)
    assert str(key) == NEUMANN
    note = SignedNote.parse(NOTE)
    assert note.signed_by([key], verify_signature) == key
    assert note.render() == NOTE
    assert SignedNote.parse(NOTE.replace(b"problem,", b"problem;")).signed_by([key], verify_signature) is None


def test_the_checkpoint_of_the_specification() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    head = Checkpoint.parse(text)
    assert (head.origin, head.size, head.next_key) == ("example.com/behind-the-sofa", 20852163, None)
    assert head.text == text


def test_a_next_key_is_announced_under_the_signature() -> None:
    head = Checkpoint(origin=KEY.name, size=0, root=bytes(32), next_key=VerifierKey.parse(NEUMANN))
    note = SignedNote.parse(signed(head))
    assert note.signed_by([KEY], verify_signature) == KEY
    assert Checkpoint.parse(note.text) == head
    with pytest.raises(ValueError, match="two lines next-key"):
        Checkpoint.parse(head.text + f"next-key {NEUMANN}\n")
    with pytest.raises(ValueError, match="not its own"):
        Checkpoint.parse(head.text.replace("c74f20a3", "c74f20a4"))


def test_the_sweep_that_was_sealed_stands_under_the_signature() -> None:
    head = replace(HEAD, sweep=SealedDigest(7, "ab" * 32), next_key=VerifierKey.parse(NEUMANN))
    assert head.text.split("\n")[3] == f"sweep 000000007 {'ab' * 32}"
    assert Checkpoint.parse(head.text) == head
    assert Checkpoint.parse(HEAD.text).sweep is None
    for line in ("sweep 7 " + "ab" * 32, "sweep 000000007 " + "AB" * 32, "sweep 000000007", "sweep "):
        with pytest.raises(ValueError, match="not a sweep"):
            Checkpoint.parse(f"{HEAD.text}{line}\n")
    with pytest.raises(ValueError, match="two lines sweep"):
        Checkpoint.parse(head.text + f"sweep 000000008 {'ab' * 32}\n")


def test_extension_lines_of_others_are_passed_over() -> None:
    assert Checkpoint.parse(HEAD.text + "something else\n") == HEAD


@pytest.mark.parametrize(
    "text",
    [
        "", "o\n1\n", "o\n01\n" + HEAD.text.split("\n")[2] + "\n", "o\n-1\n" + HEAD.text.split("\n")[2] + "\n",
        HEAD.text.removesuffix("\n"), HEAD.text + "\n", HEAD.text.replace("=", ""), "o\n1\nAAAA\n",
        HEAD.text.replace("8=", "9="),  # the same bytes in another spelling
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"text\n", NOTE[:-1], NOTE + b"\n", NOTE.replace("—".encode(), b"-"), NOTE.replace(b"you", b"y\tu"),
        NOTE.replace(b"PeterNeumann x", b"Peter+Neumann x"), b"\xff" + NOTE, NOTE * 200,
        NOTE.replace(b"x08go", b"x08g*"),
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        SignedNote.parse(data)


def test_a_false_line_of_a_known_key_spoils_the_note_and_unknown_keys_are_ignored() -> None:
    good = SignedNote.parse(signed(HEAD))
    stranger = NoteSignature("witness.example", b"abcd", bytes(64))
    assert SignedNote(good.text, (stranger, *good.signatures)).signed_by([KEY], verify_signature) == KEY
    false = NoteSignature(KEY.name, KEY.id, bytes(64))
    assert SignedNote(good.text, (*good.signatures, false)).signed_by([KEY], verify_signature) is None
    short = NoteSignature(KEY.name, KEY.id, b"x")
    assert SignedNote(good.text, (short,)).signed_by([KEY], verify_signature) is None
    assert SignedNote(good.text, (stranger,)).signed_by([KEY], verify_signature) is None
    for length in (0, 63, 65):  # whatever a verifier would say to it
        odd = NoteSignature(KEY.name, KEY.id, bytes(length))
        assert SignedNote(good.text, (odd,)).signed_by([KEY], lambda *_asked: True) is None


def test_every_single_bit_of_a_signed_checkpoint_counts() -> None:
    data = signed(HEAD)
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            note = SignedNote.parse(bytes(changed))
        except ValueError:
            continue
        assert note.signed_by([KEY], verify_signature) is None, bit


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="+"), min_size=1, max_size=20
)
NOTES = st.builds(
    SignedNote,
    st.lists(WORDS, min_size=1, max_size=4).map(lambda lines: "\n".join(lines) + "\n"),
    st.lists(
        st.builds(NoteSignature, WORDS, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=64)),
        min_size=1,
        max_size=3,
    ).map(tuple),
)
DAMAGE = ("cut", "doubled", "replaced", "inserted")


def damaged(data: bytes, how: str, at: int, byte: int) -> bytes:
    """One byte less, twice, other, or more."""
    at %= len(data)
    put = {"cut": b"", "doubled": data[at : at + 1] * 2, "replaced": bytes([byte])}.get(
        how, bytes([byte]) + data[at : at + 1]
    )
    return data[:at] + put + data[at + 1 :]


@given(NOTES)
def test_any_note_comes_back(note: SignedNote) -> None:
    assert SignedNote.parse(note.render()) == note


@given(NOTES, st.sampled_from(DAMAGE), st.integers(0, 10**4), st.integers(0, 255))
def test_a_damaged_note_is_refused_or_is_another_note_in_its_one_spelling(
    note: SignedNote, how: str, at: int, byte: int
) -> None:
    data = damaged(note.render(), how, at, byte)
    try:
        read = SignedNote.parse(data)
    except ValueError:
        return
    assert read.render() == data
    assert (read == note) is (data == note.render())


@given(st.sampled_from(DAMAGE), st.integers(0, 10**4), st.integers(0, 255))
def test_a_signed_checkpoint_with_one_byte_of_damage_is_signed_by_nobody(how: str, at: int, byte: int) -> None:
    sound = signed(HEAD)
    data = damaged(sound, how, at, byte)
    if data == sound:
        return
    with suppress(ValueError):
        assert SignedNote.parse(data).signed_by([KEY], verify_signature) is None


@pytest.mark.parametrize("raw", [b"\x01" + bytes(31), b"\x01" + bytes(33), b"\x02" + bytes(32), bytes(33), b""])
def test_a_verifier_key_is_one_byte_of_type_and_32_of_key(raw: bytes) -> None:
    with pytest.raises(ValueError, match="not an Ed25519 verifier key"):
        VerifierKey.parse(f"a+00000000+{base64.b64encode(raw).decode()}")


@pytest.mark.parametrize(
    ("name", "public"), [("", bytes(32)), ("a b", bytes(32)), ("a+b", bytes(32)), ("a", bytes(31)), ("a", bytes(33))]
)
def test_a_key_has_a_name_of_one_word_and_32_bytes(name: str, public: bytes) -> None:
    with pytest.raises(ValueError, match="not a key name"):
        VerifierKey(name, public)
    assert VerifierKey("a", bytes(32)).public == bytes(32)


@given(st.integers(0, 10**15), st.binary(min_size=32, max_size=32))
def test_checkpoints_come_back(size: int, root: bytes) -> None:
    head = Checkpoint(origin="o", size=size, root=root)
    assert Checkpoint.parse(head.text) == head
    assert base64.b64decode(head.text.split("\n")[2]) == root


def test_the_check_id_follows_from_what_nobody_knew_before() -> None:
    # sha256("a  b\n" "000000012" "95/titres"), computed with sha256sum
    assert check_id(b"a  b\n", 12, "95/titres") == "4b9d78b8c668c577"
    assert check_id(b"a  b\n", 1, "295/titres") != check_id(b"a  b\n", 12, "95/titres")
    assert check_id(first_anchor("example.org/journal"), 1, "95/titres") != check_id(
        first_anchor("other"), 1, "95/titres"
    )


@given(
    st.dictionaries(st.from_regex(r"[a-z0-9]{1,8}(/[a-z0-9._-]{1,8})?", fullmatch=True), st.just("ab" * 32), min_size=1)
)
def test_sums_have_one_spelling(digests: dict[str, str]) -> None:
    try:
        data = render_sums(digests)
    except ValueError:
        assert any("/." in name for name in digests)
        return
    assert parse_sums(data) == digests
    for wrong in (data[:-1], data.upper(), data.replace(b"  ", b" *"), data + data, b"", data + b"\n"):
        with pytest.raises(ValueError, match=r"."):
            parse_sums(wrong)


@pytest.mark.parametrize(
    "digests", [{"a": "0" * 63}, {"a": "A" * 64}, {"a b": "0" * 64}, {"a/../b": "0" * 64}, {"a\nb": "0" * 64}, {}]
)
def test_what_could_not_be_read_again_is_not_written(digests: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        render_sums(digests)


def test_a_name_that_hides_another_line_is_not_written() -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        render_sums({f"a\n{'1' * 64}  b": "0" * 64})


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../b", ".hidden", "a//b", "a b", "é", "a\\b", ""])
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_sums(f"{'0' * 64}  {name}\n".encode())
