"""Studies of one patient in an archive, to be found by their patient and day."""

import urllib.request
from io import BytesIO

from pydicom import dcmread
from pydicom.uid import generate_uid

from tests.support.captures import capture
from tests.support.orthanc import Orthanc


def restate(content: bytes, name: str, **elements: str) -> bytes:
    """An object of a study of its own, by name, with other elements."""
    made = dcmread(BytesIO(content))
    made.StudyInstanceUID = generate_uid(entropy_srcs=[f"{name} study"])
    made.SeriesInstanceUID = generate_uid(entropy_srcs=[f"{name} series {elements.get('Modality', '')}"])
    made.SOPInstanceUID = generate_uid(entropy_srcs=[f"{name} {elements}"])
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    stream = BytesIO()
    made.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def make_object(name: str, **elements: str) -> bytes:
    """A small object of a study of its own, by name."""
    return restate(capture(len(name)), name, **elements)


def put(archive: Orthanc, *contents: bytes) -> None:
    """Lay objects into the archive."""
    for content in contents:
        asked = urllib.request.Request(f"{archive.http}/instances", data=content, method="POST")
        urllib.request.urlopen(asked, timeout=30).close()


def introduce(archive: Orthanc, title: str, port: int) -> None:
    """Tell the archive where a node is."""
    body = f'{{"AET": "{title}", "Host": "127.0.0.1", "Port": {port}}}'.encode()
    asked = urllib.request.Request(f"{archive.http}/modalities/{title}", data=body, method="PUT")
    urllib.request.urlopen(asked, timeout=30).close()


def study_uid(content: bytes) -> str:
    """Study Instance UID of an object."""
    return str(dcmread(BytesIO(content)).StudyInstanceUID)
