"""Inverse design: from a wanted gap and low energy to configurations, by search over the model."""

from tools.defects.design.goal import Goal
from tools.defects.design.report import METHODS, Design, Trial, design

__all__ = ["METHODS", "Design", "Goal", "Trial", "design"]
