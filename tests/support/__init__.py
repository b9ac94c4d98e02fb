"""What tests share: hand-made files, partners on loopback, where things lie."""
