"""Samples of limbs."""

import numpy as np

from calcinet.phantoms.truth import NET, OTHER, VESSEL
from calcinet.training.samples.base import CENTRES
from calcinet.training.samples.radiograph import grow_bank, phantom_source


def test_calcium_of_every_kind_is_grown():
    """Shares of a half, a third and a sixth: sixty seeds miss the rarest once in 100,000."""
    labels = [grow_bank(seed).growth.deposit.label for seed in range(60)]

    assert {VESSEL, NET, OTHER} == set(labels)


def test_every_other_phantom_has_a_net():
    """Those of even seeds; the others have traps and vessels alone."""
    with_net, without = phantom_source(4).answer, phantom_source(5).answer

    assert (with_net.mask == NET).any()
    assert not (without.mask == NET).any()


def test_samples_are_centred_on_calcium_of_each_kind_alike():
    """As many pixels of vessels as of nets, and each is what it is said to be."""
    source = phantom_source(4)
    labels = source.answer.mask[tuple(source.centres.T)]
    kinds = [kind for kind in (VESSEL, NET, OTHER) if (source.answer.mask == kind).any()]

    assert {int(kind): int((labels == kind).sum()) for kind in np.unique(labels)} == dict.fromkeys(kinds, CENTRES)
