"""The patient beside the laboratory on the page: diseases, examination, photographs, what was done, how it went."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from calcinet.record import Clinical, KnownCondition, PhotographRecord, PrognosisRecord
from calcinet.report.blocks import Block, Heading, Items, Photograph, Prose, Table, itemise_labels, quote
from calcinet.report.language import Language
from calcinet.text import as_written, say

PROGNOSIS_KINDS: Final[Mapping[str, str]] = {
    "all-cause": say("death from any cause"),
    "disease-specific": say("death from the disease itself"),
    "hazard": say("ratio between groups"),
    "treatment": say("after a treatment"),
    "healing": say("healing"),
}
"""What a figure of the prognosis counts, in words."""


def list_conditions(clinical: Clinical, _: Language) -> Iterator[Block]:
    """List every other disease as it was written; one whose name is not known is marked as such."""
    if clinical.conditions:
        yield Heading(_("Other diseases"))
        yield Items(tuple(_name_condition(entry, _) for entry in clinical.conditions))


def list_examination(clinical: Clinical, _: Language) -> Iterator[Block]:
    """List every stated finding of the examination."""
    if clinical.examination:
        yield Heading(_("Examination"))
        yield itemise_labels(clinical.examination, _)


def show_photographs(clinical: Clinical, _: Language) -> Iterator[Block]:
    """Show the clinical photographs with their captions."""
    if clinical.photographs:
        yield Heading(_("Clinical photographs"))
        for photograph in clinical.photographs:
            yield Photograph(photograph.id, describe_photograph(photograph, clinical, _))
            if photograph.area_text is not None:
                yield Prose(_(photograph.area_text))


def describe_photograph(photograph: PhotographRecord, clinical: Clinical, _: Language) -> str:
    """Say what a photograph shows: its caption, else the lesion; and when it was taken."""
    text = photograph.caption
    if not text:
        text = _(clinical.lesions[photograph.lesion].label)
    if photograph.on is None:
        return text
    return _("{caption} ({day})", caption=text, day=date.fromisoformat(photograph.on))


def list_course(clinical: Clinical, _: Language) -> Iterator[Block]:
    """List what was done, refused and planned, biopsies and earlier procedures, and how it went."""
    if clinical.outcome is not None:
        yield Prose(_(clinical.outcome.label), lead=_("Outcome:"), tone="warn")
    if clinical.impression:
        yield Prose(quote(clinical.impression, _), lead=_("The treating clinician's words:"))
    if clinical.treatments:
        yield Heading(_("Treatment"))
        yield itemise_labels(clinical.treatments, _)
    if clinical.biopsies:
        yield Heading(_("Biopsy"))
        yield itemise_labels(clinical.biopsies, _)
    if clinical.procedures:
        yield Heading(_("Earlier procedures"))
        yield itemise_labels(clinical.procedures, _)


def list_prognosis(clinical: Clinical, _: Language) -> Iterator[Block]:
    """List what studies found of the groups that the patient belongs to, each with what it counts."""
    if not clinical.prognosis:
        return
    yield Prose(
        _("Figures of groups in studies, should it be calciphylaxis. None predicts the course of one patient."),
        tone="note",
    )
    rows = tuple((Prose(_(PROGNOSIS_KINDS[entry.kind])), _cite_figure(entry, _)) for entry in clinical.prognosis)
    yield Table((_("What is counted"), _("What was found")), rows, (2, 7))


def _cite_figure(entry: PrognosisRecord, _: Language) -> Prose:
    return Prose(_(entry.text), cites=entry.references)


def _name_condition(entry: KnownCondition, _: Language) -> Prose:
    if entry.condition is None:
        return Prose(_(entry.label), tone="warn", small=_("this name is not known here: nothing follows from it"))
    if entry.condition.casefold() != entry.name.casefold():
        return Prose(_(entry.label), small=_("read as {condition}", condition=as_written(entry.condition)))
    return Prose(_(entry.label))
