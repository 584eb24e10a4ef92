"""CSV as people make it: encodings, delimiters, rows and quotation marks; no word is lost."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fieldkit.errors import FieldkitError
from fieldkit.importing.reading import csv_rows
from fieldkit.importing.reading import encoding as decoding
from fieldkit.importing.reading.cells import Row
from fieldkit.importing.reading.sheet_reader import read_sheet
from fieldkit.text import clean
from project_files import DATA
from sheet_tables import table, values

REAL = DATA / "fft-comments.csv"

EXCERPT = (
    "Comment ID,Trust,Date,FFT categorical answer,FFT question,FFT answer,Comment sentiment\r\n"
    'NHFT 513 - Q1,NHFT,08/09/2021,2,What could we do better?,"More activities.\nStaff. ",4\r\n'
    "NEAS 844 - Q2,NEAS,31/12/2021,7,How could we improve?,Helpful\xa0and pleasant.,\r\n"
    'NEAS 111 2330 - Q3,NEAS,06/07/2022,2,"Please describe any things about the 111 service that\n'
    'you were particularly satisfied and/or dissatisfied with",,\r\n'
    'NHFT 9,NHFT,Unknown,1,What was good?,"Called ""lovely"" twice, rightly",1\r\n'
)


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


def test_wide_characters_of_every_kind_are_read_and_damage_in_them_is_stated() -> None:
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
        bytes_read = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.bytes_read += len(data)
            return data

        def read1(self, size: int | None = -1, /) -> bytes:
            data = super().read1(size)
            self.bytes_read += len(data)
            return data

    stream = Counting(b"a,b\n" + b"some words,some more\n" * 200_000)
    sheet = read_sheet(stream)
    stream.bytes_read = 0
    rows = sheet.rows()
    assert next(rows).line == 2
    assert 0 < stream.bytes_read < 100_000
    rows.close()
    assert not stream.closed


TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\",;\t|\r\n'\\ \0"), max_size=12)


@given(
    rows=st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example(rows=[["", "", "\x1b"]], delimiter=",", quoting=csv.QUOTE_MINIMAL, encoding="utf-8")
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
    kept = [row for row in rows if any(map(clean, row))]
    assert values(sheet) == [["one", "two", "three"], *kept]
    assert sheet.blank_rows == len(rows) - len(kept)
    assert not any(row.problem for row in sheet.rows())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes) -> None:
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
    result = "".join(str(value) for row in values(sheet) for value in row if value is not None)
    for letter in "ab":
        assert result.count(letter) == text.count(letter)


def test_a_row_pasted_from_an_older_program_does_not_spoil_the_others(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes("comment\ncafé one\n".encode() + "café two\n".encode("cp1252") + "ਪੰਜਾਬੀ\n".encode())
    table = read_sheet(path)
    assert [row.cells["comment"] for row in table.rows()] == ["café one", "café two", "ਪੰਜਾਬੀ"]
    assert any("Windows-1252" in note for note in table.notes)
