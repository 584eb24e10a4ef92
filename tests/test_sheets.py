"""Spreadsheets as people make them lose no word when read, and do nothing but show when written."""

from __future__ import annotations

import codecs
import csv
import io
import stat
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from fieldkit.errors import FieldkitError, Misuse, NotFound, StorageError
from fieldkit.insight import sheets_out
from fieldkit.insight.sheets_out import Table, neutralise, write_tables
from fieldkit.sync import csv_rows, decoding, workbooks
from fieldkit.sync.cells import restore
from fieldkit.sync.sheets import RefusedWriter, Row, Sheet, read_sheet

REAL = Path(__file__).parent / "data" / "fft-comments.csv"

ODS = "application/vnd.oasis.opendocument.spreadsheet"
EXCERPT = (
    "Comment ID,Trust,Date,FFT categorical answer,FFT question,FFT answer,Comment sentiment\r\n"
    'NHFT 513 - Q1,NHFT,08/09/2021,2,What could we do better?,"More activities.\nStaff. ",4\r\n'
    "NEAS 844 - Q2,NEAS,31/12/2021,7,How could we improve?,Helpful\xa0and pleasant.,\r\n"
    'NEAS 111 2330 - Q3,NEAS,06/07/2022,2,"Please describe any things about the 111 service that\n'
    'you were particularly satisfied and/or dissatisfied with",,\r\n'
    'NHFT 9,NHFT,Unknown,1,What was good?,"Called ""lovely"" twice, rightly",1\r\n'
)


def table(text: str | bytes, encoding: str = "utf-8") -> Sheet:
    return read_sheet(text if isinstance(text, bytes) else text.encode(encoding))


def values(sheet: Sheet) -> list[list[object]]:
    return [[*row.cells.values(), *row.extra] for row in sheet.rows()]


