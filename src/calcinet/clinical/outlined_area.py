"""The area of a lesion that was outlined on a photograph with a ruler in it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from calcinet.constants import NORMAL_95
from calcinet.text import Text, say

Place = tuple[float, float]
"""Right and down in the upright picture; its longer side is 1."""

POINT_SD: Final = 0.002
"""Standard deviation of a point that a person sets, along each axis, as a share of the picture's longer side. Our
choice: two pixels of a picture of a thousand on the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlinedArea:
    """What an outline and a ruler give."""

    cm2: float
    """Area."""
    interval95: tuple[float, float]
    """For how points are set by hand; for nothing else."""
    points: int
    """Of the outline."""
    ruler_cm: float

    def explain(self) -> Text:
        """How it was got, and when it misleads."""
        return say(
            "{area:.1f} cm2 ({low:.1f} to {high:.1f}) within an outline of {points} points, by two points of the ruler "
            "in the photograph that lie {ruler:g} cm apart. It holds where ruler and lesion lie in one plane that the "
            "camera faced; round a limb or seen aslant the lesion is larger.",
            area=self.cm2,
            low=self.interval95[0],
            high=self.interval95[1],
            points=self.points,
            ruler=self.ruler_cm,
        )


def measure_outline(outline: Sequence[Place], ruler: tuple[Place, Place], ruler_cm: float) -> OutlinedArea:
    """Measure the area within an outline.

    With the scale s = c / L (c cm between two points of the ruler, L apart in the picture) the area is that of the
    polygon, A = s^2 |sum(x_i y_i+1 - x_i+1 y_i)| / 2. Where every coordinate strays by d, independent of the others,
    its relative variance is, to first order,

        8 d^2 / L^2 + d^2 sum(|p_i+1 - p_i-1|^2) / (4 (A / s^2)^2)

    and the interval is A exp(-+1.96 sd). A tilt of the plane by t makes the area of the picture cos(t) of the true one,
    that of the ruler by up to the same factor the other way: neither is in the interval.

    Parameters
    ----------
    outline
        Three corners or more, which do not cross.
    ruler
        Two points that differ.
    ruler_cm
        Their distance.
    """
    length = math.dist(*ruler)
    polygon = measure_polygon(outline)
    across = sum(math.dist(after, before) ** 2 for before, after in zip(outline, _turn(outline, 2), strict=True))
    variance = POINT_SD**2 * (8 / length**2 + across / (4 * polygon**2))
    area = polygon * (ruler_cm / length) ** 2
    factor = math.exp(NORMAL_95 * math.sqrt(variance))
    return OutlinedArea(cm2=area, interval95=(area / factor, area * factor), points=len(outline), ruler_cm=ruler_cm)


def measure_polygon(outline: Sequence[Place]) -> float:
    """Area within an outline, in squares of the picture's longer side."""
    products = (a[0] * b[1] - b[0] * a[1] for a, b in zip(outline, _turn(outline, 1), strict=True))
    return abs(sum(products)) / 2


def crosses_itself(outline: Sequence[Place]) -> bool:
    """Whether two sides of a closed outline cross; sides that meet at a corner do not."""
    sides = list(zip(outline, _turn(outline, 1), strict=True))
    count = len(sides)
    for first in range(count):
        for second in range(first + 2, count):
            beside = first == 0 and second == count - 1
            if not beside and _do_cross(sides[first], sides[second]):
                return True
    return False


def _turn(outline: Sequence[Place], by: int) -> list[Place]:
    """The corners, begun later."""
    return [*outline[by:], *outline[:by]]


def _do_cross(one: tuple[Place, Place], other: tuple[Place, Place]) -> bool:
    """Whether each of two stretches has its ends on both sides of the other."""
    return _is_parted(one, other) and _is_parted(other, one)


def _is_parted(line: tuple[Place, Place], ends: tuple[Place, Place]) -> bool:
    (x, y), (to_x, to_y) = line
    sides = [(to_x - x) * (end[1] - y) - (to_y - y) * (end[0] - x) for end in ends]
    return sides[0] * sides[1] < 0
