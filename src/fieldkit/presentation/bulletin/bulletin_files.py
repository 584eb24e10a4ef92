"""Writing a bulletin, and keeping its release."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fieldkit.documents.blocks import Document
from fieldkit.documents.html_page import html_page
from fieldkit.documents.markdown_text import markdown
from fieldkit.errors import Misuse
from fieldkit.evidence_extra import evidence_extra
from fieldkit.file_writing import write_private_file
from fieldkit.presentation.bulletin.bulletin_figures import BulletinFigures
from fieldkit.presentation.cycle.releases import record_release
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import identity

ENDINGS = (".md", ".html", ".docx")


def demand_ending(path: Path) -> None:
    """Raise Misuse if a bulletin can't be written under that name, or if the name is taken."""
    if path.suffix.lower() not in ENDINGS:
        raise Misuse(
            f"A bulletin can't be written as “{path.suffix or path.name}”.", kept="Nothing was written.",
            hint=f"Choose a name that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.",
        )  # fmt: skip
    demand_new(path)


def demand_new(path: Path) -> None:
    """Raise Misuse if something already has that name."""
    if path.exists() or path.is_symlink():
        raise Misuse(
            f"There is already a file or folder “{path.name}”.",
            kept="It was left as it is.",
            hint="Choose another name.",
        )


def bulletin_bytes(document: Document, ending: str) -> bytes:
    """The bulletin in the format of that file ending. Raises what the writer of the format raises."""
    if ending == ".html":
        return html_page(document)
    if ending == ".docx":
        with evidence_extra():  # python-docx belongs to the extra
            from fieldkit.documents.word_document import word_document
        return word_document(document)
    return markdown(document)


def write_bulletin(kit: Kit, document: Document, figures: BulletinFigures, path: Path) -> None:
    """Write the file and keep its release.

    Raises:
        Misuse: the name can't be used, or this is not a coordinator's laptop.
        StorageError: the disk refuses.
    """
    demand_ending(path)
    content = bulletin_bytes(document, path.suffix.lower())
    me = identity(kit)
    record_release(
        kit, me, {**figures.release, "pack_hash": sha256(content).hexdigest(), "released_by": me.name}
    )
    write_private_file(path, content)
