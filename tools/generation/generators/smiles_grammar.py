"""Which token may follow in a SMILES: brackets, ring labels, valences, and aromatic rings that close.

A token is allowed where the string can still become one that RDKit sanitises: what is finished is
counted exactly, what is open is taken for the best that it can become.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final, Self

from tools.generation.generators.smiles_atoms import (
    SIGMA,
    BondingAtom,
    Pi,
    bridges,
    pairable,
    read_atom,
    without_leaves,
)
from tools.generation.generators.vocabulary import LAST

ORDERS: Final = {"": 1, "-": 1, "/": 1, "\\": 1, "=": 2, "#": 3}
BONDS: Final = frozenset("-/\\=#")
DIRECTED: Final = ("", "/", "\\")
DOUBLE: Final = 2
FUTURE: Final = -1
OPEN: Final = "("
CLOSE: Final = ")"
LONG: Final = 60  # tokens, after which nothing new is opened: drug-like molecules end before 70
PROBES: Final = ("C", "c")


@dataclass
class OpenRing:
    """A ring label that waits for its partner."""

    atom: int
    bond: str


@dataclass
class SmilesState:
    atoms: list[BondingAtom] = field(default_factory=list)
    used: list[int] = field(default_factory=list)
    doubles: list[bool] = field(default_factory=list)
    edges: list[tuple[int, int, bool]] = field(default_factory=list)
    stack: list[int] = field(default_factory=list)
    rings: dict[str, OpenRing] = field(default_factory=dict)
    current: int = FUTURE
    bond: str = ""
    before: str = ""
    length: int = 0

    def allows(self, token: str) -> bool:
        if token == LAST:
            return self._may_end()
        if token in BONDS:
            return self._may_bond(token)
        if token == OPEN:
            fits = self._settled() and self.before != OPEN and self.room(self.current) > 0
            return fits and self.length < LONG
        if token == CLOSE:
            return self._settled() and bool(self.stack) and self.before != OPEN and self._hopeful_after(token)
        if token[0].isdigit() or token[0] == "%":
            return self._may_ring(token) and self._hopeful_after(token)
        return self._may_add(token) and self._hopeful_after(token)

    def push(self, token: str) -> None:
        if token in BONDS:
            self.bond = token
        elif token == OPEN:
            self.stack.append(self.current)
        elif token == CLOSE:
            self.current = self.stack.pop()
        elif token[0].isdigit() or token[0] == "%":
            self._ring(token)
        elif token != LAST:
            self._add(token)
        self.before = token
        self.length += 1

    def room(self, atom: int) -> int:
        """Single bonds that an atom can still take."""
        more = 1 if self.doubles[atom] and self.atoms[atom].aromatic else 0
        return self.atoms[atom].limit + more - self.used[atom]

    def takes(self, atom: int, bond: str) -> bool:
        """Whether an atom can take one more bond, to whatever it leads."""
        order = ORDERS[bond]
        if not self.atoms[atom].aromatic or order == 1:
            return self.room(atom) >= order
        fits = self.atoms[atom].outward_double and self.used[atom] < SIGMA and not self.doubles[atom]
        return order == DOUBLE and fits

    def _settled(self) -> bool:
        return self.current != FUTURE and not self.bond

    def _may_end(self) -> bool:
        done = self._settled() and not self.stack and not self.rings and self.before != OPEN
        return done and all(map(self._filled, range(len(self.atoms)))) and self._kekulised()

    def _may_bond(self, token: str) -> bool:
        if not (self._settled() and self.takes(self.current, token)):
            return False
        trial = self.copy()
        trial.push(token)
        return any(trial.allows(probe) for probe in (*PROBES, *self.rings))

    def _may_add(self, token: str) -> bool:
        atom = read_atom(token)
        if atom is None:
            return False
        if self.current == FUTURE:
            return True
        if self.length >= LONG and atom.aromatic and not self._in_aromatic_chain:
            return False
        double = ORDERS[self.bond] > 1
        if double and atom.aromatic and (self.atoms[self.current].aromatic or not atom.outward_double):
            return False
        return self.takes(self.current, self.bond) and atom.limit >= ORDERS[self.bond] - (
            atom.aromatic and double
        )

    def _may_ring(self, label: str) -> bool:
        if self.current == FUTURE or self.before in {OPEN, CLOSE}:
            return False
        if self.bond and self._bond_began_branch:
            return False
        opened = self.rings.get(label)
        if opened is None:
            return self.takes(self.current, self.bond) and self.length < LONG
        return self._may_close(opened)

    @property
    def _in_aromatic_chain(self) -> bool:
        return self.atoms[self.current].aromatic and self.bond in DIRECTED

    @property
    def _bond_began_branch(self) -> bool:
        """A bond symbol right after a bracket belongs to the branch's first atom."""
        return bool(self.stack) and self.stack[-1] == self.current

    def _may_close(self, opened: OpenRing) -> bool:
        here, there = self.current, opened.atom
        if here == there or any({here, there} == {first, second} for first, second, _ in self.edges):
            return False
        bond, promised = self.bond or opened.bond, ORDERS[opened.bond]
        if opened.bond and ORDERS[bond] != promised:
            return False
        if ORDERS[bond] > 1 and self.atoms[here].aromatic and self.atoms[there].aromatic:
            return False
        trial = self.copy()
        trial.release(opened)
        return trial.takes(here, bond) and trial.takes(there, bond)

    def _add(self, token: str) -> None:
        atom = read_atom(token)
        assert atom is not None, token  # noqa: S101 - only allowed tokens are pushed
        number = len(self.atoms)
        self.atoms.append(atom)
        self.used.append(0)
        self.doubles.append(False)
        if self.current != FUTURE:
            self._join(self.current, number, self.bond)
        self.current, self.bond = number, ""

    def _ring(self, label: str) -> None:
        opened = self.rings.pop(label, None)
        if opened is None:
            self.rings[label] = OpenRing(self.current, self.bond)
            self.used[self.current] += ORDERS[self.bond]
            self.doubles[self.current] |= ORDERS[self.bond] == DOUBLE
        else:
            self.release(opened)
            self._join(opened.atom, self.current, self.bond or opened.bond)
        self.bond = ""

    def release(self, opened: OpenRing) -> None:
        """Takes back what an open ring had reserved."""
        self.used[opened.atom] -= ORDERS[opened.bond]
        self.doubles[opened.atom] &= ORDERS[opened.bond] != DOUBLE

    def _join(self, first: int, second: int, bond: str) -> None:
        order = ORDERS[bond]
        aromatic = bond in DIRECTED and self.atoms[first].aromatic and self.atoms[second].aromatic
        self.edges.append((first, second, aromatic))
        for atom in (first, second):
            self.used[atom] += order
            self.doubles[atom] |= order == DOUBLE

    def copy(self) -> Self:
        return type(self)(
            self.atoms.copy(), self.used.copy(), self.doubles.copy(), self.edges.copy(), self.stack.copy(),
            self.rings.copy(), self.current, self.bond, self.before, self.length,
        )  # fmt: skip

    def _hopeful_after(self, token: str) -> bool:
        """Whether what the token leaves behind can still become valid."""
        trial = self.copy()
        trial.push(token)
        left = (
            {self.current, *(opened.atom for opened in self.rings.values())} - trial.open_atoms() - {FUTURE}
        )
        if not all(map(trial._filled, left)):  # noqa: SLF001 - of the same class
            return False
        aromatic = any(trial.atoms[atom].aromatic for atom in {*left, trial.current, self.current} - {FUTURE})
        return trial.goes_on() and not (aromatic and trial.stuck())

    def open_atoms(self) -> set[int]:
        """Atoms that can still get a bond."""
        return {self.current, *self.stack, *(opened.atom for opened in self.rings.values())}

    def goes_on(self) -> bool:
        """Whether open rings find an atom to go on from."""
        return not self.rings or any(self.room(atom) > 0 for atom in (self.current, *self.stack))

    def _filled(self, atom: int) -> bool:
        spare = self.atoms[atom].spare
        return spare is None or self.room(atom) in spare

    def stuck(self) -> bool:
        """Whether an aromatic atom can no longer be in a ring, or find its double bond."""
        graph = self._aromatic_graph()
        open_atoms = self.open_atoms()
        for atom in open_atoms & set(graph):
            opened = sum(ring.atom == atom for ring in self.rings.values())
            ways = opened + (min(self.room(atom), 2) if atom in (self.current, *self.stack) else 0)
            graph[atom] += [FUTURE] * ways
            graph[FUTURE] += [atom] * ways
        if not set(graph) - {FUTURE} <= without_leaves(graph):
            return True
        return not self._paired(graph, open_atoms)

    def _aromatic_graph(self) -> defaultdict[int, list[int]]:
        graph: defaultdict[int, list[int]] = defaultdict(list)
        for number, atom in enumerate(self.atoms):
            if atom.aromatic:
                graph[number] = []
        for first, second, aromatic in self.edges:
            if aromatic:
                graph[first].append(second)
                graph[second].append(first)
        return graph

    def _paired(self, graph: defaultdict[int, list[int]], open_atoms: set[int]) -> bool:
        able = {atom for atom in graph if atom != FUTURE and self._wants(atom)}
        waiting = {opened.atom for opened in self.rings.values()}
        hopeful = {atom for atom in open_atoms & able if atom in waiting or self.room(atom) > 0}
        return pairable(graph, able - hopeful, able)

    def _wants(self, atom: int) -> bool:
        kind = self.atoms[atom]
        if kind.pi is Pi.UNLESS_THREE_BONDS:
            return self.used[atom] < SIGMA
        return kind.pi is Pi.ALWAYS and not self.doubles[atom]

    def _kekulised(self) -> bool:
        graph = self._aromatic_graph()
        if not set(graph) <= without_leaves(graph):
            return False
        apart = bridges(graph)
        ringed = defaultdict(
            list, {a: [b for b in others if (a, b) not in apart] for a, others in graph.items()}
        )
        return all(ringed.values()) and self._paired(ringed, set())
