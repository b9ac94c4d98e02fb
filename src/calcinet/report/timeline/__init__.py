"""The time line on a page and on paper: small pictures on one axis of time, and what they say in a minute."""
