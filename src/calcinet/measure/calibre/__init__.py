"""Outer diameter of vessels, from profiles across them."""
