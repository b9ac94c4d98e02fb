"""The record of one examination: images, patient, weighing and summary."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from calcinet.record.base import RecordModel, Sentence
from calcinet.record.images import FindingRecord, ImageRecord, Meaning
from calcinet.record.mammogram import BreastSummary
from calcinet.record.patient import Clinical, Suspicion
from calcinet.record.weighing import Advice, Differential, Evidence
from calcinet.record.writing import format_json, round_numbers
from calcinet.text import messages_of, restored

FileName = Annotated[str, Field(pattern="^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$")]
"""A file below a folder, and nowhere else: no part of its path is `..`, none is absolute or an address."""

SCHEMA: Final = "calcinet.record/1"
"""Name and version of the contract."""


class Summary(RecordModel):
    """The examination in a few sentences."""

    suspicion: Suspicion | None = None
    """None where no case was given: images alone do not set it."""
    sentences: tuple[Sentence, ...] = ()


class ModelRecord(RecordModel):
    """The detector that marked the images."""

    name: str
    sha256: str | None = None
    """Hash of its weights; None where it has none."""


class CalibreCutoffs(RecordModel):
    """Smallest outer diameter of each class of vessel; thinner than `small` is an arteriole.

    Our choice, and configurable: the literature on calciphylaxis names large, medium and small vessels without
    cut-offs. Affected arterioles measure about 0.1 mm, well inside the last class. [eucalnet]
    """

    large: float = 4.0
    medium: float = 2.0
    small: float = 0.5


def _refuse_repeated(entries: Sequence[ImageRecord | FindingRecord]) -> None:
    ids = [entry.id for entry in entries]
    if len(set(ids)) < len(ids):
        raise ValueError(f"ids must differ, got {ids}")


class Record(RecordModel):
    """One examination: everything that a document may say."""

    schema_: Literal["calcinet.record/1"] = Field(default=SCHEMA, alias="schema")
    version: str
    """Version of calcinet that wrote it."""
    model: ModelRecord
    options: dict[str, Any] = Field(default_factory=dict)
    """What the caller set above the files and the defaults; of a case, the SHA-256 of what it says."""
    summary: Summary = Summary()
    images: tuple[ImageRecord, ...] = ()
    breasts: tuple[BreastSummary, ...] = ()
    """Each breast that mammograms show, over its views."""
    calibre_cutoffs_mm: CalibreCutoffs = CalibreCutoffs()
    meanings: dict[str, Meaning] = Field(default_factory=dict)
    """Label and unit of every measure, by its name."""
    clinical: Clinical = Clinical()
    evidence: Evidence = Evidence()
    differential: tuple[Differential, ...] = ()
    advice: tuple[Advice, ...] = ()
    files: tuple[FileName, ...] = ()
    """Written beside this record, relative to it."""
    messages: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """On disk, for each sentence made with values: its message and the values, to say it in another language. In memory
    the sentences themselves know."""

    @model_validator(mode="after")
    def _check_ids(self) -> Self:
        _refuse_repeated(self.images)
        for image in self.images:
            _refuse_repeated(image.findings)
        return self

    @property
    def examined(self) -> tuple[ImageRecord, ...]:
        """The images that were not refused."""
        return tuple(image for image in self.images if image.refused is None)

    @property
    def tells_of_patient(self) -> bool:
        """Whether it tells of a patient, and not of images alone."""
        clinical = self.clinical
        return bool(clinical.about or clinical.labs or clinical.lesions or clinical.drugs or clinical.criteria)

    @property
    def refused(self) -> tuple[ImageRecord, ...]:
        """The images that were refused."""
        return tuple(image for image in self.images if image.refused is not None)

    def to_json(self) -> str:
        """Write the contract's JSON in a stable order, ending with a newline."""
        tree = self.model_dump(by_alias=True)
        rounded = round_numbers({**tree, "messages": messages_of(tree)})
        return format_json(rounded) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what `to_json` wrote; raises pydantic.ValidationError where it is not a record."""
        read = cls.model_validate_json(text)
        if not read.messages:
            return read
        tree = read.model_dump(by_alias=True, exclude={"messages"})
        return cls.model_validate(restored(tree, read.messages))
