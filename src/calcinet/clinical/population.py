"""For whom a published scheme was made, and whether this patient is one of them."""

from typing import Final

from calcinet.clinical.case import Case
from calcinet.clinical.ternary import Ternary, at_or_above
from calcinet.text import Text, say

ADULT_YEARS: Final = 18
"""From this age on the schemes apply. Our choice: both speak of adults' disease, and neither names children."""

CHILD: Final = say("The published schemes were made for adults; none is applied to a child.")


def is_adult(case: Case) -> Ternary:
    """Whether the patient is grown up; None where no age was given."""
    return at_or_above(case.patient.age_years, ADULT_YEARS)


def explain_off_dialysis(case: Case) -> Text | None:
    """Say why a scheme for people on dialysis [china_scheme] does not apply; None on dialysis or where nobody said."""
    kidney = case.kidney
    if kidney.on_dialysis is not False:
        return None
    if kidney.transplant:
        return say("The Chinese scheme was made for people on dialysis; this patient lives with a transplant.")
    if kidney.stage == "normal":
        return say("The Chinese scheme was made for people on dialysis; this patient's kidneys are normal.")
    return say("The Chinese scheme was made for people on dialysis; this patient is not on dialysis.")
