"""What counts as a finding, and what does not."""

import pytest

from calcinet.errors import BadInput, MachineFault, Unreadable
from calcinet.io import read_all
from calcinet.io.refusal import refuse_unforeseen
from fuzz.entrances import find_entrance, look_at_all
from fuzz.verdict import HiddenCrash, judge


def fail(error):
    def read():
        raise error

    return read


@pytest.mark.parametrize("error", [BadInput("no"), Unreadable("no", code="truncated"), MachineFault("full")])
def test_a_refusal_on_purpose_is_none(error):
    assert judge(fail(error)) is None
    assert judge(lambda: None) is None


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), MemoryError(), AssertionError()])
def test_any_other_error_is_one_and_named_for_its_place(error):
    finding = judge(fail(error))

    assert finding.kind == type(error).__name__
    assert finding.place.startswith("test_verdict.py:read:")


def test_a_crash_that_was_turned_into_a_refusal_is_told_with_its_cause():
    def read():
        try:
            with refuse_unforeseen():
                raise ZeroDivisionError
        except Unreadable as refused:
            raise HiddenCrash(refused.code) from None

    assert judge(read).kind == "ZeroDivisionError"


def test_too_long_is_one(monkeypatch):
    monkeypatch.setattr("fuzz.verdict.MOST_SECONDS", -1)

    assert judge(lambda: None).kind == "slow"


def test_an_entrance_tells_what_the_readers_hide(tmp_path, monkeypatch):
    """A reader that crashes on every film: the call gives a refusal, the entrance a finding with its place."""

    def crash(*_):
        raise IndexError

    monkeypatch.setattr("calcinet.io.study.Study._decode_film", crash)
    film = find_entrance("film").make_seeds()[0]
    path = tmp_path / "film.dcm"
    path.write_bytes(film)

    assert read_all([path])[0].code == "unforeseen"
    assert judge(lambda: look_at_all(path)).kind == "IndexError"
    assert judge(lambda: find_entrance("film").read(film)).place.startswith("study.py:_decode:")
