"""What is a mammogram of a patient, and what is not."""
