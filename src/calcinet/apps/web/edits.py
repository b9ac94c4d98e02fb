"""What readers corrected of a study: who, when, what and why, in order; the last word on a finding counts."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from calcinet.apps.web.data_folder import StudyFolder
from calcinet.vocabulary import FindingKind

Action = Literal["reject", "relabel", "restore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of one finding."""

    image: str
    finding: str
    action: Action
    kind: FindingKind | None
    """What it is called where it is relabelled."""
    why: str
    who: str
    at: str


def read_edits(folder: StudyFolder) -> tuple[Edit, ...]:
    """Every edit of a study."""
    if not folder.edits.exists():
        return ()
    return tuple(Edit(**entry) for entry in json.loads(folder.edits.read_bytes()))


def write_edits(folder: StudyFolder, edits: Sequence[Edit]) -> None:
    """Keep the edits of a study, all or those of before."""
    new = folder.edits.with_suffix(".new")
    with new.open("w", encoding="utf-8") as stream:
        json.dump([asdict(edit) for edit in edits], stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(folder.edits)


def collect_corrections(edits: Sequence[Edit], image_id: str) -> Mapping[str, FindingKind | None]:
    """What is to be done with the findings of an image: by id another kind, or None where it is rejected.

    >>> first = Edit(image="img-1", finding="f1", action="reject", kind=None, why="skin fold", who="ng", at="")
    >>> collect_corrections([first], "img-1"), collect_corrections([first], "img-2")
    ({'f1': None}, {})
    """
    corrections: dict[str, FindingKind | None] = {}
    for edit in edits:
        if edit.image != image_id:
            continue
        corrections.pop(edit.finding, None)
        if edit.action != "restore":
            corrections[edit.finding] = edit.kind
    return dict(sorted(corrections.items()))
