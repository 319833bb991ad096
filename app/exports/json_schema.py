"""The JSON export's published schema: `python -m app.exports.json_schema > docs/report.schema.json`."""

import argparse
import json
import sys

from agents.schema import Report

ADDRESS = "https://w3id.org/hypothesis-finder/report/1"


def render() -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        **Report.model_json_schema(mode="serialization"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.stdout.write(render())
