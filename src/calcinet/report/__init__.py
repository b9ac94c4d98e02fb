"""Record -> documents."""
