"""Confounders are drawn where and as they are said to be."""

import numpy as np
import pytest

from calcinet.phantoms.radiograph.net_confounders import NET_CONFOUNDERS, add_confounder


@pytest.mark.parametrize("name", NET_CONFOUNDERS)
def test_every_confounder_draws_something_and_not_everything(name):
    """Over twenty seeds, on a square of 200 pixels."""
    drawn = [NET_CONFOUNDERS[name](200, np.random.default_rng(seed)) for seed in range(20)]

    assert all(mask.shape == (200, 200) for mask in drawn)
    assert any(0 < mask.mean() < 1 for mask in drawn)


@pytest.mark.parametrize("name", NET_CONFOUNDERS)
def test_a_confounder_scales_with_the_noise_of_the_film(name):
    """Twice the noise, twice what is added; nothing is taken away."""
    film = np.zeros((150, 120), dtype=np.float32)
    one, two = (
        add_confounder(film, np.full(film.shape, sd, np.float32), name, np.random.default_rng(1)) for sd in (2, 4)
    )

    assert two == pytest.approx(2 * one, abs=1e-4)
    assert one.min() > -1e-4


def test_an_unknown_confounder_is_refused():
    """Names are those of NET_CONFOUNDERS."""
    film = np.zeros((50, 50), dtype=np.float32)
    with pytest.raises(KeyError):
        add_confounder(film, film + 1, "zebra", np.random.default_rng(0))
