"""Records that an entry links to and that do not exist yet: made on the way, with consent if they name somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fieldkit.errors import FieldkitError
from fieldkit.presentation import forms, saving
from fieldkit.presentation.model.form_plan import Option, Values
from fieldkit.presentation.name_consent import name_consent
from fieldkit.presentation.people.person_joins import DIFFERENT, NOT_SURE, answer
from fieldkit.presentation.saving import Saved
from fieldkit.presentation.stall.known_people import Match, people_like
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.name_consent_box import TYPED, KeepName
from fieldkit.screens.base.receipt_code_box import ReceiptCodeBox
from fieldkit.screens.base.screen import in_background
from fieldkit.screens.entry.entry_state import EntryState
from fieldkit.store.kit import Kit
from fieldkit.text import ended
from fieldkit.widgets import form_messages
from fieldkit.widgets.dialogs.choose import Choose

_NOT_KEPT = "The name was not kept."
_KNOWN_BY_NAME = " Only people who agree are known by name."
_NEEDED = " Type another name that they agree to; without one this can't be saved."


class LinkedRecords(EntryState):
    """What an entry does with a link whose record must be made."""

    def on_form_create_wanted(self, message: form_messages.CreateWanted) -> None:
        name, typed = message.name, message.text

        if forms.link_asks_consent(self.kind_name, name):
            self._asking = True
            self._ask_consent(name, typed)
        else:
            self._make_linked(name, typed, {}, {})

    @in_background
    async def _ask_consent(self, name: str, typed: str) -> None:
        """Ask whether the person named `typed` agrees to be known by name; then make the record."""
        try:
            alike = await self.kit_work(lambda kit: people_like(kit, typed), "looking for people")
            consent = await self.kit_work(name_consent, "asking for consent")
        except FieldkitError:
            self._asking = False
            raise
        known = await self._ask_whether_known(typed, alike) if alike else DIFFERENT
        if known not in {DIFFERENT, NOT_SURE}:
            self._asking = False
            if self.form is not None and known is None:
                self.form.type_into(name, typed)
            elif self.form is not None:
                self.form.set_answer(
                    name, known, next(each.line for each in alike if each.person_id == known)
                )
            return

        def answered(answer: str | None) -> None:
            self._asking = False
            if answer == "yes":
                others = dict.fromkeys((match.person_id for match in alike), str(known))
                self._make_linked(name, typed, consent.values, others)
                return
            if answer == "no":
                required = kind(self.kind_name).fields[name].required
                self.show_notice(_NOT_KEPT + (_NEEDED if required else _KNOWN_BY_NAME))
            if self.form is not None:
                # Somebody who went back, or typed on instead of answering, continues with the name where they left it.
                more = (answer or "").removeprefix(TYPED)
                self.form.type_into(name, "" if answer == "no" else typed + more)

        self.app.push_screen(KeepName(typed, consent.text, no="no, keep nothing"), answered)

    async def _ask_whether_known(self, typed: str, alike: Sequence[Match]) -> str | None:
        """The known person whom `typed` means (an id), `different` for none of the `alike` people, `not_sure`, or None for going
        back.

        Enter is `different`: two records of a person can be joined later, but words filed under the wrong person stay wrong.
        """
        options = [
            *(Option(match.person_id, match.line) for match in alike),
            Option(DIFFERENT, f"somebody else: {typed}"),
            Option(NOT_SURE, "not sure: keep both; the coordinator is asked"),
        ]
        return await self.app.push_screen_wait(Choose("Is it this person?", options, start=len(alike)))

    @in_background
    async def _make_linked(self, name: str, typed: str, consent: Values, others: Mapping[str, str]) -> None:
        """Make the record for the link `name`, from one line and what its person agreed to.

        `others` are the people who were offered, id -> the answer: `different`, or `not_sure`.
        """
        kind_name, me = self.kind_name, self.app.me

        def make(kit: Kit) -> Saved:
            target = kind(kind(kind_name).fields[name].link)
            field = forms.one_line_field(target.name)
            assert field is not None
            made = saving.save(kit, target, None, {field: typed, **consent})
            for known, given in others.items():
                assert me is not None  # the kit is open
                answer(kit, me, made.record_id, known, given)
            return made

        saved = await self.kit_work(make, "making a new record", saving=True)
        if self.form is not None:
            self.form.set_answer(name, saved.record_id, saved.line)
            self.show_notice(ended(f"New: {saved.short_line}") + " Its other details can be filled in later.")
        if saved.code:
            self.app.push_screen(ReceiptCodeBox(saved.code, saved.short_line))
