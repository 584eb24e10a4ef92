"""Words that have to be gone once they were erased or taken out, and where of a kit they still stand."""

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
    """A feedback with words that are looked for."""
    return {"rating": "1", "experience": f"They said {MARKER} to me", "consent_record": "Y", **more}


def decrypted(kit: Kit, to: Path) -> bytes:
    """Every byte of the database in the clear, its empty pages included."""
    to.unlink(missing_ok=True)
    connection = sqlcipher.connect(str(kit.folder / "fieldkit.db"))
    try:
        connection.execute(f"PRAGMA key = \"x'{kit.key.hex()}'\"")
        connection.execute("ATTACH ? AS plain KEY ''", (str(to),))
        # A copy that is only looked at: nothing of it need be on the disk.
        connection.execute("PRAGMA plain.journal_mode = OFF").fetchall()
        connection.execute("PRAGMA plain.synchronous = OFF").fetchall()
        connection.execute("SELECT sqlcipher_export('plain')").fetchall()
        connection.execute("DETACH plain")
    finally:
        connection.close()
    return to.read_bytes()


def holds_marker(content: bytes) -> bool:
    """Whether the marker is there, as it was written or as a search looks into it."""
    return MARKER.encode() in content or folded(MARKER).encode() in content


def words_in(laptop: Laptop, to: Path) -> list[str]:
    """Where the marker still stands in anything of a kit."""
    if not readable():
        lacking("there is no OpenSSL here, so the pages of the encrypted file could not be searched")
    places = []
    if holds_marker(decrypted(laptop.kit, to / "plain.db")):
        places.append("the database")
    # Free pages, slack and the log are in this.
    if holds_marker(whole_folder(laptop.kit.folder, laptop.kit.key)):
        places.append("the kit's folder")
    for file in to.glob("tables*"):
        places += [
            str(path) for path in file.rglob("*") if path.is_file() and holds_marker(path.read_bytes())
        ]
    return places
