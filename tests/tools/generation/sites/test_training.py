"""Training of the model of sites in seconds: it stops, goes on, and what it ships writes sites."""

from pathlib import Path

import pytest

from tests.tools.generation.sites.samples import write_set

torch = pytest.importorskip("torch", reason="PyTorch comes with the extra generation-train")


@pytest.mark.slow
def test_a_training_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.generation.errors import BadFile
    from tools.generation.generators.catalogue import load_model
    from tools.generation.generators.sites.model import SiteModel
    from tools.generation.generators.training import sites
    from tools.generation.generators.training.fit import Paused

    monkeypatch.setattr(sites, "WIDTH", 24)
    monkeypatch.setattr(sites, "LAYERS", 1)
    monkeypatch.setattr(sites, "HEADS", 1)
    write_set(tmp_path / "binding_sites")
    out = tmp_path / "out"
    with pytest.raises(Paused):
        sites.train_sites(0.06, 0, tmp_path, out, pause=0.02)
    kept = out / "sites.training"
    assert kept.exists()
    before = torch.load(kept, weights_only=True)["at"]
    with pytest.raises(Paused):
        sites.train_sites(0.06, 0, tmp_path, out, pause=0.02)
    assert torch.load(kept, weights_only=True)["at"][0] > before[0]
    card = sites.train_sites(0.06, 0, tmp_path, out)  # without a pause it begins anew
    assert card.fit.loss < card.fit.curve[0][1]
    model = load_model("sites", folder=out)
    assert isinstance(model, SiteModel)
    assert len(list(model.generate(1, seed=0))) == 1
    kept.write_bytes(b"no training")
    with pytest.raises(BadFile, match="remove it to begin anew"):
        sites.train_sites(0.06, 0, tmp_path, out, pause=0.02)
