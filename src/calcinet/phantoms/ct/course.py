"""Where a leg's parts run: tables of heights above the sole, in mm of an average leg."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import PchipInterpolator

from calcinet.arrays import Floats

Row = tuple[float, ...]


class Course:
    """Values between the rows of a table, smooth along the height; the first column is the height."""

    def __init__(self, rows: Sequence[Row]) -> None:
        table = np.array(sorted(rows))
        self.low, self.high = float(table[0, 0]), float(table[-1, 0])
        self._between = PchipInterpolator(table[:, 0], table[:, 1:])

    def __call__(self, z: ArrayLike) -> Floats:
        """Rows at heights `z`, those beyond an end as at that end, shape (..., columns)."""
        return np.asarray(self._between(np.clip(z, self.low, self.high)))


SURFACE: Final = Course(
    (
        (0, 39, 105, -62),
        (15, 43, 118, -65),
        (35, 43, 112, -62),
        (60, 41, 85, -38),
        (85, 41, 52, -8),
        (105, 40, 43, 0),
        (150, 40, 44, 2),
        (250, 52, 55, 4),
        (330, 60, 63, 6),
        (400, 59, 60, 4),
        (440, 60, 62, 0),
        (475, 62, 64, 0),
        (520, 64, 64, 0),
        (600, 72, 70, 0),
        (700, 80, 78, 0),
        (800, 88, 86, 0),
        (870, 92, 90, 0),
    )
)
"""Height, half width sideways and from front to back, and place of its middle towards the back."""

FAT_SHARE: Final = Course(
    ((0, 0.5), (60, 0.45), (105, 0.5), (200, 0.8), (330, 1.0), (440, 0.8), (600, 1.2), (870, 1.6))
)
"""Height, and thickness of the subcutis over that of the calf."""

BONES: Final[dict[str, Course]] = {
    "tibia": Course(
        (
            (88, -6, -2, 20, 17, 1.0),
            (100, -6, -2, 19, 17, 1.2),
            (130, -7, -6, 14, 14, 3.0),
            (160, -7, -8, 13, 14, 4.0),
            (250, -8, -14, 13, 15, 4.5),
            (340, -7, -13, 14, 16, 4.0),
            (385, -3, -8, 19, 19, 2.0),
            (410, -1, -4, 25, 22, 1.3),
            (430, 0, 0, 34, 25, 1.0),
            (445, 0, 0, 36, 26, 1.0),
        )
    ),
    "fibula": Course(
        (
            (72, 24, 4, 6, 6, 1.0),
            (82, 24, 4, 8, 8, 1.0),
            (100, 24, 4, 8, 8, 1.2),
            (140, 22, 6, 6, 6, 2.0),
            (250, 24, 10, 6, 6, 2.5),
            (340, 30, 11, 6, 6, 2.3),
            (385, 37, 12, 7, 7, 1.5),
            (415, 37, 12, 9, 9, 1.0),
            (425, 37, 12, 7, 7, 1.0),
        )
    ),
    "femur": Course(
        (
            (462, 0, -5, 33, 20, 1.0),
            (480, 0, -5, 35, 22, 1.0),
            (505, 0, -5, 29, 22, 1.3),
            (545, 2, -5, 18, 17, 3.0),
            (600, 4, -6, 14, 14.5, 5.0),
            (700, 6, -8, 14, 14.5, 6.0),
            (870, 8, -6, 15, 15, 6.0),
        )
    ),
}
"""Height, middle (lateral, back), half width (sideways, front to back) and cortex."""

ROUND: Final = (
    (476, 4, -22, 24, 29, 19),
    (476, 4, 22, 24, 29, 19),
    (492, -43, 0, 20, 9, 21),
    (81, -2, -25, 13, 12, 6),
    (67, -5, -2, 17, 28, 20),
    (31, 24, 4, 17, 30, 16),
    (50, -46, -10, 14, 9, 16),
    (38, -46, 16, 12, 14, 10),
    (44, -68, -5, 12, 10, 21),
)
"""Condyles, patella, inner ankle, talus, heel, tarsals: middle (height, back, lateral) and half axes."""

RODS: Final = tuple(
    ((37 - 2 * abs(n - 1), -84, -21 + 11 * n), (17, -142, -24 + 12 * n), 4.6) for n in range(5)
) + tuple(((14, -150, -24 + 12 * n), (12, -171 + 4 * abs(n - 1), -24 + 12 * n), 4.2) for n in range(5))
"""Metatarsals and toes: ends (height, back, lateral) and radius."""

ARTERIES: Final[dict[str, Course]] = {
    "femoral": Course(
        (
            (870, -30, -45, 4.2),
            (760, -36, -25, 4.2),
            (650, -33, 8, 4.0),
            (580, -18, 30, 3.8),
            (520, -4, 42, 3.6),
        )
    ),
    "popliteal": Course(((520, -4, 42, 3.6), (470, 0, 46, 3.5), (440, 2, 44, 3.3), (398, 4, 37, 2.8))),
    "posterior tibial": Course(
        (
            (405, 4, 38, 2.4),
            (380, 0, 33, 2.2),
            (300, -4, 22, 2.0),
            (200, -10, 22, 1.9),
            (120, -20, 24, 1.7),
            (92, -26, 23, 1.6),
        )
    ),
    "peroneal": Course(
        (
            (388, 5, 34, 2.1),
            (372, 11, 31, 2.1),
            (340, 16, 26, 1.9),
            (250, 14, 21, 1.7),
            (150, 13, 20, 1.5),
            (112, 14, 21, 1.3),
        )
    ),
    "anterior tibial": Course(
        ((360, 20, -4, 2.2), (330, 20, -6, 2.0), (250, 17, -10, 1.8), (150, 9, -26, 1.7), (100, 3, -27, 1.6))
    ),
}
"""Height, middle (lateral, back) and outer radius."""

MUSCLES: Final[dict[str, tuple[Row, ...]]] = {
    "lower": ((15, -20), (27, -2), (0, 14), (-14, 38), (18, 38), (3, 27), (-24, 16)),
    "upper": ((-5, -48), (38, -22), (-32, -25), (-48, 8), (-18, 46), (20, 46), (5, -26), (30, 18)),
}
"""Middles (lateral, back) about which muscles lie, below and above the knee."""

KNEE_MM: Final = 450.0
"""Height of the joint space of the knee."""
