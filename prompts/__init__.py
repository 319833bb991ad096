"""Prompts as files: `load("propose").render(...)`. No prompt text stands in Python."""

from prompts.errors import BadPromptValues, BrokenPrompt, PromptError, UnknownPrompt
from prompts.loader import Prompt, Rendered, load, names

__all__ = [
    "BadPromptValues",
    "BrokenPrompt",
    "Prompt",
    "PromptError",
    "Rendered",
    "UnknownPrompt",
    "load",
    "names",
]
