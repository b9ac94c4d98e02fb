"""From a case to its assessment: one pure call."""

from collections.abc import Sequence
from dataclasses import replace

from calcinet.clinical.case import Case
from calcinet.clinical.conditions import read_conditions
from calcinet.clinical.criteria.chinese import chinese, suspicion, withhold_from_child
from calcinet.clinical.criteria.japanese import japanese
from calcinet.clinical.derived import derive
from calcinet.clinical.drugs import read_drugs
from calcinet.clinical.labs import read_labs
from calcinet.clinical.lesion_text import describe
from calcinet.clinical.mimics import JAPANESE_MIMICS, list_asked, mimics_of
from calcinet.clinical.population import CHILD, is_adult
from calcinet.clinical.questions import open_questions
from calcinet.clinical.results import Assessment, CriterionResult, SuspicionResult


def assess(case: Case, likely: Sequence[str] = ()) -> Assessment:
    """Check units, name drugs, work out what follows, apply the published criteria, gather the questions.

    Parameters
    ----------
    case
        The patient.
    likely
        Other diseases by their names in `exclusions`, the likeliest first: in this order they are asked about.
    """
    labs, lab_questions = read_labs(case.labs, case.patient.sex, case.patient.age_years)
    drugs, drug_questions = read_drugs(case.drugs or (), case.examined_on, case.kidney.on_haemodialysis)
    known = Assessment(
        suspicion=None,
        drugs=tuple(drugs),
        lesions=tuple(describe(lesion) for lesion in case.lesions or ()),
        derived=tuple(derive(case, labs)),
        labs=tuple(labs),
    )
    mimics = mimics_of(case, known, list_asked(case, known, likely))
    schemes: list[CriterionResult] = []
    reached: SuspicionResult | None = None
    if is_adult(case) is False:
        reached = withhold_from_child(CHILD)
    else:
        schemes = [japanese(case, mimics_of(case, known, JAPANESE_MIMICS)), chinese(case, known, mimics)]
        reached = suspicion(case, schemes[1], mimics)
    return replace(
        known,
        suspicion=reached,
        questions=(
            *lab_questions,
            *drug_questions,
            *read_conditions(case.conditions or ()),
            *open_questions(case, known, mimics),
        ),
        criteria={scheme.name: scheme for scheme in schemes},
    )
