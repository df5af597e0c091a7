#!/usr/bin/env python3
"""templates_schema.py TEMPLATES CASES: every template satisfies template.schema.json, and the bad
documents of CASES (tests/cases/templates.json) do not."""
import copy
import json
import pathlib
import sys

import jsonschema


def change(document, case):
    *parents, last = case["at"].strip("/").split("/")
    place = document
    for step in parents:
        place = place[int(step) if isinstance(place, list) else step]
    last = int(last) if isinstance(place, list) else last
    if "value" in case:
        place[last] = case["value"]
    else:
        del place[last]


def main(folder, cases):
    schema = json.loads((folder / "template.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    templates, faults = {}, 0
    for path in sorted(folder.glob("*.json")):
        if path.name.endswith(".schema.json"):
            continue
        document = templates[path.stem] = json.loads(path.read_text("utf-8"))
        for error in validator.iter_errors(document):
            print(f"{path}: {'/'.join(map(str, error.path))}: {error.message}")
            faults += 1
    for case in json.loads(cases.read_text("utf-8"))["bad"]:
        document = copy.deepcopy(templates[case["base"]])
        change(document, case)
        if validator.is_valid(document) == case.get("schema", True):
            print(f"{case}: {'accepted' if case.get('schema', True) else 'refused'}")
            faults += 1
    print(f"{len(templates)} templates, {faults} faults")
    return faults > 0 or not templates


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
