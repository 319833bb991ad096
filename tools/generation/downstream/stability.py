"""Whether a crystal would hold: relaxed by a potential, its energy above the hull of the reference set."""

from typing import TYPE_CHECKING

from tools.generation.downstream import potential
from tools.generation.downstream.hull import Hull, elements, reference_hull
from tools.generation.downstream.schema import Coverage, PropertyValue, Relaxation, Stability

if TYPE_CHECKING:
    from pymatgen.core.composition import Composition
    from pymatgen.core.structure import Structure

ENERGY, FORCE = "eV/atom", "eV/Å"


def assess(
    structure: "Structure",
    *,
    steps: int = potential.STEPS,
    seconds: float = potential.SECONDS,
    hull: Hull | None = None,
) -> Stability:
    """What has no elements in the fit, no compound in the hull, or falls apart is refused with the reason.

    Raises MissingPackage.
    """
    known = hull or reference_hull()
    composition = structure.composition
    reason = _refuse(structure, known)
    relaxed = None
    if reason is None:
        relaxed, reason = _relax(structure, steps, seconds)
    if relaxed is None or reason is not None:
        return _refused(composition, reason or "it could not be relaxed", relaxed, known)
    return _assess(composition, relaxed, known)


def _refuse(structure: "Structure", hull: Hull) -> str | None:
    composition = structure.composition
    if not structure.is_ordered:
        return "sites with partial occupation: the potential has no word for them"
    if len(structure) > potential.LARGEST:
        return f"{len(structure)} atoms: at most {potential.LARGEST} are relaxed"
    if missing := elements().missing(composition):
        return f"the reference set has too few compounds of {', '.join(missing)} to say what they cost"
    if hull.coverage(frozenset(map(str, composition))) is Coverage.NONE:
        return "the reference set has no compound of any two of these elements: no hull to be above"
    return None


def _relax(structure: "Structure", steps: int, seconds: float) -> tuple[potential.Relaxed | None, str | None]:
    try:
        relaxed = potential.relax(structure, steps=steps, seconds=seconds)
    except ValueError as error:
        if "isolated atom" not in str(error):
            raise
        return None, "an atom has no neighbour within 6 Å"
    if not 1 / potential.HUGE < 1 + relaxed.volume_change < potential.HUGE:
        return relaxed, f"it fell apart: its volume changed by {relaxed.volume_change:+.0%} while relaxing"
    if not relaxed.converged:
        left = f"forces up to {relaxed.largest_force:.2f} eV/Å are left after {relaxed.steps} steps"
        return relaxed, f"it did not come to rest: {left}"
    return relaxed, None


def _assess(composition: "Composition", relaxed: potential.Relaxed, hull: Hull) -> Stability:
    fit, point = elements(), hull.at(composition)
    formed = fit.formation_energy(composition, relaxed.energy)
    return Stability(
        formula=composition.reduced_formula,
        energy=PropertyValue(value=relaxed.energy, unit=ENERGY),
        formation_energy=PropertyValue(value=formed, std=fit.spread, unit=ENERGY),
        above_reference_hull=PropertyValue(
            value=formed - point.formation_energy, std=fit.spread, unit=ENERGY
        ),
        competing=point.phases,
        coverage=point.coverage,
        relaxation=_told(relaxed),
        applicable=True,
        potential=potential.NAME,
        reference=hull.name,
    )


def _refused(
    composition: "Composition", reason: str, relaxed: potential.Relaxed | None, hull: Hull
) -> Stability:
    return Stability(
        formula=composition.reduced_formula,
        energy=None,
        formation_energy=None,
        above_reference_hull=None,
        coverage=hull.coverage(frozenset(map(str, composition))),
        relaxation=_told(relaxed) if relaxed else None,
        applicable=False,
        reason=reason,
        potential=potential.NAME,
        reference=hull.name,
    )


def _told(relaxed: potential.Relaxed) -> Relaxation:
    return Relaxation(
        steps=relaxed.steps,
        converged=relaxed.converged,
        largest_force=PropertyValue(value=relaxed.largest_force, unit=FORCE),
        volume_change=relaxed.volume_change,
    )
