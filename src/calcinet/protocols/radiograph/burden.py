"""How much calcium a radiograph shows: the measures of its burden."""

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats
from calcinet.errors import NotMeasurable
from calcinet.findings.projection_calcium import Calcium
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.measure.radiograph.burden import Burden, burden
from calcinet.measure.result import rows
from calcinet.protocols.meanings import declared_meanings
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.radiograph.meanings import AREA_PX, LENGTH_PX, MARKED_PERCENT
from calcinet.protocols.radiograph.vessel_courses import sum_lengths
from calcinet.text import say


def measure_burden(
    measurements: Measurements, image: Image, regions: Regions, calcium: Calcium, labels: NDArray[np.uint8]
) -> None:
    """Put area, length and place of all calcium that is marked in `labels`, shape (Y, X)."""
    lines: list[Floats] = []
    for finding in calcium.findings:
        lines += finding.centre_lines
    try:
        _put_burden(measurements, burden(image, labels, regions, tuple(lines)))
    except NotMeasurable as refusal:
        measurements.refuse(declared_meanings(Burden), str(refusal))
    if image.pixel_mm is None:
        measurements.put(AREA_PX, float((labels > 0).sum()))
        measurements.put(LENGTH_PX, sum_lengths(lines))
    soft = regions[Tissue.SOFT]
    if soft.any():
        measurements.put(MARKED_PERCENT, 100 * float((labels[soft] > 0).mean()))
    else:
        measurements.refuse([MARKED_PERCENT], say("no soft tissue on this film"))


def _put_burden(measurements: Measurements, amount: Burden) -> None:
    for row in rows(amount):
        if row.value is None:
            measurements.refuse([row.name], say("no air beside the limb: the depth under the skin is unknown"))
        else:
            measurements.put(row.name, row.value, row.interval95)
