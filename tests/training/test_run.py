"""What a training run refuses."""

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra 'train'")

from calcinet.errors import BadInput  # noqa: E402
from calcinet.training.run import RECIPE, train  # noqa: E402


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


def test_the_own_recipe_is_one():
    """It is shipped with the package."""
    assert RECIPE.is_file()
