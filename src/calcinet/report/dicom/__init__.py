"""A record as DICOM objects; the only room that knows highdicom."""
