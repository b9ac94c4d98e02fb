"""Lines in pixels: skeletons, centre lines, and the linking of pieces of one vessel."""