def workbook(path: Path, *, fill: Callable[[xlsxwriter.Workbook], None]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return path


# --- CSV ---


def test_an_excerpt_of_real_comments_comes_as_it_is() -> None:
    sheet = table(EXCERPT)
    assert sheet.columns[:3] == ["Comment ID", "Trust", "Date"]
    rows = list(sheet.rows())
    assert [row.line for row in rows] == [2, 4, 5, 7]
    assert [row.cells["FFT answer"] for row in rows] == [
        "More activities.\nStaff. ",
        "Helpful\xa0and pleasant.",
        "",
        'Called "lovely" twice, rightly',
    ]
    assert not any(row.problem or row.extra for row in rows)
    assert sheet.notes == []


@pytest.mark.skipif(not REAL.exists(), reason="the file of real comments is not in tests/data")
def test_the_whole_file_of_real_comments() -> None:
    with REAL.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text)
        heading, *expected = reader
    sheet = read_sheet(REAL)
    rows = list(sheet.rows())
    assert sheet.columns == [name.strip() for name in heading]
    assert len(rows) == 420
    assert [list(row.cells.values()) for row in rows] == expected
    assert not any(row.problem or row.extra for row in rows)
    content = REAL.read_text(encoding="utf-8-sig").split("\n")
    for row in rows:
        assert content[row.line - 1].startswith(str(row.cells[sheet.columns[0]]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_need_no_note(encoding: str) -> None:
    sheet = table("Name;Said\nZoë;ਸਤ ਸ੍ਰੀ ਅਕਾਲ 🙂\n", encoding)
    assert sheet.columns == ["Name", "Said"]
    assert values(sheet) == [["Zoë", "ਸਤ ਸ੍ਰੀ ਅਕਾਲ 🙂"]]
    assert sheet.notes == []


def test_wide_characters_of_every_kind_are_read_and_damage_in_them_is_said() -> None:
    for encoding in ("utf-32", "utf-16", "utf-16-le", "utf-16-be"):
        sheet = read_sheet("Comment,Score\n😀 Kind ਵਧੀਆ,1\n".encode(encoding))
        assert next(sheet.rows()).cells == {"Comment": "😀 Kind ਵਧੀਆ", "Score": "1"}
        assert sheet.notes == []
    big = codecs.BOM_UTF32_BE + "Comment,Score\n😀,1\n".encode("utf-32-be")
    assert next(read_sheet(big).rows()).cells["Comment"] == "😀"
    damaged = codecs.BOM_UTF16_LE + "Comment,Score\nKind,1\n".encode("utf-16-le") + b"\x00\xd8,\x00"
    [note] = read_sheet(damaged).notes
    assert "damaged" in note and note.endswith(": 1 (line 3).")


def test_other_bytes_are_read_as_windows_1252_and_it_is_said() -> None:
    sheet = table("Name,Said\nZoë,“good” – £5\n", "cp1252")
    assert values(sheet) == [["Zoë", "“good” – £5"]]
    assert len(sheet.notes) == 1 and "Windows-1252" in sheet.notes[0]


def test_one_damaged_character_does_not_change_the_encoding_of_the_rest() -> None:
    sheet = table(b"Name,Said\n" + "é".encode() * 40 + b",\xe9t\n")
    assert values(sheet) == [["é" * 40, "\ufffdt"]]
    assert "damaged" in sheet.notes[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_first_lines_with_damaged_characters_are_named(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_CHUNK", 7)
    rows = [
        "Name,Said",
        *("é" * 40 + ",fine" for _ in range(3)),
        *("\xff,\xff" for _ in range(7)),
        "é" * 300 + ",x",
    ]
    content = end.join(rows).encode().replace("\xff".encode(), b"\xff") + end.encode()
    (note,) = table(content).notes
    assert note.endswith(": 14 (lines 5, 6, 7, 8, 9, …).")


def test_a_character_cut_by_the_end_of_a_chunk_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_CHUNK", 3)
    sheet = table("A,B\néé,ëë\n")
    assert values(sheet) == [["éé", "ëë"]] and sheet.notes == []


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Date;Comment, in their own words;Rating\n1/1;ok, I think;5\n2/1;good;4\n", 3),
        ("Date\tComment\n1/1\tyes, no, maybe; who knows\n2/1\ta | b\n", 2),
        ("Amount;Sum\n1,5;2,5\n3,25;4,75\n", 2),
        ("a|b|c\n1,2|3|4\n", 3),
        ('"a, b";"c, d"\n"x";"y, z"\n', 2),
        ("Comment\nGood, kind; quick\n", 1),
        ("sep=;\nName;Said, exactly\nx;y\n", 2),
        ("a,b;c,d;e\n1;2;3\n4;5;6\n", 3),
    ],
)
def test_the_delimiter_is_the_one_under_which_rows_fit_the_heading(text: str, columns: int) -> None:
    sheet = table(text)
    assert len(sheet.columns) == columns
    assert not any(row.problem for row in sheet.rows())


def test_columns_are_named_as_people_see_them() -> None:
    sheet = table('\n\n Name\xa0,"Service\ntype",,Name,Name\na,b,c,d,e\n')
    assert sheet.columns == ["Name", "Service type", "column 3", "Name (2)", "Name (3)"]
    assert [row.line for row in sheet.rows()] == [5]


def test_blank_rows_are_passed_over_and_counted() -> None:
    sheet = table("a,b\n\n1,2\n , \n,,,\n\0\0\n3,4\n\n")
    rows = list(sheet.rows())
    assert [row.line for row in rows] == [3, 7]
    assert sheet.blank_rows == 5
    assert len(list(sheet.rows())) == 2 and sheet.blank_rows == 5


def test_short_rows_have_none_and_long_rows_say_so() -> None:
    rows = list(table("a,b,c\n1\n1,2,3,,\n1,2,3,kept,too\n").rows())
    assert rows[0] == Row(2, {"a": "1", "b": None, "c": None})
    assert rows[1] == Row(3, {"a": "1", "b": "2", "c": "3"})
    assert rows[2].extra == ["kept", "too"]
    assert "5 cells" in rows[2].problem and "3" in rows[2].problem


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end(end: str) -> None:
    sheet = table(end.join(["a,b", '1,"x', 'y"', "3,4"]))
    assert [(row.line, list(row.cells.values())) for row in sheet.rows()] == [
        (2, ["1", f"x{end}y"]),
        (4, ["3", "4"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n1,"open\n2,plain\n3,plain\n',
        'a,b\n1,"open\n2,"quoted, well"\n3,plain\n',
        'a,b\n1,"open\n2,plain\n3,"""quoted"""\n',
        'a,b\n1,"open ""x\n2,"q"\n3,plain',
    ],
)
def test_an_unclosed_quotation_mark_costs_its_own_row_only(text: str) -> None:
    rows = list(table(text).rows())
    assert [row.line for row in rows] == [2, 3, 4]
    assert "never closed" in rows[0].problem and '"open' in str(rows[0].cells["b"])
    assert [row.problem for row in rows[1:]] == ["", ""]


def test_every_row_with_an_unclosed_mark_says_so() -> None:
    sheet = table("a,b\n" + '1,"x\n' * 3000)
    rows = list(sheet.rows())
    assert len(rows) == 3000 and all(row.problem for row in rows)


def test_a_cell_that_never_ends_is_given_up_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "LONGEST_ROW", 500)
    rows = list(table('a,b\n1,"x\n' + "2,y\n" * 400 + '3,"z"\n').rows())
    assert len(rows) == 402 and rows[0].problem and not any(row.problem for row in rows[1:])


def test_quotation_marks_that_nobody_doubled() -> None:
    rows = list(table('a,b\n"He said "hello" to me",5\n6" pipe,7\n"x "y", z",1,2\n').rows())
    assert rows[0] == Row(2, {"a": 'He said "hello" to me', "b": "5"})
    assert rows[1] == Row(3, {"a": '6" pipe', "b": "7"})
    assert "not doubled" in rows[2].problem


def test_blanks_round_quoted_cells_do_not_break_them() -> None:
    assert values(table('a,b,c\n1, "x, y" ,2\n')) == [["1", "x, y", "2"]]


def test_cells_far_longer_than_the_csv_module_takes() -> None:
    limit = csv.field_size_limit()
    long = "word, " * 200_000
    assert values(table(f'a,b\n1,"{long}"\n{"y" * 300_000},2\n')) == [["1", long], ["y" * 300_000, "2"]]
    assert csv.field_size_limit() == limit


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "LONGEST_ROW", 1000)
    sheet = table("a,b\n" + "1,2\n" * 300 + "x" * 2000)
    with pytest.raises(FieldkitError, match=r"Line 302 .* characters"):
        list(sheet.rows())


def test_nul_bytes_are_text_like_any_other() -> None:
    assert values(table("a,b\nx\0y,2\n")) == [["x\0y", "2"]]


def test_rows_come_one_by_one() -> None:
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.taken += len(data)
            return data

        def read1(self, size: int | None = -1, /) -> bytes:
            data = super().read1(size)
            self.taken += len(data)
            return data

    stream = Counting(b"a,b\n" + b"some words,some more\n" * 200_000)
    sheet = read_sheet(stream)
    stream.taken = 0
    rows = sheet.rows()
    assert next(rows).line == 2
    assert 0 < stream.taken < 100_000
    rows.close()
    assert not stream.closed


TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\",;\t|\r\n'\\ \0"), max_size=12)


