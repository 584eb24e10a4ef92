"""Rewriting a zip file (a .docx, an .xlsx) so that the same contents give the same bytes on every laptop."""

from __future__ import annotations

import io
import zipfile

_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can state."""


def fixed_zip(content: bytes) -> bytes:
    """The same members in the same order, without times, users or systems. They are stored, since zlibs compress differently."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as target,
    ):
        for member in source.infolist():
            fixed = zipfile.ZipInfo(member.filename, _FIRST_MOMENT)
            fixed.create_system = 0
            target.writestr(fixed, source.read(member))
    return written.getvalue()
