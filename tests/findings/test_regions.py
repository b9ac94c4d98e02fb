"""A region map answers by tissue, and small pictures have none."""

import numpy as np
import pytest

from calcinet.errors import NotMeasurable
from calcinet.findings.regions import Regions, require_size
from calcinet.mask_labels import Tissue


def test_a_map_tells_where_a_tissue_is_and_whether_skin_is_seen():
    labels = np.array([[0, 1, 2], [3, 4, 2]], np.uint8)
    regions = Regions(labels=labels, depth=np.zeros((2, 3), np.float32), depth_unit="mm")
    without_air = Regions(labels=np.maximum(labels, 2), depth=regions.depth, depth_unit="mm")

    assert regions[Tissue.SOFT].tolist() == [[False, False, True], [False, False, True]]
    assert regions.depth_known
    assert not without_air.depth_known


def test_a_picture_of_31_rows_is_too_small():
    require_size(np.zeros((32, 40), np.float32))

    with pytest.raises(NotMeasurable, match="only 31 x 40 pixels"):
        require_size(np.zeros((31, 40), np.float32))