@given(
    rows=st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example(rows=[["", "\0", "\0"]] * 2, delimiter=",", quoting=csv.QUOTE_MINIMAL, encoding="utf-8")
def test_what_a_csv_writer_wrote_is_read_back_equal(
    rows: list[list[str]], delimiter: str, quoting: int, encoding: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting)
    writer.writerow(["first", "second", "third"])
    writer.writerow(["one", "two", "three"])
    writer.writerows(rows)
    sheet = table(text.getvalue(), encoding)
    kept = [row for row in rows if any(cell.strip().strip("\0") for cell in row)]
    assert values(sheet) == [["one", "two", "three"], *kept]
    assert sheet.blank_rows == len(rows) - len(kept)
    assert not any(row.problem for row in sheet.rows())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    try:
        rows = list(read_sheet(content).rows())
    except FieldkitError as error:
        assert error.message and error.kept and error.hint
    else:
        assert rows


@given(st.text('ab",;\n ', max_size=60))
@example('"\na","')
@example('"\na","\nb",a\n')
def test_no_word_is_lost_however_the_marks_stand(text: str) -> None:
    sheet = table("first,second\nx,y\n" + text)
    found = "".join(str(value) for row in values(sheet) for value in row if value is not None)
    for letter in "ab":
        assert found.count(letter) == text.count(letter)


# --- workbooks ---


def test_a_workbook_keeps_its_types_and_row_numbers(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Blank")
        sheet = book.add_worksheet("Comments")
        book.add_worksheet("Notes").write(0, 0, "x")
        day, hour = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "hh:mm"})
        sheet.write_row(2, 1, ["Date", "At", "Rating", "Said", "Agreed", "Long"])
        sheet.write_datetime(4, 1, datetime(2024, 1, 2), day)
        sheet.write_datetime(4, 2, time(14, 3), hour)
        sheet.write_row(4, 3, [12.0, "two\nlines", True])
        sheet.write_number(4, 6, 1.25, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_formula(5, 3, "=1/0", None, "#DIV/0!")
        sheet.write(5, 4, "kept")

    sheet = read_sheet(workbook(tmp_path / "x.xlsx", fill=fill))
    rows = list(sheet.rows())
    assert [row.line for row in rows] == [5, 6]
    cells = rows[0].cells
    assert cells == {
        "Date": date(2024, 1, 2),
        "At": time(14, 3),
        "Rating": 12.0,
        "Said": "two\nlines",
        "Agreed": True,
        "Long": "30:00:00",
    }
    assert isinstance(cells["Rating"], float)
    assert "D6" in rows[1].problem and rows[1].cells["Said"] == "kept"
    assert sheet.blank_rows == 1
    assert len(sheet.notes) == 1 and "“Comments”" in sheet.notes[0] and "“Notes”" in sheet.notes[0]
    assert len(list(sheet.rows())) == 2


def test_a_sheet_can_be_named(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        for name in ("One", "Two", "Empty"):
            sheet = book.add_worksheet(name)
            if name != "Empty":
                sheet.write_column(0, 0, ["Name", name])

    path = workbook(tmp_path / "x.xlsx", fill=fill)
    sheet = read_sheet(path, sheet="two")
    assert values(sheet) == [["Two"]] and sheet.notes == []
    with pytest.raises(Misuse, match="One, Two, Empty"):
        read_sheet(path, sheet="Three")
    with pytest.raises(Misuse, match="nothing in “Empty”"):
        read_sheet(path, sheet="Empty")
    with pytest.raises(Misuse, match="has no sheets"):
        read_sheet(b"a,b\n1,2\n", sheet="Two")


def test_an_ods_workbook(tmp_path: Path) -> None:
    def cell(kind: str, value: str, shown: str) -> str:
        typed = f'office:value-type="{kind}" {value}'
        return f"<table:table-cell {typed}><text:p>{shown}</text:p></table:table-cell>"

    heading = cell("string", "", "Day") + cell("string", "", "Rating")
    row = cell("date", 'office:date-value="2024-01-02"', "2 Jan") + cell("float", 'office:value="2"', "2")
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f'<office:document-content{names}><office:body><office:spreadsheet><table:table table:name="One">'
        f"<table:table-row>{heading}</table:table-row><table:table-row>{row}</table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "x.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    (found,) = read_sheet(path).rows()
    assert found.line == 2 and found.cells == {"Day": date(2024, 1, 2), "Rating": 2.0}


def test_a_workbook_too_large_for_memory_is_refused(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["Name", "x"])
        sheet.write(1_048_575, 16_383, "far")

    path = workbook(tmp_path / "far.xlsx", fill=fill)
    with pytest.raises(FieldkitError, match="too large"):
        read_sheet(path)


def test_a_workbook_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "x.xlsx", fill=lambda book: book.add_worksheet().write(0, 0, "x"))
    monkeypatch.setattr(workbooks, "_MOST_BYTES", 1000)
    with pytest.raises(FieldkitError, match="too large"):
        read_sheet(path)


# --- what is no spreadsheet ---


def packed(*names: str, mimetype: str = "", content: str = "x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
        (b"a,b\n", "heading but no rows"),
        (b"a,b\n,\n\n", "heading but no rows"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        (b"%PDF-1.7\n" + bytes(50), "a PDF document"),
        (b"\x1f\x8b\x08" + bytes(50), "compressed"),
        (b"<!DOCTYPE html><table><tr><td>a</td></tr></table>", "web page"),
        (b'[{"a": 1}]', "JSON"),
        (bytes(range(256)) * 8, "not a text file"),
        (packed("word/document.xml"), "text document"),
        (packed("photo.jpg"), "zip archive"),
        (packed("xl/workbook.xml"), "damaged"),
        (packed("content.xml", mimetype=ODS), "damaged"),
        (packed("META-INF/manifest.xml", mimetype=ODS, content="<encryption-data/>"), "password"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "older office program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"), "damaged"),
        (bytes(257) + b"ustar" + bytes(300), "bundle"),
        (b'"a,b\n1,2\n', "heading .* can't be read"),
    ],
)
def test_what_is_no_table_is_named(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes(content)
    with pytest.raises(FieldkitError, match=words) as caught:
        read_sheet(path)
    assert "given.csv" in caught.value.message
    assert caught.value.kept == "Nothing was stored."
    assert caught.value.hint


def test_folders_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="is a folder"):
        read_sheet(tmp_path)
    with pytest.raises(NotFound, match=r"no file “gone\.csv”"):
        read_sheet(tmp_path / "gone.csv")


