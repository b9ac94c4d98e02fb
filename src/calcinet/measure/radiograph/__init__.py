"""What is measured on a projection radiograph."""
