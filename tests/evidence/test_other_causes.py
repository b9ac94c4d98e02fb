"""Causes without dialysis: counted where they are stated, asked for where they are not."""

import pytest

from calcinet.evidence.advice import advice
from calcinet.evidence.other_causes import CAUSES, further_causes, known_causes, open_causes
from tests.support.patients import situation

NORMAL = {"stage": "normal"}


@pytest.mark.parametrize(
    ("parts", "cause"),
    [
        ({"conditions": [{"name": "primary hyperparathyroidism"}]}, "primary hyperparathyroidism"),
        ({"conditions": [{"name": "lymphoma"}]}, "malignancy"),
        ({"conditions": [{"name": "alcoholic liver disease"}]}, "alcoholic liver disease"),
        ({"conditions": [{"name": "SLE"}]}, "connective tissue disease"),
        ({"drugs": [{"name": "prednisolone"}]}, "corticosteroids"),
    ],
)
def test_a_stated_cause_is_counted_and_not_asked_for(parts, cause):
    """In the list, in the advice, and out of the question."""
    told = situation(kidney=NORMAL, **parts)
    said = {step.code: step.text for step in advice(told)}

    assert known_causes(told) == [cause]
    assert cause not in open_causes(told)
    own = cause == "primary hyperparathyroidism"
    assert ("working_kidneys_cause" in said) is not own
    assert cause in said["working_kidneys_hyperparathyroidism" if own else "working_kidneys_cause"]
    assert cause not in said["working_kidneys"]


def test_other_hyperparathyroidism_is_not_the_primary_one():
    """Secondary hyperparathyroidism is the rule on dialysis."""
    assert known_causes(situation(conditions=[{"name": "secondary hyperparathyroidism"}])) == []


def test_what_was_denied_is_not_asked():
    """No other disease: the drugs alone may be open."""
    assert set(open_causes(situation(conditions=[]))) <= {"corticosteroids"}


def test_without_a_word_every_cause_is_open():
    """Nothing was stated."""
    assert open_causes(situation(drugs=None)) == list(CAUSES)


def test_a_cause_with_its_own_step_is_not_among_the_others():
    """Beside a cancer."""
    both = situation(conditions=[{"name": "primary hyperparathyroidism"}, {"name": "lymphoma"}])

    assert further_causes(both) == ["malignancy"]
