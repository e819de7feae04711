"""Stored files: kept under their SHA-256, written before commit, never overwritten."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from wholesale.kernel import clock, config
from wholesale.kernel.db import Model, session

_PIECE = 1 << 20


class StoredFile(Model):
    """The row of one file: its hash, size in bytes and media type."""

    __tablename__ = "stored_files"

    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    name: Mapped[str]
    stored_at: Mapped[datetime]


class MissingFile(RuntimeError):
    """A row names a file that is not on the disk, or whose bytes have changed."""


def store(data: bytes, *, name: str, media_type: str) -> StoredFile:
    """Keep `data`; the same bytes are kept once. Returns the row."""
    sha256 = write(data)
    stored = session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256))
    if stored is None:
        stored = StoredFile(
            sha256=sha256, size=len(data), media_type=media_type, name=name, stored_at=clock.now()
        )
        session.add(stored)
    return stored


def store_from(source: Path, *, name: str, media_type: str) -> StoredFile:
    """Keep a file of any size, a piece at a time. Returns the row."""
    sha256 = _copy(source)
    stored = session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256))
    if stored is None:
        stored = StoredFile(
            sha256=sha256, size=source.stat().st_size, media_type=media_type, name=name,
            stored_at=clock.now(),
        )  # fmt: skip
        session.add(stored)
    return stored


def _copy(source: Path) -> str:
    folder = config.current().data / "files"
    folder.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=folder)
    digest = hashlib.sha256()
    try:
        with source.open("rb") as file, os.fdopen(handle, "wb") as target:
            while piece := file.read(_PIECE):
                digest.update(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        path = path_of(digest.hexdigest())
        path.parent.mkdir(parents=True, exist_ok=True)
        Path(fresh).replace(path)
    except OSError:
        Path(fresh).unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def write(data: bytes) -> str:
    """Put the bytes on the disk under their hash, whole or not at all; returns the hash. Raises OSError."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as target:
                target.write(data)
                target.flush()
                os.fsync(target.fileno())
            Path(fresh).replace(path)
        except OSError:
            Path(fresh).unlink(missing_ok=True)  # half a file helps nobody, least on a full disk
            raise
    return sha256


def read(sha256: str) -> bytes:
    """The bytes of a stored file. Raises MissingFile when they are gone or changed."""
    path = path_of(sha256)
    if not path.exists():
        raise MissingFile(sha256)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise MissingFile(f"{sha256}: the bytes on the disk have changed")
    return data


def path_of(sha256: str) -> Path:
    """Where a file lies under the data folder."""
    return config.current().data / "files" / sha256[:2] / sha256
