"""Weighing: monotone, bounded, free of order, and honest about where its numbers come from."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from calcinet.errors import BadInput
from calcinet.evidence.likelihood_ratios import ON_REQUEST, load, weights
from calcinet.evidence.priors import Prior, load_presets, prior
from calcinet.evidence.weigh import Observation, weigh

NET = Observation("net_like", True, ("img-1",))
SCAN = Observation("bone_scan", True)

ROW = """
[a_sign]
label = "A sign"
group = "signs"
cases = [8, 10]
controls = [1, 10]
n = [10, 10]
study = "Study"
year = 2000
population = "People"
reference = "ng_case"
confidence = "S"
"""


def term(weighing, finding):
    return next(term for term in weighing.terms if term.finding == finding)


def given_prior(value):
    return Prior(value, "test")


def test_posterior_agrees_with_random_numbers():
    """Sensitivity from 0.2 to 0.9 over Beta(6.5, 52.5), and the odds of 0.3: a million draws."""
    rng = np.random.default_rng(1)
    draws = logit(0.3) + np.log(rng.uniform(0.2, 0.9, 1_000_000)) - np.log(rng.beta(6.5, 52.5, 1_000_000))
    weighing = weigh([NET], prior=given_prior(0.3))

    assert weighing.posterior == pytest.approx(expit(np.quantile(draws, [0.5, 0.025, 0.975])), abs=0.004)


def test_absent_scan_agrees_with_random_numbers():
    """The rest of both shares: 20 of 66 patients and 30 of 31 controls."""
    rng = np.random.default_rng(2)
    draws = logit(0.3) + np.log(rng.beta(20.5, 46.5, 1_000_000)) - np.log(rng.beta(30.5, 1.5, 1_000_000))
    weighing = weigh([replace(SCAN, present=False)], prior=given_prior(0.3), include_secondary=True)

    assert weighing.posterior == pytest.approx(expit(np.quantile(draws, [0.5, 0.025, 0.975])), abs=0.004)


@pytest.mark.parametrize("include_secondary", [False, True])
def test_absent_net_weighs_nothing_and_says_so(include_secondary):
    """Nobody has counted how many patients have one, so that its absence cannot make the disease less likely."""
    weighing = weigh([Observation("net_like", False)], prior=given_prior(0.3), include_secondary=include_secondary)

    assert weighing.posterior == pytest.approx((0.3, 0.3, 0.3))
    assert weighing.ratio == term(weighing, "net_like").ratio == (1, 1, 1)
    assert not term(weighing, "net_like").used
    assert any("absent; the probability leaves it out" in caution for caution in weighing.cautions)


def test_net_moves_thirty_percent_to_about_seventy():
    """A specificity of 90 % and a sensitivity about 55 %: a ratio near 5; odds 3:7 become 15:7, 68 %."""
    weighing = weigh([NET], prior=given_prior(0.3))

    assert term(weighing, "net_like").ratio[0] == pytest.approx(5, abs=0.3)
    assert weighing.posterior is not None
    assert weighing.posterior[0] == pytest.approx(0.68, abs=0.02)


@given(
    low=st.floats(1e-9, 1 - 1e-9),
    high=st.floats(1e-9, 1 - 1e-9),
    present=st.sampled_from([True, False, None]),
)
def test_posterior_rises_with_the_prior_and_stays_within_bounds(low, high, present):
    """Whatever the finding says."""
    low, high = sorted((low, high))
    lower, higher = (weigh([Observation("net_like", present)], prior=given_prior(p)).posterior for p in (low, high))

    assert all(0 <= value <= 1 for value in (*lower, *higher))
    assert all(a <= b for a, b in zip(lower, higher, strict=True))
    assert lower[1] <= lower[0] <= lower[2]


def test_order_of_the_findings_does_not_matter():
    """Six orders of three findings, one weighing."""
    three = [NET, SCAN, Observation("large_vessels", True)]
    several = {weigh(order, prior=given_prior(0.2), include_secondary=True) for order in itertools.permutations(three)}

    assert len(several) == 1


def test_no_prior_no_posterior_but_a_curve():
    """At every prior of the curve the median is that of the same prior given."""
    weighing = weigh([NET])

    assert weighing.posterior is None
    for value, *triple in weighing.by_prior:
        assert weigh([NET], prior=given_prior(value)).posterior == tuple(triple)


def test_nothing_known_leaves_the_prior_as_it_is():
    """Odds times 1."""
    weighing = weigh([], prior=given_prior(0.3))

    assert weighing.posterior == pytest.approx((0.3, 0.3, 0.3))
    assert not any(term.used for term in weighing.terms)


def test_calcium_of_large_vessels_weighs_nothing():
    """Ratio 1, and it says why."""
    weighing = weigh([Observation("large_vessels", True)], prior=given_prior(0.3))

    assert weighing.posterior == pytest.approx((0.3, 0.3, 0.3))
    assert term(weighing, "large_vessels").ratio == (1, 1, 1)
    assert "94.4 %" in term(weighing, "large_vessels").why_not


@pytest.mark.parametrize("finding", ["histology", "lupus_anticoagulant", "protein_c_deficiency"])
def test_criteria_and_risk_factors_are_shown_and_not_multiplied_in(finding):
    """They set the prior; counted again they would count twice."""
    weighing = weigh([Observation(finding, True)], prior=given_prior(0.3))

    assert weighing.posterior == pytest.approx((0.3, 0.3, 0.3))
    assert term(weighing, finding).why_not


def test_recalled_figures_wait_for_a_request():
    """The bone scan rests on a specificity that nobody here has read."""
    silent, asked = (weigh([SCAN], prior=given_prior(0.3), include_secondary=on) for on in (False, True))

    assert silent.posterior == pytest.approx((0.3, 0.3, 0.3))
    assert "only on request" in term(silent, "bone_scan").why_not
    assert any("present; the probability leaves it out" in caution for caution in silent.cautions)
    assert asked.posterior[0] > 0.8
    assert any("recalled" in caution for caution in asked.cautions)


def test_findings_that_say_the_same_count_once():
    """Scan and net both say calcium in soft tissue; the one with counts on both sides goes first."""
    both = weigh([NET, SCAN], prior=given_prior(0.3), include_secondary=True)

    assert both.posterior == weigh([SCAN], prior=given_prior(0.3), include_secondary=True).posterior
    assert "counted once" in term(both, "net_like").why_not


@pytest.mark.parametrize("scan", [True, False])
def test_findings_of_one_group_that_contradict_are_pointed_out(scan):
    """A net on the film; the scan counts, and where it shows nothing the page says that the film does."""
    both = weigh([NET, replace(SCAN, present=scan)], include_secondary=True)

    assert any("do not agree" in caution for caution in both.cautions) is not scan
    assert not term(both, "net_like").used


def test_a_scan_that_silences_a_net_says_what_the_net_would_have_weighed():
    """0.3 of it against 5: one disagreement, in one sentence with both numbers."""
    both = weigh([NET, replace(SCAN, present=False)], prior=given_prior(0.3), include_secondary=True)
    said = [caution for caution in both.cautions if "do not agree" in caution]

    assert len(said) == 1
    assert "would be 5.06 and not 0.32" in said[0]


def test_a_negative_scan_does_not_all_but_rule_out():
    """46 of 66 patients were positive, 62.5 % in one series: a third of the odds remains, not a tenth."""
    weighing = weigh([replace(SCAN, present=False)], prior=given_prior(0.3), include_secondary=True)

    assert weighing.ratio[0] == pytest.approx(0.32, abs=0.02)


@pytest.mark.parametrize(("finding", "present"), [("protein_c_deficiency", True), ("fine_calcium", True)])
def test_what_no_control_had_has_no_upper_limit(finding, present):
    """None of 10, none of 19: the upper end would be that of the distribution assumed."""
    weighing = weigh([Observation(finding, present)], include_secondary=True)
    median, low, high = term(weighing, finding).ratio

    assert 1 < low < median
    assert high is None


def test_what_every_control_had_has_no_upper_limit_where_it_is_absent():
    """Ten of ten controls had the sign: how rarely it is absent among them was not counted."""
    table = load(ROW.replace("controls = [1, 10]", "controls = [10, 10]"))

    assert weigh([Observation("a_sign", False)], table=table).ratio[2] is None
    assert weigh([Observation("a_sign", True)], table=table).ratio[2] is not None


def test_no_upper_limit_is_said_where_it_counts():
    weighing = weigh([Observation("fine_calcium", True)], prior=given_prior(0.3), include_secondary=True)

    assert weighing.ratio[2] is None
    assert any("no upper limit can be given" in caution for caution in weighing.cautions)


def test_what_the_biopsy_showed_counts_once_and_only_on_request():
    """Both rows say calcium under the microscope; read at second hand, they wait for a request."""
    seen = [Observation("fine_calcium", True), Observation("fine_calcium_and_thrombosis", True)]
    silent, asked = (weigh(seen, prior=given_prior(0.3), include_secondary=on) for on in (False, True))

    assert silent.posterior == pytest.approx((0.3, 0.3, 0.3))
    assert [one.finding for one in asked.terms if one.used] == ["fine_calcium_and_thrombosis"]
    assert term(asked, "fine_calcium_and_thrombosis").ratio[0] == pytest.approx(0.85 / 0.12, rel=0.1)


def test_the_counts_of_a_biopsy_give_the_published_shares():
    """Sensitivity 85 %, specificity 88 %."""
    row = weights()["fine_calcium_and_thrombosis"]

    assert round(100 * row.cases[0] / row.cases[1]) == 85
    assert round(100 * (1 - row.controls[0] / row.controls[1])) == 88


def test_the_page_says_whom_the_net_was_counted_against():
    """Dialysis patients without lesions, where the reader's question is about other ulcers."""
    assert any("not with patients who have ulcers" in caution for caution in weigh([NET]).cautions)
    assert not any("not with patients who have ulcers" in caution for caution in weigh([]).cautions)


