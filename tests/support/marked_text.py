"""Text that must be gone once it is erased or redacted, and finding where a kit still holds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from fieldkit.spelling import folded
from fieldkit.store.kit import Kit
from networks import Laptop
from simulate.pages import readable, whole_folder
from tools import lacking

MARKER = "ZANZIBARWORDS"


def spoken(**more: Any) -> dict[str, Any]:
    """A feedback record with text to search for."""
    return {"rating": "1", "experience": f"They said {MARKER} to me", "consent_record": "Y", **more}


def decrypted(kit: Kit, to: Path) -> bytes:
    """Every byte of the database in plaintext, including its empty pages."""
    to.unlink(missing_ok=True)
    connection = sqlcipher.connect(str(kit.folder / "fieldkit.db"))
    try:
        connection.execute(f"PRAGMA key = \"x'{kit.key.hex()}'\"")
        connection.execute("ATTACH ? AS plain KEY ''", (str(to),))
        # The copy is only read, so it need not be flushed to the disk.
        connection.execute("PRAGMA plain.journal_mode = OFF").fetchall()
        connection.execute("PRAGMA plain.synchronous = OFF").fetchall()
        connection.execute("SELECT sqlcipher_export('plain')").fetchall()
        connection.execute("DETACH plain")
    finally:
        connection.close()
    return to.read_bytes()


def holds_marker(content: bytes) -> bool:
    """Whether the marker is there, as written or in its folded form for searches."""
    return MARKER.encode() in content or folded(MARKER).encode() in content


def words_in(laptop: Laptop, to: Path) -> list[str]:
    """The places of a kit that still hold the marker."""
    if not readable():
        lacking("there is no OpenSSL here, so the pages of the encrypted file could not be searched")
    places = []
    if holds_marker(decrypted(laptop.kit, to / "plain.db")):
        places.append("the database")
    # This includes free pages, slack and the log.
    if holds_marker(whole_folder(laptop.kit.folder, laptop.kit.key)):
        places.append("the kit's folder")
    for file in to.glob("tables*"):
        places += [
            str(path) for path in file.rglob("*") if path.is_file() and holds_marker(path.read_bytes())
        ]
    return places
