from pathlib import Path

import pytest
import sqlalchemy as sa

from app.errors import InputError
from app.jobs.keys import FORM, Keys, NewKey, Scope


def test_a_key_is_found_by_itself_and_by_nothing_near_it(engine: sa.Engine) -> None:
    keys = Keys(engine)
    assert not keys.configured
    key = keys.add(NewKey(name="lab", tokens=10))
    assert keys.configured
    assert FORM.fullmatch(key)
    found = keys.find(key)
    assert found is not None
    assert (found.name, found.tokens, found.scopes) == ("lab", 10, {Scope.ASK, Scope.READ, Scope.TOOLS})
    head, secret = key.rsplit("_", 1) if key.count("_") == 2 else (key[:12], key[13:])
    for wrong in (
        "",
        "hyp_",
        key[:-1],
        key + "x",
        key.swapcase(),
        f"{head}_{secret[::-1]}",
        f"hyp_00000000_{secret}",
    ):
        assert keys.find(wrong) is None


def test_only_a_hash_is_stored(sqlite: sa.Engine, tmp_path: Path) -> None:
    key = Keys(sqlite).add(NewKey(name="lab"))
    secret = key[13:].encode()
    sqlite.dispose()
    assert len(secret) == 43
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and secret in path.read_bytes()]


def test_a_revoked_key_is_none_and_opens_nothing(engine: sa.Engine) -> None:
    keys = Keys(engine)
    key = keys.add(NewKey(name="lab"))
    keys.revoke(key[4:12])
    assert keys.find(key) is None
    assert Keys(engine).configured
    with pytest.raises(InputError, match="hypofind keys list"):
        keys.revoke(key[4:12])
    ((known, tokens, usd),) = keys.all()
    assert known.revoked is not None
    assert (tokens, usd) == (0, 0.0)
