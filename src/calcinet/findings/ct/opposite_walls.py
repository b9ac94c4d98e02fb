"""Opposite walls of one artery: tubes of calcium that run side by side at less than an artery's width."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from calcinet.arrays import Floats
from calcinet.findings.ct.artery_paths import WIDTH_MM
from calcinet.findings.ct.coarse_grid import Spacing
from calcinet.findings.ct.deposit import Deposit
from calcinet.findings.finding import Kind

BESIDE_SHARE: Final = 0.7
"""Share of a tube's centre line that another accompanies. Our choice: pieces of one wall follow one another, and
arteries that cross are near for a few millimetres."""


def find_opposite_walls(deposits: Sequence[Deposit], spacing_mm: Spacing) -> set[int]:
    """Find the tubes that have another beside them: each is a wall, and its thickness is no calibre of an artery.

    Parameters
    ----------
    deposits
        Of one CT.
    spacing_mm
        Distance of voxels along (Z, Y, X).

    Returns
    -------
    Their places in `deposits`.
    """
    lines: dict[int, Floats] = {}
    for number, deposit in enumerate(deposits):
        if deposit.kind is Kind.VESSEL and deposit.compartment == "artery" and deposit.form == "tubular":
            lines[number] = deposit.shape.line * np.array(spacing_mm)
    walls: set[int] = set()
    for number, line in lines.items():
        if any(other != number and is_accompanied(line, beside) for other, beside in lines.items()):
            walls.add(number)
    return walls


def is_accompanied(line: Floats, other: Floats) -> bool:
    """Whether most of a centre line has another within an artery's width; both in mm, shape (N, 3)."""
    distances, _ = cKDTree(other).query(line)
    return bool(np.mean(distances <= WIDTH_MM) >= BESIDE_SHARE)
