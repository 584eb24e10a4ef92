"""Comment files as people make them: each row is stored or refused, and what is stored is what they wrote."""

from __future__ import annotations

import codecs
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.errors import FieldkitError
from fieldkit.importing.imported import Imported
from fieldkit.store.kit import Kit
from import_steps import import_understood

pytestmark = pytest.mark.usefixtures("in_a_folder")

MAPPING = {"Comment": "experience", "Score": "rating"}
LINES = (
    "Comment{0}Score{0}Date\nKind nurse, “lovely”{0}1{0}3/11/2025\n"
    "Café shut – £5{0}VERY GOOD{0}3 Nov 2025 2:30 pm\n\nSlow{0}7{0}\n"
)
COMMENTS = ["Kind nurse, “lovely”", "Café shut – £5"]


def bring(kit: Kit, source: bytes | Path, mapping: dict[str, str] | None = None) -> Imported:
    before = kit.counts()["feedback"]
    done = import_understood(kit, "feedback", source, mapping=MAPPING if mapping is None else mapping)
    assert done.rows == done.stored + done.refused + done.here + done.totals
    assert kit.counts()["feedback"] == before + done.stored
    return done


def comments(kit: Kit) -> list[str]:
    """The stored comments, in the order of the file."""
    return [record.values.get("experience", "") for record in reversed(kit.page("feedback"))]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_delimiter_and_line_end(kit: Kit, delimiter: str, encoding: str, end: str) -> None:
    done = bring(kit, LINES.format(delimiter).replace("\n", end).encode(encoding))
    assert (done.stored, done.refused) == (2, 1)
    assert comments(kit) == COMMENTS
    assert {record.values["date"] for record in kit.page("feedback")} == {"2025-11-03"}
    assert [record.values["rating"] for record in kit.page("feedback")] == ["1", "1"]
    assert (done.problems[0].line, done.problems[0].value) == (5, "7")


@pytest.mark.parametrize(
    ("content", "stored", "refused"),
    [
        ('Comment,Score\n"Kind,1\nShe said "hello" to me,2\n"ok",5\n', ['She said "hello" to me', "ok"], 1),
        ("Comment,Score\n" + "é" * 1_000_000 + ",1\nshort,2\n", ["short"], 1),
        ('Comment,Score\n"' + "word " * 250_000 + '",3\nshort,2\n', ["short"], 1),
        ("Feedback,,\nComment,Score,Age\nKind,1,\nSlow,9,\n", ["Kind"], 1),
        ("Comment,Comment,Score,score\nKind,Nurse,1,2\n", ["Kind"], 0),
        (
            "Comment , Score \n  Kind  , 1 \n\xa0Slow\xa0,\xa02\xa0\n\n\nLast,VERY POOR\n",
            ["Kind", "Slow", "Last"],
            0,
        ),
        ("Comment,Score\nKi\0nd,1\n\0\0,\0\nfoo,2\0\n", ["Kind", "foo"], 0),
        ("Comment,Score\nKind,1\n\x1a", ["Kind"], 0),
        ("Comment,Score\nKind\nSlow,2,extra\n,,\nOk,1,,\n", ["Kind", "Ok"], 1),
        ("Comment,Score,\nKind,1,\n", ["Kind"], 0),
        ("sep=;\nComment;Score\nKind, yes;1\n", ["Kind, yes"], 0),
        (
            "Comment,Score\n\x1b[31mred\x1b[0m,1\n=1+1,2\n[/] [@click=app.quit]x[/],3\n",
            ["[31mred[0m", "=1+1", "[/] [@click=app.quit]x[/]"],
            0,
        ),
        (
            "Comment,Score\nتجربة,1\nਬਹੁਤ ਵਧੀਆ,2\n👨\u200d👩\u200d👧,1\n",
            ["تجربة", "ਬਹੁਤ ਵਧੀਆ", "👨\u200d👩\u200d👧"],
            0,
        ),
    ],
)
def test_odd_files(kit: Kit, content: str, stored: list[str], refused: int) -> None:
    done = bring(kit, content.encode())
    assert comments(kit) == stored
    assert done.refused == refused
    assert all(problem.reason.endswith((".", ")")) and problem.line > 1 for problem in done.problems)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \n \n", "is empty"),
        (codecs.BOM_UTF8, "is empty"),
        (b"Comment,Score\n", "no rows under it"),
        (b"Comment,Score\n,\n , \n", "no rows under it"),
        (b"Kind,1\nSlow,2\n", "no column “Comment”"),
        (b"PK\x03\x04nothing", "damaged"),
        (bytes(range(256)) * 20, "not a text file"),
    ],
)
def test_files_without_rows(kit: Kit, content: bytes, sentence: str) -> None:
    with pytest.raises(FieldkitError) as caught:
        bring(kit, content)
    assert sentence in caught.value.message
    assert caught.value.kept == "Nothing was stored."
    assert caught.value.hint


