"""Records of one patient -> one time line: what was measured twice is compared, the rest stands beside it."""
