"""Descriptors of structures: numbers that a model can learn from, each with its representation.

find_descriptor("ewald_matrix").describe(read_structure(text, most_atoms=1000))
"""

from tools.descriptors.choosing.tool import CHOOSE
from tools.descriptors.registry import HOMES, find_descriptor
from tools.descriptors.tool import DESCRIBE

__all__ = ["CHOOSE", "DESCRIBE", "HOMES", "find_descriptor"]
