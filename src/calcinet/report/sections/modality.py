"""What page and paper say otherwise for each modality: the shape of the table in `modalities`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.blocks import Block
from calcinet.report.language import Language


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A line of the legend below a marked picture."""

    shape: str
    """Ending of the style's name: `full`, or the kind of the findings."""
    style: str
    """What the style sheet does not know: a property and its colour."""
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModalityText:
    """Sentences, tables and captions of an image of one modality."""

    facts: Callable[[ImageRecord, Language], list[str]]
    """How the image was made, in short; its number and its modality are written before them."""
    lists_spacing: bool
    """Whether pixel size and its origin stand beside `facts`; else these hold it."""
    blocks: Callable[[ImageRecord, Language], list[Block]]
    """Tables of this modality alone."""
    lists_findings: bool
    """Whether the findings stand in the table of kinds, calibres and lengths; else `blocks` list them."""
    lists_measures: bool
    """Whether the measures stand in a table of their own; else `blocks` show them."""
    cites: tuple[str, ...]
    """References of `blocks`."""
    depth: str
    """What the depth of a finding is."""

    name_finding: Callable[[FindingRecord, Language], str]
    """Name of a finding below its close-up."""
    spacing_basis: Mapping[str, str]
    """Where the millimetres come from, in a sentence, by the record's word for it; empty where nothing is said."""

    plain_label: str
    """Name of the picture without marks."""
    describe_plain: Callable[[str, Language], str]
    """What the picture without marks shows, for who cannot see it; takes the name of the image."""
    describe_marked: Callable[[int, str, Language], str]
    """What the marked picture shows; takes the number of findings and the name of the image."""
    picture: str
    """How the picture was made; empty for a film."""
    unoriented_picture: str
    """The same where left and right are not known."""
    legend: Callable[[ImageRecord, Language], Iterator[LegendEntry]]
    numbering: str
    """What numbers and colours on the picture mean."""
    nothing_marked: str

    unnamed_part: str
    """Name of an image whose body part is unknown."""
    default_view: str
    """View of an image that names none."""
