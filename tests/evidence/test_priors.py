"""Pre-test probabilities: a number, or a published figure."""

import pytest

from calcinet.apps.options import PRIOR_HELP
from calcinet.errors import BadInput
from calcinet.evidence.priors import Prior, list_presets, load_presets, presets, prior


def test_a_number_is_the_users():
    given = prior("0.3")

    assert (given.value, given.reference) == (0.3, None)
    assert prior(0.3).value == 0.3


def test_a_preset_has_its_published_figure_and_its_reference():
    for name, preset in presets().items():
        assert (prior(name).value, prior(name).reference) == (preset.value, preset.reference)


def test_what_nobody_has_published_is_not_offered():
    """For a painful necrotic lesion there is no figure; who asks for one is told so."""
    with pytest.raises(BadInput, match="No figure has been published for a dialysis patient"):
        prior("painful-necrotic-lesion")

    assert not any("lesion" in name for name in presets())


@pytest.mark.parametrize(
    ("written", "value"), [("30%", 0.3), ("30 %", 0.3), (" 0.5% ", 0.005), ("１２％", 0.12), ("0.3", 0.3)]
)
def test_a_percentage_is_read_as_one(written, value):
    assert prior(written).value == pytest.approx(value)


@pytest.mark.parametrize("written", ["30", "100%", "0%", "-5%", "%", "about 30%"])
def test_what_is_no_share_is_refused(written):
    """30 without its sign may be a slip of the finger for 0.30 or for 3.0: it is asked for again."""
    with pytest.raises(BadInput, match="pre-test probability"):
        prior(written)


def test_a_wrong_name_lists_the_published_figures_with_their_numbers():
    with pytest.raises(BadInput) as refused:
        prior("dialysis")

    for named in ("registry-germany (0.04 %)", "registry-uk (0.167 %)", "centre-winnipeg (4.5 %)"):
        assert named in str(refused.value)


def test_the_help_lists_every_published_figure_with_its_number():
    for named in list_presets():
        assert named in PRIOR_HELP


def test_the_figure_of_jiangsu_says_whom_it_counted():
    """Adults who had been on haemodialysis for over six months."""
    assert "adults on haemodialysis for over 6 months" in presets()["dialysis-jiangsu"].label


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
