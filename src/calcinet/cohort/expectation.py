"""What may be expected of a ranking: false alarms, predictive value, and films that could not have shown a net."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from calcinet.cohort.parquet import read_table
from calcinet.measure.radiograph.visibility import CANNOT_TELL_MM

BOTH: Final = 0.975
"""Level of each of two intervals that hold together in 95 %."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many."""

    found: int
    of: int

    @property
    def share(self) -> float:
        """As a number from 0 to 1."""
        return self.found / self.of

    @property
    def interval95(self) -> tuple[float, float]:
        """Exact 95 % interval of the share."""
        return self.find_interval(0.95)

    def find_interval(self, level: float) -> tuple[float, float]:
        """Exact interval of the share (Clopper and Pearson)."""
        from scipy.stats import binomtest

        interval = binomtest(self.found, self.of).proportion_ci(level, method="exact")
        return float(interval.low), float(interval.high)


FALSE_ALARMS: Final = Count(1, 60)
"""Films of limbs without a net on which one was called: docs/model-card.md, silence."""

NETS_CALLED: Final = Count(18, 20)
"""Generated films with a net on which it was called: docs/model-card.md, forty phantoms. None are of patients."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What the measured rates of the detector say of an archive."""

    films: int
    called: int
    """Films of this archive on which a net was called."""
    could_not_show: int
    """Films on which lines as fine as those of a net are not assessable."""
    unknown_limit: int
    """Films whose limit of detection is not known."""
    unstated_size: int
    """Of these, films whose header states no pixel size."""
    prevalence: float | None

    def describe(self) -> dict[str, Any]:
        """As RUN.json has it; shares with their 95 % intervals."""
        low, high = FALSE_ALARMS.interval95
        told: dict[str, Any] = {
            "films": self.films,
            "nets_called": self.called,
            "could_not_show": self.could_not_show,
            "limit_unknown": self.unknown_limit,
            "pixel_size_unstated": self.unstated_size,
            "false_alarms_per_1000": round(1000 * FALSE_ALARMS.share, 1),
            "false_alarms_per_1000_interval95": [round(1000 * low, 1), round(1000 * high, 1)],
            "prevalence": self.prevalence,
        }
        if self.prevalence is not None:
            value, interval = find_predictive_value(self.prevalence)
            told["predictive_value"] = round(value, 4)
            told["predictive_value_interval95"] = [round(end, 4) for end in interval]
        return told


def find_predictive_value(prevalence: float) -> tuple[float, tuple[float, float]]:
    """Share of films with a called net that have one, at a prevalence which is taken as exact, and its 95 % interval.

    Its ends take those of both rates, each with an interval of 97.5 %: both hold together in 95 % at least
    (Bonferroni).
    """
    (false_low, false_high), (true_low, true_high) = (
        count.find_interval(BOTH) for count in (FALSE_ALARMS, NETS_CALLED)
    )
    return (
        _weigh(prevalence, NETS_CALLED.share, FALSE_ALARMS.share),
        (_weigh(prevalence, true_low, false_high), _weigh(prevalence, true_high, false_low)),
    )


def _weigh(prevalence: float, found: float, false: float) -> float:
    true_alarms, false_alarms = prevalence * found, (1 - prevalence) * false
    return true_alarms / (true_alarms + false_alarms)


def expect_yield(results: Path, prevalence: float | None) -> Expectation:
    """Work out what may be expected of the films of results.parquet."""
    columns: Mapping[str, list[Any]] = (
        read_table(results).select(["net_called", "resolvable_mm", "pixel_mm"]).to_pydict()
    )
    limits_mm, sizes_mm = columns["resolvable_mm"], columns["pixel_mm"]
    return Expectation(
        films=len(limits_mm),
        called=sum(map(bool, columns["net_called"])),
        could_not_show=sum(limit is not None and limit > CANNOT_TELL_MM for limit in limits_mm),
        unknown_limit=sum(limit is None for limit in limits_mm),
        unstated_size=sum(limit is None and size is None for limit, size in zip(limits_mm, sizes_mm, strict=True)),
        prevalence=prevalence,
    )


def tell_expectation(expected: Expectation) -> list[str]:
    """The same in sentences."""
    told = expected.describe()
    low, high = told["false_alarms_per_1000_interval95"]
    lines = [
        f"A net was called on {expected.called} of {expected.films} films; {expected.could_not_show} could not have"
        f" shown one by single lines of {CANNOT_TELL_MM:g} mm, of {expected.unknown_limit} it is not"
        f" known, {expected.unstated_size} of which state no pixel size.",
        f"Expected false alarms: {told['false_alarms_per_1000']:g} per 1,000 films ({low:g} to {high:g}), as on"
        f" {FALSE_ALARMS.of} films of limbs without a net.",
    ]
    if expected.prevalence is None:
        lines.append("For the predictive value give --prevalence: the share of films that show a net is not known.")
        return lines
    low, high = told["predictive_value_interval95"]
    lines.append(
        f"Where {expected.prevalence:.3%} of the films show a net, {told['predictive_value']:.1%} ({low:.1%} to"
        f" {high:.1%}) of those that are called have one; the share that is found was counted on generated films."
    )
    return lines
