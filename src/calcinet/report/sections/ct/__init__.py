"""CT on the page."""
