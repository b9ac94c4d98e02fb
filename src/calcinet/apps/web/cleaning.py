"""What is left to remove: of studies that are to vanish, and of a server that was killed."""

import shutil

from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.queue import Queue


def remove_deleted(data: DataFolder, queue: Queue) -> None:
    """Remove the files of studies that are to vanish and that nobody works on."""
    for study_id in queue.list_deleted():
        shutil.rmtree(data.study(study_id).root, ignore_errors=True)
        if not data.study(study_id).root.exists():
            queue.forget(study_id)


def put_right(data: DataFolder, queue: Queue) -> None:
    """Before a server begins: what nobody was told of is removed."""
    remove_deleted(data, queue)
    for rest in data.incoming.iterdir():
        rest.unlink(missing_ok=True)
    known = {study.id for study in queue.list_studies()}
    for folder in data.studies.iterdir():
        if folder.name not in known:  # its sender was never answered
            shutil.rmtree(folder, ignore_errors=True)
