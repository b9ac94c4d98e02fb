"""Shape of a net: mesh, junctions, isotropy, probability."""
