"""One CT to its part of the record."""
