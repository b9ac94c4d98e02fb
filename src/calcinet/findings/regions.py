"""The region map of a film, and what a picture must show for there to be one."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.mask_labels import Tissue
from calcinet.text import say

LEAST_SIDE_PX: Final = 32
"""A picture with a shorter side holds no limb; our choice."""

LEAST_TISSUE: Final = 0.01
"""Least share of the picture that must be tissue; our choice."""

LEAST_AIR: Final = 0.02
"""With a smaller share of air the soft-tissue surface has no hold; our choice."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Regions:
    """The region map of one film."""

    labels: NDArray[np.uint8]
    """Shape (Y, X), values of `Tissue`."""

    depth: Pixels
    """Distance of each tissue pixel to the nearest air, shape (Y, X), in `depth_unit`; 0 outside the body. Where the
    body runs over the film's edge that edge is not skin."""

    depth_unit: str
    """UCUM: "mm", or "{pixel}" when the image has no spacing."""

    cautions: tuple[str, ...] = ()

    @cached_property
    def depth_known(self) -> bool:
        """Whether any skin is seen: without air beside the body there is no depth under it."""
        return bool((self.labels == Tissue.AIR).any())

    def __getitem__(self, tissue: Tissue) -> Mask:
        """Where the map shows `tissue`."""
        return np.asarray(self.labels == tissue)


def require_size(plane: Pixels) -> None:
    """Refuse a picture that is too small to show tissue.

    Raises
    ------
    NotMeasurable
        If a side has fewer than `LEAST_SIDE_PX` pixels.
    """
    if min(plane.shape) < LEAST_SIDE_PX:
        rows, columns = plane.shape
        raise NotMeasurable(
            say("no tissue found: the picture has only {rows} x {columns} pixels", rows=rows, columns=columns)
        )
