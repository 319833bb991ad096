"""What can go wrong with a prompt, all of it the developer's to mend.

PromptError
├── UnknownPrompt    no file of that id
├── BrokenPrompt     front matter, template or declared inputs do not fit together
└── BadPromptValues  render() was given something else than the prompt declares
"""


class PromptError(Exception):
    """Root of this package's errors."""


class UnknownPrompt(PromptError):
    """No prompt has that id."""


class BrokenPrompt(PromptError):
    """A prompt file that cannot be trusted to render."""


class BadPromptValues(PromptError):
    """The values do not fit the prompt's declared inputs."""
