"""Anderson's model on a strip: localisation length by transfer matrices, conductance by Green's functions.

Uniform site energies in ±W/2. MacKinnon and Kramer, Z. Phys. B 53, 1 (1983), doi 10.1007/BF01578242;
Landauer's conductance from the recursive Green's function between clean leads (Fisher and Lee, Phys. Rev. B
23, 6851 (1981), doi 10.1103/PhysRevB.23.6851). Many strips at once.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

STRIPS: Final = 32
STEPS: Final = 900
BETWEEN: Final = 3
"""Steps between orthogonalisations."""
LEAST: Final = 1e-9
"""Lyapunov exponent (1/site) below which a strip counts as not localised."""


def localisation_length(
    hopping: float, strength: float, energy: float, width: int, seed: int
) -> tuple[float, float]:
    """Return the localisation length in sites and its uncertainty, from STRIPS strips of STEPS sites."""
    import numpy as np

    rng = np.random.default_rng(seed)
    across = _across(width)
    now = np.tile(np.eye(width), (STRIPS, 1, 1))
    before = np.zeros_like(now)
    logs = np.zeros(STRIPS)
    warm = STEPS // 6 // BETWEEN * BETWEEN
    for step in range(1, STEPS + 1):
        sites = rng.uniform(-strength / 2, strength / 2, (STRIPS, width, 1)) / hopping
        now, before = (energy / hopping - sites) * now - across @ now - before, now
        if step % BETWEEN == 0:
            q, r = np.linalg.qr(np.concatenate([now, before], axis=1))
            now, before = q[:, :width], q[:, width:]
            if step > warm:
                logs += np.log(np.abs(r[:, -1, -1]))  # the smallest exponent decides
    rates = logs / (STEPS - warm)
    rate, spread = float(rates.mean()), float(rates.std(ddof=1) / STRIPS**0.5)
    rate = max(rate, LEAST)
    return 1 / rate, spread / rate**2


def conductance(  # noqa: PLR0917 - a model has that many numbers
    hopping: float, strength: float, energy: float, width: int, length: int, seed: int
) -> tuple[float, float]:
    """Return the mean conductance in 2e²/h of strips between clean leads of the same lattice."""
    import numpy as np

    rng = np.random.default_rng(seed)
    lead = _lead(energy / hopping, width)
    gamma = 1j * (lead - lead.conj().T)
    across = _across(width)
    eye = np.eye(width)
    left = np.tile(lead, (STRIPS, 1, 1))
    through = np.tile(np.eye(width, dtype=complex), (STRIPS, 1, 1))
    for site in range(length):
        sites = rng.uniform(-strength / 2, strength / 2, (STRIPS, width)) / hopping
        h = across + sites[:, :, None] * eye
        right = lead if site == length - 1 else 0.0
        green = np.linalg.inv(energy / hopping * eye - h - left - right)
        through = through @ green
        left = green
    transmitted = np.einsum("ij,njk,kl,nml->nim", gamma, through, gamma, through.conj())
    values = np.trace(transmitted, axis1=1, axis2=2).real
    return float(values.mean()), float(values.std(ddof=1) / STRIPS**0.5)


def _across(width: int) -> "Array":
    """Return the coupling inside a slice, in units of the hopping: an open row of sites."""
    import numpy as np

    row: Array = np.eye(width, k=1) + np.eye(width, k=-1)
    return row


def _lead(energy: float, width: int) -> "NDArray[np.complex128]":
    """Return the self-energy of a clean half-infinite strip: of its channels, each a chain."""
    import numpy as np

    levels, modes = np.linalg.eigh(_across(width))
    detuned = (energy - levels).astype(complex) / 2
    root = np.sqrt(detuned**2 - 1 + 0j)
    inside = np.abs(detuned.real) < 1
    chosen = np.where(inside, detuned - 1j * np.sqrt(np.maximum(1 - detuned.real**2, 0)), 0)
    outside = np.where(np.abs(detuned - root) < 1, detuned - root, detuned + root)
    sigma = np.where(inside, chosen, outside)
    result: NDArray[np.complex128] = (modes * sigma) @ modes.T
    return result
