"""The films that accuracy is judged on: seeds that took no part in training."""

from typing import Final

from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.phantoms.radiograph.spec import LimbSpec
from calcinet.phantoms.truth import Phantom

ACCEPTANCE_SEEDS: Final = tuple(range(900, 940))
"""Forty phantoms: small enough for every run, large enough for an interval. Training begins far above."""


def acceptance_phantom(seed: int) -> Phantom[LimbSpec]:
    """A film with a net where `seed` is even, else without, half of those with something that looks like one."""
    with_net = seed % 2 == 0
    return limb(random_spec(seed, net=with_net, confounders=not with_net))
