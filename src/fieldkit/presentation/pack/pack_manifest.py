"""`manifest.json` of a pack: what it was made from, every number as printed, the checksum of every file. It holds no time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fieldkit import __version__
from fieldkit.documents.blocks import Document, printed
from fieldkit.documents.table_cells import distinct, is_numeric

MANIFEST = "manifest.json"
FORMAT = "fieldkit-evidence@v1"
_PACKAGES = ("matplotlib", "python-docx", "Jinja2", "XlsxWriter", "scipy")


def manifest(document: Document, files: Mapping[str, bytes], made_from: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest as plain values. `made_from`: state of the records, selection, preset, audience."""
    return {
        "format": FORMAT,
        "made_from": dict(made_from),
        "program": {"fieldkit": __version__, **{name: _version(name) for name in _PACKAGES}},
        "statements": statements(document),
        "files": {name: sha256(files[name]).hexdigest() for name in sorted(files)},
    }


def statements(document: Document) -> list[list[str]]:
    """Every number of the document's tables as printed: (table, row, column, text)."""
    return [
        [table.name, printed(row[0]), column.title, printed(row[at])]
        for table in distinct(document.tables())
        for row in table.rows
        for at, column in enumerate(table.columns)
        if at and is_numeric(table, at)
    ]


def pack_id(content: Mapping[str, Any]) -> str:
    """SHA-256 of the manifest's canonical JSON without its own `pack_id`: sorted keys, no spaces, UTF-8."""
    plain = {key: value for key, value in content.items() if key != "pack_id"}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("utf-8")).hexdigest()


def manifest_file(content: Mapping[str, Any]) -> bytes:
    """The file, including the pack's id."""
    whole = {"pack_id": pack_id(content), **content}
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
