"""Small objects to deliver: secondary captures whose identifiers follow from a seed."""

from io import BytesIO

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

NAME = "Nemo^Captain"

NOBODY = "dicom://NOBODY@127.0.0.1:9"
"""A node at a port where nothing listens."""


def capture(seed: int, side: int = 8) -> bytes:
    """A small secondary capture whose identifiers follow from the seed."""
    made = Dataset()
    made.SOPClassUID = SecondaryCaptureImageStorage
    made.SOPInstanceUID = generate_uid(entropy_srcs=[f"object {seed}"])
    made.StudyInstanceUID = generate_uid(entropy_srcs=["study"])
    made.SeriesInstanceUID = generate_uid(entropy_srcs=["series"])
    made.PatientName, made.PatientID, made.Modality = NAME, "1", "OT"
    made.Rows = made.Columns = side
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit, made.PixelRepresentation = 7, 0
    made.PixelData = np.full((side, side), seed % 256, np.uint8).tobytes()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    stream = BytesIO()
    made.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def uid_of(content: bytes) -> str:
    """SOP Instance UID of a DICOM file."""
    return str(dcmread(BytesIO(content)).SOPInstanceUID)
