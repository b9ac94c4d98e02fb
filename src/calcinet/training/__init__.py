"""Makes the weights that findings loads; needs the `train` extra."""
