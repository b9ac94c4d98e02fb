"""What is measured on a CT in Hounsfield units."""
