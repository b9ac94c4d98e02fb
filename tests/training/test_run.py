"""A whole training run in short, and what one refuses."""

import hashlib
import json
import os
from functools import partial

import cv2
import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")
of_extra("train", "onnx")

from calcinet.errors import BadInput  # noqa: E402
from calcinet.findings.onnx_model import onnxruntime  # noqa: E402
from calcinet.training import run  # noqa: E402
from calcinet.training.radiograph_network import RADIOGRAPH_MAPS  # noqa: E402
from calcinet.training.run import CODE_FILES, CODE_ROOMS, RECIPE, list_code, train  # noqa: E402

SHORT = """
[data]
kind = "radiograph"
phantoms = 0
bare = 0
first_seed = 7
[[data.films]]
patients = "limbs"
pixel_mm = 0.3
share = 0.8
[[data.films]]
pattern = "chests/*.png"
pixel_mm = 0.4
share = 0.2
[data.shares]
bare = 0.0
phantoms = 0.0
[fit]
steps = 2
batch = 1
seed = 1
mined_at = []
positive_weight = [1.5, 3.0, 3.0, 1.5, 1.5]
map_weight = [1.5, 1.2, 1.0, 0.8, 2.0]
"""


def _write_limb(path, seed):
    """A round limb of 200 columns between air, with noise."""
    across = np.abs(np.arange(300) - 150.0)
    plane = np.tile(np.where(across < 100, 60 + np.sqrt(np.maximum(100**2 - across**2, 0)), 20), (320, 1))
    plane += np.random.default_rng(seed).normal(0, 3, plane.shape)
    cv2.imwrite(str(path), plane.astype(np.uint8))


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """A patient who teaches, one on whom cuts are found, one who is held out and whose film is no picture; a chest."""
    folder = tmp_path_factory.mktemp("films")
    (folder / "limbs").mkdir()
    (folder / "chests").mkdir()
    (folder / "limbs" / "manifest.csv").write_text("file,group\na.png,p002\nb.png,p001\nc.png,p003\n")
    for number, name in enumerate(("limbs/a.png", "limbs/b.png", "chests/d.png")):
        _write_limb(folder / name, number)
    (folder / "limbs" / "c.png").write_text("never read")
    return folder


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    path = tmp_path_factory.mktemp("recipe") / "short.toml"
    path.write_text(SHORT)
    return path


@pytest.fixture(scope="module")
def finished(films, short, tmp_path_factory):
    """Folder of a run of two steps, its cuts found on two samples, and the steps that it told of."""
    folder = tmp_path_factory.mktemp("run")
    steps = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "cuts_of_samples", partial(run.cuts_of_samples, count=2))
        train(films, folder, recipe=short, progress=lambda what, done, of: steps.append((what, done, of)))
    return folder, steps


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


def test_a_short_run_writes_weights_that_take_a_film(finished):
    """Three channels in, five maps of probabilities out."""
    folder, _ = finished
    session = onnxruntime.InferenceSession(folder / "radiograph.onnx")
    (maps,) = session.run(None, {"image": np.zeros((1, 3, 64, 32), np.float32)})

    assert maps.shape == (1, len(RADIOGRAPH_MAPS), 64, 32)
    assert 0 <= maps.min() <= maps.max() <= 1


def test_the_digest_beside_the_weights_is_theirs(finished):
    folder, _ = finished
    found = hashlib.sha256((folder / "radiograph.onnx").read_bytes()).hexdigest()

    assert (folder / "radiograph.sha256").read_text() == f"{found}  radiograph.onnx\n"
    assert json.loads((folder / "radiograph.json").read_text())["sha256"] == found


def test_where_the_weights_come_from_is_told(finished, films):
    """The film that teaches and the chest, not those of the other patients; their digest is that of both in order."""
    told = json.loads((finished[0] / "radiograph.json").read_text())
    digests = [hashlib.sha256((films / name).read_bytes()).digest() for name in ("limbs/a.png", "chests/d.png")]

    assert told["data"]["films_found"] == 2
    assert told["data"]["films_sha256"] == hashlib.sha256(b"".join(digests)).hexdigest()
    assert list(told["cuts"]) == list(RADIOGRAPH_MAPS)
    assert all(0 < cut < 1 for cut in told["cuts"].values())
    assert (told["fit"]["steps"], told["fit"]["seed"], told["after"]) == (2, 1, None)


