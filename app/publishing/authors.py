"""Who publishes, and under which licence: a name, an ORCID iD whose check digit is right, an SPDX name."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from app.errors import InputError
from tools.strict import Strict

LICENCES: Final = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
}


_GIVEN: Final = re.compile(r"\s*(?P<name>[^<>]*[^<>\s])\s*(?:<(?P<orcid>[^<>]*)>)?\s*")
_ORCID: Final = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")


class BadAuthor(InputError):
    """What was given names no author."""


def check_orcid(orcid: str) -> str:
    """Return the iD. Raises ValueError where its last digit is wrong (ISO/IEC 7064, mod 11-2)."""
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != orcid[-1]:
        raise ValueError("its check digit is wrong")
    return orcid


class Author(Strict):
    """A person, as others cite them."""

    name: str = Field(min_length=1, max_length=200)
    orcid: Annotated[str, AfterValidator(check_orcid)] | None = None

    @property
    def address(self) -> str:
        """Return the ORCID address, else a name within the crate."""
        return f"https://orcid.org/{self.orcid}" if self.orcid else f"#{self.name.replace(' ', '-')}"


def read_author(text: str) -> Author:
    """Read `Ada Lovelace <0000-0002-1825-0097>`; the iD may be left out. Raises BadAuthor."""
    given = _GIVEN.fullmatch(text)
    found = given and given["orcid"] is not None and _ORCID.fullmatch(given["orcid"].strip())
    if given is None or (given["orcid"] is not None and not found):
        raise BadAuthor(
            f"{text!r} names no author: write 'First Last <0000-0002-1825-0097>', or the name alone"
        )
    try:
        return Author(name=given["name"], orcid=found[1] if found else None)
    except ValueError as error:
        raise BadAuthor(f"{text!r}: {given['orcid']} is no ORCID iD, its check digit is wrong") from error
