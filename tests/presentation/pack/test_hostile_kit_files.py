"""A kit of hostile texts through every writer: nothing in a pack or bulletin runs, loads, links or reverses lines."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
import pytest
from markdown_it import MarkdownIt

from browser import Browser
from fieldkit.insight.disclosure.thresholds import TEN
from fieldkit.presentation.bulletin import bulletin_figures
from fieldkit.presentation.bulletin.bulletin_files import ENDINGS, bulletin_bytes
from fieldkit.presentation.bulletin.bulletin_text import document_of, draft
from fieldkit.presentation.pack import evidence_pack
from fieldkit.presentation.pack.audiences import AUDIENCES
from fieldkit.presentation.pack.evidence_pack import prepare
from fieldkit.store.kit import Kit
from fieldkit.sync.setup import create_network
from hostile_kit import LETTERS, hostile_kit
from plain_protection import plain_protect
from tools import tool

Files = dict[str, bytes]
LOADING = {"script", "img", "iframe", "object", "embed", "form", "input", "base", "image"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Every file of the packs for all audiences, and the bulletin in all formats."""
    made: Files = {}
    kit, _ = Kit.create(tmp_path_factory.mktemp("hostile") / "kit", None)
    with kit, pytest.MonkeyPatch.context() as patch:
        create_network(kit, "Bradford", "Coordinator")
        cycle = hostile_kit(kit)
        # These tests concern texts: they don't need the slow search for what to hide.
        patch.setattr(evidence_pack, "protect", plain_protect)
        patch.setattr(bulletin_figures, "protect", plain_protect)
        for audience in AUDIENCES:
            pack = prepare(kit, cycle, audience, TEN, addressee="<script>alert(2)</script>\u202e")
            made |= {f"{audience.code}/{name}": content for name, content in pack.files.items()}
        figures = bulletin_figures.bulletin_figures(kit, "2025-06-01", "2025-06-30", TEN)
        bulletin = document_of(draft(figures), figures)
        made |= {f"bulletin/b{ending}": bulletin_bytes(bulletin, ending) for ending in ENDINGS}
    return made


def ending(files: Files, *endings: str) -> Files:
    return {name: content for name, content in files.items() if name.endswith(endings)}


def test_the_hostile_texts_are_in_the_files(files: Files) -> None:
    page = files["partners/pack.html"].decode()
    for text in ("&lt;script&gt;", "HYPERLINK", "[link=https", "+cmd|", "👩‍👩‍👧‍👦"):
        assert text in page
    assert "HYPERLINK" in files["bulletin/b.md"].decode()


def test_no_control_and_no_turned_line_is_in_any_text(files: Files) -> None:
    for name, content in ending(files, ".html", ".md", ".csv", ".json").items():
        assert not set(LETTERS) & set(content.decode("utf-8-sig")), name
    for name, content in ending(files, ".docx", ".xlsx").items():
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            texts = [
                parts.read(part).decode() for part in parts.namelist() if part.endswith((".xml", ".rels"))
            ]
        assert not set(LETTERS) & set("".join(texts)), name


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.add(tag)
        self.attributes |= {name for name, _ in attrs}
        assert all(str(value).startswith(("#", "data:,")) for name, value in attrs if name.endswith("href"))


def test_pages_have_nothing_that_runs_or_loads(files: Files) -> None:
    for name, content in ending(files, ".html").items():
        tags = Tags(content.decode())
        assert not tags.all & (LOADING), name
        assert not [each for each in tags.attributes if each.startswith("on") or each in {"src", "action"}], (
            name
        )


def test_a_browser_asks_for_nothing_logs_nothing_and_shows_the_pages_whole(
    files: Files, tmp_path: Path
) -> None:
    with Browser(tmp_path / "browser") as browser:
        for name in ("jsna/pack.html", "partners/pack.html", "bulletin/b.html"):
            path = tmp_path / name.replace("/", "-")
            path.write_bytes(files[name])
            page = browser.open(path, 360)
            assert page.logged == [] and page.width <= 360 and page.overflowing == [], name
            assert page.requests == [path.as_uri()], name


def test_markdown_holds_no_html_no_link_and_no_picture(files: Files) -> None:
    for name, content in ending(files, ".md").items():
        tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(content.decode())
        # The only code is the command that verifies the pack.
        code = {token.content for token in tokens if token.type == "fence"}
        assert code <= {"fieldkit evidence --verify FOLDER\n"}
        inline = [child for token in tokens for child in token.children or []]
        assert not {each.type for each in (*tokens, *inline)} & {
            "html_block",
            "html_inline",
            "link_open",
            "image",
            "code_block",
        }, name


def test_csv_cells_begin_no_formula(files: Files) -> None:
    for name, content in ending(files, ".csv").items():
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            assert not [cell for cell in row if re.match(r"[=+@\t\r]|-\D", cell)], name


def test_workbooks_hold_no_formula_and_no_link(files: Files) -> None:
    for name, content in ending(files, ".xlsx").items():
        for sheet in openpyxl.load_workbook(io.BytesIO(content)):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type in {"s", "n"} and cell.hyperlink is None and cell.comment is None, name
                assert not re.match(r"[=+@]|-\D", str(cell.value or "")), name


def test_word_documents_hold_no_field_and_no_link(files: Files) -> None:
    for name, content in ending(files, ".docx").items():
        assert docx.Document(io.BytesIO(content)).paragraphs, name
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            texts = "".join(
                parts.read(part).decode() for part in parts.namelist() if part.endswith((".xml", ".rels"))
            )
        body = texts.replace("HYPERLINK(", "").replace("&quot;", "")
        assert set(re.findall("<w:fldSimple[^>]*", body)) == {'<w:fldSimple w:instr="PAGE"/'}, name
        assert not re.search(r"<w:(hyperlink|instrText|altChunk)|TargetMode=.External", body), name


def test_libreoffice_opens_documents_and_workbooks_and_finds_text_alone(files: Files, tmp_path: Path) -> None:
    chosen = {
        "pack.docx": "txt:Text (encoded):UTF8",
        "tables.xlsx": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1",
    }
    for name, kind in chosen.items():
        (tmp_path / name).write_bytes(files[f"partners/{name}"])
        command = [tool("soffice"), "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
        subprocess.run(
            [*command, "--convert-to", kind, "--outdir", str(tmp_path / "out"), str(tmp_path / name)],
            check=True,
            capture_output=True,
            timeout=300,
        )
    written = [path.read_text(encoding="utf-8-sig") for path in sorted((tmp_path / "out").iterdir())]
    assert len(written) > 1 and all("HYPERLINK" in "".join(written) for _ in written)
    for text in written:
        assert not re.search("Err:|#NAME|#VALUE|#REF", text) and not set(LETTERS) & set(text)
