"""Weights as a file."""

import hashlib

import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")
of_extra("train", "onnx")

from calcinet.findings.onnx_model import onnxruntime  # noqa: E402
from calcinet.training.export import export  # noqa: E402
from calcinet.training.network import CalciumNet  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


EVEN = [0.5] * 4


@pytest.fixture
def net():
    torch.manual_seed(0)
    return CalciumNet().eval()


def _run(path, image):
    return onnxruntime.InferenceSession(path).run(None, {"image": image})[0]


def test_the_digest_is_that_of_the_file(net, tmp_path):
    """Returned, and written beside it as sha256sum reads it."""
    path = tmp_path / "radiograph.onnx"
    digest = export(net, path, EVEN)

    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (tmp_path / "radiograph.sha256").read_text() == f"{digest}  radiograph.onnx\n"


def test_the_file_says_what_the_network_says(net, tmp_path):
    """Probabilities of images of two sizes; a cut of 0.5 shifts nothing."""
    path = tmp_path / "a.onnx"
    export(net, path, EVEN)
    for size in ((1, 3, 64, 32), (2, 3, 32, 96)):
        image = np.random.default_rng(1).normal(size=size).astype(np.float32)
        with torch.no_grad():
            expected = torch.sigmoid(net(torch.from_numpy(image))).numpy()

        assert _run(path, image) == pytest.approx(expected, abs=1e-5)


def test_what_is_exported_gives_a_half_at_the_cut(net, tmp_path):
    """Shifting by its log-odds, a probability p becomes 0.5 where p is the cut, and keeps its order."""
    image = np.random.default_rng(0).normal(size=(1, 3, 32, 32)).astype(np.float32)
    plain, shifted = tmp_path / "a.onnx", tmp_path / "b.onnx"
    export(net, plain, EVEN)
    export(net, shifted, [0.2, 0.2, 0.2, 0.2])

    p, q = _run(plain, image), _run(shifted, image)

    assert np.log(q / (1 - q)) == pytest.approx(np.log(p / (1 - p)) - np.log(0.2 / 0.8), abs=1e-3)
