"""A short run of the whole training: it learns, stops, goes on, and exports what calcinet can load."""

import json

import cv2
import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")
of_extra("train", "onnx")


@pytest.fixture
def films(tmp_path):
    """Two films without calcium: noise on a slope."""
    folder = tmp_path / "films"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(2):
        plane = np.add.outer(np.linspace(40, 200, 260), np.zeros(220)) + rng.normal(0, 4, (260, 220))
        cv2.imwrite(str(folder / f"film{number}.png"), plane.astype(np.uint8))
    return folder


@pytest.fixture
def recipe(tmp_path):
    """Three phantoms, four steps, the films searched for false marks half way."""
    path = tmp_path / "short.toml"
    path.write_text(
        '[data]\nphantoms = 3\ngrown = 4\nfirst_seed = 7\nfilms = ["*.png"]\n'
        "[fit]\nsteps = 4\nbatch = 2\nlearning_rate = 4e-3\nseed = 1\nfilm_share = 0.5\n"
        "mined_at = [0.5]\npositive_weight = [4.0, 6.0, 4.0, 1.5]\n"
    )
    return path


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_short_run_gives_weights_with_their_provenance(films, recipe, tmp_path):
    """The digest is that of the file, and the loaded network takes an image."""
    import hashlib

    from calcinet.findings.onnx_model import onnxruntime
    from calcinet.training.run import train

    weights = train(films, tmp_path / "run", recipe=recipe)

    told = json.loads((tmp_path / "run" / "radiograph.json").read_text())
    assert told["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert told["data"]["films_found"] == 2
    (maps,) = onnxruntime.InferenceSession(weights).run(None, {"image": np.zeros((1, 3, 64, 32), np.float32)})
    assert maps.shape == (1, 4, 64, 32)
    assert "Loss over 4 steps" in (tmp_path / "run" / "curve.svg").read_text()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_second_look_follows_a_first_run(films, recipe, tmp_path):
    """Its weights hold both networks: on nets they say what the first says; one film of two is held back."""
    from calcinet.findings.onnx_model import onnxruntime
    from calcinet.training.run import train

    first = train(films, tmp_path / "run", recipe=recipe)
    again = tmp_path / "again.toml"
    again.write_text(
        recipe.read_text("utf-8")
        .replace("[data]", '[data]\nkind = "vessels"\nheld_back = 2')
        .replace("[fit]", "[fit]\nmap_weight = [2.0, 0.0, 0.0, 0.8]")
    )
    second = train(films, tmp_path / "run2", recipe=again, start=tmp_path / "run")

    image = {"image": np.random.default_rng(0).normal(size=(1, 3, 64, 32)).astype(np.float32)}
    (one,), (two,) = (onnxruntime.InferenceSession(path).run(None, image) for path in (first, second))
    assert two[:, 1] == pytest.approx(one[:, 1], abs=1e-5)
    assert not np.array_equal(two[:, 0], one[:, 0])
    assert train(films, tmp_path / "run3", recipe=again, start=tmp_path / "run2").is_file()  # further, not a third look
    told = json.loads((tmp_path / "run2" / "radiograph.json").read_text())
    assert told["after"]["sha256"] == json.loads((tmp_path / "run" / "radiograph.json").read_text())["sha256"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_run_goes_on_from_its_checkpoint(films, recipe, tmp_path):
    """A run of four steps that is asked again does none, and exports the same network."""
    from calcinet.training.run import train

    first = train(films, tmp_path / "run", recipe=recipe).read_bytes()
    steps = []

    again = train(
        films,
        tmp_path / "run",
        recipe=recipe,
        progress=lambda what, done, _: steps.append(done) if what == "steps" else None,
    )

    assert again.read_bytes() == first
    assert steps == []


def test_the_loss_falls_on_one_batch():
    """Twelve steps on the same samples."""
    from calcinet.training.fit import Recipe, _convert_to_tensors, _measure_loss
    from calcinet.training.network import CalciumNet
    from calcinet.training.samples.base import draw
    from calcinet.training.samples.radiograph import phantom_source

    torch.manual_seed(0)
    phantom = phantom_source(100_000)
    rng = np.random.default_rng(0)
    batch = [_convert_to_tensors(draw([phantom], [], rng)) for _ in range(2)]
    image, target, weight = (torch.stack(parts) for parts in zip(*batch, strict=True))
    net = CalciumNet()
    optimiser = torch.optim.AdamW(net.parameters(), 4e-3)
    losses = []
    for _ in range(12):
        loss = _measure_loss(net(image), target, weight, Recipe())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))

    assert losses[-1] < 0.8 * losses[0]


def test_the_learning_rate_rises_over_a_tenth_and_falls_to_nothing():
    """Half of its height at a twentieth of the steps, all of it at a tenth, half again at 0.55, none at the end."""
    from calcinet.training.fit import Recipe, learning_rate

    recipe = Recipe(steps=1000, learning_rate=2.0)

    assert [learning_rate(step, recipe) for step in (0, 50, 100, 550, 1000)] == pytest.approx([0, 1, 2, 1, 0], abs=1e-9)
