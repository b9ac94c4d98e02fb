"""One examination on the command line: look, write, and say what was found and where it lies."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calcinet import weights_manifest
from calcinet.apps.console import Exit, complain, show
from calcinet.apps.film_log import NAMES_FILE, FilmLog, logged
from calcinet.apps.json_results import describe_examination
from calcinet.apps.result_table import FEW, leave_out_images, tabulate
from calcinet.apps.stopping import Stopped
from calcinet.errors import BadInput, Unreadable
from calcinet.examined import ExaminedImage
from calcinet.extras import require_extras
from calcinet.record import ImageRecord, ModelRecord, Record, Refusal, Summary
from calcinet.report.documents import Wanted, explain_left_out
from calcinet.report.labels import DICOM_FORMATS
from calcinet.report.language import translator
from calcinet.report.workshop import Workshop
from calcinet.report.write import RECORD, open_output, write_examination
from calcinet.text import Text, say
from calcinet.version import __version__

if TYPE_CHECKING:
    from calcinet.apps.baseline import Baseline
    from calcinet.apps.sending import Sent
    from calcinet.delivery.destination import Destination

Examined = tuple[Record, Mapping[str, ExaminedImage]]
Examiner = Callable[..., Examined]
"""Called with the paths and keywords; `calcinet.api.examine_with_images` outside tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamineOptions:
    """What the examiner is told beside the files; None and False are not given."""

    case: Path | bytes | None = None
    """A file, or the content of one."""
    prior: str | None = None
    """Pre-test probability, or the name of a preset."""
    include_secondary: bool = False
    calibre_classes: Sequence[float] | None = None
    """Smallest outer diameters in mm of small, medium and large vessels."""
    spacing_mm: float | tuple[float, float] | None = None
    modality: str | None = None
    anatomy: str | None = None
    mg_per_cm3_per_hu: float | None = None
    labels: Path | None = None
    """Folder of masks of bones and arteries."""

    def to_keywords(self) -> dict[str, Any]:
        """Keywords of the examiner, those alone that were given."""
        given = {option.name: getattr(self, option.name) for option in fields(self)}
        return {name: value for name, value in given.items() if value is not None and value is not False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be examined, and how it is to be written."""

    paths: Sequence[Path | bytes]
    """Files, or the content of one."""
    folder: Path
    wanted: Wanted = field(default_factory=Wanted)
    options: ExamineOptions = field(default_factory=ExamineOptions)
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    force: bool = False
    quiet: bool = False
    keep_names: bool = False
    """Write the side table that names the file of each image."""
    send: str | None = None
    """Address of an archive that the DICOM objects are delivered to."""
    as_json: bool = False
    """Print the result for programs, and nothing else on stdout."""
    outbox: Path | None = None
    """Where they wait; the usual place where not given."""
    baseline: Path | None = None
    """An earlier record of the patient, whose identifiers findings take over where they are the same marks."""
    baseline_films: Sequence[Path] = ()
    """The films of that record."""


def examine_and_write(order: Order, examiner: Examiner | None = None) -> Exit:
    """Examine, write everything, print the result; the exit code says whether an image or a case was examined."""
    if order.keep_names and order.wanted.anonymous:
        raise BadInput("--keep-names writes file names, which may name the patient: not with --anonymous")
    receiver, wanted = None, order.wanted
    told: list[Text] = []
    earlier = _read_baseline(order)
    if order.send is not None:
        from calcinet.delivery.destination import destination

        require_extras(["hospital"], "--send")
        receiver, wanted = destination(order.send), order.wanted.with_objects()
    with open_output(order.folder, force=order.force) as workshop, _tell_what_stays(workshop):
        photographs = gather_photographs(order.options.case)
        with logged(quiet=order.quiet, language=wanted.language) as log:
            record, images = _examine(order, examiner or _load_examiner(), log)
            attachments = dict(order.attachments)
            if earlier is not None:
                record, told = earlier.mark(record, images)
            if order.keep_names:
                attachments[NAMES_FILE] = log.write_names()
            record = write_examination(
                record,
                images,
                order.folder,
                wanted,
                attachments=attachments,
                photographs=photographs,
                force=order.force,
                workshop=workshop,
            )
    notes = [*explain_missing_objects(record, images, wanted), *explain_left_out(wanted)]
    notes += [translator(wanted.language)(line) for line in told]
    if not order.quiet and not order.as_json:
        show(*describe_result(record, order.folder, wanted.language), *notes)
    sent = None
    if receiver is not None:
        sent = send_written_objects(record, order, receiver)
    if order.as_json:
        delivery = None if sent is None else sent.as_json()
        show(json.dumps(describe_examination(record, order.folder, notes, delivery), indent=1))
    if record.examined or order.options.case is not None:
        return Exit.DONE
    return Exit.NOTHING_EXAMINED


@contextmanager
def _tell_what_stays(workshop: Workshop) -> Iterator[None]:
    """Say what became of the result where somebody stops the examination."""
    try:
        yield
    except Stopped as stop:
        if workshop.published:
            raise stop.saying(f"the result is whole in {workshop.folder}") from None
        if (workshop.folder / RECORD).exists():
            raise stop.saying("nothing was written; the earlier result stays") from None
        raise stop.saying("nothing was written") from None


def _read_baseline(order: Order) -> "Baseline | None":
    """The earlier record with its films; read before anything is examined, so that a mistake is told at once."""
    if order.baseline is None and not order.baseline_films:
        return None
    if order.baseline is None or not order.baseline_films:
        raise BadInput("--baseline and --baseline-films go together: the earlier record, and the films that it is of")
    from calcinet.apps.baseline import Baseline  # finds films and lays them on one another

    return Baseline.read(order.baseline, order.baseline_films)


def describe_result(record: Record, folder: Path, language: str = "en") -> list[str]:
    """Lines for the terminal: what each image could show, what was found, what was refused, where it lies."""
    translate = translator(language)
    if len(record.images) > FEW:
        told = [*tabulate(record, translate), "", *map(translate, leave_out_images(record.summary.sentences))]
    else:
        told = list(map(translate, _tell_images(record)))
    lines: list[str] = []
    if any(image.export_signs for image in record.examined):
        lines.append(say("Look at the pictures before you pass the report on: a name may be burned into them."))
    if "report.html" in record.files:
        lines.append(say("Report: {place}", place=str(folder / "report.html")))
    else:
        lines.append(say("Record: {place}", place=str(folder / "record.json")))
    return [*told, *map(translate, lines)]


def _tell_images(record: Record) -> list[str]:
    """What each image could show, what was found, and what was refused."""
    lines: list[str] = []
    for image in record.examined:
        if image.statements:
            lines.append(say("{image}: {told}", image=image.id, told=image.statements[0]))
    lines += record.summary.sentences
    lines += record.clinical.left_out[1:]  # the first stands in the summary
    for image in record.refused:
        if image.refused:
            lines.append(say("{image} refused: {reason}", image=image.id, reason=image.refused.reason))
    return lines


def explain_missing_objects(record: Record, images: Mapping[str, ExaminedImage], wanted: Wanted) -> list[str]:
    """Say which films have no DICOM objects, where those are wanted, and why."""
    if not wanted.has(*DICOM_FORMATS):
        return []
    from calcinet.report.dicom.source_reference import shows_burned_in

    headers = {image.id: images[image.id].source_header for image in record.examined}
    lines = [_explain_no_object(image) for image in record.examined if headers[image.id] is None]
    for image in record.examined:
        if headers[image.id] is not None and _has_other_voxels(image, record, images):
            lines.append(
                say(
                    "{image}: no segmentation and no structured report, for its voxels are not those of its slices.",
                    image=image.id,
                )
            )
    if wanted.anonymous and any(header is not None and shows_burned_in(header) for header in headers.values()):
        lines.append(say("Letters are burned into a film: anonymous, there are no pictures of it and no PDF object."))
    translate = translator(wanted.language)
    return [translate(line) for line in lines]


def _explain_no_object(image: ImageRecord) -> str:
    if image.ct is not None:
        return say("{image}: no DICOM object, for the CT did not come as one.", image=image.id)
    return say("{image}: no DICOM object, for the film did not come as one.", image=image.id)


def _has_other_voxels(image: ImageRecord, record: Record, images: Mapping[str, ExaminedImage]) -> bool:
    """Whether it is a CT that came as DICOM, but whose slices objects cannot refer to."""
    if image.ct is None or f"{image.id}.seg.dcm" in record.files:  # with a SEG it is known, without its headers
        return False
    from calcinet.report.dicom.slices import matching_slices

    return not matching_slices(image, images[image.id])


def send_written_objects(record: Record, order: Order, receiver: "Destination") -> "Sent | None":
    """Deliver the objects that were written; what cannot be delivered waits, and that is said."""
    objects = [order.folder / name for name in record.files if name.endswith(".dcm") and "/" not in name]
    if not objects:
        complain(say("nothing was sent: no film came as a DICOM object"))
        return None
    from calcinet.apps.sending import send_all, tell_sent

    sent = send_all(objects, str(receiver), order.outbox, quiet=order.quiet)
    if not order.quiet and not order.as_json:
        tell_sent(sent)
    return sent


def gather_photographs(case: Path | bytes | None) -> dict[str, bytes]:
    """The photographs of a case file; what decodes pictures is loaded only where there are any."""
    if case is None or (isinstance(case, Path) and not case.is_file()):  # the examiner refuses what is not there
        return {}
    from calcinet.io.case.reader import read_case

    if not read_case(case).photographs:
        return {}
    from calcinet.io.case.photographs import read_photographs

    return read_photographs(case)


def _examine(order: Order, examiner: Examiner, log: FilmLog) -> Examined:
    """The examination; where the call is refused as a whole, the case alone."""
    keywords = order.options.to_keywords()
    try:
        return examiner(order.paths, progress=log.advance, note_files=log.note, **keywords)
    except Unreadable as error:
        refused = record_refusal(error)
        if order.options.case is None:
            return refused, {}
        record, images = examiner([], **keywords)
        return record.model_copy(update={"images": refused.images}), images


def record_refusal(error: Unreadable) -> Record:
    """Turn a refusal of the whole call into a record that holds its reason."""
    refusal = Refusal(reason=str(error), code=error.code)
    return Record(
        version=__version__,
        model=ModelRecord(name=weights_manifest.NAME, sha256=weights_manifest.sha256()),
        summary=Summary(sentences=("No image could be examined.",)),
        images=(ImageRecord(id="img-1", refused=refusal),),
    )


def _load_examiner() -> Examiner:
    from calcinet.api import examine_with_images

    return examine_with_images
