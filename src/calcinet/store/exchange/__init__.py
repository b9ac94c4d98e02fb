"""Records of a store for registries and statistics, and back again without a loss."""
