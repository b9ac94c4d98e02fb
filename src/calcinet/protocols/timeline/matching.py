"""Findings of two films that lie on one another -> which is the same vessel, the same net."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from calcinet.arrays import Floats
from calcinet.errors import NotMeasurable
from calcinet.geometry.registration import Registration
from calcinet.protocols.finding_fields import NO_SPACING
from calcinet.record import FindingRecord, ImageRecord

NEAR_MM: Final = 3.0
"""A point lies on the other line where this is its distance or less. Our choice: the residual of two films and half of
the width of a medium artery."""

LEAST_SHARE: Final = 0.5
"""Share of the shorter of two lines that lies on the other. Our choice: half."""


def match_findings(baseline: ImageRecord, follow_up: ImageRecord, laid: Registration) -> dict[str, str]:
    """For each finding of the baseline that is on the follow-up its id there; each is matched once.

    Raises
    ------
    NotMeasurable
        If a pixel of the follow-up has no size.
    """
    if follow_up.spacing_mm is None:
        raise NotMeasurable(NO_SPACING)
    pairs: dict[str, str] = {}
    for kind in ("vessel", "net", "focus"):
        earlier = [finding for finding in baseline.findings if finding.kind == kind and _list_points(finding).size]
        later = [finding for finding in follow_up.findings if finding.kind == kind and _list_points(finding).size]
        pairs |= _match_kind(earlier, later, laid, np.array(follow_up.spacing_mm))
    return pairs


def _match_kind(
    earlier: Sequence[FindingRecord], later: Sequence[FindingRecord], laid: Registration, pixel_mm: Floats
) -> dict[str, str]:
    if not earlier or not later:
        return {}
    moved = [laid.follow(_list_points(finding)) * pixel_mm for finding in earlier]
    there = [_list_points(finding) * pixel_mm for finding in later]
    shares = np.zeros((len(moved), len(there)))
    for row, column in np.ndindex(shares.shape):
        shares[row, column] = _measure_share(moved[row], there[column])
    rows, columns = linear_sum_assignment(-shares)
    matched = {}
    for row, column in zip(rows, columns, strict=True):
        if shares[row, column] >= LEAST_SHARE:
            matched[earlier[int(row)].id] = later[int(column)].id
    return matched


def _list_points(finding: FindingRecord) -> Floats:
    """Centre line of a vessel, outline of a net or a focus, (N, 2)."""
    return np.asarray(finding.polyline or finding.outline, np.float64).reshape(-1, 2)


def _measure_share(one: Floats, other: Floats) -> float:
    """Share of the line with fewer points on the other that lies near it, the better way round."""
    return max(_measure_near(one, other), _measure_near(other, one))


def _measure_near(points: Floats, line: Floats) -> float:
    distances, _ = cKDTree(line).query(points)
    return float(np.mean(np.asarray(distances) <= NEAR_MM))
