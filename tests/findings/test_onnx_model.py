"""The weights are those that were tested, or nothing runs."""

import hashlib

import numpy as np
import pytest

from calcinet import weights_manifest
from calcinet.errors import BadWeights
from calcinet.findings.onnx_model import load


@pytest.fixture
def weights_folder(tmp_path, monkeypatch):
    """A folder of weights that a test may spoil."""
    for path in weights_manifest.WEIGHTS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(weights_manifest, "WEIGHTS", tmp_path)
    load.cache_clear()
    yield tmp_path
    load.cache_clear()


def test_the_digest_is_that_of_the_file():
    """SHA-256 of the bytes, worked out here."""
    data = (weights_manifest.WEIGHTS / f"{weights_manifest.NAME}.onnx").read_bytes()

    assert load(weights_manifest.NAME).sha256 == hashlib.sha256(data).hexdigest() == weights_manifest.sha256()


def test_the_weights_stay_small():
    """They travel with the code."""
    assert (weights_manifest.WEIGHTS / f"{weights_manifest.NAME}.onnx").stat().st_size < 8_000_000


def test_altered_weights_are_refused(weights_folder):
    """One byte more is another file."""
    path = weights_folder / f"{weights_manifest.NAME}.onnx"
    path.write_bytes(path.read_bytes() + b"\0")

    with pytest.raises(BadWeights, match="not those this version was tested with"):
        load(weights_manifest.NAME)


@pytest.mark.parametrize("suffix", ["onnx", "sha256"])
def test_missing_weights_are_refused(weights_folder, suffix):
    """Neither the network nor its digest can be done without."""
    (weights_folder / f"{weights_manifest.NAME}.{suffix}").unlink()

    with pytest.raises(BadWeights, match="missing"):
        load(weights_manifest.NAME)


def test_the_network_gives_probabilities_of_any_size():
    """Three channels in, five maps out, sides in multiples of 32."""
    image = np.random.default_rng(0).normal(size=(1, 3, 64, 96)).astype(np.float32)

    (maps,) = load(weights_manifest.NAME).session.run(None, {"image": image})

    assert maps.shape == (1, 5, 64, 96)
    assert maps.min() >= 0
    assert maps.max() <= 1
