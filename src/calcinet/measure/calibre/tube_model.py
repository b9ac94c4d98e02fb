"""What a blurred tube looks like across, and how that changes with each of its properties."""

from dataclasses import dataclass

import numpy as np

from calcinet.arrays import Floats
from calcinet.measure.calibre.blurred_disc import blurred_disc


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Profile of a tube of unit line integral, and its derivatives; all of one shape."""

    plain: Floats
    by_log_radius: Floats
    by_centre: Floats
    by_skew: Floats
    by_share: Floats
    """By lumen area over outer area."""

    by_log_blur: Floats


def tube_shape(x: Floats, radius: Floats, sigma: Floats, share: float, skew: Floats) -> Shape:
    """Shadow of a circular tube in parallel rays, chord(R) - chord(r), blurred by a Gaussian.

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
    inner = radius * np.sqrt(share)
    outer_disc, outer_x, outer_r = blurred_disc(x, radius, sigma)
    inner_disc, inner_x, inner_r = blurred_disc(x, inner, sigma)
    area = np.pi * radius**2 * (1 - share)
    tilt = 1 + skew * x / radius
    plain = (outer_disc - inner_disc) / area
    slope = (outer_x - inner_x) / area
    by_radii = (outer_r * radius - inner_r * inner) / area
    by_share = (plain - inner_r * radius / (2 * np.sqrt(share)) / area * (1 - share)) / (1 - share)
    return Shape(
        plain=plain * tilt,
        by_log_radius=(by_radii - 2 * plain) * tilt - plain * skew * x / radius,
        by_centre=-(slope * tilt + plain * skew / radius),
        by_skew=plain * x / radius,
        by_share=by_share * tilt,
        # a blurred disc is homogeneous: enlarging place, radius and blur alike enlarges the chord alike
        by_log_blur=(plain - x * slope - by_radii) * tilt,
    )
