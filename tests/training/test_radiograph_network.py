"""The network of radiographs: shapes, beginning, and that folding loses no pixel."""

import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")

from calcinet.training.network import RARE  # noqa: E402
from calcinet.training.radiograph_network import RADIOGRAPH_MAPS, STEP, RadiographNet  # noqa: E402


@pytest.fixture
def net():
    torch.manual_seed(0)
    return RadiographNet()


def test_an_image_gives_five_maps_in_its_own_size(net):
    """(2, 3, 64, 96) in, (2, 5, 64, 96) out."""
    assert len(RADIOGRAPH_MAPS) == 5
    assert net(torch.zeros(2, 3, 64, 96)).shape == (2, 5, 64, 96)


def test_it_begins_with_the_opinion_that_calcium_is_rare(net):
    """The bias of every logit of every pixel that is unfolded is -3."""
    assert net.head.bias.tolist() == [RARE] * (5 * STEP**2)


def test_it_has_about_a_million_weights(net):
    assert sum(weights.numel() for weights in net.parameters()) == pytest.approx(1e6, rel=0.2)


@pytest.mark.parametrize("pixel", [(32, 32), (32, 33), (33, 32), (33, 33)])
def test_one_pixel_of_a_map_depends_on_each_pixel_about_it_in_its_own_way(net, pixel):
    """The slope of a logit with the pixels of a square of 5 x 5 about it: none is 0, and no two are alike, as they
    would be where pixels are averaged before they are looked at."""
    image = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(1)).requires_grad_()
    net.eval()(image)[0, 0, pixel[0], pixel[1]].backward()
    row, column = pixel
    about = image.grad[0, 0, row - 2 : row + 3, column - 2 : column + 3].numpy()

    assert np.all(about != 0)
    assert len(np.unique(about)) == about.size


def test_pixels_that_are_unfolded_together_are_told_apart(net):
    """The four logits of a block of 2 x 2 pixels differ on noise."""
    image = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        block = net.eval()(image)[0, 0, 30:32, 30:32].numpy()

    assert len(np.unique(block)) == 4
