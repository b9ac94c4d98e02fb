"""Change of uptake between two scans of one patient, called only beyond counting and repeatability."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.errors import BadInput, NotMeasurable
from calcinet.measure.result import quantity
from calcinet.measure.scintigram.uptake import NORMAL_95, Density
from calcinet.text import say
from calcinet.vocabulary import ChangeCall

REPEAT_SD: Final = 0.05
"""Relative standard deviation of a segment's uptake from one scan to another, without change. Our choice: no series of
this disease has measured it."""

PLACING_SD: Final = 0.025
"""The same, from finding a segment again on another scan of a body that lies differently. Our choice: phantoms show
about 2 %, and people are less regular."""

DOSE_SD: Final = 0.03
"""Relative standard deviation of an activity as it is written down. Our choice: a dose calibrator's."""

LEAST_SEGMENTS: Final = 4
"""Segments that an overall change is told from. Our choice: half of those of soft tissue."""


@dataclass(frozen=True, slots=True)
class Dosing:
    """What the counts of a scan are divided by."""

    dose_mbq: float
    hours_after_injection: float
    half_life_h: float
    seconds: float
    decay_corrected: bool = False

    @property
    def decays(self) -> float:
        """Activity left when the scan began, times its duration: what the counts are proportional to."""
        left = 1.0 if self.decay_corrected else 0.5 ** (self.hours_after_injection / self.half_life_h)
        return self.dose_mbq * left * self.seconds


@dataclass(frozen=True, slots=True)
class Change:
    """What `uptake_change` found."""

    ratio: float = quantity("1", say("Uptake over that of the earlier scan"))
    ratio_interval: tuple[float, float] = (0.0, 0.0)
    call: ChangeCall = "no change"


def uptake_change(
    earlier: Density,
    later: Density,
    scaling: float,
    *,
    scaling_sd: float = 0.0,
    repeat_sd: float = REPEAT_SD,
    placing_sd: float = PLACING_SD,
) -> Change:
    """Later over earlier uptake of one segment.

    Parameters
    ----------
    earlier, later
        Counts a mm of tissue, from the same views.
    scaling
        What the later counts would be over the earlier ones if nothing had changed.
    scaling_sd
        Relative standard deviation of that.
    repeat_sd, placing_sd
        Relative standard deviations of one scan that are not counting.

    Raises
    ------
    BadInput
        If the views differ or the scaling is not positive.
    """
    if earlier.views != later.views or not scaling > 0:
        raise BadInput("a change needs the same views on both scans and a positive scaling")
    ratio = later.value / earlier.value / scaling
    variance = earlier.variance + later.variance + 2 * (repeat_sd**2 + placing_sd**2) + scaling_sd**2
    return _called(ratio, variance)


def overall_change(changes: Sequence[tuple[Density, Density]], scaling: float, *, scaling_sd: float = 0.0) -> Change:
    """Geometric mean of the changes of several segments: whether uptake rose or fell as a whole.

    Raises
    ------
    NotMeasurable
        If there are fewer than `LEAST_SEGMENTS`.
    """
    if len(changes) < LEAST_SEGMENTS:
        raise NotMeasurable(say("fewer than {least} segments were seen on both scans", least=LEAST_SEGMENTS))
    logs = [np.log(later.value / earlier.value / scaling) for earlier, later in changes]
    own = [one.variance + two.variance + 2 * (REPEAT_SD**2 + PLACING_SD**2) for one, two in changes]
    return _called(float(np.exp(np.mean(logs))), sum(own) / len(own) ** 2 + scaling_sd**2)


def by_dose(earlier: Dosing, later: Dosing) -> tuple[float, float]:
    """Scaling from dose, decay and duration, and its relative standard deviation.

    >>> by_dose(Dosing(700, 3, 6, 1200), Dosing(700, 9, 6, 1200))[0]
    0.5
    """
    return later.decays / earlier.decays, float(np.sqrt(2) * DOSE_SD)


def by_bone(earlier: Density, later: Density) -> tuple[float, float]:
    """Scaling from the counts of bone, and its relative standard deviation: what bone holds is taken for unchanged."""
    variance = earlier.variance + later.variance + 2 * (REPEAT_SD**2 + PLACING_SD**2)
    return later.value / earlier.value, float(np.sqrt(variance))


def _called(ratio: float, variance: float) -> Change:
    reach = float(np.exp(NORMAL_95 * np.sqrt(variance)))
    low, high = ratio / reach, ratio * reach
    return Change(ratio, (low, high), "increased" if low > 1 else "decreased" if high < 1 else "no change")
