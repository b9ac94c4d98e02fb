"""CT: slices to volumes in Hounsfield units."""
