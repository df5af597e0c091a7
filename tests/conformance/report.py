#!/usr/bin/env python3
"""The kiosk's conformance report: docs/conformite.md from clauses.json.

    report.py SOURCE --write    writes it again
    report.py SOURCE --check    fails where it is not what clauses.json says, or a test is not there

Each clause of EN 301 549 V3.2.1 that concerns a closed, fixed, touched screen has a verdict (held,
partly, lacking, of the installation, not concerned), how it is held, and the tests that show it:
"file" or "file:function". The suite that this check belongs to runs all of them, so a report that
passes the check has tests that passed.
"""

import json
import pathlib
import re
import sys

VERDICTS = {
    "held": "tenue",
    "partly": "tenue en partie",
    "lacking": "non tenue",
    "installation": "dépend de l’installation",
    "not concerned": "sans objet",
}


def faults(source, clauses):
    """What is wrong with the table itself, a line each."""
    seen = set()
    for clause in clauses:
        number, verdict = clause["clause"], clause["verdict"]
        if number in seen:
            yield f"{number}: stands twice"
        seen.add(number)
        if verdict not in VERDICTS:
            yield f"{number}: verdict {verdict!r} is none of {', '.join(VERDICTS)}"
        if verdict in ("held", "partly") and not clause.get("tests"):
            yield f"{number}: said to be {verdict}, but no test shows it"
        for test in clause.get("tests", []):
            path, _, function = test.partition(":")
            file = source / "tests" / path
            if not file.is_file():
                yield f"{number}: tests/{path} is not there"
            elif function and not re.search(rf"\b{re.escape(function)}\b", file.read_text("utf-8")):
                yield f"{number}: tests/{path} has no {function}"


def order(clause):
    return [int(part) for part in clause["clause"].split(".")]


def report(table):
    clauses = sorted(table["clauses"], key=order)
    count = {verdict: sum(c["verdict"] == verdict for c in clauses) for verdict in VERDICTS}
    lines = [
        "# Conformité de la borne à EN 301 549",
        "",
        "Écrit par `./dev conformance` à partir de `tests/conformance/clauses.json`, qui se corrige à la main ;"
        " la suite de tests refuse un rapport périmé ou un test cité qui n’existe pas.",
        "",
        *table["introduction"],
        "",
        "| verdict | clauses |",
        "| --- | ---: |",
        *(f"| {VERDICTS[verdict]} | {number} |" for verdict, number in count.items()),
        "",
    ]
    chapter = None
    for clause in clauses:
        head = clause["clause"].split(".")[0]
        if head != chapter:
            chapter = head
            lines += [f"## {head}. {table['chapters'][head]}", "",
                      "| clause | exigence, en bref | verdict | comment | montré par |",
                      "| --- | --- | --- | --- | --- |"]
        following = clauses.index(clause) + 1
        tests = "<br>".join(f"`{test}`" for test in clause.get("tests", [])) or "—"
        lines.append(f"| {clause['clause']} | {clause['subject']} | {VERDICTS[clause['verdict']]} "
                     f"| {clause['how']} | {tests} |")
        if following == len(clauses) or clauses[following]["clause"].split(".")[0] != head:
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main():
    source, mode = pathlib.Path(sys.argv[1]), sys.argv[2]
    table = json.loads((source / "tests/conformance/clauses.json").read_text("utf-8"))
    found = list(faults(source, table["clauses"]))
    for fault in found:
        print(f"clauses.json: {fault}", file=sys.stderr)
    if found:
        return 1
    file = source / "docs/conformite.md"
    if mode == "--write":
        file.write_text(report(table), "utf-8")
    elif not file.is_file() or file.read_text("utf-8") != report(table):
        print("docs/conformite.md is not what clauses.json says: ./dev conformance", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
