"""Training goes on from weights as they were exported."""

import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")
of_extra("train", "onnx")

from calcinet.errors import BadInput  # noqa: E402
from calcinet.findings.onnx_model import onnxruntime  # noqa: E402
from calcinet.training.export import export  # noqa: E402
from calcinet.training.exported import load_exported  # noqa: E402
from calcinet.training.network import CalciumNet  # noqa: E402
from calcinet.training.radiograph_network import RadiographNet  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
"""Of torch, about the way of exporting and about tracing."""

CUTS = [0.5] * 5
"""At this cut an export gives the network's own probabilities."""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Weights whose normalisation has seen samples, not those that a network begins with."""
    torch.manual_seed(3)
    net = RadiographNet()
    for _ in range(4):
        net(torch.randn(4, 3, 64, 64) * 3 + 1)
    path = tmp_path_factory.mktemp("exported") / "radiograph.onnx"
    export(net, path, CUTS)
    return path


@pytest.fixture(scope="module")
def images():
    return torch.randn(6, 3, 64, 64) * 3 + 1


def answer(path, images):
    return onnxruntime.InferenceSession(str(path)).run(None, {"image": images.numpy()})[0]


@pytest.mark.parametrize("mode", ["eval", "train"])
def test_network_answers_as_the_export_does(exported, images, mode):
    """While it learns too, for its normalisation is measured on the images themselves."""
    net = RadiographNet()
    load_exported(net, exported, images)
    getattr(net, mode)()
    with torch.no_grad():
        found = torch.sigmoid(net(images)).numpy()
    np.testing.assert_allclose(found, answer(exported, images), atol=2e-3)


def test_normalisation_does_what_it_is_for(exported, images):
    """Each channel leaves it with its own mean and deviation, not untouched."""
    net = RadiographNet()
    load_exported(net, exported, images)
    first = net.down[0][1]
    assert float(first.running_var.max()) != pytest.approx(1.0, abs=1e-3)
    assert torch.allclose(first.weight, torch.sqrt(first.running_var + first.eps))


def test_weights_of_another_network_are_refused(exported, images):
    with pytest.raises(BadInput, match="another kind of network"):
        load_exported(CalciumNet(), exported, images)


def test_what_is_no_export_is_refused(tmp_path, images):
    path = tmp_path / "weights.onnx"
    path.write_bytes(b"not a network")
    with pytest.raises(BadInput, match="cannot be read as ONNX"):
        load_exported(RadiographNet(), path, images)
