"""What is said of a question that is not English."""

from physh import foreign_language


def language_note(question: str) -> str | None:
    """A sentence for whoever asks; None for an English question."""
    language = foreign_language(question)
    if language is None:
        return None
    return (
        f"The question seems to be in {language}, and PhySH is English: disciplines and concepts were chosen "
        "almost at random. Ask in English, or pin disciplines and frameworks."
    )