def test_the_prior_is_said_to_be_taken_as_exact_where_there_is_one():
    assert any("as exact" in caution for caution in weigh([NET], prior=given_prior(0.3)).cautions)
    assert not any("as exact" in caution for caution in weigh([NET]).cautions)


def test_breast_arteries_are_not_the_aorta():
    """94.4 % is the aorta of people on haemodialysis; 12 to 42.5 % the breast arteries of screened women."""
    why = weights()["large_vessels"].context

    assert "the aorta: 94.4 % of 132" in why
    assert "12 to 42.5 % of screened women" in why


def test_doubt_about_a_finding_keeps_it_from_counting():
    """The finding stays visible."""
    weighing = weigh([replace(NET, doubt="venous disease")], prior=given_prior(0.3))

    assert weighing.posterior == pytest.approx((0.3, 0.3, 0.3))
    assert term(weighing, "net_like").present is True
    assert term(weighing, "net_like").why_not == "venous disease"


def test_without_every_second_hand_row_there_is_still_a_weighing():
    """What remains was seen, or stands on the case report."""
    table = {name: row for name, row in weights().items() if row.status not in ON_REQUEST}

    assert len(table) < len(weights())
    assert weigh([NET], prior=given_prior(0.3), table=table).posterior == (
        weigh([NET], prior=given_prior(0.3)).posterior
    )


