"""What is measured on a mammogram."""
