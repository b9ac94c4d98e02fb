"""Small copies of pictures."""

import numpy as np

from calcinet.io.radiograph.small_copy import shrink


def test_copy_keeps_shape_and_range():
    """1200 x 600 pixels of 12 bits become 400 x 200 from 0 to 255; a ramp keeps its ends to a pixel's step."""
    ramp = np.repeat(np.linspace(100, 4000, 1200)[:, np.newaxis], 600, axis=1)

    small = shrink(ramp, 400)

    assert small.shape == (400, 200)
    assert 0 <= small.min() < 1
    assert 254 < small.max() <= 255


def test_smaller_picture_is_not_enlarged():
    """Its greys are spread all the same."""
    small = shrink(np.array([[10, 20], [20, 30]], np.uint16), 400)

    np.testing.assert_allclose(small, [[0, 127.5], [127.5, 255]])
