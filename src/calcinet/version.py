"""Which version of calcinet this is; the package's face shows it."""

__version__ = "0.1.0"
