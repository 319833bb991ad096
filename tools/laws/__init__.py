"""Laws from data: formulas with units between the columns of a table, tested out of range."""

from tools.laws.errors import LawError
from tools.laws.schema import Law, LawRequest, LawResult
from tools.laws.tool import TOOL

__all__ = ["TOOL", "Law", "LawError", "LawRequest", "LawResult"]
