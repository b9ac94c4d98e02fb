"""The network: shapes, beginning, and a whole film."""

import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")

from calcinet.training.network import MAPS, RARE, CalciumNet, probabilities  # noqa: E402


@pytest.fixture
def net():
    torch.manual_seed(0)
    return CalciumNet()


def test_an_image_gives_one_map_for_each_kind_in_its_own_size(net):
    """(2, 3, 64, 96) in, (2, 4, 64, 96) out."""
    assert net(torch.zeros(2, 3, 64, 96)).shape == (2, len(MAPS), 64, 96)


def test_it_begins_with_the_opinion_that_calcium_is_rare(net):
    """The bias of every logit is -3: a probability of 0.047 where nothing is seen."""
    assert net.head.bias.tolist() == [RARE] * 4
    assert torch.sigmoid(torch.tensor(RARE)).item() == pytest.approx(0.047, abs=0.001)


def test_it_has_about_two_hundred_thousand_weights(net):
    """As docs say: small enough for two seconds a film."""
    assert sum(weights.numel() for weights in net.parameters()) == pytest.approx(2e5, rel=0.3)


def test_a_film_of_any_size_gives_probabilities_of_its_size(net):
    """75 x 50 pixels are no multiples of 32; the network is left ready to learn."""
    plane = np.random.default_rng(0).normal(100, 4, (75, 50)).astype(np.float32)

    found = probabilities(net, plane)

    assert found.shape == (4, 75, 50)
    assert 0 <= found.min() <= found.max() <= 1
    assert net.training
