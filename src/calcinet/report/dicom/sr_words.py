"""The sentences of a structured report: what a film could show, what is doubtful, what was not measured and why."""

from collections.abc import Iterator
from typing import Final

from highdicom.sr import CodedConcept, ContainerContentItem, TextContentItem
from pydicom.sequence import Sequence

from calcinet.record import ImageRecord, Record
from calcinet.report.dicom.common import concept
from calcinet.report.labels import SHORT_DISCLAIMER, SPACING_BASIS
from calcinet.report.language import Language, translator
from calcinet.report.quantities.codes import word_code
from calcinet.report.quantities.table import image_rows
from calcinet.text import say

QUALITATIVE: Final = CodedConcept("C0034375", "UMLS", "Qualitative Evaluations")
"""The container of TID 1500 that may hold text."""


def spoken(record: Record, language: str) -> ContainerContentItem:
    """Gather the sentences in one container, in the language of the report."""
    _ = translator(language)
    made = ContainerContentItem(QUALITATIVE, is_content_continuous=False, relationship_type="CONTAINS")
    made.ContentSequence = Sequence(
        TextContentItem(name, text, relationship_type="CONTAINS") for name, text in _list_sentences(record, _)
    )
    return made


def _list_sentences(record: Record, _: Language) -> Iterator[tuple[CodedConcept, str]]:
    yield concept(word_code("disclaimer")), _(SHORT_DISCLAIMER)
    if record.summary.suspicion is not None:
        yield (
            concept(word_code("suspicion")),
            f"{_(record.summary.suspicion.headline)} {_(record.summary.suspicion.rule)}",
        )
    for sentence in record.summary.sentences:
        yield concept(word_code("summary")), _(sentence)
    for image in record.images:
        for name, sentence in _list_image_sentences(image, record, _):
            yield name, f"{image.id}: {sentence}"


def _list_image_sentences(image: ImageRecord, record: Record, _: Language) -> Iterator[tuple[CodedConcept, str]]:
    if image.refused is not None:
        yield concept(word_code("refused")), _(image.refused.reason)
        return
    for statement in image.statements:
        yield concept(word_code("statement")), _(statement)
    yield concept(word_code("spacing_basis")), _(SPACING_BASIS[image.spacing_basis][1])
    for caution in image.all_cautions:
        yield concept(word_code("caution")), _(caution)
    for row in image_rows(image, record):
        if row.value is None:
            because = _(say("not measured: {because}", because=row.not_measured_because))
            yield concept(row.concept), f"{row.quantity}: {because}"
