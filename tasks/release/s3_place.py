"""Publishing to a bucket of S3, or of a store that speaks its language."""

from __future__ import annotations

import base64
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import boto3  # type: ignore[import-untyped]
from boto3.exceptions import Boto3Error  # type: ignore[import-untyped]
from boto3.s3.transfer import TransferConfig  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.exceptions import (
    ConnectionError as BotoConnectionError,
)

from datasets_spec.errors import ConfigError
from tasks.release.place import ConnectionCutError, PublishError
from tasks.release.redact import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.release.package import ReleaseFile

__all__ = ["S3Place"]

_ATTEMPTS: Final = 5
_BLOCK: Final = 1 << 20
_PART: Final = 64 << 20
"""Larger files go in parts of this size, each with a checksum that the store compares."""
_ABSENT: Final = ("404", "NoSuchKey", "NotFound")
_TAKEN: Final = ("PreconditionFailed", "412")
_REFUSED: Final = (
    "AccessDenied",
    "403",
    "401",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
    "InvalidToken",
)


class S3Place:
    """A bucket and a prefix; address, region and keys come from where boto3 finds them.

    Files of a version get their place at once, but no record names them until all are checked.

    Args:
        bucket: Name of the bucket, which must exist.
        prefix: Of all keys, without slashes at its ends.
        attempts: How often a call is tried.
    """

    def __init__(self, bucket: str, prefix: str = "", *, attempts: int = _ATTEMPTS) -> None:
        self._bucket = bucket
        self._prefix = prefix
        self._secrets: tuple[str, ...] = ()
        with self._explained("the bucket"):
            session = boto3.session.Session()
            found = session.get_credentials()
            if found is not None:
                keys = found.get_frozen_credentials()
                self._secrets = tuple(
                    k for k in (keys.access_key, keys.secret_key, keys.token) if k
                )
            self._client: Any = session.client(
                "s3",
                config=Config(
                    retries={"mode": "standard", "total_max_attempts": attempts},
                    connect_timeout=10,
                    read_timeout=60,
                    # a store that is not Amazon's need not know the newer kinds of checksums
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )

    @property
    def where(self) -> str:
        """The address."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    @contextmanager
    def hold(self, label: str) -> Iterator[str]:
        """As `Place.hold`; who writes to the same folder writes the same bytes."""
        yield f"versions/{label}"

    def holds(self, name: str, file: ReleaseFile) -> bool:
        """As `Place.holds`; compares size and the checksum that was stored beside it."""
        with self._explained(name):
            try:
                head = self._client.head_object(**self._key(name))
            except ClientError as error:
                if _code(error) in _ABSENT:
                    return False
                raise
        told = head.get("Metadata", {}).get("sha256")
        return bool(head["ContentLength"] == file.size and told == file.sha256)

    def put(self, name: str, file: ReleaseFile) -> None:
        """As `Place.put`; the store compares the checksum before it shows the file."""
        metadata = {"sha256": file.sha256}
        with self._explained(name):
            if file.size > _PART:
                self._client.upload_file(
                    str(file.path),
                    self._bucket,
                    self._key(name)["Key"],
                    ExtraArgs={"Metadata": metadata, "ChecksumAlgorithm": "SHA256"},
                    Config=TransferConfig(multipart_threshold=_PART, multipart_chunksize=_PART),
                )
                return
            digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
            with file.path.open("rb") as body:
                self._client.put_object(
                    **self._key(name), Body=body, ChecksumSHA256=digest, Metadata=metadata
                )

    def fetch(self, name: str) -> Iterator[bytes]:
        """As `Place.fetch`."""
        with self._explained(name):
            body = self._client.get_object(**self._key(name))["Body"]
            yield from body.iter_chunks(_BLOCK)

    def settle(self, area: str, whole: str) -> None:
        """As `Place.settle`; they have their place already."""
        assert area == whole

    def read(self, name: str) -> bytes | None:
        """As `Place.read`."""
        with self._explained(name):
            try:
                found = self._client.get_object(**self._key(name))
            except ClientError as error:
                if _code(error) in _ABSENT:
                    return None
                raise
            return bytes(found["Body"].read())

    def create(self, name: str, content: bytes) -> bool:
        """As `Place.create`; the store decides who was first."""
        with self._explained(name):
            try:
                self._client.put_object(**self._key(name), Body=content, IfNoneMatch="*")
            except ClientError as error:
                if _code(error) in _TAKEN:
                    return False
                raise
        # a store that does not know the condition would have written in any case
        return self.read(name) == content

    def replace(self, name: str, content: bytes) -> None:
        """As `Place.replace`; a key has one content or the other."""
        with self._explained(name):
            self._client.put_object(**self._key(name), Body=content)

    def _key(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": f"{self._prefix}/{name}".lstrip("/")}

    @contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        """Errors of boto3 as ours; without their chain, which may hold keys."""
        try:
            yield
        except (NoCredentialsError, PartialCredentialsError):
            msg = f"{self.where}: found no credentials; set them as boto3 reads them"
            raise ConfigError(msg) from None
        except ClientError as error:
            raise self._refused(error, name) from None
        except (HTTPClientError, BotoConnectionError, IncompleteReadError) as error:
            raise self._cut(error, name) from None
        except (BotoCoreError, Boto3Error, ValueError) as error:
            msg = f"{self.where}: {name}: {plain_reason(error, self._secrets)}"
            raise PublishError(msg) from None
        except OSError as error:
            raise self._cut(error, name) from None

    def _refused(self, error: ClientError, name: str) -> Exception:
        code = _code(error)
        reason = plain_reason(error, self._secrets)
        if code == "NoSuchBucket":
            return ConfigError(f"{self.where}: expected a bucket; there is none of that name")
        if code in _REFUSED:
            return ConfigError(f"{self.where}: the store lets nobody in with these keys: {reason}")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status >= 500 or code in ("SlowDown", "RequestTimeout", "ConditionalRequestConflict"):
            return self._cut(error, name)
        return PublishError(f"{self.where}: {name}: the store answered: {reason}")

    def _cut(self, error: BaseException, name: str) -> ConnectionCutError:
        msg = (
            f"{self.where}: the connection was cut at {name}: "
            f"{plain_reason(error, self._secrets)}; readers see what they saw before; the same "
            "command goes on"
        )
        return ConnectionCutError(msg)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
