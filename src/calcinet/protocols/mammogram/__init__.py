"""One mammogram to its part of the record."""
