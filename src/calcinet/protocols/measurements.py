"""Numbers of one image as they are gathered, and the sentences of those that are missing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from calcinet.record import NotMeasured

RESOLVABLE: Final = "resolvable_mm"
"""Name of the thinnest visible line; it has a field of its own in the record, its interval stands with the others."""


@dataclass(slots=True)
class Measurements:
    """Numbers of one image by their names in the record; what cannot be measured gets its sentence."""

    measures: dict[str, float | None] = field(default_factory=dict)
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: float | None, interval: tuple[float, float] | None = None) -> None:
        """Write one number down."""
        self.measures[name] = value
        if value is not None and interval is not None:
            self.put_interval(name, interval)

    def put_interval(self, name: str, interval: tuple[float, float]) -> None:
        """Write the 95 % interval of a number down; an end that is not finite leaves it out."""
        if np.isfinite(interval).all():
            self.intervals[name] = interval

    def refuse(self, names: Iterable[str], because: str) -> None:
        """Write numbers down as missing, with the reason."""
        for name in names:
            self.measures[name] = None
            self.missing[name] = because

    def explain(self, name: str, because: str) -> None:
        """Say why a number is missing that has a field of its own in the record."""
        self.missing[name] = because

    def as_fields(self) -> dict[str, Any]:
        """The fields of an `ImageRecord` that hold these numbers."""
        not_measured = [NotMeasured(measure=name, because=why) for name, why in self.missing.items()]
        return {
            "measures": self.measures,
            "intervals95": self.intervals,
            "not_measured": tuple(not_measured),
        }