def test_the_learning_curve_and_every_step_are_told(finished):
    folder, steps = finished

    assert ("steps", 2, 2) in steps
    assert ("films", 1, 1) in steps
    assert "Loss over 2 steps" in (folder / "curve.svg").read_text()


def test_a_run_that_trains_another_ones_weights_further_says_so(films, short, finished, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "cuts_of_samples", lambda *_, **__: [0.5] * 5)
    train(films, tmp_path / "run2", recipe=short, steps=1, start=finished[0])
    told = json.loads((tmp_path / "run2" / "radiograph.json").read_text())

    assert told["after"]["sha256"] == json.loads((finished[0] / "radiograph.json").read_text())["sha256"]
    assert told["fit"]["steps"] == 1


def test_training_further_needs_a_run_that_is_finished(films, short, tmp_path):
    """A folder without a checkpoint."""
    with pytest.raises(BadInput, match=r"holds no checkpoint\.pt; give the folder of a finished run"):
        train(films, tmp_path / "run", recipe=short, start=tmp_path)


def test_a_folder_without_films_is_refused(tmp_path):
    """The message names what was looked for."""
    with pytest.raises(BadInput, match="matches limbs_open; give the folder"):
        train(tmp_path, tmp_path / "run")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[data]\n",
        "steps = ",
        '[data]\nphantoms=1\ngrown=1\nfirst_seed=0\nfilms=["*"]\n[fit]\nx=1',
        "[data]\nphantoms=1\nfirst_seed=0\nfilms=[]\n[fit]\nsteps=1",
        '[data]\nkind="breast"\nphantoms=1\nfirst_seed=0\nfilms=["*"]\n[fit]\nsteps=1',
        '[data]\nkind="vessels"\nphantoms=1\nfirst_seed=0\nfilms=["*"]\n[fit]\nsteps=1',
    ],
    ids=["empty", "no fit", "broken", "unknown setting", "no shares", "nothing grown", "no such kind"],
)
def test_what_is_no_recipe_is_refused(tmp_path, text):
    path = tmp_path / "r.toml"
    path.write_text(text)

    with pytest.raises(BadInput, match="no training recipe"):
        train(tmp_path, tmp_path / "run", recipe=path)


def test_a_recipe_is_a_text_of_modest_size(tmp_path, monkeypatch):
    """Other bytes, more than the bound, and what is waited for without end; none is a failure that nobody foresaw."""
    bytes_, long, pipe = (tmp_path / name for name in ("bytes.toml", "long.toml", "pipe.toml"))
    bytes_.write_bytes(b"\xff\xfe")
    long.write_text(SHORT + "#" * 2000)
    os.mkfifo(pipe)
    monkeypatch.setenv("CALCINET_MAX_RECIPE_BYTES", "2000")

    for path in (bytes_, long, pipe):
        with pytest.raises(BadInput, match="no training recipe"):
            train(tmp_path, tmp_path / "run", recipe=path)


@pytest.mark.parametrize("name", ["radiograph", "mammogram"])
def test_the_recipes_that_come_with_calcinet_are_read(tmp_path, name):
    """They ask for films; what is wrong with the folder is said, not that the recipe is none."""
    with pytest.raises(BadInput, match="no film in"):
        train(tmp_path, tmp_path / "run", recipe=RECIPE.parent / f"{name}.toml")


def test_the_own_recipe_is_one():
    """It is shipped with the package."""
    assert RECIPE.is_file()


def test_the_code_that_is_hashed_is_there():
    """Every folder and file that the digest names exists, and each folder holds modules."""
    paths = list_code()

    assert all(path.is_file() for path in paths)
    assert all(any(path.as_posix().endswith(name) for path in paths) for name in CODE_FILES)
    assert all(any(f"/calcinet/{room}/" in path.as_posix() for path in paths) for room in CODE_ROOMS)


def test_the_code_that_samples_come_from_is_hashed():
    """What samples import of the findings is among it: the network's channels, the noise they are in, and the tissue
    that calcium is grown in."""
    from calcinet.findings import network_input, noise_map
    from calcinet.findings.radiograph import tissue_map
    from calcinet.training.samples import base

    hashed = {path.resolve().as_posix() for path in list_code()}

    assert {network_input.__file__, noise_map.__file__, tissue_map.__file__, base.__file__} <= hashed
