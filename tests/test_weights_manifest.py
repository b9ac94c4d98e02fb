"""What is known of the weights that come with the package."""

import json

import pytest

from calcinet import weights_manifest


def test_the_detectors_own_threshold_was_measured_with_the_weights_that_are_shipped():
    """After new weights: python -m benchmarks --only visibility --keep-visibility."""
    measured = weights_manifest.line_ratio()

    assert measured is not None
    ratio, low, high = measured
    assert 1 < low <= ratio <= high


def test_the_count_of_real_arteries_was_made_with_the_weights_that_are_shipped():
    """After new weights: python -m benchmarks --only arteries --keep-recall."""
    counted = weights_manifest.artery_recall()

    assert counted is not None
    assert 0 <= counted.found <= counted.arteries
    assert counted.patients >= 4


@pytest.mark.parametrize("content", [None, "{", json.dumps({"weights_sha256": "0" * 64})])
def test_a_threshold_of_other_weights_is_not_believed(content, tmp_path, monkeypatch):
    """No file, half a file, or one that names another digest."""
    (tmp_path / "radiograph.sha256").write_text(64 * "1" + "  radiograph.onnx", "ascii")
    if content is not None:
        (tmp_path / "radiograph.visibility.json").write_text(content, "utf-8")
        (tmp_path / "radiograph.recall.json").write_text(content, "utf-8")
    monkeypatch.setattr(weights_manifest, "WEIGHTS", tmp_path)

    assert weights_manifest.line_ratio() is None
    assert weights_manifest.artery_recall() is None
