"""One radiograph to its part of the record."""
