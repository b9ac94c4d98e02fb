"""One examination on the command line: look, write, and say what was found and where it lies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from calcinet import __version__, weights_manifest
from calcinet.apps.console import Exit, complain, progress_bar
from calcinet.apps.sending import send
from calcinet.delivery.destination import Destination, destination
from calcinet.errors import Unreadable
from calcinet.examined import ExaminedImage
from calcinet.record import ImageRecord, ModelRecord, Record, Refusal, Summary
from calcinet.report.dicom.slices import matching_slices
from calcinet.report.dicom.source_reference import shows_burned_in
from calcinet.report.documents import Wanted
from calcinet.report.labels import DICOM_FORMATS
from calcinet.report.language import translator
from calcinet.report.write import check_folder, write_examination
from calcinet.text import say

Examined = tuple[Record, Mapping[str, ExaminedImage]]
Examiner = Callable[..., Examined]
"""Called with the paths and keywords; `calcinet.api.examine_with_images` outside tests."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be examined, and how it is to be written."""

    paths: Sequence[Path]
    folder: Path
    wanted: Wanted = field(default_factory=Wanted)
    options: Mapping[str, Any] = field(default_factory=dict)
    """Keywords of the examiner that were given."""
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    force: bool = False
    quiet: bool = False
    send: str | None = None
    """Address of an archive that the DICOM objects are delivered to."""
    outbox: Path | None = None
    """Where they wait; the usual place where not given."""


def examine_and_write(order: Order, examiner: Examiner | None = None) -> Exit:
    """Examine, write everything, print the result; the exit code says whether an image or a case was examined."""
    check_folder(order.folder, force=order.force)
    where = None if order.send is None else destination(order.send)
    wanted = order.wanted.with_objects() if where else order.wanted
    record, images = _examined(order, examiner or _examiner())
    record = write_examination(record, images, order.folder, wanted, attachments=order.attachments, force=order.force)
    if not order.quiet:
        print("\n".join([*told(record, order.folder, wanted.language), *without_objects(record, images, wanted)]))
    if where is not None:
        sent(record, order, where)
    return Exit.DONE if record.examined or "case" in order.options else Exit.NOTHING_EXAMINED


def told(record: Record, folder: Path, language: str = "en") -> list[str]:
    """Lines for the terminal: what each image could show, what was found, what was refused, where it lies."""
    lines: list[str] = [
        say("{image}: {told}", image=image.id, told=image.statements[0])
        for image in record.examined
        if image.statements
    ]
    lines += record.summary.sentences
    lines += [
        say("{image} refused: {reason}", image=image.id, reason=image.refused.reason)
        for image in record.refused
        if image.refused
    ]
    shown = "report.html" if "report.html" in record.files else "record.json"
    place = str(folder / shown)
    lines.append(say("Report: {place}", place=place) if shown == "report.html" else say("Record: {place}", place=place))
    return [translator(language)(line) for line in lines]


def without_objects(record: Record, images: Mapping[str, ExaminedImage], wanted: Wanted) -> list[str]:
    """Say which films have no DICOM objects, where those are wanted, and why."""
    if not wanted.has(*DICOM_FORMATS):
        return []
    _ = translator(wanted.language)
    parents = {image.id: images[image.id].source_header for image in record.examined}
    volumes = {image.id for image in record.examined if image.ct is not None}
    lines = [
        say("{image}: no DICOM object, for the CT did not come as one.", image=key)
        if key in volumes
        else say("{image}: no DICOM object, for the film did not come as one.", image=key)
        for key, parent in parents.items()
        if parent is None
    ]
    lines += [
        say("{image}: no segmentation and no structured report, for its voxels are not those of its slices.", image=key)
        for key in _turned(record, images, parents)
    ]
    if wanted.anonymous and any(parent is not None and shows_burned_in(parent) for parent in parents.values()):
        lines.append(say("Letters are burned into a film: anonymous, there are no pictures of it and no PDF object."))
    return [_(line) for line in lines]


def _turned(record: Record, images: Mapping[str, ExaminedImage], parents: Mapping[str, object]) -> list[str]:
    """CTs that came as DICOM, but whose slices objects cannot refer to."""
    return [
        image.id
        for image in record.examined
        if image.ct is not None
        and parents[image.id] is not None
        and f"{image.id}.seg.dcm" not in record.files  # else it is known, without reading all headers again
        and not matching_slices(image, images[image.id])
    ]


def sent(record: Record, order: Order, where: Destination) -> None:
    """Deliver the objects that were written; what cannot be delivered waits, and that is said."""
    objects = [order.folder / name for name in record.files if name.endswith(".dcm") and "/" not in name]
    if not objects:
        complain(say("nothing was sent: no film came as a DICOM object"))
        return
    send(objects, str(where), order.outbox, quiet=order.quiet)


def _examined(order: Order, examiner: Examiner) -> Examined:
    try:
        with progress_bar("examining", quiet=order.quiet) as progress:
            return examiner(order.paths, progress=progress, **order.options)
    except Unreadable as error:
        refused = refused_as_a_whole(error)
        if "case" not in order.options:
            return refused, {}
        record, images = examiner([], **order.options)
        return record.model_copy(update={"images": refused.images}), images


def refused_as_a_whole(error: Unreadable) -> Record:
    """Turn a refusal of the whole call into a record that holds its reason."""
    refusal = Refusal(reason=str(error), code=error.code)
    return Record(
        version=__version__,
        model=ModelRecord(name=weights_manifest.NAME, sha256=weights_manifest.sha256()),
        summary=Summary(sentences=("No image could be examined.",)),
        images=(ImageRecord(id="img-1", refused=refusal),),
    )


def _examiner() -> Examiner:
    from calcinet.api import examine_with_images

    return examine_with_images
