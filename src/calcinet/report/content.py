"""Everything that page and paper say beside the films, in one language, with the references it cites."""

from collections.abc import Iterator
from dataclasses import dataclass

from calcinet.record import Record
from calcinet.references import references
from calcinet.report.blocks import Section, cited
from calcinet.report.language import Language
from calcinet.report.sections.guide import guide
from calcinet.report.sections.mammogram.section import mammogram_sections
from calcinet.report.sections.modalities import modality_text
from calcinet.report.sections.patient import patient_sections
from calcinet.report.sections.summary_page import SummaryPage, summary_page
from calcinet.report.sections.weighing import weighing_sections


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """What a report says."""

    title: str
    summary: SummaryPage | None
    sections: tuple[Section, ...]
    guide: Section
    references: tuple[str, ...]
    """Keys, in the order in which they are cited."""

    @property
    def citations(self) -> dict[str, int]:
        """Number of each reference by its key, from 1."""
        return {key: number for number, key in enumerate(self.references, start=1)}

    @property
    def lead_image(self) -> str | None:
        """Id of the image on the first page."""
        if self.summary is None:
            return None
        return self.summary.lead_image


def collect_content(record: Record, _: Language) -> ReportContent:
    """Say a record in a language, section by section."""
    summary = summary_page(record, _)
    sections = (*mammogram_sections(record, _), *patient_sections(record, _), *weighing_sections(record, _))
    sections = tuple(section for section in sections if not _is_said_already(section, summary))
    last = guide(record, _)
    title = _("Calcium outside bone")
    if summary is not None:
        title = _("Calciphylaxis: what the patient and the picture say")
    keys = dict.fromkeys((*_cite_summary(summary), *_cite_images(record), *cited((*sections, last))))
    known = references()
    return ReportContent(
        title=title,
        summary=summary,
        sections=sections,
        guide=last,
        references=tuple(key for key in keys if key in known),
    )


def _is_said_already(section: Section, summary: SummaryPage | None) -> bool:
    """Questions that all stand on the first page are not asked again."""
    return section.key == "questions" and summary is not None and summary.more_questions == 0


def _cite_summary(summary: SummaryPage | None) -> Iterator[str]:
    if summary is None:
        return
    for line in (*summary.urgent, summary.suspicion, *summary.why, *summary.steps):
        yield from line.cites


def _cite_images(record: Record) -> Iterator[str]:
    for image in record.examined:
        yield from modality_text(image).cites
