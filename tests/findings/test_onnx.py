"""The weights are those that were tested, or nothing runs."""

import hashlib

import numpy as np
import pytest

from calcinet import model
from calcinet.errors import BadWeights
from calcinet.findings.onnx import load


@pytest.fixture
def weights_folder(tmp_path, monkeypatch):
    """A folder of weights that a test may spoil."""
    for path in model.WEIGHTS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(model, "WEIGHTS", tmp_path)
    load.cache_clear()
    yield tmp_path
    load.cache_clear()


def test_the_digest_is_that_of_the_file():
    """SHA-256 of the bytes, worked out here."""
    data = (model.WEIGHTS / f"{model.NAME}.onnx").read_bytes()

    assert load(model.NAME).sha256 == hashlib.sha256(data).hexdigest() == model.sha256()


def test_the_weights_stay_small():
    """They travel with the code."""
    assert (model.WEIGHTS / f"{model.NAME}.onnx").stat().st_size < 8_000_000


def test_altered_weights_are_refused(weights_folder):
    """One byte more is another file."""
    path = weights_folder / f"{model.NAME}.onnx"
    path.write_bytes(path.read_bytes() + b"\0")

    with pytest.raises(BadWeights, match="not those this version was tested with"):
        load(model.NAME)


@pytest.mark.parametrize("suffix", ["onnx", "sha256"])
def test_missing_weights_are_refused(weights_folder, suffix):
    """Neither the network nor its digest can be done without."""
    (weights_folder / f"{model.NAME}.{suffix}").unlink()

    with pytest.raises(BadWeights, match="missing"):
        load(model.NAME)


def test_the_network_gives_probabilities_of_any_size():
    """Three channels in, four maps out, sides in multiples of 32."""
    image = np.random.default_rng(0).normal(size=(1, 3, 64, 96)).astype(np.float32)

    (maps,) = load(model.NAME).session.run(None, {"image": image})

    assert maps.shape == (1, 4, 64, 96)
    assert maps.min() >= 0
    assert maps.max() <= 1
