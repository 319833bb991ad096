"""The child process that serves the embedded model: `python -P server_process.py ADDRESS_FILE`.

Its settings are the first line of its standard input, and it ends when that does. That is when the parent
closes it, or is gone, however it went: the operating system closes a dead process's pipes on every platform.
Nothing of ours is imported: a light start.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import NamedTuple


class ServerSettings(NamedTuple):
    path: str
    name: str
    key: str
    threads: int
    slots: int
    context: int

    def line(self) -> bytes:
        return json.dumps(self._asdict()).encode() + b"\n"


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; the parent decides what it means
    settings = ServerSettings(**json.loads(sys.stdin.buffer.readline()))
    threading.Thread(target=_end_with_input, daemon=True).start()
    ready = Path(sys.argv[1])
    whole = ready.with_suffix(".part")
    whole.write_text(serve(settings), encoding="utf-8")
    whole.rename(ready)
    threading.Event().wait()


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)  # the server's own threads would hold a softer exit up


def serve(settings: ServerSettings) -> str:
    """Starts to serve, in threads that last as long as the process, and returns the address."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = settings.path
    params.model_alias = {settings.name}
    params.api_keys = [settings.key]  # other users of this machine can reach the port too
    params.port = 0  # a free one
    params.ui = False
    params.endpoint_slots = False
    params.n_gpu_layers = 0
    params.cache_ram_mib = 0  # each slot keeps its last prompt anyway; more would grow to 8 GB
    params.n_parallel = settings.slots
    params.n_ctx = settings.slots * settings.context
    params.cpuparams.n_threads = settings.threads
    params.cpuparams_batch.n_threads = settings.threads
    server = xllamacpp.Server(params)
    _running.append(server)
    return str(server.listening_address)


_running: list[object] = []  # a server that nobody holds would stop

if __name__ == "__main__":
    main()
