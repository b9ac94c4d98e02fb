"""The images and refusals of one call, each decoded when it is asked for; the slices of a CT are one image."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, overload

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io.ct.nifti_reader import needs_modality, read_nifti
from calcinet.io.ct.series_reader import in_order, lowest, read_series
from calcinet.io.ct.slice_header import is_localizer, series_of, slices_of
from calcinet.io.ct.stacks import Stack
from calcinet.io.ct.user_masks import as_the_user_knows
from calcinet.io.dicom.header import quiet, text
from calcinet.io.dicom.patient_identity import Person, different, mixed_patients
from calcinet.io.dicom.source_header import parent_of
from calcinet.io.file_sources import Source
from calcinet.io.file_types import HEAD_BYTES, READ, SUFFIX, kind_of, not_an_image
from calcinet.io.grouping import File, Item, Series, arranged, layout_if_sound, with_views_joined
from calcinet.io.options import PROJECTIONS, Options
from calcinet.io.radiograph.dicom_reader import Header, header_of, is_ct, read_dicom, require_film
from calcinet.io.radiograph.raster_reader import read_raster
from calcinet.io.refusal import Refusal, fingerprint, refusal
from calcinet.io.scintigram.reader import joined, view_key
from calcinet.progress import Progress
from calcinet.text import counted, say

TWICE: Final = say("the same file was given twice: examined once")

BETTER_UNREADABLE: Final = say("a series of the same body that would have been preferred could not be read")
"""Why the second best is examined."""


class Study(Sequence[Image | Refusal]):
    """The images and refusals of one call: each film, each CT series and each bone scan with its views is one item, and
    so is what else is refused of one series for one reason.

    Each is read when it is asked for and only the last one is kept, so that a study needs the memory of one; whose they
    are, which are doubles and how several series of one body rank is known from the start.
    """

    def __init__(self, found: Sequence[Source | Refusal], options: Options, progress: Progress | None = None) -> None:
        self._options = options
        self._persons: list[Person] = []
        self._mixed = False
        self._last: tuple[int, Image | Refusal] | None = None
        self._bytes: tuple[str, bytes] | None = None
        """Hash and content of the file met last, until one is read: a lone film is then loaded once."""
        self._known: dict[str, int] = {}
        """Hash of each file, and its number."""
        self._studies: dict[str, int] = {}
        """Study Instance UID of each examination, and its number; the UID goes nowhere."""
        self._files: list[File] = []
        for done, item in enumerate(found, start=1):
            self._files.append(File(item.sha256, refused=item) if isinstance(item, Refusal) else self._met(item))
            if progress is not None:
                progress(done, len(found))
        self._readable: dict[int, bool] = {}
        """Of the items that were decoded, whether they gave an image."""
        items = arranged(self._files, scouts_as_films=options.modality in PROJECTIONS)
        self._items: list[Item] = with_views_joined(items)

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> Image | Refusal: ...
    @overload
    def __getitem__(self, index: slice) -> list[Image | Refusal]: ...
    def __getitem__(self, index: int | slice) -> Image | Refusal | list[Image | Refusal]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        if self._last is not None and self._last[0] == number:
            return self._last[1]
        refused = self._refused(number)
        if refused is not None:
            return refused
        self._last = None  # makes room for the next
        self._last = (number, self._read(number))
        self._readable[number] = isinstance(self._last[1], Image)
        return self._last[1]

    def parent(self, number: int) -> Dataset | None:
        """What objects made from a DICOM image repeat of its header; of a CT, of the slice at the low end of Z.

        None where it has none.

        Raises
        ------
        Unreadable
            If the file is gone or has changed.
        """
        item = self._items[number]
        if isinstance(item, Series):
            layout = layout_if_sound(item)
            return None if layout is None else self._parent(self._files[lowest(layout).file])
        return self._parent(item)

    def parents(self, number: int) -> list[Dataset]:
        """What `parent` gives of every slice, as Z of the image rises.

        Empty where a slice of the image is no slice of the series: where it was resampled, turned out of its plane or
        sheared, where one file holds several slices, or where a slice cannot be referred to. Rows and columns may run
        the other way: the headers say where each pixel lies.

        Raises
        ------
        Unreadable
            As `parent`.
        """
        item = self._items[number]
        if isinstance(item, Series):
            layout = layout_if_sound(item)
            files = [] if layout is None else [self._files[slice_.file] for slice_ in in_order(layout)]
        else:
            files = [item]
        parents = [self._parent(file) for file in files]
        return [] if None in parents else [parent for parent in parents if parent is not None]

    def _parent(self, file: File) -> Dataset | None:
        if file.kind != "dicom" or file.source is None or file.refused is not None:
            return None
        return parent_of(header_of(self._loaded(file)).dataset)

    def _met(self, source: Source) -> File:
        """Look at a file as far as its kind, its hash and whose it is."""
        try:
            self._bytes = None  # makes room for the next
            data = source.load()
        except Unreadable as error:
            refused = refusal(error)
            return File(refused.sha256, refused=refused)
        file = File(fingerprint(data), kind_of(data[:HEAD_BYTES]), source)
        self._bytes = (file.sha256, data)
        first = self._known.setdefault(file.sha256, len(self._files))
        if first < len(self._files):
            twice, known = Unreadable(TWICE, code="duplicate"), self._files[first]
            return replace(file, copy=True, of_ct=known.of_ct, series=known.series, refused=file.refusal(twice))
        try:
            return self._known_as(file, data)
        except Unreadable as error:
            return replace(file, refused=file.refusal(error))

    def _known_as(self, file: File, data: bytes) -> File:
        """What a file is, told from its beginning."""
        if file.kind not in READ:
            raise not_an_image(data[:HEAD_BYTES])
        if file.kind in ("nifti", "nifti.gz") and self._options.modality != "CT":
            raise needs_modality()
        if file.kind != "dicom":
            return file
        header = header_of(data)
        self._meet(header.person)
        with quiet():
            view = view_key(header.dataset) if header.modality == "NM" else None
            series = series_of(header.dataset)
            study = self._number_of(text(header.dataset, "StudyInstanceUID"))
            header_alone = replace(header, dataset=Dataset())
            file = replace(file, header=header_alone, series=series, view=view, examination=study)
        return (
            self._of_ct(file, header.dataset) if is_ct(header, self._options.modality) else self._a_film(file, header)
        )

    def _number_of(self, study: str) -> int | None:
        """Number of an examination, from 1 in the order of the files; None where the file names none."""
        return self._studies.setdefault(study, len(self._studies) + 1) if study else None

    def _a_film(self, file: File, header: Header) -> File:
        """A DICOM file that is no CT's; refused where its header says that it is no radiograph either."""
        try:
            with quiet():
                require_film(header, self._options.modality)
        except Unreadable as error:
            return replace(file, refused=file.refusal(error))
        return file

    def _of_ct(self, file: File, dataset: Dataset) -> File:
        """What a file of a CT holds: a scout view, slices, or nothing that is of use."""
        with quiet():
            if is_localizer(dataset):
                return replace(file, localizer=True)
            file = replace(file, of_ct=True)
            try:
                slices = slices_of(dataset)
            except Unreadable as error:
                return replace(file, refused=file.refusal(error))
        return replace(file, slices=tuple(slice_.of_file(len(self._files)) for slice_ in slices))

    def _meet(self, person: Person | None) -> None:
        if person is None or person in self._persons:
            return
        self._mixed = self._mixed or any(different(person, known) for known in self._persons)
        self._persons.append(person)

    def _refused(self, number: int) -> Refusal | None:
        """What is known against an item before it is decoded."""
        item = self._items[number]
        if self._mixed:
            return item.refusal(mixed_patients())
        if item.refused is None and isinstance(item, Series):
            return next((item.beaten(why) for stack, why in item.rivals if self._can_be_read(stack)), None)
        return item.refused

    def _can_be_read(self, stack: Stack) -> bool:
        """Whether a stack gives an image; it is decoded to find out, as it would be in any case."""
        number = next(at for at, item in enumerate(self._items) if isinstance(item, Series) and item.stack is stack)
        return self._readable[number] if number in self._readable else isinstance(self[number], Image)

    def _read(self, number: int) -> Image | Refusal:
        """Decode one film or series."""
        item = self._items[number]
        try:
            image = self._volume(item) if isinstance(item, Series) else self._film(item)
            return as_the_user_knows(image, self._options)
        except Unreadable as error:
            return item.refusal(error)

    def _loaded(self, file: File) -> bytes:
        """The bytes that were looked at before."""
        kept, self._bytes = self._bytes, None
        if kept is not None and kept[0] == file.sha256:
            return kept[1]
        assert file.source is not None
        data = file.source.load()
        if fingerprint(data) != file.sha256:
            raise Unreadable(say("the file changed while it was read: wait until it is there whole"), code="changed")
        return data

    def _volume(self, series: Series) -> Image:
        assert series.stack is not None
        why = BETTER_UNREADABLE if series.rivals else series.why
        image = read_series(
            series.stack, lambda file: self._loaded(self._files[file]), self._options, series.identity, why
        )
        if not series.copies:
            return image
        told = counted(
            series.copies,
            "{count} file was given twice: one of each was read",
            "{count} files were given twice: one of each was read",
        )
        return replace(image, cautions=(*image.cautions, told))

    def _film(self, file: File) -> Image:
        self._require_unprocessed(file)
        data = self._loaded(file)
        if file.kind == "dicom":
            image = replace(read_dicom(header_of(data), data, self._options), examination=file.examination)
            return image if file.beside is None else joined(image, self._film(file.beside))
        if file.kind in ("nifti", "nifti.gz"):
            return read_nifti(data, self._options, suffix=SUFFIX[file.kind])
        return read_raster(data, file.kind, self._options)

    def _require_unprocessed(self, file: File) -> None:
        """Refuse a presentation image where the data it was made from are here themselves, and can be read."""
        if file.header is None or _unprocessed(file):
            return
        for number, other in enumerate(self._items):
            if isinstance(other, Series) or other.header is None or not _unprocessed(other):
                continue
            if other.header.instance in file.header.made_from and isinstance(self[number], Image):
                message = say(
                    "made from another image of this call, which holds the unprocessed data: that one is examined"
                    " instead"
                )
                raise Unreadable(message, code="duplicate-presentation")


def _unprocessed(file: File) -> bool:
    return file.header is not None and file.header.for_processing
