"""What makes the files that the package carries ready-made: message catalogues and the font."""
