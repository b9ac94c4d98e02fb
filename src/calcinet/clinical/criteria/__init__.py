"""Published criteria, applied to a case."""