def test_a_workbook_as_people_make_them(kit: Kit, tmp_path: Path) -> None:
    """Merged cells, formulas, dates as dates and as text and as numbers, blank rows, an error in a cell."""
    book = xlsxwriter.Workbook(tmp_path / "rich.xlsx")
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range("A1:C1", "Friends & Family")
    sheet.write_row("A3", ["Comment", "Score", "Date"])
    sheet.write_row("A4", ["Kind", 1])
    sheet.write_datetime("C4", datetime(2025, 11, 3, 14, 30), day)
    sheet.write_string("A5", "=1+1 in words")
    sheet.write_row("B5", [2.0, "3/11/2025"])
    sheet.write_row("A6", ["Counted", 3, 45567])
    sheet.write_row("A7", [12345, 4, "3rd November 2025"])
    sheet.write_formula("A9", '="Lovely "&"staff"', None, "Lovely staff")
    sheet.write_formula("B9", "=1+1", None, 2)
    sheet.write_formula("A10", "=NA()", None, "#N/A")
    sheet.write("B10", 1)
    sheet.merge_range("A11:A12", "Over two rows")
    sheet.write_column("B11", [1, 2])
    book.close()
    done = bring(kit, tmp_path / "rich.xlsx", {**MAPPING, "Date": "date"})
    assert comments(kit) == [
        "Kind",
        "=1+1 in words",
        "12345",
        "Lovely staff",
        "Over two rows",
        "Over two rows",
    ]
    assert {record.values.get("date") for record in kit.page("feedback")} == {"2025-11-03", None}
    assert [(problem.line, problem.column) for problem in done.problems] == [(6, "Date"), (10, "Comment")]
    assert "2 Oct 2024" in done.problems[0].reason


def test_a_file_that_grows_while_it_is_read_is_refused_whole(kit: Kit, tmp_path: Path) -> None:
    path = tmp_path / "still copied.csv"
    path.write_text(
        "Comment,Score\n" + "".join(f"Slow {number},9\nKind {number},1\n" for number in range(1_200))
    )
    size = path.stat().st_size

    def grow(*_: object) -> None:
        with path.open("a") as file:
            file.write("Last,2\n")

    with pytest.raises(FieldkitError, match="changed while it was read") as caught:
        import_understood(kit, "feedback", path, mapping=MAPPING, on_progress=grow)
    assert path.stat().st_size > size and "Then import it again" in caught.value.hint
    assert kit.counts()["feedback"] == 0
    assert [each.name for each in tmp_path.glob("*.csv")] == [path.name]
    assert (
        import_understood(kit, "feedback", path, mapping=MAPPING).stored
        == 1_200 + (path.stat().st_size - size) // 7
    )


@pytest.mark.parametrize(
    ("comment", "example"),
    [
        ("The cafÃ© was shut", "“cafÃ©” for “café” in line 2"),
        ("It wasnâ€™t clean", "“wasnâ€™t” for “wasn’t” in line 2"),
        ("The café wasn’t open, «LIBERTÉ», SÃO Paulo, GRÂCE à", ""),
    ],
)
def test_letters_that_another_program_garbled_are_pointed_out(kit: Kit, comment: str, example: str) -> None:
    done = bring(kit, f'Comment,Score\n"{comment}",1\n'.encode())
    assert comments(kit) == [comment]
    assert (
        any(example in note for note in done.notes)
        if example
        else not any("letters" in note for note in done.notes)
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=300).map(
            lambda text: f"Title\n{text}\nComment;Score\nKind;1\n".encode("utf-8", "replace")
        ),
        st.text(alphabet='",;\t|\n\r\0x1 =', max_size=200).map(
            lambda text: f"Comment,Score\n{text}".encode()
        ),
    )
)
def test_any_bytes_are_stored_row_by_row_or_refused_with_a_sentence(kit: Kit, content: bytes) -> None:
    try:
        bring(kit, content)
    except FieldkitError as error:
        assert error.message and error.kept and error.hint
