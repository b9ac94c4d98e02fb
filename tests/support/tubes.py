"""Profiles drawn from a tube with known numbers, without a film."""

import numpy as np

from calcinet.measure.calibre.profiles import Profiles
from calcinet.measure.calibre.tube_model import tube_shape


def profiles_of(radius=1.2, share=0.4, *, windows=3, sigma=0.25, centre=0.0, amount=50.0) -> Profiles:
    """Windows of 61 bins on a background of 3 + 0.5 u, with hardly any noise in their weights."""
    u = np.broadcast_to(np.linspace(-3, 3, 61), (windows, 61)).copy()
    one = np.ones((windows, 1))
    shape = tube_shape(u - centre, radius * one, sigma * one, share, 0 * one)
    return Profiles(
        u=u,
        value=amount * shape.plain + 3 + 0.5 * u,
        weight=np.full(u.shape, 100.0),
        sigma=np.full(windows, sigma),
        background=np.stack([np.ones_like(u), u], axis=-1),
        stiffness=np.zeros((windows, 2)),
        log_blur_sd=0.0,
    )
