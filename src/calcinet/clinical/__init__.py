"""The patient in checked units: what the case file says and what follows from it."""
