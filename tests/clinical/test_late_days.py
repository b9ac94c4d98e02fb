"""Days after the day of examination."""

import pytest

from calcinet.clinical.case import Case
from calcinet.clinical.late_days import late_days
from calcinet.io.case.errors import CaseFileError
from calcinet.io.case.reader import case_of_text

EXAMINED = {"examined_on": "2026-11-20"}


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({"kidney": {"dialysis": [{"kind": "peritoneal", "start": "2029-03-01"}]}}, "kidney.dialysis.0.start"),
        ({"lesions": [{"site": "toe", "kind": "ulcer", "since": "2027-01-01"}]}, "lesions.0.since"),
        ({"lesions": [{"site": "toe", "kind": "ulcer", "seen_on": "2027-01-01"}]}, "lesions.0.seen_on"),
        ({"drugs": [{"name": "warfarin", "start": "2026-11-21"}]}, "drugs.0.start"),
        ({"drugs": [{"name": "aspirin"}, {"name": "warfarin", "stop": "2027-01-01"}]}, "drugs.1.stop"),
        ({"labs": [{"name": "ALP", "value": "210 U/L", "on": "2028-01-01"}]}, "labs.0.on"),
        ({"treatments": [{"name": "wound care", "start": "2028-01-01"}]}, "treatments.0.start"),
        ({"procedures": [{"name": "gadolinium", "on": "2028-01-01"}]}, "procedures.0.on"),
        ({"pathology": [{"status": "done", "on": "2028-01-01"}]}, "pathology.0.on"),
        ({"imaging": [{"modality": "film", "on": "2028-01-01"}]}, "imaging.0.on"),
        ({"conditions": [{"name": "stroke", "since": "2028-01-01"}]}, "conditions.0.since"),
        ({"patient": {"weights": [{"kg": 80, "on": "2028-01-01"}]}}, "patient.weights.0.on"),
    ],
)
def test_a_day_after_the_examination_is_a_mistake(told, path):
    """With its place; the same without a day of examination is not."""
    found = late_days({**EXAMINED, **told})

    assert [".".join(map(str, place)) for place, _, _ in found] == [path]
    assert late_days(told) == []
    with pytest.raises(ValueError, match="lies after examined_on"):
        Case.model_validate({**EXAMINED, **told})


@pytest.mark.parametrize(
    "told",
    [
        {"drugs": [{"name": "warfarin", "status": "planned", "start": "2027-01-01"}]},
        {"treatments": [{"name": "amputation", "status": "planned", "start": "2027-01-01"}]},
        {"pathology": [{"status": "planned", "on": "2027-01-01"}]},
        {"outcome": {"state": "died", "on": "2027-01-01"}},
        {"drugs": [{"name": "warfarin", "start": "2026-11-20"}]},
    ],
)
def test_plans_and_what_came_of_it_may_lie_in_the_future(told):
    """And what was on the day of examination itself is not after it."""
    assert Case.model_validate({**EXAMINED, **told}).examined_on is not None


def test_all_late_days_and_every_other_mistake_stand_together():
    """Two late days and a wrong number, each with its line."""
    text = """examined_on: 2026-11-20
patient: {age_years: 300}
lesions:
  - {site: calf, kind: ulcer, since: 2027-01-01}
drugs:
  - {name: warfarin, start: 2027-05-01}
"""
    with pytest.raises(CaseFileError) as caught:
        case_of_text(text)

    assert [mistake.line for mistake in caught.value.mistakes] == [2, 4, 6]
    assert "2027-01-01 lies after examined_on, 2026-11-20" in str(caught.value)
