"""A refusal names a file by its hash and says why, and nothing else."""

import hashlib

import pytest

from calcinet.errors import BadInput, Unreadable
from calcinet.io.refusal import fingerprint, refuse_unforeseen, refuse_unread, source_name


def test_fingerprint_is_the_sha256_of_the_bytes():
    """The digest of "abc" that FIPS 180-2 prints in its first example."""
    assert fingerprint(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_name_is_twelve_digits_and_the_suffix():
    assert source_name("0123456789abcdef", ".png") == "0123456789ab.png"


def test_file_of_which_nothing_was_read_has_the_hash_of_nothing():
    refusal = refuse_unread(Unreadable("the file is gone", code="cannot-open"))

    assert refusal.sha256 == hashlib.sha256().hexdigest()
    assert refusal.source == refusal.sha256[:12]
    assert (refusal.reason, refusal.code, refusal.modality) == ("the file is gone", "cannot-open", None)


def test_what_nobody_foresaw_is_a_refusal_that_quotes_nothing(caplog):
    with caplog.at_level("DEBUG", "calcinet"), pytest.raises(Unreadable) as caught, refuse_unforeseen():
        raise IndexError("SECRET")

    assert caught.value.code == "unforeseen"
    assert "SECRET" not in str(caught.value)
    assert "SECRET" in caplog.text


def test_without_room_a_file_is_refused():
    with pytest.raises(Unreadable) as caught, refuse_unforeseen():
        raise MemoryError

    assert caught.value.code == "no-memory"


@pytest.mark.parametrize("error", [BadInput("x"), Unreadable("x", code="y"), KeyboardInterrupt()])
def test_what_was_foreseen_goes_through(error):
    with pytest.raises(type(error)) as caught, refuse_unforeseen():
        raise error

    assert caught.value is error
