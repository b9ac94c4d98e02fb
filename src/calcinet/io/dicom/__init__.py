"""What every DICOM file has: header, codecs, patient, body site, pixel spacing."""
