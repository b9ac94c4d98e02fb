"""The command `calcinet`, and `python -m calcinet`."""

import signal


def main() -> None:
    """Run the command line; who presses Ctrl-C before it is loaded gets the prompt back without a traceback."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from calcinet.apps.cli import main as run

    run()


if __name__ == "__main__":
    main()
