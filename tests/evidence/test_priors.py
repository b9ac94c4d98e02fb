"""Pre-test probabilities: a number, or a published figure."""

import pytest

from calcinet.errors import BadInput
from calcinet.evidence.priors import Prior, load_presets, presets, prior


def test_a_number_is_the_users():
    given = prior("0.3")

    assert (given.value, given.reference) == (0.3, None)
    assert prior(0.3).value == 0.3


def test_a_preset_has_its_published_figure_and_its_reference():
    for name, preset in presets().items():
        if preset.value is not None:
            assert (prior(name).value, prior(name).reference) == (preset.value, preset.reference)


def test_a_preset_without_a_published_figure_is_refused_with_the_reason():
    """For a painful necrotic lesion nobody has published one."""
    with pytest.raises(BadInput) as refused:
        prior("painful-necrotic-lesion")

    assert str(refused.value) == presets()["painful-necrotic-lesion"].why_none


@pytest.mark.parametrize("value", [0.0, 1.0, -0.1, float("nan"), float("inf")])
def test_certainty_is_no_pre_test_probability(value):
    with pytest.raises(BadInput, match="above 0 and below 1"):
        Prior(value, "given by the user")


def test_an_unknown_name_lists_those_that_there_are():
    with pytest.raises(BadInput, match="registry-germany"):
        prior("often")


def test_a_preset_with_a_field_too_many_does_not_load():
    with pytest.raises(TypeError):
        load_presets('[mine]\nlabel = "mine"\nvalue = 0.1\ncolour = "green"\n')
