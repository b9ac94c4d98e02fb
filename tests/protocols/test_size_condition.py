"""What hangs on an assumed pixel size carries its condition."""

import numpy as np

from calcinet.image import Image
from calcinet.protocols.size_condition import condition_of, describe_export


def _image(basis, **changes):
    return Image(np.zeros((1, 40, 40), np.float32), (1.0, 0.15, 0.15), "1", spacing_basis=basis, **changes)


def test_only_an_assumed_size_is_a_condition():
    assert condition_of(_image("assumed")) == "if the pixels are 0.15 mm"
    for basis in ("calibrated", "corrected", "detector", "user"):
        assert condition_of(_image(basis)) is None


def test_an_export_is_called_one_with_its_signs():
    export = describe_export(_image("assumed", export_signs=("no DICOM header", "JPEG")))

    assert export is not None
    assert export.startswith("This picture is an export, not the film itself (no DICOM header, JPEG)")
    assert "fine nets may be lost" in export
    assert describe_export(_image("detector")) is None
