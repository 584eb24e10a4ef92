"""Kits at a desk: with a known recovery code, with a workbook of feedback beside it, with labels to match."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from names_kit import COMMENT, PUNJABI, TRUST

from fieldkit.presentation.safeguarding_notes import note_lead
from fieldkit.store.db import scrypt_process
from fieldkit.store.db.key_files import BY_RECOVERY
from fieldkit.store.kit import Kit
from fieldkit.sync.setup import create_network
from networks import Laptop, new_kit
from pack_kit import add_cycle

#: The passphrase of locked kits, given to every command.
PASSPHRASE = "seven calm herons wade"
#: The recovery code of the kit `forgotten`: words of the standard list, with their checksum.
CODE = "abandon amount liar amount expire adjust cage candy arch gather drum buyer"

#: Headings that name no field, dates that are text beside dates of the workbook, ratings that are not valid, a telephone number,
#: long words.
_ROWS: tuple[tuple[str | int | date, ...], ...] = (
    ("No.", "When", "Where were you treated?", "How was it?", "Tell us in your own words", "Ethnicity", "Volunteer's remark"),
    ("F1", datetime(2026, 3, 4), TRUST, 1, COMMENT, "Indian", "typed by A."),
    ("F2", "13/04/2026", "Hill Surgery", 2, "Fine.", "Pakistani", ""),
    ("F3", "04/05/2026", "Hill Surgery", 6, "Nobody rang.", "White British", "is it 5?"),
    ("F4", "31/02/2026", "Hill Surgery", 4, "Ring me: 0116 496 0123", "Indian", ""),
    ("F5", "last week", PUNJABI, "very good", "The nurse was lovely.", "Martian", ""),
    ("F6", datetime(2027, 12, 24), "Hill Surgery", 5, "", "Indian", "not yet"),
    ("F2", "13/04/2026", "Hill Surgery", 2, "Fine.", "Pakistani", "twice?"),
    ("F7", "05/06/2026", "City Hospital", "", "", "", ""),
    ("Total", "", "", 20, "", "", ""),
)  # fmt: skip


def forgotten(folder: Path) -> list[Laptop]:
    """A coordinator's kit with a passphrase, whose recovery code is `CODE`."""
    kit, _ = Kit.create(folder / "kit", PASSPHRASE)
    laptop = Laptop(kit, create_network(kit, "Leicester Faith Network for Health", "St Mary"), folder)
    note_lead(kit, "Grace Obi, 0116 496 0000")
    kit.add("partner", {"name": "St Philip’s Centre", "town": "Leicester"})
    (kit.folder / BY_RECOVERY).write_bytes(scrypt_process.wrap(kit.key, CODE))
    return [laptop]


def workbook(folder: Path) -> list[Laptop]:
    """A coordinator's kit beside `feedback.xlsx`: columns to match, dates that are unclear, faulty, repeated and hidden rows."""
    kit = new_kit(folder / "kit")
    laptop = Laptop(kit, create_network(kit, "Leicester Faith Network for Health", "St Mary"), folder)
    note_lead(kit, "Grace Obi, 0116 496 0000")
    with xlsxwriter.Workbook(folder / "feedback.xlsx") as book:
        sheet, days = book.add_worksheet("Spring"), book.add_format({"num_format": "dd/mm/yyyy"})
        for at, row in enumerate(_ROWS):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, days)
                else:
                    sheet.write(at, column, cell)
        sheet.set_row(2, options={"hidden": True})
    return [laptop]


def unmatched(folder: Path) -> list[Laptop]:
    """A coordinator's kit with a cycle, whose figures have labels that name no known group."""
    kit = new_kit(folder / "kit")
    laptop = Laptop(kit, create_network(kit, "Leicester Faith Network for Health", "St Mary"), folder)
    note_lead(kit, "Grace Obi, 0116 496 0000")
    about = {"publisher": "NHS", "retrieved": "2025-09-01", "sha256": "0" * 64, "file_name": "referrals.csv"}
    cycle = add_cycle(kit)
    with kit.adding(checked=True) as add:
        counts = {
            "title": "Referrals 2024-25",
            "period_from": "2024-04-01",
            "period_to": "2025-03-31",
            "role": "counts",
        }
        measure = {"cycle": cycle, "measure": "referrals", "unit": "people", "who": "all-ages"}
        [data] = add("dataset", [{**counts, **measure, "star_low": 0, "star_high": 4, **about}])
        cell = {
            "dataset": data,
            "dimension": "ethnic",
            "scheme": "nhs16",
            "shown": "10",
            "low": 10,
            "high": 10,
        }
        labels = (
            "Kashmiri",
            f"{PUNJABI} (Punjabi speaking)",
            f"Patients of the {TRUST}, of whom no other group is known",
        )
        add("cell", [{**cell, "label": label} for label in labels])
    return [laptop]
