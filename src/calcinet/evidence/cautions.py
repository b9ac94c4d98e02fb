"""What to bear in mind where figures of other people are taken for this patient."""

from calcinet.clinical.case import Case
from calcinet.evidence.likelihood_ratios import ON_REQUEST
from calcinet.evidence.priors import Prior, presets
from calcinet.evidence.weigh import Weighing
from calcinet.text import say


def about_patient(weighing: Weighing, case: Case) -> tuple[str, ...]:
    """How far the published prior and the studies behind the weights fit the patient, and what they leave out."""
    off_dialysis = case.kidney.on_dialysis is False
    cautions: list[str] = [*_check_figure(weighing.prior, case, off_dialysis)]
    if off_dialysis and any(term.used for term in weighing.terms):
        cautions.append(
            say("The likelihood ratios were counted in people on dialysis; this patient is not on dialysis.")
        )
    if any(biopsy.status == "done" and biopsy.result == "positive" for biopsy in case.pathology):
        cautions.append(
            say("A biopsy is positive; the post-test probability leaves it out: histology is an item of the criteria.")
        )
    if any(image.modality == "CT" and image.contrast for image in case.imaging):
        cautions.append(
            say(
                "CT with contrast: no calcium score at 130 HU is given, because contrast passes that threshold. Calcium "
                "can be scored on CT without contrast."
            )
        )
    return tuple(cautions)


def _check_figure(prior: Prior | None, case: Case, off_dialysis: bool) -> list[str]:
    """Nothing of a number that the user gave: it is meant for this patient."""
    if prior is None:
        return []
    published = [preset for preset in presets().values() if preset.label == prior.basis]
    if not published:
        return []
    figure = published[0]
    cautions: list[str] = []
    if figure.status in ON_REQUEST:
        cautions.append(say("The pre-test probability was read at second hand."))
    if case.lesions:
        cautions.append(
            say(
                "The pre-test probability is that of all people on dialysis; with skin lesions the "
                "disease is more likely, by how much has not been published."
            )
        )
    if off_dialysis:
        cautions.append(say("The pre-test probability is that of people on dialysis; this patient is not on dialysis."))
    return cautions
