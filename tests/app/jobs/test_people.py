import pytest
import sqlalchemy as sa

from app.errors import InputError
from app.jobs import tables
from app.jobs.activity import CLEARED, Act, Activities
from app.jobs.errors import LastOwner, NoSuchProject, ProjectExists
from app.jobs.keys import Keys, NewKey, Scope
from app.jobs.links import Links, NewLink
from app.jobs.people import Projects, Role


def join(keys: Keys, person: str, role: Role, project: str = "glasses") -> str:
    return keys.add(NewKey(name=f"{person}'s", person=person, project=project, role=role))


@pytest.fixture
def keys(engine: sa.Engine) -> Keys:
    Projects(engine).add("glasses")
    return Keys(engine)


def test_a_key_without_a_project_has_one_of_its_own(engine: sa.Engine) -> None:
    key = Keys(engine).find(Keys(engine).add(NewKey(name="ada")))
    assert key is not None
    assert (key.person, key.project, key.role) == ("ada", key.id, Role.OWNER)
    (own,) = Projects(engine).all()
    assert (own.id, own.members[0].person, own.members[0].role) == (key.id, "ada", Role.OWNER)
    assert Keys(engine).of_project(key.id) == {key.id}


def test_keys_of_one_project_belong_together(engine: sa.Engine, keys: Keys) -> None:
    made = [
        keys.find(join(keys, person, role)) for person, role in (("ada", Role.OWNER), ("bob", Role.READER))
    ]
    found = [key for key in made if key is not None]
    assert [(key.person, key.role) for key in found] == [("ada", Role.OWNER), ("bob", Role.READER)]
    assert keys.of_project("glasses") == {key.id for key in found}
    assert keys.person(found[1].id) == "bob"
    assert keys.person("nobody") == "nobody"
    second = keys.find(keys.add(NewKey(name="laptop", person="bob", project="glasses")))
    assert second is not None
    assert second.role is Role.READER, "who is in the project keeps their role"
    with pytest.raises(InputError, match="bob' is reader"):
        join(keys, "bob", Role.OWNER)
    with pytest.raises(NoSuchProject):
        join(keys, "bob", Role.OWNER, "nowhere")


def test_a_role_that_changes_holds_from_the_next_request_on(engine: sa.Engine, keys: Keys) -> None:
    join(keys, "ada", Role.OWNER)
    bobs = join(keys, "bob", Role.AUTHOR)
    Projects(engine).set_role("glasses", "bob", Role.READER)
    found = keys.find(bobs)
    assert found is not None
    assert found.role is Role.READER
    assert Projects(engine).role("glasses", "bob") is Role.READER
    assert Projects(engine).role("glasses", "eve") is None


def test_who_is_removed_has_no_key_and_the_last_owner_stays(engine: sa.Engine, keys: Keys) -> None:
    people = Projects(engine)
    adas, bobs = join(keys, "ada", Role.OWNER), join(keys, "bob", Role.AUTHOR)
    elsewhere = keys.add(NewKey(name="at home", person="bob"))
    people.remove("glasses", "bob")
    assert keys.find(bobs) is None
    assert keys.find(elsewhere) is not None, "a person's keys in other projects hold"
    assert len(keys.of_project("glasses")) == 2, "what was asked with it stays the project's"
    for change in (
        lambda: people.remove("glasses", "ada"),
        lambda: people.set_role("glasses", "ada", Role.READER),
    ):
        with pytest.raises(LastOwner, match="only owner"):
            change()
    assert keys.find(adas) is not None
    people.set_role("glasses", "bob", Role.OWNER)
    people.remove("glasses", "ada")
    assert [member.person for member in people.get("glasses").members] == ["bob"]
    assert keys.find(bobs) is None, "a key that was revoked stays so"
    with pytest.raises(NoSuchProject):
        people.remove("glasses", "eve")