def test_a_file_that_the_system_refuses_to_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FieldkitError, match="can't be read: Permission denied"):
        read_sheet(path)


# --- the file of refused rows ---


def refuse_all(path: Path) -> Path | None:
    sheet = read_sheet(path)
    with RefusedWriter(path) as refused:
        for row in sheet.rows():
            refused.add(row, [] if row.problem else [("b", row.cells["b"], "Not a rating.")])
    return refused.path


def test_refused_rows_can_be_mended_and_read_again(tmp_path: Path) -> None:
    source = tmp_path / "fair.csv"
    source.write_text('a,b,reason\n=1+1,"7\nx",why\n\'-ok,-5,\nzoë,8,r,over\n', encoding="utf-8")
    path = refuse_all(source)
    assert path == tmp_path / "fair.refused.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfline,column,value,reason,a,b,reason\r\n2,b,")
    assert b"'=1+1" in content
    again = read_sheet(path)
    assert again.columns == ["a", "b", "reason"] and again.refused
    assert values(again) == [["=1+1", "7\nx", "why"], ["'-ok", "-5", ""], ["zoë", "8", "r", "over"]]
    assert [bool(row.problem) for row in again.rows()] == [False, False, True]
    assert not list(tmp_path.glob("*.part"))


def test_nothing_refused_leaves_no_file(tmp_path: Path) -> None:
    with RefusedWriter(tmp_path / "fair.csv") as refused:
        pass
    assert refused.path is None and list(tmp_path.iterdir()) == []


