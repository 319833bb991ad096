"""The folded process gives what the plain covariance gives."""

from dataclasses import fields

import numpy as np
import pytest

from tools.defects import parse_spec, predict_many
from tools.defects.catalogue import catalogue
from tools.defects.features import features
from tools.defects.kernel import Features, cluster_scales, covariance, noise, nonlinear, own_variance
from tools.defects.weights import load_model

pytest.importorskip("torch", reason="training is an extra")

from tools.defects.training.train import dense_features

SPECS = {
    "MoS2": ("MoS2 8x8x1: vacancy S@0; W on Mo@3; Se on S@77", "MoS2 8x8x1: vacancy Mo@5; vacancy S@12"),
    "GaSe": (
        "GaSe 6x6x1: vacancy Ga@0; In on Ga@9; S on Se@3",
        "GaSe 6x6x1: vacancy Se@1; vacancy Se@2; vacancy Ga@8",
    ),
}
TENTH_OF_A_MEV = 1e-4


def in_double(given: Features) -> Features:
    columns = {field.name: getattr(given, field.name) for field in fields(given)}
    return Features(**{name: x if name == "kind" else x.astype(np.float64) for name, x in columns.items()})


@pytest.mark.parametrize("dataset", ["low_density_defects/MoS2", "high_density_defects/GaSe_spin_500"])
@pytest.mark.parametrize("target", ["energy", "gap"])
def test_folded_means_are_the_plain_ones(dataset: str, target: str) -> None:
    model = load_model(next(entry for entry in catalogue() if entry.dataset == dataset))
    expert = model.experts[target]
    configurations = [parse_spec(spec) for spec in SPECS[model.host.name]]
    asked, _ = features(model.host, configurations, model.vocabulary)
    parameters = {name: np.asarray(value, np.float64) for name, value in expert.parameters.items()}
    trained = in_double(expert.trained)
    plain = nonlinear(in_double(asked), trained, expert.layout, parameters, np) @ expert.dual.astype(
        np.float64
    )
    folded, _ = expert._folded.compare(asked, expert.parameters)  # noqa: SLF001 what is tested
    assert np.abs(folded - plain).max() < TENTH_OF_A_MEV


@pytest.mark.parametrize("dataset", ["low_density_defects/MoS2", "high_density_defects/GaSe_spin_500"])
def test_folded_deviations_are_the_plain_ones(dataset: str) -> None:
    model = load_model(next(entry for entry in catalogue() if entry.dataset == dataset))
    expert = model.experts["energy"]
    configurations = [parse_spec(spec) for spec in SPECS[model.host.name]]
    asked, strange = features(model.host, configurations, model.vocabulary)
    whole, number = dense_features(model.host, configurations, model.vocabulary)
    where, p = expert.layout, expert.parameters
    own = covariance(expert.anchors, expert.anchors, where, p, np).astype(np.float64)
    own += np.diag(noise(expert.anchor_defects, p) + 1e-6)
    alike = covariance(whole, expert.anchors, where, p, np).astype(np.float64)
    explained = (alike * np.linalg.solve(own, alike.T).T).sum(1)
    new = strange.clusters.toarray() ** 2 @ cluster_scales(strange.layout, p, np) ** 2
    variance = (own_variance(asked, where, p) - explained + noise(number, p) + new).clip(min=p["noise"] ** 2)
    _, deviation = expert.estimate(asked, strange, number)
    assert np.abs(deviation - expert.stretch * np.sqrt(variance)).max() < TENTH_OF_A_MEV


def test_workers_answer_in_order_what_one_process_answers() -> None:
    asked = [(str(k), spec) for k, spec in enumerate([*SPECS["GaSe"], "nonsense: x", *SPECS["MoS2"]] * 2)]
    assert list(predict_many(asked, workers=2)) == list(predict_many(asked))
