"""One quantity a file: pure functions of arrays and images."""