@pytest.mark.parametrize(
    "name", ["", "Glasses", "a/b", "..", "local", "recovered", "0a1b2c3d", "x" * 61, "-a"]
)
def test_a_project_is_not_named_like_a_folder_or_a_key(engine: sa.Engine, name: str) -> None:
    with pytest.raises(ProjectExists, match="cannot be a project's name"):
        Projects(engine).add(name)


def test_a_name_is_taken_once(engine: sa.Engine, keys: Keys) -> None:
    with pytest.raises(ProjectExists, match="already"):
        Projects(engine).add("glasses")


def test_a_key_is_moved_with_what_was_told_of_it(engine: sa.Engine, keys: Keys) -> None:
    join(keys, "ada", Role.OWNER)
    key = keys.find(keys.add(NewKey(name="bob", scopes=frozenset({Scope.READ}))))
    assert key is not None
    Activities(engine).add(key.project, "bob", Act.ASKED, "r1")
    keys.move(key.id, "glasses")
    assert keys.project(key.id) == "glasses"
    assert Projects(engine).role("glasses", "bob") is Role.AUTHOR
    assert [project.id for project in Projects(engine).all()] == ["glasses"]
    assert [line.about for line in Activities(engine).page("glasses", limit=9)] == ["r1"]
    with pytest.raises(NoSuchProject):
        keys.move(key.id, "nowhere")
    with pytest.raises(InputError, match="no API key"):
        keys.move("00000000", "glasses")


def test_the_list_is_newest_first_and_forgets_the_oldest(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.activity.MOST", 5)
    told = Activities(engine)
    for number in range(CLEARED + 2):
        told.add("glasses", "ada", Act.ASKED, f"r{number}")
        if number % 50 == 0:
            told.add("films", "bob", Act.NOTED, "another project's")
    newest = told.page("glasses", limit=3)
    assert [line.about for line in newest] == ["r201", "r200", "r199"]
    rest = told.page("glasses", limit=500, below=newest[-1].number)
    assert len(rest) < 20
    assert told.page("films", limit=99)


@pytest.mark.parametrize("values", [{"scopes": "ask fly"}, {"created": "yesterday"}])
def test_a_row_of_a_key_that_cannot_be_read_is_no_key_and_hides_no_other(
    engine: sa.Engine, keys: Keys, values: dict[str, str]
) -> None:
    broken, healthy = join(keys, "ada", Role.OWNER), join(keys, "bob", Role.AUTHOR)
    with engine.begin() as connection:
        connection.execute(tables.keys.update().where(tables.keys.c.id == broken[4:12]).values(values))
    found = keys.find(broken)
    assert found is None or (found.role is None and not found.scopes)
    assert keys.find(healthy) is not None
    assert {key.id for key, _, _ in keys.all()} == {broken[4:12], healthy[4:12]}


def test_a_role_or_an_act_of_a_newer_version_hides_no_other(engine: sa.Engine, keys: Keys) -> None:
    join(keys, "ada", Role.OWNER)
    join(keys, "bob", Role.READER)
    activities = Activities(engine)
    activities.add("glasses", "ada", Act.ASKED, "a question")
    activities.add("glasses", "bob", Act.MARKED, "a hypothesis")
    with engine.begin() as connection:
        member, line = tables.members, tables.activity
        connection.execute(member.update().where(member.c.person == "bob").values(role="king"))
        connection.execute(line.update().where(line.c.person == "bob").values(act="crowned"))
    assert [member.person for member in Projects(engine).get("glasses").members] == ["ada"]
    assert Projects(engine).role("glasses", "bob") is None
    assert [line.person for line in activities.page("glasses", limit=9)] == ["ada"]


def test_a_row_of_a_link_that_cannot_be_read_opens_nothing_and_hides_no_other(engine: sa.Engine) -> None:
    links = Links(engine)
    (broken, text), (healthy, _) = (links.add("a-run", "a", NewLink()) for _ in range(2))
    with engine.begin() as connection:
        row = tables.links.c.id == broken.id
        connection.execute(tables.links.update().where(row).values(expires="never"))
    assert links.find(text) is None
    assert links.of_run("a-run") == [healthy]
