"""Sums with units: what an expression of numbers, units and physical constants comes to."""

from tools.calculator.errors import BadExpression, CalculatorError, NoResult
from tools.calculator.tool import TOOL, Asked, Calculator, Result

__all__ = ["TOOL", "Asked", "BadExpression", "Calculator", "CalculatorError", "NoResult", "Result"]
