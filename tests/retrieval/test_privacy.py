"""Nothing that we start tells anyone of a user."""

import os
import subprocess
import sys
from pathlib import Path

from app.settings.sections import PathsSection

EMBED = "from retrieval.embeddings import load_embedder; load_embedder(Path(sys.argv[1])).encode(['a text'])"


def test_embedding_leaves_no_device_id_and_no_telemetry_store(tmp_path: Path) -> None:
    code = f"import sys; from pathlib import Path; {EMBED}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}
    cache = str(PathsSection().cache)
    subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code, cache], env=environment | {"HOME": str(tmp_path)}, check=True
    )
    assert not list(tmp_path.rglob("*"))
