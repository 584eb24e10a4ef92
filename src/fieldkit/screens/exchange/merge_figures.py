"""The figures of a merge, as tables in a dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from textual.content import Content

from fieldkit.presentation.record_names import plural_of
from fieldkit.sync.merge.report import MergeReport
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.plain import in_place, pad, plain, wrapped

_KINDS = (("new", "new"), ("changed", "changed"), ("conflicts", "conflicts"))
_LAPTOPS = (*_KINDS, ("identical", "same"))
_FILES = (("quarantined", "quarantined"), ("left", "left"))
_BROADEST_NAME = 30
_EXPLAINED = "“same” counts changes that are here already."
_OF_FILES = "Files that are left are no bundles: they stay where they are."


class MergeFigures(Message):
    """Records by kind and by laptop, and the files that could not be merged, if there are any."""

    def __init__(self, title: str, report: MergeReport) -> None:
        super().__init__(title, " ")
        self._report = report

    def text_for(self, width: int) -> Content:
        by_kind = {plural_of(kind): figures for kind, figures in self._report.by_kind().items()}
        name_width = min(_BROADEST_NAME, width - sum(_wide(head) for _, head in _LAPTOPS))
        by_device = self._report.by_device()
        not_merged = {name: figures for name, figures in by_device.items() if figures["refused"]}
        explained = f"{_EXPLAINED} {_OF_FILES}" if self._report.left else _EXPLAINED
        return Content("\n").join(
            [
                *_table("BY KIND", name_width, _KINDS, by_kind),
                Content(""),
                *_table("BY LAPTOP", name_width, _LAPTOPS, by_device),
                Content(""),
                *(
                    [*_table("FILES NOT MERGED", name_width, _FILES, not_merged), Content("")]
                    if not_merged
                    else ()
                ),
                *(plain(line, "$text-muted") for line in wrapped(explained, width)),
            ]
        )


def _table(
    title: str, name_width: int, columns: Sequence[tuple[str, str]], rows: Mapping[str, Mapping[str, int]]
) -> list[Content]:
    """Lines of a table; a name that does not fit its column is above its figures."""
    titles = "".join(f"{head:>{_wide(head)}}" for _, head in columns)
    lines = [Content.assemble((pad(title, name_width), "bold $text-muted"), (titles, "$text-muted"))]
    for name, figures in sorted(rows.items()):
        shown = "".join(f"{figures.get(key, 0):>{_wide(head)},}" for key, head in columns)
        if cell_len(name) < name_width:
            lines.append(plain(in_place(pad(name, name_width)) + shown))
        else:
            whole = wrapped(name, name_width + cell_len(titles))
            lines += [*map(plain, whole), Content(" " * name_width + shown)]
    return lines if rows else [*lines, Content.styled("nothing", "$text-muted")]


def _wide(head: str) -> int:
    return max(6, cell_len(head) + 1)
