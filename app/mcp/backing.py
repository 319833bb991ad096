"""The service behind the tools: the one that runs already, else one of our own in this process."""

import socket
import threading
import time
from typing import TYPE_CHECKING

from app.client import Client, ServiceError
from app.errors import AppError
from app.hosts import server_config
from app.settings import Settings
from tools.runner import Runner

if TYPE_CHECKING:
    import uvicorn

START_S = 60.0
STOP_S = 15.0
POLL_S = 0.05


class Backing:
    """Nothing is started before the first question. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.runner = Runner()
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def client(self) -> Client:
        """Raises AppError where the service can be neither found nor started."""
        with self._lock:
            if self._client is None:
                self._client = self._find() or self._start()
            return self._client

    def close(self) -> None:
        """End the tools' processes, and a service of our own; its questions go on with the next start."""
        self.runner.close()
        if self._client:
            self._client.close()
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(STOP_S)

    def _find(self) -> Client | None:
        client = self._connect(self.settings.service.address)
        try:
            client.readiness()
        except ServiceError:  # nobody there, or not one of ours
            client.close()
            return None
        return client

    def _start(self) -> Client:
        import uvicorn

        from app.api.build import create_app

        app = create_app(self.settings, runner=self.runner)
        listening = socket.create_server(("127.0.0.1", 0))
        config = server_config(app, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        options = {"sockets": [listening]}
        self._thread = threading.Thread(target=self._server.run, kwargs=options, daemon=True)
        self._thread.start()
        end = time.monotonic() + START_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > end:
                raise AppError("the service behind the tools did not start: hypofind doctor may say why")
            time.sleep(POLL_S)
        return self._connect(f"http://127.0.0.1:{listening.getsockname()[1]}")

    def _connect(self, address: str) -> Client:
        key = self.settings.service.key
        return Client(address, key.get_secret_value() if key else None)
