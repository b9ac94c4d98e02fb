"""What objects made from an item of a call repeat of its headers."""

from collections.abc import Sequence

from pydicom.dataset import Dataset

from calcinet.io.ct.series_reader import in_order, lowest
from calcinet.io.dicom.file_header import read_header
from calcinet.io.dicom.source_header import copy_source_header
from calcinet.io.file_contents import FileContents
from calcinet.io.file_formats import DICOM
from calcinet.io.grouping import layout_if_sound
from calcinet.io.study_items import File, Item


def read_lowest_header(item: Item, files: Sequence[File], contents: FileContents) -> Dataset | None:
    """Header of a film, or of the slice of a CT at the low end of Z; None where nothing can refer to it.

    Raises
    ------
    Unreadable
        If the file is gone or has changed.
    """
    if isinstance(item, File):
        return _read_file_header(item, contents)
    layout = layout_if_sound(item)
    if layout is None:
        return None
    return _read_file_header(files[lowest(layout).file], contents)


def read_ordered_headers(item: Item, files: Sequence[File], contents: FileContents) -> list[Dataset]:
    """Header of every slice as Z of the image rises; empty where a slice of the image is none of the series.

    Raises
    ------
    Unreadable
        As `read_lowest_header`.
    """
    headers = []
    for file in _list_files(item, files):
        header = _read_file_header(file, contents)
        if header is None:
            return []
        headers.append(header)
    return headers


def _list_files(item: Item, files: Sequence[File]) -> list[File]:
    """The file of each slice of an image, as Z rises."""
    if isinstance(item, File):
        return [item]
    layout = layout_if_sound(item)
    if layout is None:
        return []
    return [files[slice_.file] for slice_ in in_order(layout)]


def _read_file_header(file: File, contents: FileContents) -> Dataset | None:
    if file.format is not DICOM or file.source is None or file.refusal is not None:
        return None
    data = contents.load_again(file.source, file.sha256)
    return copy_source_header(read_header(data).dataset)
