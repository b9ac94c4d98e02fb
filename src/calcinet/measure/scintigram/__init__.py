"""What is measured on counts."""
