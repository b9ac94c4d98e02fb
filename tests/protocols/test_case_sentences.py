"""Sentences about the patient and the probability."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.protocols.case_sentences import describe_case, describe_dialysis, describe_patient, describe_posterior
from calcinet.record import Criterion, Evidence, Posterior, Prior, Term


def term(**changes) -> Term:
    facts = {"finding": "net", "present": True, "ratio": (3.0, 1.0, 9.0), "n": (29, 29), "reference": "r"}
    return Term(**{**facts, "status": "seen", "used": True, **changes})


def weighed(*terms: Term) -> Evidence:
    return Evidence(
        prior=Prior(value=0.2, basis="told"), terms=terms, posterior=Posterior(median=0.43, interval95=(0.2, 0.69))
    )


def test_age_sex_and_kidneys_are_told_as_far_as_they_are_known():
    case = Case.model_validate(
        {
            "patient": {"sex": "female", "age_years": 61},
            "kidney": {"cause": "diabetes", "dialysis": [{"kind": "haemodialysis", "years": 4}]},
        }
    )

    assert describe_patient(case) == ("woman, 61 years", "kidney disease: diabetes", "haemodialysis for 4 years")
    assert describe_patient(Case()) == ("patient",)


@pytest.mark.parametrize(
    ("kind", "years", "sentence"),
    [
        ("peritoneal", None, "peritoneal dialysis"),
        ("peritoneal", 2.5, "peritoneal dialysis for 2.5 years"),
        ("haemodialysis", None, "haemodialysis"),
        ("haemodialysis", 1.0, "haemodialysis for 1 years"),
    ],
)
def test_a_dialysis_is_told_with_its_years(kind, years, sentence):
    assert describe_dialysis(kind, years) == sentence


def test_without_a_prior_the_curve_is_pointed_to():
    sentences = describe_case(assess(Case()), [Criterion(met=None)], Evidence())

    assert any("No pre-test probability was given" in sentence for sentence in sentences)
    assert not any(
        "No pre-test probability was given" in sentence for sentence in describe_case(assess(Case()), [], weighed())
    )


def test_the_probability_is_said_with_its_interval():
    (sentence,) = describe_posterior(weighed(term()))

    assert sentence == "Pre-test probability 0.2, post-test probability 0.43 (95 % interval 0.2 to 0.69)."


def test_borrowed_figures_are_said():
    """Read at second hand, and used; one that is not used changes nothing."""
    borrowed = term(status="secondary")

    assert describe_posterior(weighed(term(), borrowed))[1].startswith("It rests on figures read at second hand")
    assert len(describe_posterior(weighed(term(), borrowed.model_copy(update={"used": False})))) == 1


def test_nothing_weighed_leaves_the_prior():
    (sentence,) = describe_posterior(weighed(term(used=False)))

    assert "changes the pre-test probability of 0.2 that was given" in sentence
    assert describe_posterior(Evidence()) == ()
