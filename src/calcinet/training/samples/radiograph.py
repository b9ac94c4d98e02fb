"""Training samples of radiographs: phantoms of limbs, and calcium to put into real films."""

from typing import Final

import numpy as np

from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.random_deposits import KINDS, grow
from calcinet.training.samples.base import (
    GROWN_PX,
    DepositBank,
    Source,
    answer_of,
    choose_centres,
    cover_nets,
    make_bank,
)

GROWN_SHARES: Final = (0.62, 0.24, 0.14)
"""Shares of vessels, nets and foci among what is grown. Our choice: vessels vary most."""


def phantom_source(seed: int) -> Source:
    """A phantom of the given seed: half with a net, the others with traps."""
    with_net = seed % 2 == 0
    phantom = limb(random_spec(seed, net=with_net, confounders=not with_net))
    return Source(
        plane=phantom.image.plane.astype(np.float16),
        answer=answer_of(phantom.truth),
        centres=choose_centres(phantom.truth.mask),
    )


def grow_bank(seed: int) -> DepositBank:
    """Calcium of a kind, size and pattern that follow from the seed."""
    rng = np.random.default_rng([seed, 7])
    kind = KINDS[rng.choice(len(KINDS), p=GROWN_SHARES)]
    everywhere = np.ones((GROWN_PX, GROWN_PX), dtype=bool)
    growth = grow(kind, everywhere, rng, blur_px=float(rng.uniform(0.4, 1.2)))
    patch = cover_nets([net.outline for net in growth.nets], growth.deposit.footprint)
    return make_bank(growth, patch)
