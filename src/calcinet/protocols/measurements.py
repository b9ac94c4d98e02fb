"""Numbers of one image as they are gathered, and the sentences of those that are missing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from calcinet.errors import NotMeasurable

T = TypeVar("T")


@dataclass(slots=True)
class Measurements:
    """Numbers as they are gathered; what cannot be measured gets its sentence."""

    measures: dict[str, float | None] = field(default_factory=dict)
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: float | None, interval: tuple[float, float] | None = None) -> None:
        """Write one number down."""
        self.measures[name] = value
        if value is not None and interval is not None and np.isfinite(interval).all():
            self.intervals[name] = interval

    def refuse(self, names: list[str], because: str) -> None:
        """Say why numbers are missing."""
        for name in names:
            self.measures[name] = None
            self.missing[name] = because

    def tried(self, measure: Callable[[], T], names: list[str]) -> T | None:
        """Run a measure; a refusal is a result."""
        try:
            return measure()
        except NotMeasurable as refusal:
            self.refuse(names, str(refusal))
            return None
