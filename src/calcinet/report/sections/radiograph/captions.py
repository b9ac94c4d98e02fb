"""What is said beside the picture of a film."""

from collections.abc import Iterator

from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.blocks import hexadecimal
from calcinet.report.labels import KINDS
from calcinet.report.language import Language
from calcinet.report.pictures.annotation import STYLES
from calcinet.report.pictures.figures import ranked
from calcinet.report.sections.modality import LegendEntry


def describe_plain(name: str, _: Language) -> str:
    """Describe the film alone."""
    return _("{name}: the film alone", name=name)


def describe_marked(count: int, name: str, _: Language) -> str:
    """Describe the film with its marks."""
    return _.counted(
        count,
        "{name}: the film with {count} finding outlined and numbered",
        "{name}: the film with {count} findings outlined and numbered",
        name=name,
    )


def legend(image: ImageRecord, _: Language) -> Iterator[LegendEntry]:
    """List the kinds of findings with the colours of their lines, the highest-ranked first."""
    kinds = dict.fromkeys(finding.kind for finding in ranked(image.findings))
    for kind in kinds:
        yield LegendEntry(kind, f"border-color: {hexadecimal(STYLES[kind].colour)}", _(KINDS[kind]))


def name_finding(finding: FindingRecord, _: Language) -> str:
    """Name a finding by its kind."""
    return _(KINDS[finding.kind])
