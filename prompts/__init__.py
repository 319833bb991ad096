"""Prompts as files: `load("propose").render(...)`. No prompt text stands in Python."""

from prompts.errors import BadInput, BrokenPrompt, PromptError, UnknownPrompt
from prompts.loader import Prompt, Rendered, load, names

__all__ = ["BadInput", "BrokenPrompt", "Prompt", "PromptError", "Rendered", "UnknownPrompt", "load", "names"]
