"""An earlier record with its films, whose identifiers the same findings of a later examination take over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from calcinet.apps.given_paths import require_there
from calcinet.apps.given_records import read_record
from calcinet.errors import BadInput
from calcinet.examined import ExaminedImage
from calcinet.extras import require_extras
from calcinet.io.images_by_hash import find_images
from calcinet.protocols.timeline.laid import keep_identifiers
from calcinet.protocols.timeline.laid_places import Images
from calcinet.record import ImageRecord, Record
from calcinet.text import Text, say


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """A record, and what reads its films and CTs."""

    record: Record
    images: Images

    @classmethod
    def read(cls, record: Path, films: Sequence[Path]) -> Self:
        """Read a record and find its films by their hash.

        Raises
        ------
        BadInput
            If it is no record, or none of the films is one of its images.
        """
        require_extras(["serial"], "--baseline")
        require_there([record], "record")
        require_there(films, "film")
        earlier = read_record(record, 1, 1)
        wanted = {image.sha256: image.modality for image in earlier.examined if image.sha256}
        if not wanted:
            raise BadInput("the record of --baseline holds no image: give one whose films were examined")
        return cls(earlier, find_images(list(films), wanted))

    def mark(self, record: Record, images: Mapping[str, ExaminedImage]) -> tuple[Record, list[Text]]:
        """A later record with identifiers of this one where findings are the same, and a sentence on each film."""
        read = {image.sha256: images[image.id].source.read_image for image in record.examined if image.sha256}
        marked, apart = keep_identifiers(record, read, self.record, self.images)
        known: set[str | None] = set()
        for earlier in self.record.examined:
            known |= {finding.tracking_uid for finding in earlier.findings}
        return marked, [_tell_image(image, apart, known - {None}) for image in marked.examined]


def _tell_image(image: ImageRecord, apart: Mapping[str, Text], known: set[str | None]) -> Text:
    """How many marks were found on the baseline, or why nothing was looked for there."""
    if image.id in apart:
        return say("{image} was not laid on the baseline: {why}.", image=image.id, why=apart[image.id])
    same = sum(finding.tracking_uid in known for finding in image.findings)
    return say(
        "{image}: {same} of {count} marks are those of the baseline and have its identifiers.",
        image=image.id,
        same=same,
        count=len(image.findings),
    )
