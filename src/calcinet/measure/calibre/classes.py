"""Classes of vessels by calibre."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from calcinet.errors import BadInput


@dataclass(frozen=True, slots=True)
class CalibreClasses:
    """Smallest outer diameter in mm of each class; narrower than `small_mm` is an arteriole.

    Our own cut-offs: the literature gives none. Whoever has better ones passes them.

    Raises
    ------
    BadInput
        If they are not positive or do not rise from small to large.
    """

    large_mm: float = 4.0
    medium_mm: float = 2.0
    small_mm: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.small_mm < self.medium_mm < self.large_mm < math.inf:
            raise BadInput(f"calibre classes must rise from small to large, got {self}")

    @classmethod
    def rising(cls, cut_offs_mm: Sequence[float]) -> "CalibreClasses":
        """Classes from the smallest diameters of small, medium and large vessels, in this order."""
        if len(cut_offs_mm) != len(fields(cls)):
            raise BadInput(f"calibre classes are three widths in mm: small, medium, large; got {list(cut_offs_mm)}")
        small, medium, large = cut_offs_mm
        return cls(large_mm=large, medium_mm=medium, small_mm=small)

    def name(self, calibre_mm: float) -> str:
        """The class of a resolved diameter.

        >>> CalibreClasses().name(2.0)
        'medium'
        """
        for name, least_mm in (("large", self.large_mm), ("medium", self.medium_mm), ("small", self.small_mm)):
            if calibre_mm >= least_mm:
                return name
        return "arteriole"


DEFAULT_CLASSES: Final = CalibreClasses()
"""Classes of vessels by calibre, where the caller has no others."""
