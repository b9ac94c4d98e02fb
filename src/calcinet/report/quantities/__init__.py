"""Numbers of a record with unit, label and code."""
