"""CARE's items after the title, and what of each no record can say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from calcinet.text import say


@dataclass(frozen=True, slots=True)
class Item:
    """One item of CARE."""

    title: str
    questions: tuple[str, ...] = ()
    """What only the author can say, as questions."""


ASKED: Final[Mapping[str, Item]] = {
    "keywords": Item(say("Keywords")),
    "abstract": Item(
        say("Abstract"),
        (
            say("What is new or unusual about this case, and what does it add to the literature?"),
            say("What was the outcome, and what is the one lesson to take away?"),
        ),
    ),
    "introduction": Item(
        say("Introduction"), (say("Why is this case worth reporting? One or two paragraphs with references."),)
    ),
    "patient": Item(
        say("Patient information"),
        (
            say("What were the main complaints, in the patient's own words?"),
            say("Which family, genetic and psychosocial history matters?"),
            say("Which earlier interventions were there, with what outcome?"),
        ),
    ),
    "findings": Item(
        say("Clinical findings"), (say("What else did the physical examination find, pulses and pain included?"),)
    ),
    "timeline": Item(say("Timeline"), (say("Which dates are missing: first lesion, admission, each intervention?"),)),
    "assessment": Item(
        say("Diagnostic assessment"),
        (
            say("Which other tests were done, by whom were the images read, and what did they say?"),
            say("What made the diagnosis difficult (access to tests, cost, language, refusal of a biopsy)?"),
            say("Which diagnosis was made in the end, by whom, and on what grounds?"),
        ),
    ),
    "intervention": Item(
        say("Therapeutic intervention"),
        (say("Which treatments were given (drug, dose, route, duration), and what was changed, and why?"),),
    ),
    "outcome": Item(
        say("Follow-up and outcomes"),
        (
            say("How did lesions, pain and laboratory values go on, judged by whom?"),
            say("Was treatment tolerated, and which adverse events occurred?"),
        ),
    ),
    "discussion": Item(
        say("Discussion"),
        (
            say("What are the strengths and limits of the way this case was managed?"),
            say("What does the literature say, and which conclusions follow for other patients?"),
        ),
    ),
    "perspective": Item(
        say("Patient perspective"), (say("How did the patient experience illness and treatment, in a few sentences?"),)
    ),
    "consent": Item(
        say("Informed consent"),
        (
            say("Did the patient consent to publication in writing? Keep the form; do not send it with the draft."),
            say("Check every picture for names and faces; give no dates that are not needed."),
        ),
    ),
}
"""In CARE's order; the title is the first of its thirteen items."""
