"""What was done for the patient and how it went, in words: treatments, biopsies, procedures, outcome."""

from collections.abc import Iterator, Mapping
from typing import Final

from calcinet.clinical.history import Outcome, Procedure, Treatment
from calcinet.clinical.skin_lesion import Biopsy
from calcinet.text import Text, as_written, counted, say

TREATMENT_STATUS: Final[Mapping[str, str]] = {
    "given": say("given"),
    "refused": say("refused by the patient"),
    "planned": say("planned, not yet given"),
    "stopped": say("given, then stopped"),
}

CHANGES: Final[Mapping[str, str]] = {
    "drug stopped": say("stopped"),
    "drug changed": say("changed"),
    "dialysis changed": say("done"),
    "debridement": say("done"),
    "amputation": say("done"),
    "parathyroidectomy": say("done"),
}
"""What is not given but done, by the name of the treatment."""

BIOPSY_STATUS: Final[Mapping[str, str]] = {
    "done": say("biopsy done"),
    "declined": say("biopsy declined"),
    "planned": say("biopsy planned"),
    "not advised": say("biopsy not advised"),
}

BIOPSY_RESULT: Final[Mapping[str, str]] = {
    "positive": say("read as calciphylaxis"),
    "negative": say("not read as calciphylaxis"),
    "indeterminate": say("indeterminate, which excludes nothing"),
}

HISTOLOGY: Final[Mapping[str, tuple[str, str]]] = {
    "necrosis_or_ulcer": (say("necrosis or ulcer"), say("no necrosis or ulcer")),
    "vessels_calcified": (say("small vessels calcified"), say("no small vessel calcified")),
    "intima_narrowed": (say("intima narrowed"), say("intima not narrowed")),
}
"""What the tissue shows, by field: the words for yes and for no."""

OUTCOMES: Final[Mapping[str, str]] = {
    "healed": say("healed"),
    "improving": say("improving"),
    "unchanged": say("unchanged"),
    "worse": say("worse"),
    "died": say("died"),
}


def treatment_in_words(treatment: Treatment) -> Text:
    """Say a treatment, for instance "sodium thiosulphate: given, intravenous, 25 g three times a week"."""
    name: str = as_written(treatment.name)
    if treatment.drug and treatment.name.startswith("drug "):
        name = treatment.drug
    elif treatment.drug:
        name = say("{treatment} ({drug})", treatment=name, drug=treatment.drug)
    return say("{name}: {facts}", name=name, facts=list(_list_treatment_facts(treatment)))


def _list_treatment_facts(treatment: Treatment) -> Iterator[str]:
    yield _choose_status(treatment)
    if treatment.route:
        yield as_written(treatment.route)
    if treatment.dose:
        yield treatment.dose
    if treatment.sessions is not None:
        yield counted(treatment.sessions, "{count} session", "{count} sessions")
    if treatment.start is not None:
        yield say("from {day}", day=treatment.start)
    if treatment.stop is not None:
        yield say("until {day}", day=treatment.stop)
    if treatment.reason:
        yield say("because of {reason}", reason=treatment.reason)


def _choose_status(treatment: Treatment) -> str:
    """Choose the words for the status: a drug is stopped or changed, not given."""
    if treatment.status == "given":
        return CHANGES.get(treatment.name, TREATMENT_STATUS["given"])
    return TREATMENT_STATUS[treatment.status]


def biopsy_in_words(biopsy: Biopsy) -> Text:
    """Say a biopsy, for instance "biopsy declined, because of fear of pain"."""
    return say("{facts}", facts=[BIOPSY_STATUS[biopsy.status], *_list_biopsy_facts(biopsy)])


def _list_biopsy_facts(biopsy: Biopsy) -> Iterator[str]:
    """Say where and how it was taken, what it showed, and why it was not done."""
    for word in (biopsy.site, biopsy.kind):
        if word is not None:
            yield as_written(word)
    if biopsy.on is not None:
        yield say("{day}", day=biopsy.on)
    if biopsy.result is not None:
        yield BIOPSY_RESULT[biopsy.result]
    for field, (yes, no) in HISTOLOGY.items():
        answer = getattr(biopsy, field)
        if answer is not None:
            yield yes if answer else no
    if biopsy.reason:
        yield say("because of {reason}", reason=biopsy.reason)


def procedure_in_words(procedure: Procedure) -> Text:
    """Say an earlier procedure with its day."""
    if procedure.on is None:
        return as_written(procedure.name)
    return say("{procedure}, {day}", procedure=as_written(procedure.name), day=procedure.on)


def outcome_in_words(outcome: Outcome) -> Text:
    """Say how it went, for instance "died of sepsis 2 months after the disease was recognised"."""
    parts: list[str] = [OUTCOMES[outcome.state]]
    if outcome.cause:
        parts.append(say("of {cause}", cause=outcome.cause))
    if outcome.on is not None:
        parts.append(say("on {day}", day=outcome.on))
    if outcome.months_after_diagnosis is not None:
        parts.append(say("{months:g} months after the disease was recognised", months=outcome.months_after_diagnosis))
    return say("{parts: }", parts=parts)
