"""Laws from data: formulas with units between the columns of a table, and what a trained model learned."""

from tools.laws.errors import LawError
from tools.laws.schema import DiscoveredLaw, LawRequest, LawResult
from tools.laws.tool import EXPLAIN, TOOL

__all__ = ["EXPLAIN", "TOOL", "DiscoveredLaw", "LawError", "LawRequest", "LawResult"]
