"""Reading a text as a tool that agents and people can call."""

from tools.reading.schema import ReadRequest, ReadResult
from tools.spec import Scene, ToolSpec
from tools.views import Block


class ReadText(ToolSpec[ReadRequest, ReadResult]):
    """Text in, records out."""

    name = "read_text"
    title = "reader of papers"
    version = "1"
    purpose = (
        "Reads a text into records: who is doped with what, measured properties with units, synthesis steps, "
        "perovskite solar cells, or any JSON schema; each value with its quote, units converted"
    )
    when = "never: an agent would hand it words of its own"
    example = '{"text": "The film had a band gap of 1.55 eV and a thickness of 300 nm."}'
    arguments, result = ReadRequest, ReadResult
    for_small_models = False
    for_judges = False

    def fits(self, scene: Scene) -> bool:  # noqa: ARG002 - whatever is asked
        return False

    def run(self, arguments: ReadRequest) -> ReadResult:
        """Raises BadText and BadSchema."""
        from tools.reading.reading import read

        return read(arguments.text, arguments.form)

    def digest(self, result: ReadResult) -> str:
        checked = sum(len(record.values) for record in result.records)
        found = f"{len(result.records)} records, {checked} values, {len(result.conflicts)} conflicts"
        return f"{found} ({result.reader})"

    def tell(self, arguments: ReadRequest) -> tuple[str, ...]:
        name = (
            arguments.form
            if isinstance(arguments.form, str)
            else str(arguments.form.get("title", "a schema"))
        )
        return (f"{name[:60]} in a text of {len(arguments.text):,} characters",)

    def view(self, arguments: ReadRequest, result: ReadResult) -> tuple[Block, ...]:  # noqa: ARG002
        from tools.reading.viewing import view

        return view(result)


READ = ReadText()
