"""Publishing to a repository of the Hugging Face hub: one commit, then a tag."""

from __future__ import annotations

import hashlib
import json
import logging
import warnings
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, get_token
from huggingface_hub.errors import (  # type: ignore[attr-defined]
    HfHubHTTPError,
    HTTPError,  # of whichever HTTP library the hub's client uses
    OfflineModeIsEnabled,
    RemoteEntryNotFoundError,
)
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils.tqdm import disable_progress_bars

from datasets_spec.errors import ConfigError
from tasks.release.place import ConnectionCutError, PublishError
from tasks.release.redact import plain_reason
from tasks.release.release import Released, compare_bytes, refuse_faults
from tasks.track.progress import report_progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.release.package import Package, ReleaseFile

__all__ = ["HubRepository"]

_MAIN: Final = "main"
_FIRST: Final = (".gitattributes", "README.md")
"""Files that a new repository may have before anything is published."""
_BLOCK: Final = 1 << 20
_MOVED: Final = (409, 412)
"""What the hub answers when a branch has moved, or a tag is there."""


class HubRepository:
    """A repository; address and token come from where the hub's own tools find them.

    Args:
        repository: ORGANISATION/NAME.
        private: Whether a repository that is made now is seen by its owners only.
        endpoint: Address of the hub; None = as its tools find it.
    """

    def __init__(
        self, repository: str, *, private: bool = False, endpoint: str | None = None
    ) -> None:
        self._name = repository
        self._private = private
        self._api = HfApi(endpoint=endpoint, library_name="stickgen")
        disable_progress_bars()
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)

    @property
    def where(self) -> str:
        """The address."""
        return f"hf://{self._name}"

    def release(self, package: Package) -> Released:
        """Publish: upload, commit to main in one step, fetch again and compare, tag.

        What was uploaded before a cut is not sent again. Files of the last version that are no
        longer part of it go; files that no version has brought stay.

        Raises:
            ConfigError: If the version is taken by other bytes, the repository holds something
                else, or the hub lets nobody in with this token.
            ConnectionCutError: If the hub cannot be reached; the same call goes on.
            PublishError: If it refuses, or gives back other bytes than it was sent.
        """
        with self._explained():
            self._api.create_repo(
                self._name,
                repo_type=package.content,
                private=self._private or None,
                exist_ok=True,
            )
            if self._tagged(package):
                self._check_files(package, package.version)
                return self._released(package, package.version, sent=0)
            commit, sent = self._commit(package)
            self._check_files(package, commit)
            self._tag(package, commit)
        return self._released(package, commit, sent=sent)

    def _released(self, package: Package, revision: str, *, sent: int) -> Released:
        kind = "datasets/" if package.content == "dataset" else ""
        return Released(
            content=package.content,
            name=package.name,
            version=package.version,
            fingerprint=package.fingerprint,
            place=f"{self._api.endpoint}/{kind}{self._name}/tree/{revision}",
            files=len(package.files),
            size=package.size,
            sent=sent,
            checked=len(package.files),
        )

    def _tagged(self, package: Package) -> bool:
        """Whether the version is there already; an error if it is another one."""
        refs = self._api.list_repo_refs(self._name, repo_type=package.content)
        if package.version not in [tag.name for tag in refs.tags]:
            return False
        held = str((self._record(package, package.version) or {}).get("fingerprint"))
        if held != package.fingerprint:
            msg = (
                f"{self.where}: version {package.version} is there already with other content "
                f"(fingerprint {held[:12]}, this is {package.fingerprint[:12]}); choose another "
                "--version"
            )
            raise ConfigError(msg)
        return True

    def _commit(self, package: Package) -> tuple[str, int]:
        head = self._api.repo_info(self._name, repo_type=package.content, revision=_MAIN).sha
        tree = self._api.list_repo_tree(
            self._name, recursive=True, revision=head, repo_type=package.content
        )
        held = {entry.path: entry for entry in tree if isinstance(entry, RepoFile)}
        gone = self._left_behind(package, held, str(head))
        sent = sum(not _same(held.get(name), file) for name, file in package.files.items())
        report_progress("upload", 0, 1)
        operations: list[Any] = [
            CommitOperationAdd(path_in_repo=name, path_or_fileobj=str(file.path))
            for name, file in package.files.items()
        ]
        for operation, file in zip(operations, package.files.values(), strict=True):
            if operation.upload_info.sha256.hex() != file.sha256:
                msg = f"{file.path}: changed while it was published; publish again"
                raise PublishError(msg)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on the card's header
            done = self._api.create_commit(
                self._name,
                [*operations, *(CommitOperationDelete(path_in_repo=name) for name in gone)],
                commit_message=f"Version {package.version}",
                repo_type=package.content,
                revision=_MAIN,
                parent_commit=head,
            )
        report_progress("upload", 1, 1)
        return str(done.oid), sent

    def _left_behind(self, package: Package, held: dict[str, Any], head: str) -> list[str]:
        """Files of the last version that this one lacks."""
        if not set(held) - set(_FIRST):
            return []
        record = self._record(package, head)
        listed = None if record is None else record.get("files")
        if not isinstance(listed, dict):
            msg = (
                f"{self.where}: expected an empty repository or one of a StickGen "
                f"{package.content}; it holds something else; choose another --to"
            )
            raise ConfigError(msg)
        return sorted((set(listed) & set(held)) - set(package.files))

    def _record(self, package: Package, revision: str) -> dict[str, Any] | None:
        """The file that lists the others, at a revision; None if there is none of ours."""
        name = list(package.files)[-1]
        try:
            values = json.loads(b"".join(self._fetch(package, name, revision)))
        except (RemoteEntryNotFoundError, ValueError):
            return None
        ours = isinstance(values, dict) and values.get("kind") == f"stickgen-{package.content}"
        return values if ours else None

    def _check_files(self, package: Package, revision: str) -> None:
        faults = []
        for done, (name, file) in enumerate(package.files.items()):
            report_progress("check", done, len(package.files))
            try:
                same = compare_bytes(self._fetch(package, name, revision), file.sha256)
            except RemoteEntryNotFoundError:
                same = False
            faults += [] if same else [name]
        report_progress("check", len(package.files), len(package.files))
        refuse_faults(f"{self.where} at {revision}", faults)

    def _fetch(self, package: Package, name: str, revision: str) -> Iterator[bytes]:
        """The bytes of a file as its readers get them."""
        with TemporaryDirectory(prefix="stickgen-check-") as folder:
            path = self._api.hf_hub_download(
                self._name,
                name,
                repo_type=package.content,
                revision=revision,
                local_dir=folder,
            )
            with Path(path).open("rb") as file:
                while block := file.read(_BLOCK):
                    yield block

    def _tag(self, package: Package, commit: str) -> None:
        try:
            self._api.create_tag(
                self._name, tag=package.version, revision=commit, repo_type=package.content
            )
        except HfHubHTTPError as error:
            if error.response.status_code not in _MOVED or not self._tagged(package):
                raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Errors of the hub's client as ours; without their chain, which may hold the token."""
        secrets = (get_token() or "",)
        try:
            yield
        except (ConfigError, PublishError):
            raise
        except (HTTPError, OSError, ValueError, RuntimeError) as error:
            raise self._translated(_origin(error), secrets) from None

    def _translated(self, error: BaseException, secrets: tuple[str, ...]) -> Exception:
        reason = plain_reason(error, secrets)
        if isinstance(error, OfflineModeIsEnabled):
            msg = f"{self.where}: the hub's client is set to work offline; unset HF_HUB_OFFLINE"
            return ConfigError(msg)
        if isinstance(error, HfHubHTTPError):
            return self._refused(error, reason)
        if isinstance(error, HTTPError | OSError):
            return self._cut(reason)
        return PublishError(f"{self.where}: {reason}")

    def _refused(self, error: HfHubHTTPError, reason: str) -> Exception:
        status = error.response.status_code
        if status in (401, 403):
            msg = f"{self.where}: the hub lets nobody in with this token (hf auth login): {reason}"
            return ConfigError(msg)
        if status in _MOVED:
            msg = f"{self.where}: somebody else published meanwhile; run the same command again"
            return PublishError(msg)
        if status >= 500 or status == 429:
            return self._cut(reason)
        return PublishError(f"{self.where}: the hub answered: {reason}")

    def _cut(self, reason: str) -> ConnectionCutError:
        msg = (
            f"{self.where}: the connection was cut: {reason}; readers see what they saw before; "
            "the same command goes on"
        )
        return ConnectionCutError(msg)


def _origin(error: BaseException) -> BaseException:
    """What the hub's client had before it wrapped it into something that says less."""
    telling = (OfflineModeIsEnabled, HfHubHTTPError, HTTPError)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, telling):
            return cause
        cause = cause.__cause__
    return error


def _same(held: RepoFile | None, file: ReleaseFile) -> bool:
    """Whether the repository has these bytes under this name."""
    if held is None or held.size != file.size:
        return False
    if held.lfs is not None:
        return bool(held.lfs.sha256 == file.sha256)
    content = file.path.read_bytes()
    digest = hashlib.sha1(f"blob {len(content)}\0".encode() + content, usedforsecurity=False)
    return bool(held.blob_id == digest.hexdigest())
