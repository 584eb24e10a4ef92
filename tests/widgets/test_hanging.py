"""A sentence behind a sign hangs behind it, at whatever width; what is below is left as it is."""

from __future__ import annotations

import pytest
from textual.content import Content
from textual.widgets import Static

from fieldkit.widgets.plain import Hanging
from widget_app import WidgetApp, text_of

SENTENCE = "That passphrase does not open this kit. Check Caps Lock, or use the recovery code."


@pytest.mark.parametrize("sign", ["× ", "! "])
@pytest.mark.parametrize("width", [40, 60, 100])
async def test_further_lines_begin_where_the_sentence_does(sign: str, width: int) -> None:
    app = WidgetApp(Static(Hanging(Content(f"{sign}{SENTENCE}\n   1 window  2 boss\n\nCompare them."))))
    async with app.run_test(size=(width, 20)) as pilot:
        await pilot.pause()
        rows = [row.rstrip() for row in text_of(app).splitlines()]
        at = next(number for number, row in enumerate(rows) if row.lstrip().startswith(sign))
        left = rows[at].index(sign)
        end = next(number for number, row in enumerate(rows) if "1 window" in row)
        assert [row[left:] for row in rows[at:end]][1:] == [
            f"  {row[left:].strip()}" for row in rows[at + 1 : end]
        ]
        assert " ".join(row.strip() for row in rows[at:end]) == f"{sign}{SENTENCE}"
        assert rows[end][left:] == "   1 window  2 boss"
        assert rows[end + 1] == ""
        assert rows[end + 2][left:] == "Compare them."


def test_it_reads_as_its_text() -> None:
    assert str(Hanging(Content("× No."))) == "× No."
