"""What readers corrected of a study: who, when, what and why, in order; and what was taken back."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

from calcinet.apps.web.data_folder import StudyFolder
from calcinet.protocols.corrections import FindingEdit
from calcinet.record.base import Point
from calcinet.vocabulary import FindingKind

Action = Literal["reject", "relabel", "restore", "add", "erase", "split", "join"]

CALLS: frozenset[Action] = frozenset({"reject", "relabel"})
"""What `restore` takes back of a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of one finding."""

    image: str
    finding: str
    """Of one that is added, the id that it gets."""
    action: Action
    kind: FindingKind | None
    """What it is called where it is relabelled or added."""
    why: str
    who: str
    at: str
    points: tuple[Point, ...] = ()
    """Rows and columns of the image, where something is drawn."""
    width_px: float | None = None
    """Of a vessel that is added."""
    detail: str = ""
    """Of what is relabelled, what is said beside its kind."""
    other: str = ""
    """What is joined to it, or the id of a second part."""


@dataclass(frozen=True, slots=True)
class Edits:
    """Every edit of a study."""

    made: tuple[Edit, ...] = ()
    undone: tuple[Edit, ...] = field(default=())
    """What was taken back, the last first to be done again."""

    def add(self, edit: Edit) -> "Edits":
        """With one edit more; what was taken back before is gone."""
        return Edits((*self.made, edit))

    def undo(self) -> "Edits":
        """Without the last one, which can be done again."""
        return Edits(self.made[:-1], (*self.undone, self.made[-1]))

    def redo(self) -> "Edits":
        """With what was taken back last."""
        return Edits((*self.made, self.undone[-1]), self.undone[:-1])

    def forget_last(self) -> "Edits":
        """Without the last one, as if it had never been."""
        return Edits(self.made[:-1], self.undone)


def read_edits(folder: StudyFolder) -> Edits:
    """Every edit of a study."""
    if not folder.edits.exists():
        return Edits()
    held = json.loads(folder.edits.read_bytes())
    if isinstance(held, list):  # as it was before anything could be done again
        held = {"made": held, "undone": []}
    return Edits(tuple(map(_read_edit, held["made"])), tuple(map(_read_edit, held["undone"])))


def _read_edit(entry: dict[str, object]) -> Edit:
    points = entry.get("points", ())
    assert isinstance(points, list | tuple)
    return Edit(**{**entry, "points": tuple((row, column) for row, column in points)})  # type: ignore[arg-type]


def write_edits(folder: StudyFolder, edits: Edits) -> None:
    """Keep the edits of a study, all or those of before."""
    new = folder.edits.with_suffix(".new")
    held = {"made": [asdict(edit) for edit in edits.made], "undone": [asdict(edit) for edit in edits.undone]}
    with new.open("w", encoding="utf-8") as stream:
        json.dump(held, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(folder.edits)


def collect_corrections(edits: Sequence[Edit], image_id: str) -> tuple[FindingEdit, ...]:
    """What is to be done with the findings of an image, in order; of what a finding is called the last word counts.

    >>> first = Edit(image="img-1", finding="f1", action="reject", kind=None, why="skin fold", who="ng", at="")
    >>> [edit.action for edit in collect_corrections([first], "img-1")], collect_corrections([first], "img-2")
    (['reject'], ())
    """
    kept: list[Edit] = []
    for edit in edits:
        if edit.image != image_id:
            continue
        if edit.action == "restore":
            kept = [before for before in kept if before.action not in CALLS or before.finding != edit.finding]
            continue
        last = next((before for before in reversed(kept) if edit.finding in (before.finding, before.other)), None)
        if edit.action in CALLS and last is not None and last.action in CALLS:
            kept.remove(last)
        kept.append(edit)
    return tuple(_make_correction(edit) for edit in kept)


def _make_correction(edit: Edit) -> FindingEdit:
    assert edit.action != "restore"
    return FindingEdit(
        action=edit.action,
        finding=edit.finding,
        kind=edit.kind,
        detail=edit.detail,
        points=edit.points,
        width_px=edit.width_px,
        other=edit.other,
        by=edit.who,
    )


def next_id(found: Sequence[str], edits: Edits, image_id: str) -> str:
    """An id that no finding of an image has, or had before it was taken back.

    >>> next_id(["f1", "f2"], Edits(), "img-1")
    'f3'
    """
    given = [*found]
    for edit in (*edits.made, *edits.undone):
        if edit.image == image_id:
            given += [edit.finding, edit.other]
    return f"f{max([int(name[1:]) for name in given if name], default=0) + 1}"
