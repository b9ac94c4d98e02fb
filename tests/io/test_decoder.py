"""A process that decodes, as the program sees it: pixels, or a word."""

import os
import signal
from io import BytesIO

import numpy as np
import pytest
from PIL import Image as Picture

from calcinet.io import decoder
from calcinet.io.decoder import Undecodable, decode, end_all

ASKED = {"least": 4, "most": 1000, "inflation": 250}


@pytest.fixture(autouse=True)
def no_process_before():
    """Begin and end without a process that waits."""
    end_all()
    yield
    end_all()


@pytest.fixture
def grey():
    return np.arange(12 * 10, dtype=np.uint8).reshape(12, 10)


def png(samples):
    stream = BytesIO()
    Picture.fromarray(samples).save(stream, "PNG")
    return stream.getvalue()


def test_pixels_come_back(grey):
    decoded = decode("PNG", png(grey), **ASKED)

    assert decoded.samples.dtype == np.uint8
    assert np.array_equal(decoded.samples, grey)
    assert decoded.samples.flags.writeable


def test_one_process_serves_all_that_ask_one_after_the_other(grey):
    for _ in range(3):
        decode("PNG", png(grey), **ASKED)

    assert len(decoder._idle) == 1


def test_a_size_that_does_not_fit_comes_back_as_numbers(grey):
    with pytest.raises(Undecodable) as caught:
        decode("PNG", png(grey), **{**ASKED, "most": 119})

    assert (caught.value.why, caught.value.facts["rows"], caught.value.facts["columns"]) == ("size", 12, 10)


def test_damage_leaves_the_process_for_the_next(grey):
    with pytest.raises(Undecodable, match="damaged"):
        decode("PNG", png(grey)[:-40], **ASKED)

    assert len(decoder._idle) == 1
    assert np.array_equal(decode("PNG", png(grey), **ASKED).samples, grey)


def test_a_process_that_died_while_it_waited_is_replaced(grey):
    decode("PNG", png(grey), **ASKED)
    process = decoder._idle[0]._process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    assert np.array_equal(decode("PNG", png(grey), **ASKED).samples, grey)


def test_a_process_that_takes_too_long_is_ended(grey, monkeypatch):
    """It is stopped here, as if it hung: after a second it is gone, and the next file has another."""
    monkeypatch.setenv("CALCINET_MAX_DECODER_SECONDS", "1")
    decode("PNG", png(grey), **ASKED)
    hung = decoder._idle[0]._process
    os.kill(hung.pid, signal.SIGSTOP)

    with pytest.raises(Undecodable, match="died"):
        decode("PNG", png(grey), **ASKED)

    assert hung.returncode == -signal.SIGKILL
    assert decoder._idle == []


def test_a_picture_that_needs_too_much_memory_is_a_word(monkeypatch):
    """4000 x 4000 colours have 48 MB, and several copies of them do not go into 150."""
    monkeypatch.setenv("CALCINET_MAX_DECODER_BYTES", str(150 * 10**6))
    noise = np.random.default_rng(1).integers(0, 255, (400, 400, 3), dtype=np.uint8)
    large = png(np.tile(noise, (10, 10, 1)))

    with pytest.raises(Undecodable) as caught:
        decode("PNG", large, **{**ASKED, "most": 10**8})

    assert caught.value.why in ("memory", "damaged", "died")


def test_nothing_reaches_the_terminal(grey, capfd):
    decode("PNG", png(grey), **ASKED)
    with pytest.raises(Undecodable):
        decode("TIFF", b"II*\0" + bytes(100), **ASKED)

    assert capfd.readouterr() == ("", "")
