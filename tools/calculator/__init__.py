"""Sums with units: what an expression of numbers, units and physical constants comes to."""

from tools.calculator.errors import BadExpression, CalculatorError, NoResult
from tools.calculator.tool import Asked, Calculator, Result

__all__ = ["Asked", "BadExpression", "Calculator", "CalculatorError", "NoResult", "Result"]
