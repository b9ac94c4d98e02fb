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


@pytest.mark.parametrize("content", [None, "{", json.dumps({"weights_sha256": "0" * 64})])
def test_a_threshold_of_other_weights_is_not_believed(content, tmp_path, monkeypatch):
    """No file, half a file, or one that names another digest."""
    (tmp_path / "radiograph.sha256").write_text(64 * "1" + "  radiograph.onnx", "ascii")
    if content is not None:
        (tmp_path / "radiograph.visibility.json").write_text(content, "utf-8")
    monkeypatch.setattr(weights_manifest, "WEIGHTS", tmp_path)

    assert weights_manifest.line_ratio() is None
