"""CT volume to where calcium is: body, bone and compartments on a coarse grid, calcium on the scanner's own."""
