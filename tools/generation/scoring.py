"""What the scorers of all kinds hold: the funnel, the reference's facts, values by measure, a drawn part."""

from array import array
from collections.abc import Iterable
from typing import Generic, TypeVar

from tools.generation.drawing import Draw
from tools.generation.funnel import Funnel
from tools.generation.judging.facts import CrystalFacts, MoleculeFacts, SiteFacts
from tools.generation.rules import CrystalRules, MeasureName, MoleculeRules, RuleSet, SiteRules
from tools.generation.shelves import Examined, TrainingShelf

Part = TypeVar("Part", CrystalRules, MoleculeRules, SiteRules)
Facts = TypeVar("Facts", CrystalFacts, MoleculeFacts, SiteFacts)


class Scorer(Generic[Part, Facts]):
    """Takes findings one after the other; memory grows with what must be remembered, not with the strings."""

    def __init__(
        self,
        rules: RuleSet,
        part: Part,
        reference: Examined | None,
        training: TrainingShelf | None,
        seed: int,
        *,
        facts: type[Facts],
        valued: Iterable[MeasureName],
        drawn: int,
    ) -> None:
        """`valued` measures keep a value of each sample; `drawn` samples are compared one by one."""
        self._part: Part = part
        self._training, self._seed = training, seed
        self._has_reference = reference is not None
        given = () if reference is None else reference.facts
        self._real: list[Facts] = [one for one in given if isinstance(one, facts)]
        self.funnel = Funnel(
            rules.name, part, training.shelf if training else None, training.ids if training else ()
        )
        self._values = {name: array("d") for name in valued}
        self._drawn: Draw[Facts] = Draw(part.drawn or drawn, seed)
