"""The API's description holds: it is valid, the committed copy is fresh, the running server has just
these routes, and what it answers is as described. With --write as last word: writes the copy."""
import json
import os
import re
import sys
import unittest
import urllib.parse

from site_under_test import SITE, SOURCE, TOKEN

COPY = os.path.join(SOURCE, "docs", "openapi.json")
METHODS = ("get", "post", "put", "patch", "delete", "options")


def no_twins(pairs):
    """Parses an object, refusing members that are there twice."""
    names = [name for name, _ in pairs]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"twice: {twice}")
    return dict(pairs)


def fetch():
    response, content = SITE.ask("GET", "/api/v1/openapi.json", headers={"Cookie": SITE.cookie()})
    assert response.status == 200, content
    return json.loads(content, object_pairs_hook=no_twins)


def written(document):
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def all_refs(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from all_refs(one)


def pattern_of(path):
    return re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)) + r"\Z")


class Description(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = fetch()
        cls.operations = [(path, method, operation)
                          for path, item in cls.document["paths"].items()
                          for method, operation in item.items()]

    def test_the_copy_is_fresh(self):
        with open(COPY, encoding="utf-8") as file:
            copy = file.read()
        # assertEqual would print the whole document.
        self.assertTrue(copy == written(self.document),
                        "docs/openapi.json is not what the server says: run ./dev openapi")

    def test_structure(self):
        self.assertEqual(self.document["openapi"], "3.1.0")
        tags = {tag["name"] for tag in self.document["tags"]}
        ids = [operation["operationId"] for _, _, operation in self.operations]
        self.assertEqual(len(ids), len(set(ids)), [one for one in ids if ids.count(one) > 1])
        for path, method, operation in self.operations:
            with self.subTest(f"{method} {path}"):
                self.assertIn(method, METHODS)
                self.assertTrue(operation["summary"])
                self.assertTrue(set(operation["tags"]) <= tags)
                self.assertIn("x-permission", operation)
                named = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
                self.assertEqual(named, re.findall(r"\{([^}]+)\}", path))
                self.assertTrue(any(code[0] in "23" for code in operation["responses"]))
                self.assertIn("default", operation["responses"])
                if method == "get":
                    self.assertNotIn("requestBody", operation)

    def test_references_resolve(self):
        for reference in set(all_refs(self.document)):
            node = self.document
            self.assertTrue(reference.startswith("#/"), reference)
            for part in reference[2:].split("/"):
                self.assertIn(part, node, reference)
                node = node[part]

    def schema_checker(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not there")
        return jsonschema.Draft202012Validator

    def test_schemas_are_schemas(self):
        checker = self.schema_checker()
        for name, schema in self.document["components"]["schemas"].items():
            with self.subTest(name):
                checker.check_schema(schema)
        for path, method, operation in self.operations:
            for parameter in operation["parameters"]:
                checker.check_schema(parameter["schema"])
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    checker.check_schema(content.get("schema", {}))

    def test_the_server_has_these_routes(self):
        """At each address the server names just the methods that are described."""
        for path in self.document["paths"]:
            concrete = re.sub(r"\{[^}]*\}", "essai", path)
            described = {method.upper() for other, item in self.document["paths"].items()
                         if pattern_of(other).match(concrete) for method in item}
            response, _ = SITE.ask("TRACE", concrete)
            self.assertEqual(response.status, 405, path)
            allowed = set(response.getheader("Allow").split(", ")) - {"HEAD"}
            self.assertEqual(allowed, described, path)

    # --- what is answered ------------------------------------------------------------------------

    def headers(self, operation):
        if operation["x-permission"] == "device":
            return {"Authorization": "Bearer " + TOKEN}
        return {"Cookie": self.cookie}

    def validate(self, schema, content, path):
        checker = self.schema_checker()
        whole = {"allOf": [schema], "components": self.document["components"]}
        errors = [f"{list(error.absolute_path)}: {error.message[:300]}"
                  for error in checker(whole).iter_errors(json.loads(content))]
        self.assertEqual(errors, [], path)

    def sample(self, path):
        """Addresses of a pattern: of records that are there, else of one that is not."""
        if "{" not in path:
            return [path]
        collection = path.split("/{")[0]
        names = []
        if collection in self.document["paths"] and "get" in self.document["paths"][collection]:
            response, content = SITE.ask("GET", collection, headers={"Cookie": self.cookie})
            listed = json.loads(content) if response.status == 200 else {}
            items = listed.get("items") or listed.get(collection.split("/")[-1]) or []
            names = [str(one.get("id") or one.get("uid") or one.get("name")) for one in items[:3]]
        if path == "/admin/{place}":
            names = ["favicon.svg", "portraits"]
        return [re.sub(r"\{[^}]*\}", urllib.parse.quote(name, safe=""), path, count=1)
                for name in (names or ["essai"]) if "{" not in path.replace("{", "", 1)] or \
            [re.sub(r"\{[^}]*\}", "essai", path)]

    def test_answers_are_as_described(self):
        self.cookie = SITE.cookie()
        seen = set()
        for path, method, operation in self.operations:
            if method != "get" or any(
                    kind.startswith("image/") for kind in
                    operation["responses"].get("200", {}).get("content", {})):
                continue
            for address in self.sample(path):
                with self.subTest(address):
                    self.check_answer(path, address, operation, seen)
        self.assertIn("/api/v1/portraits", seen)
        self.assertIn("/api/v1/organisations/{id}", seen)

    def check_answer(self, path, address, operation, seen):
        response, content = SITE.ask("GET", address, headers=self.headers(operation))
        status = str(response.status)
        self.assertLess(response.status, 500, content)
        described = operation["responses"].get(status) or \
            self.document["components"]["responses"]["Problem"]
        if "$ref" in described:
            described = self.document["components"]["responses"]["Problem"]
        if response.status in (303, 304, 204):
            self.assertEqual(content, b"")
            return
        kind = response.getheader("Content-Type").split(";")[0]
        if "*/*" not in described["content"] and "application/octet-stream" not in \
                described["content"]:
            self.assertIn(kind, described["content"], content[:300])
        schema = described["content"].get(kind, {}).get("schema")
        if schema is not None:
            self.validate(schema, content, address)
        if response.status == 200:
            seen.add(path)


def main():
    if sys.argv[4:] == ["--write"]:
        with open(COPY, "w", encoding="utf-8") as file:
            file.write(written(fetch()))
        return 0 if SITE.stop()[0] == 0 else 1
    passed = unittest.main(argv=sys.argv[:1], exit=False).result.wasSuccessful()
    return 0 if SITE.stop()[0] == 0 and passed else 1


if __name__ == "__main__":
    sys.exit(main())
