"""One image of a study, read again when it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io.refusal import Refusal
from calcinet.io.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class StudyImage:
    """The image of a number in a study, which holds one decoded image at a time."""

    study: Study
    number: int

    def read_image(self) -> Image:
        """Decode it anew.

        Raises
        ------
        Unreadable
            If its file is gone or has changed.
        """
        item = self.study[self.number]
        if isinstance(item, Refusal):
            raise Unreadable(item.reason, code=item.code)
        return item

    def read_header(self) -> Dataset | None:
        """`Study.source_header` of the image."""
        return self.study.source_header(self.number)

    def read_slice_headers(self) -> Sequence[Dataset]:
        """`Study.source_headers` of the image."""
        return self.study.source_headers(self.number)
