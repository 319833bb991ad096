"""The page's own process: `python -m app.page FILE HOST PORT`. It ends when its standard input does.

That is when the service closes it, or is gone, however it went.
"""

import os
import signal
import sys
import threading


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; the service decides what it means
    threading.Thread(target=_end_with_input, daemon=True).start()
    file, host, port = sys.argv[1:]
    options = {
        "server.address": host,
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    from streamlit.web import cli

    sys.argv = ["streamlit", "run", file, *flags]
    cli.main()


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)  # open browser tabs would hold a softer exit up


if __name__ == "__main__":
    main()
