"""Safety: tested backups, the passphrase, withdrawal, the network's rules, and undo."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from fieldkit.commands.command import SAFETY
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.errors import Misuse
from fieldkit.presentation.exchange.withdrawals import withdraw
from fieldkit.presentation.laptop.backup_report import backup_path, tested_lines, tested_notice
from fieldkit.presentation.laptop.screen_lock import demand_sooner, minutes_typed, set_own_minutes
from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.safety import State, state_of
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import parse
from fieldkit.screens.base.erasures_box import show_erasures
from fieldkit.screens.base.hand_over_pin import choose_pin
from fieldkit.screens.base.screen import in_thread, latest_only, writing
from fieldkit.screens.base.work_screen import Working, WorkScreen, one_at_a_time
from fieldkit.screens.safety.safety_panel import left, right
from fieldkit.store.backup import backup, try_restore
from fieldkit.store.kit import Progress
from fieldkit.store.local import pin
from fieldkit.store.local.known_settings import BACKUP_FOLDER
from fieldkit.store.oplog.receipt_codes import as_printed
from fieldkit.sync.network.network_rules import set_rules
from fieldkit.sync.network.old_text import due
from fieldkit.widgets.dialogs.ask_line import AskLine, demanded
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.message_box import Message

_FOR_GOOD = "for good"


def _rule_typed(name: str, typed: str) -> int:
    """The number that a rule is set to, 0 for free text that is kept for good.

    Raises:
        Misuse: it is no number, or one that the rule can't have.
    """
    if name == "retention_months" and typed.strip().casefold() in {_FOR_GOOD, "0"}:
        return 0
    try:
        return int(parse(kind("policy").fields[name], typed) or 0)
    except ValueError as error:
        raise Misuse(str(error)) from None


class SafetyScreen(WorkScreen):
    """What keeps the kit, and the people in it, safe."""

    CSS_PATH = "safety_screen.tcss"
    COMMANDS_FOR = SAFETY
    PAGE_TITLE = "Safety"
    HELP = with_keys(
        "A backup is the whole kit in one encrypted file; it opens with the passphrase or recovery code of the "
        "day. It is tested by restoring it to a temporary folder and comparing every record. Don't rely on one that "
        "is not tested. Keep it away from this laptop. A laptop without a kit offers at the start to restore one; "
        "in place of a kit: fieldkit restore FILE\n\n"
        "A person withdraws what they said with the code on their slip: {safety[withdraw]} erases it here, and everywhere "
        "by the next bundles."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(SAFETY)

    def __init__(self) -> None:
        super().__init__()
        self._state: State | None = None

    def body(self) -> ComposeResult:
        with VerticalScroll(id="facts"):
            yield Static(id="left")
            yield Static(id="right")
        yield Working()

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""
        me = self.me
        self._state = await self.kit_work(lambda kit: state_of(kit, me), "reading the settings")
        self._draw()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        if (state := self._state) is None or not self.is_attached:
            return
        for id, draw in (("#left", left), ("#right", right)):
            part = self.query_one(id, Static)
            part.update(draw(state, max(20, part.size.width)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"rules", "old-text"}:
            state = self._state
            if state is None or not state.coordinating:
                return False
            return parameters[0] == "rules" or bool(state.rules.retention_months)
        return super().check_action(action, parameters)

    # Backups

    @writing
    @one_at_a_time
    async def command_backup(self) -> None:
        """Write a backup and test it."""
        kit = self.kit
        text = "A stick or disk that is kept away from this laptop is best."
        folder = await self.ask_where("Where should the backup go?", BACKUP_FOLDER, text)
        if folder is None:
            return

        def write(on_progress: Progress) -> Path:
            on_progress(0, 0, "writing the backup")
            path = backup_path(folder)
            backup(kit, path)
            kit.settings.put(BACKUP_FOLDER, str(path.parent))
            return path

        def test(on_progress: Progress) -> list[str]:
            on_progress(0, 0, "restoring it to a temporary folder, to test it")
            return try_restore(kit, path)

        path = await self.do("writing the backup", write)
        findings = await self.do("testing the backup", test)
        self.read_again()
        if findings:
            self.app.push_screen(Message("This backup is not good", "\n\n".join(tested_lines(findings))))
        else:
            self.show_notice(tested_notice(path))

    # The passphrase

    def command_passphrase(self) -> None:
        """Change the passphrase."""
        self.app.open_screen("passphrase")

    # The lock of the screen

    @writing
    @one_at_a_time
    async def command_pin(self) -> None:
        """Choose the PIN, change it or forget it."""
        if (state := self._state) is None:
            return
        if state.lock.has_pin:
            options = [Option("change", "Choose another PIN"), Option("forget", "Forget the PIN")]
            what = await self.app.push_screen_wait(Choose("The PIN of this laptop", options))
            if what is None:
                return
            if what == "forget":
                await self.kit_work(lambda kit: pin.forget(kit.settings), "forgetting the PIN", saving=True)
                self.show_notice("The PIN is forgotten. The next hand-over asks for a new one.")
                self.read_again()
                return
        if await choose_pin(self):
            self.show_notice("The new PIN takes the laptop back from now on.")
        self.read_again()

    @writing
    @one_at_a_time
    async def command_lock_time(self) -> None:
        """Set when this laptop locks, if that is sooner than the network has set."""
        if (state := self._state) is None:
            return
        text = f"At most {counted(state.lock.network_minutes, 'minute')}, as the network has set."
        longest = state.lock.network_minutes
        check = demanded(lambda typed: demand_sooner(minutes_typed(typed), longest))
        asked = AskLine(
            "After how many minutes without a key?", text, value=str(state.lock.minutes), check=check
        )
        typed = await self.app.push_screen_wait(asked)
        if typed is None:
            return
        minutes = minutes_typed(typed)
        await self.kit_work(lambda kit: set_own_minutes(kit, minutes), "setting the time", saving=True)
        self.show_notice("Set. The time holds for this laptop alone.")
        self.read_again()

    # People's rights

    @writing
    @one_at_a_time
    async def command_withdraw(self) -> None:
        """Erase what a person said, by their receipt code."""
        kit = self.kit
        text = "As printed on the person's slip, such as K7Q2-M9XD-4TBW."
        typed = await self.app.push_screen_wait(AskLine("The receipt code", text, check=demanded(as_printed)))
        if typed is None:
            return
        code = await in_thread(lambda: as_printed(typed))
        text = "What the code was given for is erased for good, here and by the next files everywhere."
        asked = Confirm(f"Withdraw {code}?", text, yes="erase it", no="leave it", careful=True)
        if not await self.app.push_screen_wait(asked):
            return
        outcome = await self.do(
            "erasing",
            lambda _: withdraw(kit, code).sentence(with_keys("{sync[invite]} on “send and receive”")),
            saving=True,
        )
        self.app.push_screen(Message("Withdrawal", outcome))

    @one_at_a_time
    async def command_erasures(self) -> None:
        """What was erased, and who has not confirmed it."""
        await show_erasures(self)

    def command_old_text(self) -> None:
        """The records that are too old to keep their words."""
        self.app.open_screen("retention")

    # The network's rules

    @writing
    @one_at_a_time
    async def command_rules(self) -> None:
        """Set one of the network's rules."""
        if (state := self._state) is None:
            return
        rules = state.rules
        months = counted(rules.retention_months, "month") if rules.retention_months else "for good"
        options = [
            Option("retention_months", "How long free text is kept", months),
            Option("confirm_days", "When unconfirmed is overdue", counted(rules.confirm_days, "day")),
            Option("backup_days", "How often a backup is tested", counted(rules.backup_days, "day")),
            Option("lock_minutes", "When a screen locks", counted(rules.lock_minutes, "minute")),
        ]
        name = await self.app.push_screen_wait(Choose("Which rule?", options))
        if name is None:
            return
        title = next(option.label for option in options if option.code == name)
        units = {"retention_months": "In months; or: for good", "lock_minutes": "In minutes."}
        unit = units.get(name, "In days.")
        current = str(getattr(rules, name) or _FOR_GOOD)
        check = demanded(lambda typed: _rule_typed(name, typed))
        typed = await self.app.push_screen_wait(AskLine(title, unit, value=current, check=check))
        if typed is None:
            return
        number, kit, me = _rule_typed(name, typed), self.kit, self.me
        if name == "retention_months" and not await self._sure_of(number):
            self.show_notice("The rule was not changed.")
            return

        changed = {name: number or None}
        await self.do("setting the rule", lambda _: set_rules(kit, me, **changed), saving=True)
        self.show_notice("The rule is set. The other laptops have it with the next network file.")
        self.read_again()

    async def _sure_of(self, months: int) -> bool:
        """Ask for confirmation of a retention time, after counting the older records."""
        if not months:
            return True
        kit = self.kit

        older = await self.do("counting old text", lambda _: sum(map(len, due(kit, months).values())))
        here = (
            f"1 record here has free text older than {counted(months, 'month')}."
            if older == 1
            else f"{counted(older, 'record').capitalize()} here have free text older than {counted(months, 'month')}."
        )
        text = here + with_keys(
            " The rule alone erases nothing: {safety[old-text]} lists them and asks first. It goes to every laptop "
            "with the next network file."
        )
        title = f"Keep free text for {counted(months, 'month')}?"
        asked = Confirm(title, text, yes="set the rule", no="leave it", careful=True)
        sure = await self.app.push_screen_wait(asked)
        return bool(sure)

    def command_trash(self) -> None:
        """What was deleted."""
        self.app.open_screen("trash")

    # Undoing

    def command_undo(self) -> None:
        """Undo an import or a merge."""
        self.app.open_screen("undo")
