"""What was weighed arrives in the record, with the table's row beside each term."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.evidence.context import PatientContext
from calcinet.evidence.differential import differential
from calcinet.evidence.likelihood_ratios import ON_REQUEST, weights
from calcinet.evidence.priors import presets, prior
from calcinet.protocols.evidence_record import record_advice, record_differential, record_evidence

CASE = Case.model_validate({"lesions": [{"site": "leg", "side": "L", "kind": "ulcer"}]})


@pytest.fixture(scope="module")
def situation():
    assert assess(CASE).lesions
    return PatientContext.of(CASE, ())


def test_every_row_of_the_table_is_a_term_with_its_study(situation):
    terms = record_evidence(situation).terms

    assert [term.finding for term in terms] == list(weights())
    for term in terms:
        row = weights()[term.finding]
        assert (term.study, term.year, term.population, term.note) == (row.study, row.year, row.population, row.note)
        assert (term.label, term.group, term.n, term.status) == (row.label, row.group, row.n, row.status)
        assert (term.cases, term.controls, term.reference) == (row.cases, row.controls, row.reference)


def test_without_a_prior_there_is_no_posterior(situation):
    evidence = record_evidence(situation)

    assert (evidence.prior, evidence.posterior) == (None, None)
    assert len(evidence.by_prior) > 10


def test_a_prior_is_recorded_with_who_says_so(situation):
    evidence = record_evidence(situation, prior=prior("0.3"))

    assert (evidence.prior.value, evidence.prior.basis) == (0.3, "given by the user")
    assert evidence.posterior.interval95[0] <= evidence.posterior.median <= evidence.posterior.interval95[1]


def test_figures_read_at_second_hand_are_offered_on_request(situation):
    offered = record_evidence(situation).presets
    every_figure = record_evidence(situation, include_secondary=True).presets

    assert [preset.name for preset in every_figure] == list(presets())
    assert not {preset.status for preset in offered} & set(ON_REQUEST)


def test_the_differential_says_what_speaks_for_and_against_each_disease(situation):
    for recorded, disease in zip(record_differential(situation), differential(situation), strict=True):
        assert (recorded.for_, recorded.against) == (disease.speaks_for, disease.against)
        assert (recorded.name, recorded.ask, recorded.reference) == (disease.name, disease.ask, disease.reference)


def test_each_step_has_a_code_of_its_own(situation):
    codes = [step.code for step in record_advice(situation)]

    assert codes
    assert len(set(codes)) == len(codes)