def test_mending_from_an_earlier_time_is_not_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "fair.csv"
    source.write_text("a,b\n1,2\n")
    first, second = refuse_all(source), refuse_all(source)
    assert (first, second) == (tmp_path / "fair.refused.csv", tmp_path / "fair.refused (2).csv")


def test_a_failing_import_leaves_no_file_of_refused_rows(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), RefusedWriter(tmp_path / "fair.csv") as refused:
        refused.add(Row(2, {"a": date(2024, 1, 2)}), [("a", None, "No.")])
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError), RefusedWriter(tmp_path / "gone" / "fair.csv") as refused:
        refused.add(Row(2, {"a": "x"}), [("a", "x", "No."), ("a", "x", "Never.")])


# --- writing ---


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "  =1", "\xa0=1", "＝1", "＋1", "－1", "＠x"]
)
def test_text_that_would_act_gets_an_apostrophe(text: str) -> None:
    assert neutralise(text) == "'" + text
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("value", ["plain", "a=b", "'quoted'", "", -5, -1.5, None, True])
def test_other_values_stay_as_they_are(value: object) -> None:
    assert neutralise(value) is value


@given(st.text("'=+-@ \t\ra＝"))
def test_restoring_is_exact(text: str) -> None:
    assert restore(neutralise(text)) == text


