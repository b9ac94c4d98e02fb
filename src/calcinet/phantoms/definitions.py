"""What each number of a phantom's truth means, with its unit: for whoever compares a result with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Definition:
    """One quantity of the truth."""

    unit: str
    """UCUM."""
    means: str


VESSELS: Final[Mapping[str, Definition]] = {
    "centre_line": Definition("{pixel}", "row and column along the middle of an artery, where its calcium is or not"),
    "diameter_mm": Definition(
        "mm", "calibre: outer diameter of the artery, wall included, at each point of centre_line"
    ),
    "calcified": Definition(
        "1", "whether a wall of the artery holds calcium at the point, in the film and in the region it was put into"
    ),
    "calcified_length_mm": Definition(
        "mm",
        "length along centre_line of the steps both of whose ends are calcified, whether or not it is bright enough to "
        "be seen; gaps are left out, two walls of one artery count once",
    ),
}
"""Of an artery of a film and of a mammogram; lengths are those of the pixel grid."""

NETS: Final[Mapping[str, Definition]] = {
    "mesh_mm": Definition("mm", "square root of the mean area of the cells of the unbroken net"),
    "line_mm": Definition("mm", "width of its lines"),
    "depth_mm": Definition("mm", "below the skin"),
}

FILM: Final[Mapping[str, Definition]] = {
    "pixel_mm": Definition("mm", "distance of rows and of columns"),
    "mask_labels": Definition(
        "1",
        "values of the label map: pixels of calcified wall, plaque and net line with at least twice the local noise",
    ),
    **VESSELS,
    **NETS,
}

CT: Final[Mapping[str, Definition]] = {
    "spacing_mm": Definition("mm", "distance of slices, of rows, of columns"),
    "volume_mm3": Definition(
        "mm3", "volume of a lesion, counted in cells much finer than a voxel: without blur, noise and threshold"
    ),
    "calibre_mm": Definition("mm", "outer diameter of the vessel that a lesion lies in; thickness of a net's lines"),
    "length_mm": Definition(
        "mm", "length of a tubular lesion, and of one in an artery's wall, along the vessel's middle"
    ),
    "depth_mm": Definition("mm", "of a lesion's middle, or of its line, below the skin, within its slice"),
    "mesh_mm": Definition("mm", "square root of the mean area of the cells of the unbroken net"),
    "centre": Definition("{voxel}", "mean of its line: slice from the feet, row, column"),
    "volumes_mm3": Definition("mm3", "sum of volume_mm3 over the lesions of a compartment"),
    "calcified_length_mm": Definition(
        "mm", "sum of length_mm over the lesions of arteries: gaps are left out, the walls of one artery count once"
    ),
}


def describe_definitions(definitions: Mapping[str, Definition]) -> dict[str, dict[str, str]]:
    """The definitions in plain words, as they stand in a file of the truth."""
    return {name: {"unit": each.unit, "means": each.means} for name, each in definitions.items()}
