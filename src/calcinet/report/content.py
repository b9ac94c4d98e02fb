"""Everything that page and paper say beside the films, in one language, with the references it cites."""

from collections.abc import Iterable
from dataclasses import dataclass

from calcinet.record import Record
from calcinet.references import references
from calcinet.report.blocks import Section, cited
from calcinet.report.language import Language
from calcinet.report.sections.guide import guide
from calcinet.report.sections.mammogram.section import mammogram_sections
from calcinet.report.sections.patient import patient_sections
from calcinet.report.sections.scintigram.labels import CITES
from calcinet.report.sections.summary_page import Glance, glance
from calcinet.report.sections.weighing import weighing_sections


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The words of a report."""

    title: str
    glance: Glance | None
    sections: tuple[Section, ...]
    guide: Section
    references: tuple[str, ...]
    """Keys, in the order in which they are cited."""

    @property
    def lead_image(self) -> str | None:
        """Id of the image on the first page."""
        return self.glance.lead_image if self.glance else None


def sheet(record: Record, _: Language) -> ReportContent:
    """Put a record into the words of a language."""
    seen = glance(record, _)
    sections = (*mammogram_sections(record, _), *patient_sections(record, _), *weighing_sections(record, _))
    title = _("Calciphylaxis: what the patient and the picture say") if seen else _("Calcium outside bone")
    guiding = guide(record, _)
    first = _of_glance(seen) if seen else ()
    of_scans = CITES if any(image.scintigram is not None for image in record.examined) else ()
    keys = tuple(key for key in dict.fromkeys((*first, *of_scans, *cited((*sections, guiding)))) if key in references())
    return ReportContent(title, seen, sections, guiding, keys)


def _of_glance(seen: Glance) -> Iterable[str]:
    lines = (*([seen.suspicion] if seen.suspicion else []), *seen.why, *seen.steps)
    return (key for line in lines for key in line.cites)
