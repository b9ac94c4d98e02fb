"""Radiographs: DICOM and picture files to images."""
