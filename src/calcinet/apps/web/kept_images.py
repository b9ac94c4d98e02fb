"""Images of a study on disk: each is examined once, however often its worker or the server is ended.

Beside each lie its pixels as a viewer reads them.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from calcinet.apps.web.data_folder import StudyFolder
from calcinet.apps.web.edits import collect_corrections, read_edits
from calcinet.apps.web.queue import TRIES
from calcinet.apps.web.view_pixels import view_image, write_view
from calcinet.examined import ExaminedImage, ExaminedVolume, LoadedImage
from calcinet.image import Image
from calcinet.protocols.corrections import Corrections
from calcinet.record import ImageRecord, Record, Refusal
from calcinet.record.whole import ModelRecord
from calcinet.text import say

if TYPE_CHECKING:
    from calcinet.protocols.groundwork import Groundwork

IMAGE: Final = "image.json"

GROUNDWORK: Final = "groundwork.npz"

KEPT_STATES: Final = 8
"""Corrected states of one image that are kept. Our choice: a reader goes back a few steps."""

SET_ASIDE: Final = say(
    "this image ended the program that examined it, or held it up for too long, {times} times: it is set aside and the "
    "others are examined; give it the memory that it needs and try again, or send it to the developers of calcinet "
    "where it may leave the house",
    times=TRIES,
)


class KeptOnDisk:
    """What is kept of the images of one study."""

    def __init__(self, folder: StudyFolder, deaths: Mapping[str, int], begin: Callable[[str], None]) -> None:
        self._folder = folder
        self._edits = read_edits(folder).made
        self._deaths = deaths
        self._begin = begin
        """Told the id of each image before it is examined."""
        self._digest = ""
        folder.kept.mkdir(parents=True, exist_ok=True)

    def find(self, image_id: str, digest: str) -> tuple[ImageRecord, ExaminedImage | None] | None:
        """What is kept of an image; a refusal of one that is not to be tried any more."""
        self._digest = digest
        folder = self._find_folder(image_id)
        if (folder / IMAGE).exists():
            held = json.loads((folder / IMAGE).read_bytes())
            if held["digest"] == digest:
                return _read_image(held), _read_examined(folder, held["examined"])
        if self._deaths.get(image_id, 0) >= TRIES:
            return ImageRecord(id=image_id, refused=Refusal(reason=SET_ASIDE, code="set-aside")), None
        self._begin(image_id)
        return None

    def corrections(self, image_id: str) -> Corrections:
        """What readers corrected of an image."""
        return collect_corrections(self._edits, image_id)

    def found(self, image_id: str, digest: str) -> tuple[ImageRecord, "Groundwork | None"] | None:
        """An image as it was found, with what its corrections begin with."""
        from calcinet.apps.web.kept_groundwork import read_groundwork

        folder = self._folder.kept / image_id
        if not (folder / IMAGE).exists():
            return None
        held = json.loads((folder / IMAGE).read_bytes())
        if held["digest"] != digest:
            return None
        return _read_image(held), read_groundwork(folder / GROUNDWORK)

    def _find_folder(self, image_id: str) -> Path:
        """Where an image with its corrections is kept."""
        corrected = collect_corrections(self._edits, image_id)
        if not corrected:
            return self._folder.kept / image_id
        told = json.dumps([asdict(edit) for edit in corrected], sort_keys=True)
        name = hashlib.sha256(told.encode()).hexdigest()[:16]
        return self._folder.kept / f"{image_id}.{name}"

    def show(self, image_id: str, image: Image) -> None:
        """Write the pixels of an image, before it is examined."""
        write_view(self._folder.view / image_id, view_image(image))

    def keep(self, image: ImageRecord, examined: ExaminedImage | None) -> None:
        """Write an image down, whole or not at all; of one that is refused no pixels stay in view."""
        if image.refused is not None and image.refused.code == "no-memory":
            return
        folder = self._folder.kept / image.id
        if image.corrections:
            folder = self._find_folder(image.id)
        new = self._folder.kept / f".{image.id}.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        described = None
        if examined is not None:
            described = _write_examined(new, examined)
            if image.refused is None and not image.corrections:
                from calcinet.apps.web.kept_groundwork import write_groundwork

                write_groundwork(new / GROUNDWORK, examined.groundwork)
        if image.refused is not None:
            shutil.rmtree(self._folder.view / image.id, ignore_errors=True)
        record = Record(version="", model=ModelRecord(name=""), images=(image,))
        held = {"digest": self._digest, "record": json.loads(record.to_json()), "examined": described}
        _write_durably(new / IMAGE, json.dumps(held).encode())
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
        self._forget_old(image.id, folder)

    def _forget_old(self, image_id: str, latest: Path) -> None:
        """Of the corrected states of an image the last few stay, for those who go back and forth."""
        states = sorted(self._folder.kept.glob(f"{image_id}.*"), key=lambda state: state.stat().st_mtime)
        for state in states[:-KEPT_STATES]:
            if state != latest:
                shutil.rmtree(state, ignore_errors=True)


def read_found(folder: StudyFolder, image_id: str) -> ImageRecord:
    """An image as it was found, before any correction.

    Raises
    ------
    OSError
        If it was not examined.
    """
    return _read_image(json.loads((folder.kept / image_id / IMAGE).read_bytes()))


def _read_image(held: Mapping[str, Any]) -> ImageRecord:
    return Record.from_json(json.dumps(held["record"])).images[0]


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _write_examined(folder: Path, examined: ExaminedImage) -> dict[str, Any]:
    """The marks of an image in a file of arrays, and what else is known of it."""
    arrays: dict[str, Any] = {"marked": examined.marked, "labels": examined.labels}
    if examined.picture is not None:
        arrays["picture"] = examined.picture
    described: dict[str, Any] = {
        "shape": examined.shape,
        "scanned_h": examined.scanned_h,
        "utc_offset_h": examined.utc_offset_h,
        "volume": None,
    }
    volume = examined.volume
    if volume is not None:
        arrays["affine"] = volume.affine
        for finding_id, voxels in volume.voxels.items():
            arrays[f"voxels-{finding_id}"] = voxels
        described["volume"] = {"shape": volume.shape, "kinds": dict(volume.kinds), "oriented": volume.oriented}
    np.savez_compressed(folder / "marks.npz", **arrays)
    return described


def _read_examined(folder: Path, described: dict[str, Any] | None) -> ExaminedImage | None:
    """The marks of an image; its pixels are to be read elsewhere."""
    if described is None:
        return None
    with np.load(folder / "marks.npz", allow_pickle=False) as held:
        arrays = {name: held[name] for name in held.files}
    nowhere = LoadedImage(Image(np.zeros((1, 1, 1), dtype=np.float32), None, "1"))
    volume = None
    if described["volume"] is not None:
        kinds = described["volume"]["kinds"]
        slices, rows, columns = described["volume"]["shape"]
        volume = ExaminedVolume(
            source=nowhere,
            shape=(slices, rows, columns),
            voxels={finding_id: arrays[f"voxels-{finding_id}"] for finding_id in kinds},
            kinds=kinds,
            affine=arrays["affine"],
            oriented=described["volume"]["oriented"],
        )
    rows, columns = described["shape"]
    return ExaminedImage(
        source=nowhere,
        shape=(rows, columns),
        marked=arrays["marked"],
        labels=arrays["labels"],
        picture=arrays.get("picture"),
        volume=volume,
        scanned_h=described["scanned_h"],
        utc_offset_h=described["utc_offset_h"],
    )
