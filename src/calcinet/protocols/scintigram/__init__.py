"""One bone scan to its part of the record; two scans compared."""
