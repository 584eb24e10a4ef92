"""Matching the labels of stored figures to groups, a dialog for each label, until none is open or the person goes back."""

from __future__ import annotations

from functools import partial
from typing import Any

from fieldkit.presentation.figures.figure_overview import decide, open_labels
from fieldkit.presentation.figures.label_questions import groups_to_choose
from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.wording import counted
from fieldkit.screens.base.screen import BaseScreen
from fieldkit.store.kit import Kit
from fieldkit.widgets.dialogs.choose import Choose


async def match_labels(screen: BaseScreen) -> None:
    """Ask for the group of every open label. Each answer is stored at once."""
    # A label from another program that is too long is read as empty: there is nothing to ask.
    left = [
        each for each in await screen.kit_work(open_labels, "looking for labels") if each["label"].strip()
    ]
    for place, label in enumerate(left):
        options = [Option(*group) for group in groups_to_choose(label["dimension"], label["suggestions"])]
        text = f"{counted(label['figures'], 'figure')}. {counted(len(left) - place, 'label')} to match."
        asked = Choose(f"Which group is “{label['label']}”?", options, text)
        code = await screen.app.push_screen_wait(asked)
        if code is None:
            break
        work = partial(_decide, label=label, code=code)
        screen.show_notice(await screen.kit_work(work, "matching the label", saving=True))


def _decide(kit: Kit, label: dict[str, Any], code: str) -> str:
    return decide(kit, label["dimension"], label["label"], code)[0]
