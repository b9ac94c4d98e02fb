"""A training run on the command line."""

import pytest

from calcinet.apps.training import TrainOrder, train_weights
from calcinet.errors import BadInput
from tests.support.extras import of_extra

of_extra("train", "torch")


def test_films_that_are_no_folder_are_refused(tmp_path):
    """Before anything is generated or written."""
    film = tmp_path / "film.png"
    film.write_bytes(b"")

    with pytest.raises(BadInput, match="is no folder"):
        train_weights(TrainOrder(films=film, folder=tmp_path / "run"))

    assert not (tmp_path / "run").exists()
