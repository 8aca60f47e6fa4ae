"""A stand-in of the Hugging Face hub: the calls that its client makes to publish and to read."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlparse

import yaml

LARGE = (".parquet", ".safetensors")
KINDS = "(models|datasets)"
NAME = r"([^/]+/[^/]+)"


class Repository:
    """Commits are whole trees: path to content; large files as their checksum."""

    def __init__(self, kind: str, name: str, *, private: bool) -> None:
        self.kind, self.name, self.private = kind, name, private
        self.trees: dict[str, dict[str, bytes | str]] = {}
        self.tags: dict[str, str] = {}
        self.head = ""
        self.move({".gitattributes": b"*.parquet filter=lfs\n"})

    def move(self, tree: dict[str, bytes | str]) -> str:
        told = repr((self.head, sorted(tree.items()))).encode()
        self.head = hashlib.sha1(told).hexdigest()
        self.trees[self.head] = tree
        return self.head

    def find(self, revision: str) -> str | None:
        revision = {"main": self.head}.get(revision, self.tags.get(revision, revision))
        return revision if revision in self.trees else None


class HubServer(ThreadingHTTPServer):
    """The hub, with what can go wrong there.

    Attributes:
        large: Stored large files by checksum.
        uploads: Checksums in the order they came.
        cut_at: Uploads after which the connection is cut, None = never.
        damaged: Path that comes back with other bytes.
        before_commit: Called once, before the next commit is looked at.
    """

    daemon_threads = True

    def __init__(self, token: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        # another name, as large files of the hub lie on other machines
        self.storage_address = f"http://localhost:{self.server_port}"
        self.token = token
        self.repositories: dict[tuple[str, str], Repository] = {}
        self.large: dict[str, bytes] = {}
        self.uploads: list[str] = []
        self.calls: list[str] = []
        self.cut_at: int | None = None
        self.damaged = ""
        self.before_commit = None
        self.guard = threading.RLock()

    def __enter__(self) -> HubServer:
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()

    def content(self, held: bytes | str) -> bytes:
        return held if isinstance(held, bytes) else self.large[held]

    def handle_error(self, request, client_address) -> None:
        """A client that goes away is no error here."""


def blob_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits for the other side
    server: HubServer

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self, values: object = None, status: int = 200, **headers: str) -> None:
        body = json.dumps(values if values is not None else {}).encode()
        self.send(body, status, **{"Content-Type": "application/json"}, **headers)

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def fail(self, status: int, code: str, text: str) -> None:
        self.answer({"error": text}, status, **{"X-Error-Code": code, "X-Error-Message": text})

    def route(self) -> None:
        path = unquote(urlparse(self.path).path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.calls.append(f"{self.command} {path}")
        if match := re.fullmatch(r"/storage/(\w+)", path):
            self.storage(match[1], body)  # addresses there are signed; they take no token
            return
        if self.headers.get("Authorization") != f"Bearer {self.server.token}":
            self.fail(401, "", "Invalid username or password.")
            return
        if self.server.before_commit is not None and "/commit/" in path:
            call, self.server.before_commit = self.server.before_commit, None
            call()
        with self.server.guard:
            for pattern, call in _ROUTES:
                if match := re.fullmatch(pattern, f"{self.command} {path}"):
                    call(self, body, *match.groups())
                    return
        self.fail(404, "", f"unknown call {self.command} {path}")

    do_GET = do_HEAD = do_POST = do_PUT = route  # noqa: N815 - as http.server asks

    def repository(self, kind: str, name: str) -> Repository | None:
        found = self.server.repositories.get((kind, name))
        if found is None:
            self.fail(404, "RepoNotFound", "Repository not found")
        return found

    def create(self, body: bytes) -> None:
        asked = json.loads(body)
        kind, name = f"{asked['type']}s", f"{asked['organization']}/{asked['name']}"
        there = (kind, name) in self.server.repositories
        if not there:
            private = asked.get("visibility") == "private"
            self.server.repositories[kind, name] = Repository(kind, name, private=private)
        prefix = "" if kind == "models" else f"{kind}/"
        url = f"{self.server.address}/{prefix}{name}"
        self.answer({"url": url, "error": "You already created this"}, 409 if there else 200)

    def validate(self, body: bytes) -> None:
        text = json.loads(body)["content"]
        parts = text.split("---\n", 2)
        good = len(parts) == 3 and isinstance(yaml.safe_load(parts[1]), dict)
        errors = [] if good else [{"message": "metadata is required"}]
        self.answer({"errors": errors, "warnings": []}, 200 if good else 400)

    def refs(self, _: bytes, kind: str, name: str) -> None:
        if (found := self.repository(kind, name)) is None:
            return
        main = {"name": "main", "ref": "refs/heads/main", "targetCommit": found.head}
        tags = [
            {"name": k, "ref": f"refs/tags/{k}", "targetCommit": v} for k, v in found.tags.items()
        ]
        self.answer({"branches": [main], "converts": [], "tags": tags})

    def info(self, _: bytes, kind: str, name: str, revision: str) -> None:
        if (found := self.repository(kind, name)) is None:
            return
        commit = found.find(revision)
        if commit is None:
            self.fail(404, "RevisionNotFound", "Invalid rev id")
            return
        told = {"id": name, "sha": commit, "private": found.private, "tags": [], "siblings": []}
        self.answer({**told, "downloads": 0, "likes": 0, "disabled": False, "gated": False})

    def tree(self, _: bytes, kind: str, name: str, revision: str) -> None:
        if (found := self.repository(kind, name)) is None:
            return
        assert parse_qs(urlparse(self.path).query)["recursive"][0].lower() == "true"
        entries = []
        for path, held in found.trees[found.find(revision)].items():
            content = self.server.content(held)
            entry = {"type": "file", "path": path, "size": len(content), "oid": blob_id(content)}
            if isinstance(held, str):
                entry["lfs"] = {"oid": held, "size": len(content), "pointerSize": 134}
            entries.append(entry)
        self.answer(entries)

    def preupload(self, body: bytes, kind: str, name: str, revision: str) -> None:
        if (found := self.repository(kind, name)) is None:
            return
        tree = found.trees[found.find(revision)]
        files = []
        for file in json.loads(body)["files"]:
            held = tree.get(file["path"])
            oid = held if isinstance(held, str) else blob_id(held) if held is not None else None
            mode = "lfs" if file["path"].endswith(LARGE) else "regular"
            told = {"path": file["path"], "uploadMode": mode, "shouldIgnore": False}
            files.append({**told, **({"oid": oid} if oid else {})})
        self.answer({"files": files})

    def batch(self, body: bytes, *_: str) -> None:
        objects = []
        for asked in json.loads(body)["objects"]:
            href = f"{self.server.storage_address}/storage/{asked['oid']}?X-Amz-Signature=sign"
            there = asked["oid"] in self.server.large
            actions = {} if there else {"actions": {"upload": {"href": href}}}
            objects.append({**asked, **actions})
        self.answer({"transfer": "basic", "objects": objects})

    def storage(self, oid: str, body: bytes) -> None:
        if self.command == "PUT":
            server = self.server
            if server.cut_at is not None and len(server.uploads) >= server.cut_at:
                self.close_connection = True
                return  # no answer: the client sees the connection end
            if hashlib.sha256(body).hexdigest() != oid:
                self.fail(400, "", "checksum")
                return
            server.large[oid] = body
            server.uploads.append(oid)
            self.answer()
            return
        content = self.server.large[oid]
        if self.server.damaged and oid == self.server.damaged:
            content = content[:-1] + bytes([content[-1] ^ 1])
        self.send(content, ETag=f'"{oid}"')

    def commit(self, body: bytes, kind: str, name: str, revision: str) -> None:
        if (found := self.repository(kind, name)) is None:
            return
        assert revision == "main"
        lines = [json.loads(line) for line in body.splitlines()]
        assert lines[0]["key"] == "header"
        if lines[0]["value"].get("parentCommit", found.head) != found.head:
            self.fail(412, "", "A commit has happened since. Please refresh and try again.")
            return
        tree = dict(found.trees[found.head])
        for line in lines[1:]:
            value = line["value"]
            if line["key"] == "file":
                tree[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                if value["oid"] not in self.server.large:
                    self.fail(400, "", "Your push was rejected: an LFS object is missing")
                    return
                tree[value["path"]] = value["oid"]
            elif line["key"] == "deletedFile":
                del tree[value["path"]]
        commit = found.move(tree)
        self.answer({"success": True, "commitOid": commit, "commitUrl": f"/{name}/commit/{commit}"})

    def tag(self, body: bytes, kind: str, name: str, revision: str) -> None:
        if (found := self.repository(kind, name)) is None:
            return
        name = json.loads(body)["tag"]
        if name in found.tags:
            self.fail(409, "", "Tag reference exists already")
            return
        found.tags[name] = found.find(revision)
        self.answer()

    def resolve(self, _: bytes, kind: str | None, name: str, revision: str, path: str) -> None:
        if (found := self.repository(kind or "models", name)) is None:
            return
        commit = found.find(revision)
        if commit is None or path not in found.trees[commit]:
            code = "RevisionNotFound" if commit is None else "EntryNotFound"
            self.fail(404, code, "Entry not found")
            return
        held = found.trees[commit][path]
        content = self.server.content(held)
        if isinstance(held, bytes):
            self.send(content, ETag=f'"{blob_id(content)}"', **{"X-Repo-Commit": commit})
            return
        linked = {"X-Linked-Size": str(len(content)), "X-Linked-Etag": f'"{held}"'}
        place = f"{self.server.storage_address}/storage/{held}?X-Amz-Signature=sign"
        self.send(b"", 302, Location=place, **{"X-Repo-Commit": commit}, **linked)


_ROUTES = (
    (r"POST /api/repos/create", _Handler.create),
    (r"POST /api/validate-yaml", _Handler.validate),
    (rf"GET /api/{KINDS}/{NAME}/refs", _Handler.refs),
    (rf"GET /api/{KINDS}/{NAME}/revision/(.+)", _Handler.info),
    (rf"GET /api/{KINDS}/{NAME}/tree/([^/]+)/?", _Handler.tree),
    (rf"POST /api/{KINDS}/{NAME}/preupload/(.+)", _Handler.preupload),
    (rf"POST /api/{KINDS}/{NAME}/commit/(.+)", _Handler.commit),
    (rf"POST /api/{KINDS}/{NAME}/tag/(.+)", _Handler.tag),
    (rf"POST /(?:{KINDS}/)?{NAME}\.git/info/lfs/objects/batch", _Handler.batch),
    (rf"(?:GET|HEAD) /(?:{KINDS}/)?{NAME}/resolve/([^/]+)/(.+)", _Handler.resolve),
)
