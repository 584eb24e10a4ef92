"""Makes the sheets of this folder, each as .xlsx, .xls and .ods: `python make.py`, with LibreOffice's soffice installed.

LibreOffice opens what xlsxwriter writes, calculates the formulas, and saves it in all three formats.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

HERE = Path(__file__).parent

#: What is written, and the number format that shows it.
SHOWN = [
    (3, ""), ("=1-1", ""), (0.5, "0%"), (123, "00000"), (2.6, "0"), (5, '"£"#,##0.00'), (30, '0" min"'),
    (46328, "dd/mm/yyyy"), (46328, "mmm yyyy"), (46328, "dd/mm"), (46328.6, "dd/mm/yyyy hh:mm"), (0.5, "hh:mm"),
    (1.25, "hh:mm"), (1.25, "[h]:mm"), (-5, "#,##0;(#,##0)"), (1234567, "#,##0"), (1234567, "#,##0,"), (5, ";;;"),
    (123456, "0.00E+00"), (0.5, "# ?/?"), (0.1 + 0.2, ""), (123456789012, ""), (5, "dd/mm/yyyy"),
    (7946001800, "00000000000"), (True, ""), ("00123", ""), ("=NA()", ""), ("=1/0", ""), ('=VALUE("x")', ""),
    ("=UNKNOWNFUNCTION(1)", ""), ("=SUM(1,-1)", ""), (5 / 1440, "mm:ss"), (1, '"yes";;"no"'), (46328, "dddd"),
   ('="made of "&"two"', ""),
    ("=1=1", ""), ("12/05/1899", ""), ("#N/A", ""), (" two\nlines ", ""), ("=\"\"", ""), (0.999999, "hh:mm"), (12.5, "0.00"),
]  # fmt: skip


def shown(book: xlsxwriter.Workbook) -> None:
    """Every kind of value, and an empty cell for a formula that gives an empty text."""
    sheet = book.add_worksheet("Shown")
    sheet.write_row(0, 0, ["number", "value"])
    for row, (value, code) in enumerate(SHOWN, 1):
        sheet.write(row, 0, row + 1)
        sheet.write(row, 1, value, book.add_format({"num_format": code}) if code else None)
    sheet.write_rich_string(len(SHOWN) + 1, 1, "in ", book.add_format({"bold": True}), "parts")
    sheet.write(len(SHOWN) + 1, 0, len(SHOWN) + 2)
    sheet.write_comment(1, 1, "A remark that is no part of the cell")


def merged(book: xlsxwriter.Workbook) -> None:
    """Merged cells down, across and both; a title over all; two rows of headings; a record of two rows."""
    sheet = book.add_worksheet("Merged")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range("B1:F1", "What people said")
    sheet.merge_range("B3:B4", "Day")
    sheet.merge_range("C3:D3", "Place")
    sheet.merge_range("E3:F3", "Answer")
    sheet.write_row("C4", ["Provider", "Ward", "Rating", "Comment"])
    sheet.merge_range("B5:B7", 46328, day)
    sheet.merge_range("C5:C6", "Hill Surgery")
    sheet.write_column("E5", [1, 2, 3])
    sheet.write_column("F5", ["kind", "fine", "slow"])
    sheet.write("C7", "City Hospital")
    sheet.merge_range("B8:B9", 46329, day)
    sheet.merge_range("C8:C9", "")
    sheet.write_formula("C8", "=NA()", None, "#N/A")
    sheet.merge_range("E8:E9", 4)
    sheet.merge_range("F8:F9", "one record in two rows")
    sheet.merge_range("B10:F10", "A line across")
    sheet.merge_range("C11:D12", "Both ways")
    sheet.write_column("E11", [1, 2])


def hidden(book: xlsxwriter.Workbook) -> None:
    """Hidden rows and a hidden column, a filter, and a hidden sheet."""
    sheet = book.add_worksheet("Hidden")
    sheet.write_row(0, 0, ["reference", "rating", "may be used"])
    for row in range(1, 7):
        sheet.write_row(row, 0, [f"r{row}", row % 5 + 1, "no" if row % 2 else "yes"])
        if row % 2:
            sheet.set_row(row, None, None, {"hidden": True})
    sheet.autofilter(0, 0, 6, 2)
    sheet.filter_column(2, "x == yes")
    sheet.set_column("B:B", None, None, {"hidden": True})
    other = book.add_worksheet("Out of sight")
    other.write_column(0, 0, ["a", 1])
    other.hide()


def epoch(book: xlsxwriter.Workbook) -> None:
    """Days counted from 1904: one shown as a date, one as its number."""
    sheet = book.add_worksheet("Epoch")
    sheet.write_row(0, 0, ["reference", "date"])
    sheet.write(1, 0, "r1")
    sheet.write(1, 1, 44866, book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_row(2, 0, ["r2", 44867])


def main() -> None:
    """Write all of them again."""
    for fill, options in ((shown, {}), (merged, {}), (hidden, {}), (epoch, {"date_1904": True})):
        with TemporaryDirectory() as folder:
            first = Path(folder) / f"{fill.__name__}.xlsx"
            with xlsxwriter.Workbook(first, options) as book:
                fill(book)
            # Opening it a second time makes it calculate the formulas.
            convert(first, "ods", folder)
            convert(first.with_suffix(".ods"), "xlsx", HERE)
            for kind in ("ods", "xls"):
                convert(HERE / first.name, kind, HERE)


def convert(source: Path, kind: str, folder: Path | str) -> None:
    """Save a workbook in another format."""
    subprocess.run(
        ["soffice", "--headless", "--convert-to", kind, "--outdir", str(folder), str(source)], check=True
    )


if __name__ == "__main__":
    main()
