"""The layers of a limb that calcium lies in: their order, their colours, and where they show in a projection."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Indices
from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.pictures.drawing import Colour
from calcinet.text import say
from calcinet.vocabulary import Compartment

COMPARTMENTS: Final[tuple[Compartment, ...]] = ("artery", "muscle", "subcutis", "skin", "bone overlap", "unknown")
"""From the inside outwards, and what is neither."""

COLOURS: Final[Mapping[Compartment, Colour]] = {
    "artery": (255, 108, 40),
    "muscle": (0, 190, 140),
    "subcutis": (86, 180, 233),
    "skin": (240, 228, 66),
    "bone overlap": (176, 128, 255),
    "unknown": (226, 140, 190),
}
"""After Okabe and Ito, whose colours colour-blind readers tell apart, a little brighter for a black ground."""

NAMES: Final[Mapping[Compartment, str]] = {
    "artery": say("artery"),
    "muscle": say("muscle"),
    "subcutis": say("subcutis"),
    "skin": say("skin"),
    "bone overlap": say("bone overlap"),
    "unknown": say("place unknown"),
}


def present(findings: Sequence[FindingRecord]) -> list[Compartment]:
    """List the compartments that findings lie in, in the order of COMPARTMENTS."""
    holding = {finding.compartment for finding in findings}
    return [name for name in COMPARTMENTS if name in holding]


def number_of_compartment(name: Compartment) -> int:
    """Value of a compartment in a map of compartments; 0 is none."""
    return COMPARTMENTS.index(name) + 1


def map_compartments(
    shape: tuple[int, int],
    findings: Sequence[FindingRecord],
    projected: Mapping[str, tuple[Indices, Indices]],
) -> NDArray[np.uint8]:
    """Mark in a projection where calcium of which compartment lies; where several lie, the innermost shows.

    Parameters
    ----------
    shape
        Rows and columns of the projection.
    findings
        Their compartments.
    projected
        Of each finding, by id: rows and columns of its voxels in the projection. Those outside `shape` are left out.
    """
    compartments = np.zeros(shape, np.uint8)
    for finding in sorted(findings, key=lambda each: -number_of_compartment(each.compartment)):
        if finding.id in projected:
            rows, columns = projected[finding.id]
            inside = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
            compartments[rows[inside], columns[inside]] = number_of_compartment(finding.compartment)
    return compartments


def map_from_the_front(voxels: Mapping[str, Indices], image: ImageRecord) -> NDArray[np.uint8]:
    """Map the compartments in the projection from the front that the points of a record are in.

    Parameters
    ----------
    voxels
        (Z, Y, X) of each finding, by id, shape (N, 3).
    image
        The findings, and the shape of the CT.
    """
    assert image.ct is not None
    slices = image.ct.shape[0]
    projected = {key: (slices - 1 - at[:, 0], at[:, 2]) for key, at in voxels.items()}
    return map_compartments(image.shape or (slices, 0), image.findings, projected)
