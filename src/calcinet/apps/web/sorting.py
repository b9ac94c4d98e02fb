"""What was sent at once, parted by patient: each gets a study of their own, under a pseudonym."""

from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.people import People
from calcinet.apps.web.queue import PARTED, Queue, QueuedStudy, make_id
from calcinet.io.patient_groups import PatientFiles, group_by_patient

SORTED = "sorted"
"""Option of a study whose files are of one patient."""


def part_by_patient(data: DataFolder, queue: Queue, people: People, study: QueuedStudy) -> None:
    """Leave the first patient's files in a study and give the others studies of their own, behind it.

    With a case nothing is parted: whose it is nobody can tell, and the examination refuses such files.
    """
    if study.options.get(SORTED):
        return
    folder = data.study(study.id)
    files = sorted(path for path in folder.given.rglob("*") if path.is_file())
    groups = group_by_patient(files)
    if not folder.case.exists():
        for group in groups[1:]:
            _move_files(data, queue, study, group, people.name_patient(group.identifier))
        queue.note_files(study.id, len(groups[0].files))
    queue.note_sorted(study.id, people.name_patient(groups[0].identifier), {**study.options, SORTED: True})


def _move_files(data: DataFolder, queue: Queue, study: QueuedStudy, group: PatientFiles, patient: str) -> None:
    """A study of one more patient; it is known before a file is moved, and is not begun before all are."""
    folder = data.study(study.id)
    new = queue.add(
        who=study.made_by,
        files=len(group.files),
        options={**study.options, SORTED: True},
        title=study.title,
        patient=patient,
        study_id=make_id(),
        held=PARTED,
        site=study.site,
    )
    for file in group.files:
        target = data.study(new).given / file.relative_to(folder.given)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)
    queue.let_go(new)
