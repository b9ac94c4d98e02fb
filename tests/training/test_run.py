"""What a training run refuses."""

import cv2
import numpy as np
import pytest

from tests.support.extras import of_extra

torch = of_extra("train", "torch")
of_extra("train", "onnx")

from calcinet.errors import BadInput  # noqa: E402
from calcinet.training.run import CODE_FILES, CODE_ROOMS, RECIPE, list_code, train  # noqa: E402


def test_a_folder_without_films_is_refused(tmp_path):
    """The message names what was looked for."""
    with pytest.raises(BadInput, match=r"chest/muhammedtalo\*"):
        train(tmp_path, tmp_path / "run")


@pytest.mark.parametrize(
    "text", ["", "[data]\n", "steps = ", '[data]\nphantoms=1\ngrown=1\nfirst_seed=0\nfilms=["*"]\n[fit]\nx=1']
)
def test_what_is_no_recipe_is_refused(tmp_path, text):
    """Missing tables, broken TOML, unknown settings."""
    path = tmp_path / "r.toml"
    path.write_text(text)

    with pytest.raises(BadInput, match="no training recipe"):
        train(tmp_path, tmp_path / "run", recipe=path)


def test_a_second_look_needs_a_first(tmp_path):
    """Without --start, or with a folder that holds no weights, a sentence says what to give."""
    (tmp_path / "chest").mkdir()
    cv2.imwrite(str(tmp_path / "chest" / "muhammedtalo_1.png"), np.full((64, 64), 90, dtype=np.uint8))
    recipe = tmp_path / "short.toml"
    recipe.write_text(
        '[data]\nkind = "vessels"\nphantoms = 1\ngrown = 1\nfirst_seed = 0\nfilms = ["chest/*"]\n[fit]\nsteps = 1\n'
    )

    with pytest.raises(BadInput, match=r"--start"):
        train(tmp_path, tmp_path / "run", recipe=recipe)
    with pytest.raises(BadInput, match=r"holds no radiograph\.onnx"):
        train(tmp_path, tmp_path / "run", recipe=recipe, start=tmp_path)


@pytest.mark.parametrize("name", ["radiograph", "mammogram", "vessels"])
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
    """What samples/base.py imports of the findings is among it: the network's channels, and the noise they are in."""
    from calcinet.findings import network_input, noise_map
    from calcinet.training.samples import base

    hashed = {path.resolve().as_posix() for path in list_code()}

    assert {network_input.__file__, noise_map.__file__, base.__file__} <= hashed
