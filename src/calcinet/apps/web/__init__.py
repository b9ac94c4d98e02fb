"""What `calcinet serve` runs: a page and an interface for programs, with the examinations in processes of their own."""
