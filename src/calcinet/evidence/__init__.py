"""What findings weigh, what else they could mean, and what may be done next."""
