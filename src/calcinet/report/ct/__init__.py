"""A CT on the page and in files: projections, sections, label map and surfaces."""
