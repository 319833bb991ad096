"""What was found of reference sets is kept where whoever asks wants it."""

from pathlib import Path

import pytest

from tools.generation import Sample, SampleForm, SampleKind, evaluate, read_reference, read_samples
from tools.generation.cache import folder, keeping_in
from tools.generation.judging.facts import RequestedFacts
from tools.generation.judging.pool import Workers


def test_findings_of_a_reference_are_kept_in_the_folder_that_is_handed_in(
    tmp_path: Path, own_cache: Path
) -> None:
    pytest.importorskip("rdkit", reason="the extra [generation] is not installed")
    (tmp_path / "real.smi").write_text("CCO\nCCC\nCCN\nCCCC\n")
    reference = read_reference(tmp_path / "real.smi", SampleKind.MOLECULE)
    chosen, usual = tmp_path / "chosen", {*own_cache.rglob("*")}
    with keeping_in(chosen):
        samples = read_samples(tmp_path / "real.smi")
        evaluate(samples, kind=SampleKind.MOLECULE, reference=reference, processes=1)
    assert list(chosen.glob("*.jsonl.gz"))
    assert {*own_cache.rglob("*")} == usual


def test_workers_use_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    class Refused(Exception):
        pass

    def refuse(command: list[str], **_: object) -> None:
        started.append(command)
        raise Refused

    monkeypatch.setattr("tools.generation.judging.pool.subprocess.Popen", refuse)
    with keeping_in(tmp_path), pytest.raises(Refused), Workers(1, 20) as workers:
        list(workers.examine([Sample(form=SampleForm.SMILES, text="CCO")], RequestedFacts()))
    assert started[0][-1] == str(tmp_path)


def test_afterwards_the_users_own_folder_is_used_again(tmp_path: Path, own_cache: Path) -> None:
    with keeping_in(tmp_path):
        assert folder() == tmp_path
    assert folder() == own_cache / "hypothesis-finder" / "generation"
