"""A first look at the files of a call: format, hash, patient, series and study; no pixel is decoded."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io.ct.slice_header import is_localizer, series_of, slices_of
from calcinet.io.dicom.file_header import FileHeader, read_header
from calcinet.io.dicom.header import quiet, text
from calcinet.io.dicom.patient_identity import Patients
from calcinet.io.dicom_images import SCINTIGRAM, is_ct, require_film
from calcinet.io.file_contents import FileContents
from calcinet.io.file_formats import DICOM, format_of, suffix_of
from calcinet.io.file_signatures import HEAD_BYTES, not_an_image
from calcinet.io.file_sources import Source
from calcinet.io.given_objects import GivenImage
from calcinet.io.objects_beside import is_object
from calcinet.io.options import Options
from calcinet.io.refusal import Refusal, refuse_unforeseen, refuse_unread
from calcinet.io.scintigram.view_pairing import view_key
from calcinet.io.study_items import File
from calcinet.progress import Progress
from calcinet.text import say

TWICE: Final = say("the same file was given twice: examined once")


class Inspector:
    """Looks at one file after another, and remembers what tells doubles, patients and studies apart."""

    def __init__(self, options: Options) -> None:
        self.files: list[File] = []
        """The files that were looked at, refused ones among them."""
        self.contents = FileContents()
        self.patients = Patients()
        self._options = options
        self._first_by_hash: dict[str, int] = {}
        """Number of the first file with each hash."""
        self._examinations: dict[str, int] = {}
        """Number of each study, by its Study Instance UID, which goes nowhere."""

    def inspect_all(self, found: Sequence[Source | Refusal | GivenImage], progress: Progress | None) -> None:
        """Look at every file, and report each."""
        for done, item in enumerate(found, start=1):
            file = self._inspect(item)
            self.files.append(replace(file, number=done - 1))
            if progress is not None:
                progress(done, len(found))

    def _inspect(self, source: Source | Refusal | GivenImage) -> File:
        """What a file is, or why it is refused."""
        if isinstance(source, Refusal):
            return File(sha256=source.sha256, refusal=source)
        if isinstance(source, GivenImage):
            return self._note_image(source.image)
        try:
            with refuse_unforeseen():
                sha256, data = self.contents.load_first(source)
        except Unreadable as error:
            refusal = refuse_unread(error)
            return File(sha256=refusal.sha256, source=source, refusal=refusal)
        head = data[:HEAD_BYTES]
        file = File(sha256=sha256, format=format_of(head), suffix=suffix_of(head), source=source)
        copy = self._find_copy(file)
        if copy is not None:
            return copy
        try:
            with refuse_unforeseen():
                return self._identify(file, data)
        except Unreadable as error:
            return replace(file, refusal=file.refuse(error))

    def _note_image(self, image: Image) -> File:
        """What was given as an image; one that knows no hash is no copy of another."""
        file = File(sha256=image.sha256, image=image)
        if not image.sha256:
            return file
        return self._find_copy(file) or file

    def _find_copy(self, file: File) -> File | None:
        """The file refused, where an earlier one has its bytes."""
        first = self._first_by_hash.setdefault(file.sha256, len(self.files))
        if first == len(self.files):
            return None
        return _refuse_copy(file, self.files[first])

    def _identify(self, file: File, data: bytes) -> File:
        """What a file is, by its beginning."""
        if file.format is None:
            raise not_an_image(data[:HEAD_BYTES])
        file.format.require(self._options)
        if file.format is not DICOM:
            return file
        header = read_header(data)
        self.patients.add(header.person)
        with quiet():
            file = self._describe(file, header)
            if is_ct(header, self._options.modality):
                return self._find_slices(file, header.dataset)
            return self._check_film(file, header)

    def _describe(self, file: File, header: FileHeader) -> File:
        """The file with what its header says of scan, series and study."""
        key = None
        if header.modality == SCINTIGRAM:
            key = view_key(header.dataset)
        return replace(
            file,
            header=replace(header, dataset=Dataset()),
            series=series_of(header.dataset),
            is_object=is_object(header.dataset, header.modality),
            view_key=key,
            examination=self._count_examination(text(header.dataset, "StudyInstanceUID")),
        )

    def _count_examination(self, study: str) -> int | None:
        """Number of an examination, from 1 in the order of the files; None where the file names none."""
        if not study:
            return None
        return self._examinations.setdefault(study, len(self._examinations) + 1)

    def _check_film(self, file: File, header: FileHeader) -> File:
        """A DICOM file that is no CT's; refused where its header says that it is no radiograph either."""
        try:
            require_film(header, self._options.modality)
        except Unreadable as error:
            return replace(file, refusal=file.refuse(error))
        return file

    def _find_slices(self, file: File, dataset: Dataset) -> File:
        """What a file of a CT holds: a scout view, slices, or nothing that is of use."""
        if is_localizer(dataset):
            return replace(file, is_localizer=True)
        file = replace(file, is_ct=True)
        try:
            slices = slices_of(dataset)
        except Unreadable as error:
            return replace(file, refusal=file.refuse(error))
        return replace(file, slices=tuple(slice_.of_file(len(self.files)) for slice_ in slices))


def _refuse_copy(file: File, first: File) -> File:
    """A file whose bytes an earlier one has; it goes where that one goes."""
    error = Unreadable(TWICE, code="duplicate")
    return replace(
        file,
        is_copy=True,
        is_ct=first.is_ct,
        is_object=first.is_object,
        series=first.series,
        refusal=file.refuse(error),
    )
