"""Change of uptake between two scans of one patient, called only beyond counting and repeatability."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.constants import NORMAL_95
from calcinet.errors import BadInput, NotMeasurable
from calcinet.measure.result import quantity
from calcinet.measure.scintigram.uptake import Density, interval_of
from calcinet.text import say
from calcinet.vocabulary import ChangeCall

REPEAT_SD: Final = 0.05
"""Relative standard deviation of a segment's uptake from one scan to another, without change. Our choice: no series of
this disease has measured it."""

PLACING_SD: Final = 0.025
"""The same, from finding a segment again on another scan, where the body is placed differently. Our choice: phantoms
show about 2 %, and people are less regular."""

DOSE_SD: Final = 0.03
"""Relative standard deviation of a noted activity. Our choice: a dose calibrator's."""

OVERALL_DEVIATIONS: Final = 2.228
"""Standard deviations of the 95 % interval of an overall change: Student's t of ten degrees of freedom. Our choice: the
error of the noted doses, which all segments share, makes most of it and is assumed, known no better than from ten
doses; with 1.96, 3 of 40 unchanged pairs were called."""

LEAST_SEGMENTS: Final = 4
"""Fewest segments for an overall change. Our choice: half of those of soft tissue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dosing:
    """What the counts of a scan are divided by."""

    dose_mbq: float
    """Activity given, in MBq."""

    hours_after_injection: float
    """From the injection to the beginning of the scan."""

    half_life_h: float
    """Half-life of the radionuclide."""

    seconds: float
    """Duration of the scan."""

    decay_corrected: bool = False
    """Whether the counts were already corrected for decay."""

    @property
    def decays(self) -> float:
        """Activity left when the scan began, times its duration: what the counts are proportional to."""
        if self.decay_corrected:
            return self.dose_mbq * self.seconds
        left: float = 0.5 ** (self.hours_after_injection / self.half_life_h)
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

        ratio    = later / earlier / scaling
        variance = s1^2 + s2^2 + 2 (repeat^2 + placing^2) + scaling_sd^2,  of its logarithm

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
    return _judge_change(ratio, variance)


def overall_change(changes: Sequence[tuple[Density, Density]], scaling: float, *, scaling_sd: float = 0.0) -> Change:
    """Geometric mean of the changes of several segments: whether uptake rose or fell as a whole.

    Raises
    ------
    NotMeasurable
        If there are fewer than `LEAST_SEGMENTS`.
    """
    if len(changes) < LEAST_SEGMENTS:
        raise NotMeasurable(say("fewer than {least} segments were seen on both scans", least=LEAST_SEGMENTS))
    logs, variances = [], []
    for earlier, later in changes:
        logs.append(np.log(later.value / earlier.value / scaling))
        variances.append(earlier.variance + later.variance + 2 * (REPEAT_SD**2 + PLACING_SD**2))
    variance = sum(variances) / len(variances) ** 2 + scaling_sd**2
    return _judge_change(float(np.exp(np.mean(logs))), variance, OVERALL_DEVIATIONS)


def by_dose(earlier: Dosing, later: Dosing) -> tuple[float, float]:
    """Scaling from dose, decay and duration, and its relative standard deviation.

    >>> early = Dosing(dose_mbq=700, hours_after_injection=3, half_life_h=6, seconds=1200)
    >>> late = Dosing(dose_mbq=700, hours_after_injection=9, half_life_h=6, seconds=1200)
    >>> by_dose(early, late)[0]
    0.5
    """
    return later.decays / earlier.decays, float(np.sqrt(2) * DOSE_SD)


def by_bone(earlier: Density, later: Density) -> tuple[float, float]:
    """Scaling from the counts of bone, and its relative standard deviation: what bone holds is taken for unchanged."""
    variance = earlier.variance + later.variance + 2 * (REPEAT_SD**2 + PLACING_SD**2)
    return later.value / earlier.value, float(np.sqrt(variance))


def _judge_change(ratio: float, variance: float, deviations: float = NORMAL_95) -> Change:
    low, high = interval_of(ratio, variance, deviations)
    call: ChangeCall = "no change"
    if low > 1:
        call = "increased"
    elif high < 1:
        call = "decreased"
    return Change(ratio, (low, high), call)
