"""What a blurred tube looks like across, and how that changes with each of its properties.

In parallel rays a tube of outer radius R and lumen radius r = sqrt(share) R, whose middle is at x = 0, has the shadow

    s(x) = (1 + skew x / R) (D(x; R, sigma) - D(x; r, sigma)) / (pi (R^2 - r^2)),

where D is the chord of a disc, 2 sqrt(R^2 - x^2), after a Gaussian blur of sigma. Without skew its integral is 1.
"""

from dataclasses import dataclass

import numpy as np

from calcinet.arrays import Floats
from calcinet.measure.calibre.blurred_disc import blurred_disc


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TubeShape:
    """Profile of a tube of unit line integral, and its derivatives; all of one shape."""

    plain: Floats
    """s(x)."""

    by_log_radius: Floats
    """By ln R, at the same share."""

    by_centre: Floats
    """By the place of the tube's middle."""

    by_skew: Floats
    by_share: Floats
    """By lumen area over outer area."""

    by_log_blur: Floats
    """By ln sigma."""


def tube_shape(x: Floats, radius: Floats, sigma: Floats, share: float, skew: Floats) -> TubeShape:
    """Shadow s(x) of a circular tube in parallel rays, and its derivatives; the equation is in the module's docstring.

    Parameters
    ----------
    x
        Distance from the tube's middle.
    radius, sigma
        Outer radius and blur, in the unit of `x`.
    share
        Lumen area over outer area, r^2 / R^2.
    skew
        (right - left) / (right + left) of the walls: the density changes linearly across.
    """
    root_share = np.sqrt(share)
    inner = radius * root_share
    outer_disc, outer_x, outer_r = blurred_disc(x, radius, sigma)
    inner_disc, inner_x, inner_r = blurred_disc(x, inner, sigma)
    area = np.pi * radius**2 * (1 - share)
    tilt = 1 + skew * x / radius
    plain = (outer_disc - inner_disc) / area
    slope = (outer_x - inner_x) / area
    by_radii = (outer_r * radius - inner_r * inner) / area
    by_share = (plain - inner_r * radius / (2 * root_share) / area * (1 - share)) / (1 - share)
    return TubeShape(
        plain=plain * tilt,
        by_log_radius=(by_radii - 2 * plain) * tilt - plain * skew * x / radius,
        by_centre=-(slope * tilt + plain * skew / radius),
        by_skew=plain * x / radius,
        by_share=by_share * tilt,
        # a blurred disc is homogeneous: enlarging place, radius and blur alike enlarges the chord alike
        by_log_blur=(plain - x * slope - by_radii) * tilt,
    )
