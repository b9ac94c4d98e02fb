"""What every measure of a CT refuses, and the public name of the score."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image
from calcinet.measure import agatston as public
from calcinet.measure.ct import agatston
from calcinet.measure.ct.hounsfield import require_hounsfield_volume

IMAGE = Image(np.zeros((2, 3, 4), np.float32), (3.0, 0.5, 0.6), "[hnsf'U]", modality="CT")
MASK = np.zeros((2, 3, 4), dtype=bool)


def test_the_spacing_of_a_sound_image_is_given_back():
    """Slices 3 mm apart."""
    assert require_hounsfield_volume(IMAGE, MASK, without_spacing="no size") == (3.0, 0.5, 0.6)


def test_unit_shape_and_spacing_are_required_in_this_order():
    """An image without any of them is refused for its unit."""
    nothing = replace(IMAGE, unit="1", spacing_mm=None)
    with pytest.raises(NotMeasurable, match="needs pixels in"):
        require_hounsfield_volume(nothing, MASK[1:], without_spacing="no size")
    with pytest.raises(BadInput, match="must match the image"):
        require_hounsfield_volume(replace(nothing, unit=IMAGE.unit), MASK[1:], without_spacing="no size")
    with pytest.raises(NotMeasurable, match="no size"):
        require_hounsfield_volume(replace(IMAGE, spacing_mm=None), MASK, without_spacing="no size")


def test_the_score_keeps_its_public_name():
    """`calcinet.measure.agatston.agatston_score` is the one of `calcinet.measure.ct.agatston`."""
    assert public.agatston_score is agatston.agatston_score
