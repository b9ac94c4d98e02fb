"""`python -m calcinet`, as the command `calcinet`."""

from calcinet.apps.cli import main

if __name__ == "__main__":
    main()
