"""The second look: it begins with the first network's answers, and changes those on vessels alone."""

import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")
of_extra("train", "onnx")

from calcinet.training.export import export  # noqa: E402
from calcinet.training.network import MAPS, CalciumNet  # noqa: E402
from calcinet.training.second_stage import SURE, SecondLook, first_network  # noqa: E402

CUTS = [0.7, 0.3, 0.2, 0.5]


def _answers(net, image):
    with torch.no_grad():
        return net(torch.from_numpy(image)).numpy()


@pytest.fixture
def image():
    return np.random.default_rng(0).normal(size=(1, 3, 64, 96)).astype(np.float32)


@pytest.fixture
def first():
    """A network whose normalisations have seen something."""
    torch.manual_seed(0)
    net = CalciumNet()
    for seed in range(3):
        net(torch.from_numpy(np.random.default_rng(seed).normal(size=(2, 3, 64, 64)).astype(np.float32)))
    return net.eval()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_network_comes_back_from_its_exported_weights(first, image, tmp_path):
    """Its answers are those of the file: logits less the log-odds of the cuts."""
    path = tmp_path / "radiograph.onnx"
    export(first, path, CUTS)

    again = first_network(path).eval()

    shift = np.log(np.array(CUTS) / (1 - np.array(CUTS)))[:, None, None]
    assert _answers(again, image) == pytest.approx(_answers(first, image) - shift, abs=1e-4)


def test_before_it_has_learned_the_second_look_says_what_the_first_said(first, image):
    """On vessels with bounded certainty, or nothing could outweigh it."""
    said, before = _answers(SecondLook(first).eval(), image), _answers(first, image)

    assert np.array_equal(said[:, 1:], before[:, 1:])
    assert np.array_equal(said[:, 0], np.clip(before[:, 0], -SURE, SURE))


def test_learning_changes_what_is_said_of_vessels_alone(first, image):
    """Three steps towards marking everything: the first network stands, and so do its other maps."""
    before = _answers(first, image)
    net = SecondLook(first).train()
    optimiser = torch.optim.AdamW([weights for weights in net.parameters() if weights.requires_grad], 1e-2)
    for _ in range(3):
        loss = -net(torch.from_numpy(image))[:, 0].mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    after = _answers(net.eval(), image)

    assert np.array_equal(after[:, 1:], before[:, 1:])
    assert after[:, MAPS.index("vessel")].mean() > before[:, MAPS.index("vessel")].mean()


def test_while_it_learns_the_last_map_is_the_inside_of_vessels(first, image):
    """It can be learned from, where the first network's patch cannot."""
    net = SecondLook(first).train()

    net(torch.from_numpy(image))[:, -1].mean().backward()

    assert net.inside.weight.grad.abs().sum() > 0
    assert all(weights.grad is None for weights in net.first.parameters())
