"""The Python entry: files in, record out."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, Unpack

from calcinet import record
from calcinet.clinical.case import Case
from calcinet.clinical.films import NAMED_TWICE, Film, find_repeated
from calcinet.errors import BadInput
from calcinet.evidence.priors import prior as given_prior
from calcinet.examined import ExaminedImage, hours_on_one_clock
from calcinet.extras import require_extras
from calcinet.image import Image
from calcinet.measure.calibre.classes import DEFAULT_CLASSES, CalibreClasses
from calcinet.progress import READING, Progress, enter_stage
from calcinet.protocols import assemble
from calcinet.protocols.corrections import Corrections
from calcinet.protocols.given_films import GivenFilm, note_statement, state_subject
from calcinet.record import ImageRecord, Record, Timeline
from calcinet.text import say

if TYPE_CHECKING:
    from calcinet.io import Refusal, Study
    from calcinet.io.study_items import GivenFile
    from calcinet.protocols.groundwork import Groundwork
    from calcinet.protocols.timeline.laid_places import ShownFilm

Given = Any
"""A path, the content of a file, an `Image`, a pydicom data set or a Pillow image, or several of them."""

GivenCase = Case | Mapping[str, Any] | str | Path | bytes

GivenFiles = Mapping[str, Sequence["GivenFile"]]
"""The files of each image, by its id; their names go into no record, page or log."""


class KeptImages(Protocol):
    """Images that were examined before, kept by whoever calls, so that what was broken off goes on where it stopped."""

    def find(self, image_id: str, digest: str) -> tuple[ImageRecord, ExaminedImage | None] | None:
        """What is kept of an image that is about to be examined; None where it is to be examined.

        `digest` is of its files and of what the case says of it.
        """

    def corrections(self, image_id: str) -> Corrections:
        """What a reader corrected of an image."""

    def found(self, image_id: str, digest: str) -> tuple[ImageRecord, "Groundwork | None"] | None:
        """An image as it was found, before any correction, and what its corrections begin with; None where it is to be
        examined first.
        """

    def show(self, image_id: str, image: Image) -> None:
        """An image as it was read, before it is examined: whoever waits may look at it already."""

    def keep(self, image: ImageRecord, examined: ExaminedImage | None) -> None:
        """Keep an image that was examined, with its pixels in memory and its groundwork, or refused; one that was
        corrected beside the one that was found.
        """


Locate = Callable[[Mapping[str, str]], BadInput]
"""Tells mistakes of a case, by the field they stand in, to who wrote it."""


class ReadOptions(TypedDict, total=False):
    """What stands above the files."""

    spacing_mm: float | tuple[float, float] | None
    modality: str | None
    anatomy: str | None
    mg_per_cm3_per_hu: float | None
    labels: str | Path | None


def examine(
    paths: Given = (),
    case: GivenCase | None = None,
    *,
    prior: float | str | None = None,
    include_secondary: bool = False,
    calibre_classes: Sequence[float] | None = None,
    progress: Progress | None = None,
    **options: Unpack[ReadOptions],
) -> Record:
    """Examine the films of one patient, with the case beside them or the case alone.

    Parameters
    ----------
    paths
        One or several DICOM, PNG, JPEG, TIFF or NIfTI files, folders, zips or DICOMDIRs; none where there is a case.
        The first that is given is img-1. In place of a path the content of one file as bytes, an `Image` (of an array:
        `Image.from_array`), a pydicom data set, or a Pillow image.
    case
        The patient: a case file in YAML or JSON or a FHIR R4 bundle; its content as bytes or as a dict; or a `Case`.
        Its `films` say what each file shows.
    prior
        Pre-test probability of calciphylaxis, or the name of a preset; without it no post-test probability is stated.
    include_secondary
        Weigh figures that were read at second hand or are recalled, too.
    calibre_classes
        Smallest outer diameters in mm of small, medium and large vessels; 0.5, 2 and 4 where not given.
    progress
        Called after each file that was looked at, then after each image that was examined.
    options
        What stands above the files: `spacing_mm`, pixel pitch at the detector in mm, one number or (rows, columns);
        `modality`, CR, DX, MG or CT, which admits files that do not name themselves so; `anatomy`, body part in words
        ("lower leg"). Of a CT:
        `mg_per_cm3_per_hu`, density of hydroxyapatite that a Hounsfield unit stands for; `labels`, folder of masks of
        bones and arteries, one NIfTI file a structure.

    Raises
    ------
    BadInput
        If a path does not exist, an option cannot be right, or the case file is malformed or names a film that is not
        among the files.
    BadWeights
        If the detector's weights are missing or altered.
    """
    return examine_with_images(
        paths,
        case=case,
        prior=prior,
        include_secondary=include_secondary,
        calibre_classes=calibre_classes,
        progress=progress,
        **options,
    )[0]


def examine_with_images(
    paths: Given = (),
    case: GivenCase | None = None,
    *,
    prior: float | str | None = None,
    include_secondary: bool = False,
    calibre_classes: Sequence[float] | None = None,
    progress: Progress | None = None,
    note_files: Callable[[GivenFiles], None] | None = None,
    kept: KeptImages | None = None,
    **options: Unpack[ReadOptions],
) -> tuple[Record, dict[str, ExaminedImage]]:
    """`examine`, and pixels (`plane`) and marks (`mask`, a label map) of every image that was not refused, by its id.

    `note_files` is called once the files were looked at, before the first image is examined. What is `kept` of a call
    with the same files and options is not examined again.
    """
    several = _list_given(paths)
    if not several and case is None:
        raise BadInput(say("nothing to examine: give a film, a case, or both"))
    patient, locate = _read_patient(case)
    before = None if prior is None else given_prior(prior)
    classes = DEFAULT_CLASSES
    if calibre_classes is not None:
        classes = CalibreClasses.rising(calibre_classes)
    records: list[ImageRecord] = []
    images: dict[str, ExaminedImage] = {}
    given: dict[str, GivenFilm] = {}
    passed_over: str | None = None
    if several:
        from calcinet.io import read_all

        study = read_all(several, **options, progress=progress)
        entries: tuple[Film, ...] = ()
        if patient is not None:
            entries = patient.films
        films = _match_films(study, entries, locate)
        call = _Call(study=study, classes=classes, films=films, progress=progress, kept=kept)
        if note_files is not None:
            note_files({name_image(number): study.given_files(number) for number in range(len(study))})
        records, images = _examine_study(call)
        given = _list_places(call)
        passed_over = study.passed_over
    whole = assemble(
        records,
        patient,
        prior=before,
        include_secondary=include_secondary,
        classes=classes,
        scanned_h=hours_on_one_clock(images),
        given=given,
    )
    whole = _add_sentence(whole, passed_over)
    set_above = _name_read_options(options)
    if before is not None:
        set_above["prior"] = before.value
    if include_secondary:
        set_above["include_secondary"] = include_secondary
    if calibre_classes is not None:
        set_above["calibre_classes"] = calibre_classes
    if patient is not None:
        set_above["case_sha256"] = _hash_case(patient)
    return whole.model_copy(update={"options": set_above}), images


def follow(records: Sequence[Record], films: Given = ()) -> Timeline:
    """Put several records of one patient on one time line, whatever their order; of what was measured twice, say
    whether it changed beyond the error of measurement.

    Parameters
    ----------
    records
        Of one patient.
    films
        Files, folders or contents that hold the radiographs and CTs of the records, as `examine` takes them; each is
        known by its hash. With them a later one is laid on the first of its place, and the same vessels and nets are
        followed one by one. Needs the extra `serial`.

    Raises
    ------
    BadInput
        If the records cannot be of one patient, one limb and several days, or none of the films is theirs.
    """
    return follow_with_films(records, films)[0]


def follow_with_films(records: Sequence[Record], films: Given = ()) -> tuple[Timeline, "list[ShownFilm]"]:
    """`follow`, and the films and CTs that lie on one another, to be drawn."""
    from calcinet.protocols.timeline.build import build_timeline

    given = _list_given(films)
    if not given:
        return build_timeline(records)
    require_extras(["serial"], say("an image laid on another"))
    from calcinet.io.images_by_hash import find_images

    wanted: dict[str, str] = {}
    for one in records:
        wanted |= {image.sha256: image.modality for image in one.examined if image.sha256}
    return build_timeline(records, find_images(given, wanted))


def _list_given(given: Given) -> list[Any]:
    """What was given, one or several; what kind each is, its reader says."""
    if isinstance(given, Sequence | Set | Iterator) and not isinstance(given, str | bytes | bytearray):
        return list(given)
    return [given]


def _name_read_options(options: ReadOptions) -> dict[str, Any]:
    """The options that were given, as the record names them."""
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    if "labels" in given:
        given["labels"] = "given"  # a folder's name may be a patient's
    return given


def _add_sentence(whole: Record, sentence: str | None) -> Record:
    """The record with one sentence more at the end of its summary, where there is one."""
    if sentence is None:
        return whole
    summary = whole.summary.model_copy(update={"sentences": (*whole.summary.sentences, sentence)})
    return whole.model_copy(update={"summary": summary})


def _hash_case(case: Case) -> str:
    return hashlib.sha256(case.model_dump_json().encode()).hexdigest()


def name_image(number: int) -> str:
    """Id of the image of a number, from 0: the first is img-1."""
    return f"img-{number + 1}"


def _read_patient(case: GivenCase | None) -> tuple[Case | None, Locate]:
    """A case as it is, or read from its file, and how its mistakes are told; what reads YAML is loaded only then."""
    if case is None or isinstance(case, Case):
        return case, _name_entries
    from calcinet.io.case.reader import case_of_mapping, read

    if isinstance(case, Mapping):
        return case_of_mapping(case), _name_entries
    if not isinstance(case, str | Path | bytes):
        kind = type(case).__name__
        raise BadInput(f"a case is a path, the content of a file, a dict of its blocks or a Case, got a {kind}")
    file = read(case)
    return file.case, file.explain


def _name_entries(mistakes: Mapping[str, str]) -> BadInput:
    """Mistakes of a case that has no lines."""
    return BadInput("; ".join(f"{field}: {text}" for field, text in mistakes.items()))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Call:
    """What is examined, and what is stated of it."""

    study: "Study"
    classes: CalibreClasses
    films: Mapping[int, tuple[int, Film]]
    """By the number of an image: its entry in `films` of the case, with the number of the entry."""
    progress: Progress | None
    kept: KeptImages | None = None


def _match_films(study: "Study", entries: Sequence[Film], locate: Locate) -> dict[int, tuple[int, Film]]:
    """The entry of each image that `films` of the case names.

    Raises
    ------
    BadInput
        If an entry is of no file or of several, or a file has two entries; every mistake is listed.
    """
    mistakes = dict.fromkeys(find_repeated(entries), NAMED_TWICE)
    matched: dict[int, tuple[int, Film]] = {}
    for entry, film in enumerate(entries):
        found = _find_images(study, film)
        if not found:
            mistakes[entry] = "none of the files that were given has this name or hash"
        elif len(found) > 1:
            mistakes[entry] = f"{len(found)} images have a file of this name; give its folder, too, or its SHA-256 hash"
        elif found[0] in matched:
            mistakes[entry] = NAMED_TWICE
        else:
            matched[found[0]] = entry, film
    if mistakes:
        raise locate({f"films.{entry}.file": text for entry, text in mistakes.items()})
    return matched


def _find_images(study: "Study", film: Film) -> list[int]:
    """Numbers of the images that are of the file of an entry; of the same bytes given twice, the first."""
    found: dict[str, int] = {}
    for number in range(len(study)):
        for file in study.given_files(number):
            if film.names(file.name, file.sha256):
                found.setdefault(file.sha256, number)
    return list(dict.fromkeys(found.values()))


def _list_places(call: _Call) -> dict[str, GivenFilm]:
    """How each image was given, by its id."""
    given = {}
    for number in range(len(call.study)):
        entry = None
        if number in call.films:
            entry = call.films[number][0]
        files = call.study.given_files(number)
        given[name_image(number)] = GivenFilm(number=files[0].number, files=call.study.file_count, entry=entry)
    return given


def _examine_study(call: _Call) -> tuple[list[ImageRecord], dict[str, ExaminedImage]]:
    records: list[ImageRecord] = []
    images: dict[str, ExaminedImage] = {}
    for number in range(len(call.study)):
        image_record, examined = _find_kept(call, number) or _examine_and_keep(call, number)
        records.append(image_record)
        if examined is not None:
            images[image_record.id] = examined
        if call.progress:
            call.progress(number + 1, len(call.study))
    return records, images


def _find_kept(call: _Call, number: int) -> tuple[ImageRecord, ExaminedImage | None] | None:
    """What was examined before, its pixels read from the study of this call."""
    if call.kept is None:
        return None
    from calcinet.io.study_image import StudyImage

    found = call.kept.find(name_image(number), _hash_image(call, number))
    if found is None or found[1] is None:
        return found
    return found[0], found[1].read_from(StudyImage(call.study, number))


def _hash_image(call: _Call, number: int) -> str:
    """Digest of the files of an image and of what the case says of it."""
    parts = [file.sha256 for file in call.study.given_files(number)]
    if number in call.films:
        parts.append(call.films[number][1].model_dump_json())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _examine_and_keep(call: _Call, number: int) -> tuple[ImageRecord, ExaminedImage | None]:
    from calcinet.io.study_image import StudyImage

    try:
        image_record, examined = _examine_number(call, number)
    except MemoryError:
        image_record, examined = _refuse_too_large(call, number), None
    if call.kept is not None:
        call.kept.keep(image_record, examined)
    if examined is None:
        return image_record, None
    return image_record, examined.read_from(StudyImage(call.study, number))


def _examine_number(call: _Call, number: int) -> tuple[ImageRecord, ExaminedImage | None]:
    """Examine one image of a study; what it gives still holds its pixels."""
    from calcinet.io import Refusal

    enter_stage(READING, 0.0, 0.1)
    item, image_id = call.study[number], name_image(number)
    if isinstance(item, Refusal):
        return _note_refusal(item, image_id), None
    corrections: Corrections = ()
    if call.kept is not None:
        corrections = call.kept.corrections(image_id)
    if call.kept is None or not corrections:
        return _examine_item(call, number, item)
    known = call.kept.found(image_id, _hash_image(call, number))
    if known is None:
        found, examined = _examine_item(call, number, item)
        call.kept.keep(found, examined)
        known = found, examined.groundwork
    return _correct_item(call, number, item, known, corrections)


def _examine_item(call: _Call, number: int, item: Image) -> tuple[ImageRecord, ExaminedImage]:
    """Examine one image with what the case says of it."""
    from calcinet.protocols import examine_image

    subject = _state_subject(call, number, item)
    if call.kept is not None:
        call.kept.show(name_image(number), subject)
    image_record, examined = examine_image(subject, name_image(number), call.classes)
    return _note_statement(call, number, item, image_record), examined


def _correct_item(
    call: _Call,
    number: int,
    item: Image,
    known: tuple[ImageRecord, "Groundwork | None"],
    corrections: Corrections,
) -> tuple[ImageRecord, ExaminedImage]:
    """Measure one image with what a reader corrected; a finding keeps the identifier that it had before."""
    from calcinet.protocols import correct_image
    from calcinet.protocols.tracking import take_over, track_findings

    found, groundwork = known
    subject = _state_subject(call, number, item)
    image_record, examined = correct_image(subject, found, call.classes, corrections, groundwork)
    image_record = take_over(image_record, track_findings(found), {one.id: one.id for one in found.findings})
    return _note_statement(call, number, item, image_record), examined


def _state_subject(call: _Call, number: int, item: Image) -> Image:
    """The image as the case describes it."""
    if number not in call.films:
        return item
    return state_subject(item, call.films[number][1])


def _note_statement(call: _Call, number: int, item: Image, image_record: ImageRecord) -> ImageRecord:
    if number not in call.films:
        return image_record
    return note_statement(image_record, item, call.films[number][1])


def _refuse_too_large(call: _Call, number: int) -> ImageRecord:
    """The refusal of one image that this machine has not enough memory for; the others are examined."""
    from calcinet.io.refusal import NO_MEMORY

    files = call.study.given_files(number)
    sha256 = files[0].sha256 if len(files) == 1 else ""
    refused = record.Refusal(reason=NO_MEMORY, code="no-memory")
    return ImageRecord(id=name_image(number), sha256=sha256, refused=refused)


def _note_refusal(refusal: "Refusal", image_id: str) -> ImageRecord:
    return ImageRecord(
        id=image_id,
        source=refusal.source,
        sha256=refusal.sha256,
        modality=refusal.modality or "",
        refused=record.Refusal(reason=refusal.reason, code=refusal.code),
    )