def test_what_moves_the_odds_most_stands_first():
    """A net that is not known would move them from half to five; with the scan asked for, that moves them further."""
    unknown = weigh([])
    asked = weigh([], include_secondary=True)

    assert [(move.finding, move.known) for move in unknown.moves] == [("net_like", False)]
    assert [move.finding for move in asked.moves if not move.finding.startswith("fine")] == ["bone_scan", "net_like"]
    assert weigh([NET]).moves[0].known


def test_no_score_is_said_every_time():
    """The first caution, whatever is weighed."""
    assert "No validated score" in weigh([]).cautions[0]
    assert any("case report alone" in caution for caution in weigh([NET]).cautions)


def test_the_same_finding_twice_is_refused():
    """Which of the two would count would depend on their order."""
    with pytest.raises(BadInput, match="observed twice"):
        weigh([NET, NET])


def test_unknown_finding_is_refused():
    """The message lists those that there are."""
    with pytest.raises(KeyError, match=r"no weight for halo; there are: .*net_like"):
        weigh([Observation("halo", True)])


def test_weight_without_a_known_reference_does_not_load():
    """The program stops; no number without its source."""
    with pytest.raises(KeyError, match="nobody1999"):
        load(ROW.replace("ng_case", "nobody1999"))


@pytest.mark.parametrize("code", ["R-", "NF", "C", "sure"])
def test_weight_that_nobody_is_sure_of_does_not_load(code):
    """Recalled and unsure, or not found."""
    with pytest.raises(ValueError, match="never weighed"):
        load(ROW.replace('confidence = "S"', f'confidence = "{code}"'))


def test_weight_without_counts_does_not_load():
    """A ratio needs both shares."""
    with pytest.raises(ValueError, match="needs cases or sensitivity_between"):
        load(ROW.replace("cases = [8, 10]\n", ""))


def test_net_rests_on_what_the_design_says():
    """52 of 58 controls without it; sensitivity from 0.2 to 0.9; the case report alone."""
    row = weights()["net_like"]

    assert (row.controls, row.sensitivity_between, row.status, row.n) == ((6, 58), (0.2, 0.9), "case", (29, 58))


def test_prior_is_a_number_or_a_preset():
    """Four in ten thousand a year in Germany."""
    assert prior("0.3") == Prior(0.3, "given by the user")
    assert prior("registry-germany").value == 0.0004
    assert prior("registry-germany").reference == "brandenburg2017"


@pytest.mark.parametrize("given_text", ["0", "1", "-0.2", "1.5", "nan", "inf", "high"])
def test_prior_that_cannot_be_is_refused(given_text):
    """Certainty needs no weighing, and nothing outside 0 and 1 is a probability."""
    with pytest.raises(BadInput, match="pre-test probability"):
        prior(given_text)


def test_preset_without_a_known_reference_does_not_load():
    """As for weights."""
    with pytest.raises(KeyError, match="nobody1999"):
        load_presets('[a]\nlabel = "A"\nvalue = 0.1\nreference = "nobody1999"\nconfidence = "S"')
