"""What is said beside the pictures of a CT."""

from collections.abc import Iterator

from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.blocks import hexadecimal
from calcinet.report.labels import KINDS
from calcinet.report.language import Language
from calcinet.report.pictures.ct.compartments import COLOURS, NAMES, present
from calcinet.report.sections.ct.labels import FORMS
from calcinet.report.sections.modality import LegendEntry


def describe_plain(name: str, _: Language) -> str:
    """Describe the projection alone."""
    return _("{name}: the projection alone", name=name)


def describe_marked(count: int, name: str, _: Language) -> str:
    """Describe the projection with its marks."""
    return _.counted(
        count,
        "{name}: the projection with {count} finding coloured and numbered",
        "{name}: the projection with {count} findings coloured and numbered",
        name=name,
    )


def legend(image: ImageRecord, _: Language) -> Iterator[LegendEntry]:
    """List the compartments that findings are in, with their colours."""
    for name in present(image.findings):
        yield LegendEntry("full", f"background: {hexadecimal(COLOURS[name])}", _(NAMES[name]))


def name_finding(finding: FindingRecord, _: Language) -> str:
    """Name a finding by form and compartment, as in the table; by its kind where it has no form."""
    if finding.form is None:
        return _(KINDS[finding.kind])
    return _("{parts:, }", parts=[_(FORMS[finding.form]), _(NAMES[finding.compartment])])
