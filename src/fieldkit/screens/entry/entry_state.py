"""The state of an entry: its form, its unfinished entry, and what of it may be kept."""

from __future__ import annotations

from typing import Any

from fieldkit.presentation.forms import Entry
from fieldkit.presentation.model.form_plan import Values
from fieldkit.presentation.saving import Saved
from fieldkit.records.consent import consent_given
from fieldkit.screens.base.draft_saver import DraftSaver
from fieldkit.screens.base.form_screen import FormScreen
from fieldkit.screens.entry.entry_texts import Refusal, refusal
from fieldkit.store.local.drafts import Draft
from fieldkit.widgets.form import Leaving


class EntryState(FormScreen):
    """An entry that is being filled in, or was just saved."""

    def __init__(
        self,
        kind: str = "",
        record: str = "",
        draft: Draft | None = None,
        presets: Values | None = None,
        *,
        at: str = "",
        brief: bool = False,
    ) -> None:
        """A new record of `kind` that begins with `presets`, or the stored `record` (id or `kind:id`), or `draft`.

        It opens at the question `at`, if given. `brief`: it ends once it is saved, without a page about that.
        """
        super().__init__()
        self.kind_name = draft.kind if draft else kind
        self._record = record
        self._draft = draft
        self._presets = presets or {}
        self._begins_at = at
        self._brief = brief
        self._entry: Entry | None = None
        self._saver: DraftSaver | None = None
        self._allowed: dict[str, Any] = {}
        self._saving = False
        self._opening = True
        self._asking = False
        """Whether a dialog about consent is about to open or in view."""
        self._said_why = False
        self._pages_seen: set[int] = set()
        self._saved: Saved | None = None
        """The record saved last, while its page is in view or it is being corrected."""
        self._correcting = False

    def open_form(self) -> None:
        """Show the form: for a new record, a changed one, or one that was just saved."""
        raise NotImplementedError

    def _refusal(self, values: Values) -> Refusal | None:
        """Why nothing of these answers may be kept, None if they may."""
        return refusal(values, edited=self._entry is not None and self._entry.seen is not None)

    def _leaving(self, values: Values) -> Leaving:
        """What Esc does with these answers."""
        if not self._has_changed(values):
            return "nothing"
        return "draft" if self._refusal(values) is None else "asks"

    def _keep(self, values: Values, step: int) -> None:
        """Keep the answers so far as unfinished."""
        assert self._entry is not None and self._saver is not None
        asked = self.form.question if self.form is not None else None
        answered = self._entry.answered(values, self._pages_seen)
        letters = self.form.letters if self.form is not None else {}
        self._saver.keep(answered, step, asked.name if asked is not None else "", letters)

    def _may_keep(self, values: Values) -> bool:
        """Whether to keep this as unfinished: somebody typed, and the person did not say no.

        At a stall the question of consent comes first: without a yes nothing is kept, not even as unfinished.
        """
        return (
            self._saver is not None
            and not self._saving
            and self._refusal(values) is None
            and (self._entry is None or not self._entry.plan.paged or consent_given(values))
            and self._has_changed(values)
        )

    def _has_changed(self, values: Values) -> bool:
        """Whether somebody typed anything: a form that was only looked at leaves no draft."""
        assert self._entry is not None and self._saver is not None
        begun, letters = self._entry.begun_with, self.form.letters if self.form is not None else {}
        return bool(self._saver.stored or letters) or any(
            (values.get(name) or None) != (begun.get(name) or None) for name in {*values, *begun}
        )
