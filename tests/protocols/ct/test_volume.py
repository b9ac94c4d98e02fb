"""Volume of one deposit, measured in a cut-out."""

from dataclasses import replace

import numpy as np
import pytest

from calcinet.findings.ct.finder import find_calcium_on_ct
from calcinet.image import Image
from calcinet.protocols.ct.volume import measure_deposit_volume


@pytest.fixture(scope="module")
def found(scan):
    return find_calcium_on_ct(scan[0])


def test_a_block_has_the_volume_of_its_voxels_with_their_excess_over_tissue(scan, found):
    """A block of 4 x 4 x 4 voxels of 1 mm3 that are far apart from all else, sharp: 64 mm3."""
    pixels = np.full((40, 40, 40), 50, np.float32)
    pixels[18:22, 18:22, 18:22] = 1050
    image = Image(pixels, (1.0, 1.0, 1.0), "[hnsf'U]", modality="CT")
    mask = np.ones((4, 4, 4), bool)
    part = replace(found.lesions[0].part, mask=mask, box=(slice(18, 22),) * 3)
    labels = np.zeros(pixels.shape, np.uint8)
    labels[18:22, 18:22, 18:22] = 1

    volume = measure_deposit_volume(image, replace(found.lesions[0], part=part), labels)

    assert volume.mm3 == pytest.approx(64, rel=0.1)
    assert volume.interval[0] < 64 < volume.interval[1]


def test_two_pieces_have_the_volume_of_both(found):
    """The same block twice, in one deposit: twice its volume."""
    pixels = np.full((40, 40, 60), 50, np.float32)
    boxes = [(slice(18, 22), slice(18, 22), slice(x, x + 4)) for x in (15, 40)]
    labels = np.zeros(pixels.shape, np.uint8)
    for box in boxes:
        pixels[box], labels[box] = 1050, 1
    image = Image(pixels, (1.0, 1.0, 1.0), "[hnsf'U]", modality="CT")
    volumes = []
    for box in (boxes[0], (slice(18, 22), slice(18, 22), slice(15, 44))):
        part = replace(found.lesions[0].part, mask=labels[box] > 0, box=box)
        volumes.append(measure_deposit_volume(image, replace(found.lesions[0], part=part), labels))

    assert volumes[1].mm3 == pytest.approx(2 * volumes[0].mm3)
    assert volumes[1].spread == pytest.approx(volumes[0].spread)


def test_one_slice_has_no_volume(found):
    image = Image(np.zeros((1, 40, 40), np.float32), (1.0, 1.0, 1.0), "[hnsf'U]", modality="CT")

    assert measure_deposit_volume(image, found.lesions[0], np.zeros((1, 40, 40), np.uint8)) is None
