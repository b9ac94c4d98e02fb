"""The images and refusals of one call, each decoded when it is asked for; the slices of a CT are one image."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, overload

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io.ct.series_reader import read_series
from calcinet.io.ct.stacks import Stack
from calcinet.io.ct.user_masks import as_the_user_knows
from calcinet.io.dicom.file_header import FileHeader
from calcinet.io.dicom.patient_identity import mixed_patients
from calcinet.io.file_sources import Source
from calcinet.io.given_objects import GivenImage, check_given
from calcinet.io.grouping import arrange, pair_views
from calcinet.io.inspection import Inspector
from calcinet.io.item_headers import read_lowest_header, read_ordered_headers
from calcinet.io.objects_beside import set_aside
from calcinet.io.options import PROJECTIONS, Options
from calcinet.io.refusal import Refusal, fingerprint, refuse_unforeseen
from calcinet.io.scintigram.view_pairing import join_views
from calcinet.io.stated_site import put_stated_side
from calcinet.io.study_items import File, GivenFile, Item, Series
from calcinet.progress import Progress
from calcinet.text import Text, counted, say

BETTER_UNREADABLE: Final = say("a series of the same body that would have been preferred could not be read")
"""Why the second best is examined."""

SAME_INSTANCE: Final = say(
    "the same image (SOP Instance UID) was given in another file, packed or described differently: examined once"
)

OTHER_PIXELS: Final = say(
    "another file of this call has the same identifier (SOP Instance UID) but other pixels, and is examined in place "
    "of this one: one of both is not what it says, give the one that is meant"
)


class Study(Sequence[Image | Refusal]):
    """The images and refusals of one call: each film, each CT series and each bone scan with its views is one item, and
    so is what else is refused of one series for one reason.

    Each is read when it is asked for and only the last one is kept, so that a study needs the memory of one; whose they
    are, which are doubles and how several series of one body rank is known from the start.
    """

    def __init__(
        self, found: Sequence[Source | Refusal | GivenImage], options: Options, progress: Progress | None = None
    ) -> None:
        inspector = Inspector(options)
        inspector.inspect_all(found, progress)
        self._options = options
        self._files = inspector.files
        self._contents = inspector.contents
        self._is_mixed = inspector.patients.are_mixed
        items = arrange(inspector.files, scouts_as_films=options.modality in PROJECTIONS)
        self._items: list[Item] = pair_views(items)
        self.passed_over: Text | None = None
        """The sentence on files that are no images, beside those that are; None where there are none."""
        if not self._is_mixed:
            self._items, self.passed_over = set_aside(self._items, inspector.files)
        self._last: tuple[int, Image | Refusal] | None = None
        """The item decoded last, and its number."""
        self._is_readable: dict[int, bool] = {}
        """Of the items that were decoded, whether they gave an image."""
        self._firsts = find_first_of_instances(self._items)
        self._examined: dict[int, tuple[int, str]] = {}
        """Of films with one identifier, by the number of the first: which is examined, and the digest of its pixels."""

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
        refusal = self._refuse(number)
        if refusal is not None:
            return refusal
        self._last = None  # makes room for the next
        result = self._read(number)
        self._last = (number, result)
        self._is_readable[number] = isinstance(result, Image)
        return result

    @property
    def file_count(self) -> int:
        """How many files were given and found."""
        return len(self._files)

    def given_files(self, number: int) -> list[GivenFile]:
        """The files that an item is made from, in the order in which they were given and found."""
        given = []
        for place in sorted(self._items[number].numbers):
            file = self._files[place]
            given.append(GivenFile(number=place + 1, name=file.name, sha256=file.sha256))
        return given

    def source_header(self, number: int) -> Dataset | None:
        """What objects made from a DICOM image repeat of its header; of a CT, of the slice at the low end of Z.

        None where it has none.

        Raises
        ------
        Unreadable
            If the file is gone or has changed.
        """
        return read_lowest_header(self._items[number], self._files, self._contents)

    def source_headers(self, number: int) -> list[Dataset]:
        """What `source_header` gives of every slice, as Z of the image rises.

        Empty where a slice of the image is no slice of the series: where it was resampled, turned out of its plane or
        sheared, where one file holds several slices, or where a slice cannot be referred to. Rows and columns may run
        the other way: the headers say where each pixel lies.

        Raises
        ------
        Unreadable
            As `source_header`.
        """
        return read_ordered_headers(self._items[number], self._files, self._contents)

    def _refuse(self, number: int) -> Refusal | None:
        """What is held against an item before it is decoded."""
        item = self._items[number]
        if self._is_mixed:
            return item.refuse(mixed_patients())
        if item.refusal is None and isinstance(item, Series):
            return self._refuse_beside_better(item)
        return item.refusal

    def _refuse_beside_better(self, series: Series) -> Refusal | None:
        for rival, why in series.rivals:
            if self._can_be_read(rival):
                return series.refuse_beside_better(why)
        return None

    def _can_be_read(self, stack: Stack) -> bool:
        """Whether a stack gives an image; it is decoded to find out, as it would be in any case."""
        number = _find_series(self._items, stack)
        if number not in self._is_readable:
            return isinstance(self[number], Image)
        return self._is_readable[number]

    def _read(self, number: int) -> Image | Refusal:
        """The image of one film or series, or why there is none."""
        item = self._items[number]
        try:
            with refuse_unforeseen():
                self._look_at_first(number)
                image = as_the_user_knows(self._decode(item), self._options)
                self._require_only_one(number, image)
                return image
        except Unreadable as error:
            return item.refuse(error)

    def _look_at_first(self, number: int) -> None:
        """Decode the first film with the identifier of this one, so that its pixels are known."""
        first = self._firsts.get(number, number)
        if first != number and first not in self._is_readable:
            self.__getitem__(first)

    def _require_only_one(self, number: int, image: Image) -> None:
        """Refuse a film that has the identifier of an earlier one: it is the same, or one of both is wrong."""
        if number not in self._firsts:
            return
        own = fingerprint(image.pixels[0].tobytes())
        examined, digest = self._examined.setdefault(self._firsts[number], (number, own))
        if examined == number:
            return
        if own == digest:
            raise Unreadable(SAME_INSTANCE, code="duplicate")
        raise Unreadable(OTHER_PIXELS, code="same-identifier")

    def _decode(self, item: Item) -> Image:
        if isinstance(item, Series):
            return self._decode_series(item)
        return self._decode_film(item)

    def _decode_series(self, series: Series) -> Image:
        assert series.stack is not None
        why = series.why
        if series.rivals:
            why = BETTER_UNREADABLE
        image = read_series(series.stack, self._load_numbered, self._options, series.identity, why)
        if series.copies:
            return _note_copies(image, series.copies)
        return image

    def _decode_film(self, file: File) -> Image:
        if file.image is not None:
            return check_given(file.image)
        self._require_unprocessed(file)
        assert file.format is not None
        image = file.format.read(self._load(file), self._options)
        image = replace(image, examination=file.examination)
        image = put_stated_side(image, self._options.side, films=self._count_films())
        if file.posterior is not None:
            return join_views(image, self._decode_film(file.posterior))
        return image

    def _count_films(self) -> int:
        """Films of the call that are not refused from the start; a posterior view is no film of its own."""
        return sum(isinstance(item, File) and item.refusal is None for item in self._items)

    def _require_unprocessed(self, file: File) -> None:
        """Refuse a presentation image where the data it was made from are here themselves, and can be read."""
        if file.header is None or file.is_unprocessed:
            return
        for number, other in enumerate(self._items):
            if _is_raw_of(other, file.header) and isinstance(self[number], Image):
                message = say(
                    "made from another image of this call, which holds the unprocessed data: that one is examined"
                    " instead"
                )
                raise Unreadable(message, code="duplicate-presentation")

    def _load_numbered(self, number: int) -> bytes:
        return self._load(self._files[number])

    def _load(self, file: File) -> bytes:
        """The bytes that were looked at before."""
        assert file.source is not None
        return self._contents.load_again(file.source, file.sha256)


def find_first_of_instances(items: Sequence[Item]) -> dict[int, int]:
    """Number of the first film with each SOP Instance UID, by that of each that has it; lone ones are left out."""
    alike: dict[tuple[str, int | None], list[int]] = {}
    for number, item in enumerate(items):
        if isinstance(item, File) and item.refusal is None and item.header is not None and item.header.instance:
            alike.setdefault((item.header.instance, item.examination), []).append(number)
    firsts: dict[int, int] = {}
    for numbers in alike.values():
        if len(numbers) > 1:
            firsts |= dict.fromkeys(numbers, numbers[0])
    return firsts


def _find_series(items: Sequence[Item], stack: Stack) -> int:
    """Number of the series of a stack."""
    for number, item in enumerate(items):
        if isinstance(item, Series) and item.stack is stack:
            return number
    raise LookupError("the stack is of no series of this call")


def _is_raw_of(item: Item, header: FileHeader) -> bool:
    """Whether an item is unprocessed data that the image with this header was made from."""
    if isinstance(item, Series) or item.header is None:
        return False
    return item.is_unprocessed and item.header.instance in header.made_from


def _note_copies(image: Image, count: int) -> Image:
    caution = counted(
        count,
        "{count} file was given twice: one of each was read",
        "{count} files were given twice: one of each was read",
    )
    return replace(image, cautions=(*image.cautions, caution))