def grid(path: Path, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()  # type: ignore[return-value]


ROWS: list[list[object]] = [
    ["=HYPERLINK(1)", -5, 1.5, date(2024, 1, 2), datetime(2024, 1, 2, 3, 4), True],
    ["[/] https://x.org", 2**60, float("nan"), date(1850, 1, 1), time(9, 30), None],
    ["two\nlines 🙂", "007", ["a", "b"], None, "-x", False],
]
COLUMNS = ["Said", "Count", "Mean", "Day", "At", "@Agreed"]


def test_a_workbook_holds_every_value_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    tables = [Table("Feedback", COLUMNS, iter(ROWS)), Table("Events", ["Name"], [])]
    assert write_tables(tables, path) == [path]
    assert grid(path, "Feedback") == [
        ["Said", "Count", "Mean", "Day", "At", "'@Agreed"],
        ["'=HYPERLINK(1)", -5, 1.5, date(2024, 1, 2), datetime(2024, 1, 2, 3, 4), True],
        ["[/] https://x.org", str(2**60), "", "1850-01-01", time(9, 30), ""],
        ["two\nlines 🙂", "007", "a; b", "", "'-x", False],
    ]
    assert grid(path, "Events") == [["Name"]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_holds_one_csv_each(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    paths = write_tables(
        [Table("Feedback", COLUMNS, ROWS), Table("feedback", ["a"], []), Table("../x", ["a"], [])], folder
    )
    assert [path.name for path in paths] == ["Feedback.csv", "feedback (2).csv", "-x.csv"]
    assert {path.parent for path in paths} == {folder}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in paths)
    assert sorted(folder.iterdir()) == sorted(paths)
    assert paths[0].read_bytes().startswith(b"\xef\xbb\xbfSaid,Count")
    assert values(read_sheet(paths[0])) == [
        ["'=HYPERLINK(1)", "-5", "1.5", "2024-01-02", "2024-01-02 03:04:00", "TRUE"],
        ["[/] https://x.org", str(2**60), "", "1850-01-01", "09:30:00", ""],
        ["two\nlines 🙂", "007", "a; b", "", "'-x", "FALSE"],
    ]


def test_a_full_sheet_goes_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_out, "MOST_ROWS", 3)
    path = tmp_path / "out.xlsx"
    long = "A very long name: of more than 31 [characters]"
    write_tables([Table(long, ["n"], ([n] for n in range(5))), Table("history", ["n"], [[1], [2]])], path)
    names = CalamineWorkbook.from_path(path).sheet_names
    assert names == [
        "A very long name of more than 3",
        "A very long name of more th (2)",
        "A very long name of more th (3)",
        "history (2)",
    ]
    assert [grid(path, name)[1:] for name in names[:3]] == [[[0], [1]], [[2], [3]], [[4]]]


def test_text_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    write_tables([Table("t", ["n"], [["🙂" * 20_000], ["x" * 32_767]])], tmp_path / "out.xlsx")
    cut, whole = (str(row[0]) for row in grid(tmp_path / "out.xlsx", "t")[1:])
    assert cut.endswith("🙂… (cut: the whole text is in the CSV)")
    assert len(cut.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert whole == "x" * 32_767


def test_what_is_there_is_overwritten_only_when_asked(tmp_path: Path) -> None:
    path, folder = tmp_path / "out.xlsx", tmp_path / "out"
    for target in (path, folder):
        write_tables([Table("t", ["n"], [[1]])], target)
        with pytest.raises(Misuse, match="already"):
            write_tables([Table("new", ["n"], [[2]]), Table("t", ["n"], [[2]])], target)
        write_tables([Table("t", ["n"], [[3]])], target, overwrite=True)
    assert grid(path, "t") == [["n"], [3]]
    assert values(read_sheet(folder / "t.csv")) == [["3"]]
    assert [found.name for found in folder.iterdir()] == ["t.csv"]


@pytest.mark.parametrize("name", ["out.xlsx", "out"])
def test_rows_that_fail_leave_nothing_and_keep_the_old(tmp_path: Path, name: str) -> None:
    write_tables([Table("t", ["n"], [[1]])], tmp_path / name)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def failing() -> Iterator[list[object]]:
        yield ["x"]
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        write_tables([Table("t", ["n"], failing())], tmp_path / name, overwrite=True)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_places_that_can_not_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        write_tables([], tmp_path / "gone" / "out.xlsx")
    for name in ("out.csv", "out.ods"):
        with pytest.raises(Misuse, match=r"\.xlsx"):
            write_tables([], tmp_path / name)
    with pytest.raises(Misuse, match="columns"):
        write_tables([Table("t", ["n"] * 16_385, [])], tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_row_pasted_from_an_older_program_does_not_spoil_the_others(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes("comment\ncafé one\n".encode() + "café two\n".encode("cp1252") + "ਪੰਜਾਬੀ\n".encode())
    table = read_sheet(path)
    assert [row.cells["comment"] for row in table.rows()] == ["café one", "café two", "ਪੰਜਾਬੀ"]
    assert any("Windows-1252" in note for note in table.notes)
