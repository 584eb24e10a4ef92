"""The names of providers in feedback: look-alikes next to each other, and one key that binds a name to a provider."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import PROVIDER_NAMES
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.errors import FieldkitError
from fieldkit.presentation.cycle.alike_provider_names import MOST_OFFERED, NameList, Offer, name_list
from fieldkit.presentation.cycle.providers import Bound, NameInUse, bind, unbind, undo
from fieldkit.presentation.wording import counted
from fieldkit.screens.base.screen import in_background, latest_only
from fieldkit.screens.base.work_screen import QuietList, WorkScreen
from fieldkit.store.kit import Kit
from fieldkit.text import cells, ended, plural
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.plain import first_lines, fit, plain
from fieldkit.widgets.sources import Column, ListSource, Row

_COLUMNS = (
    Column("name", "Name in feedback", 4, 28),
    Column("records", "Records", 0, 7, "right"),
    Column("provider", "Counts as", 3, 20),
)
_STEPS, _CANCELLED = "provider names", "provider names undone"


class ProviderNamesScreen(WorkScreen):
    """Every name; names without a provider come first, with what they may mean."""

    CSS_PATH = "provider_names_screen.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]
    COMMANDS_FOR = PROVIDER_NAMES
    PAGE_TITLE = "Names of providers"
    HELP = (
        "Feedback names providers as people write them. Here you say which names mean one provider. A number "
        "lets the name under the cursor mean that provider. The feedback itself stays as it was written."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        # The numbers are beside what they choose; the bottom line would name some that choose nothing.
        *(Binding(str(number), f"choose({number})", show=False) for number in range(1, MOST_OFFERED + 1)),
        *bindings_for(PROVIDER_NAMES),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._list = NameList((), ())
        self._loaded = False

    def body(self) -> ComposeResult:
        yield QuietList(_COLUMNS, ListSource(), empty="No feedback names a provider yet.", id="names")
        with Vertical(id="pane"):
            yield Static(id="name")
            yield Static(id="choices")

    def on_mount(self) -> None:
        self.query_one(QuietList).focus()
        self._read()

    @latest_only
    async def _read(self, keep: str = "", *, rather: Sequence[str] = ()) -> None:
        """Show the names, with the cursor on the first of `rather` without a provider, otherwise on `keep`."""
        names = self._list = await self.kit_work(name_list, "reading the names of providers")
        self.page_note = (
            f"{counted(len(names.names), 'name')} · {names.unknown:,} to match"
            if names.unknown
            else counted(len(names.names), "name")
        )
        rows = [
            Row(
                str(at),
                (name.name, f"{name.records:,}", name.provider or "not known yet"),
                "" if name.provider_id else "?",
            )
            for at, name in enumerate(names.names)
        ]
        listing = self.query_one(QuietList)
        open_places = {name.name: at for at, name in enumerate(names.names) if not name.provider_id}
        first = next(iter(open_places.values()), 0)
        at = next((at for at, name in enumerate(names.names) if name.name == keep), None)
        at = next((open_places[name] for name in rather if name in open_places), at)
        if at is None:
            at = listing.cursor if self._loaded else first
        self._loaded = True
        listing.show(ListSource(rows))
        listing.cursor = at
        self._draw()

    @property
    def _at(self) -> int | None:
        row = self.query_one(QuietList).current if self.is_mounted else None
        return int(row.id) if row is not None and int(row.id) < len(self._list.names) else None

    @property
    def current(self) -> NameInUse | None:
        """The name under the cursor."""
        return None if self._at is None else self._list.names[self._at]

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What the name under the cursor may mean."""
        return () if self._at is None else self._list.offers[self._at]

    @property
    def _steps(self) -> list[tuple[Bound, str]]:
        """What can be undone, with the name concerned; the latest last."""
        steps: list[tuple[Bound, str]] = self.app.undo_steps.setdefault(_STEPS, [])
        return steps

    @property
    def _cancelled(self) -> set[str]:
        """The refs of what was undone, and of the ops that undid it."""
        cancelled: set[str] = self.app.undo_steps.setdefault(_CANCELLED, set())
        return cancelled

    def _draw(self) -> None:
        name, width = self.current, max(20, self.size.width - 6)
        heading = _heading(name, width, offered=bool(self.offers)) if name else Content("")
        self.query_one("#name", Static).update(heading)
        meant = _meant(name, self.offers, width - 3)
        lines = [
            Content.assemble((f"{number}  ", "bold $accent"), plain(_offered(offer, meant, width - 3)))
            for number, offer in enumerate(self.offers if name else (), 1)
        ]
        if name and not name.provider_id:
            key = with_keys("{provider-names[own]}")
            lines.append(
                Content.assemble((f"{key}  ", "bold $accent"), plain("a provider of its own, with this name"))
            )
        choices = self.query_one("#choices", Static)
        choices.update(Content("\n").join(lines))
        # The list keeps its height while the cursor runs down it, where the window has room for that.
        longest = max(
            (
                len(offers) + (not name.provider_id)
                for name, offers in zip(self._list.names, self._list.offers, strict=True)
            ),
            default=0,
        )
        choices.styles.min_height = 0 if self.has_class("-low") else longest
        self.refresh_bindings()

    def on_listing_moved(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        if self.is_mounted:
            self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        name = self.current
        if action == "choose":
            return isinstance(parameters[0], int) and parameters[0] <= len(self.offers)
        if action == "command":
            match parameters[0]:
                case "own":
                    return name is not None and not name.provider_id
                case "other":
                    return name is not None
                case "separate":
                    return name is not None and name.bound
                case "undo":
                    return bool(self._steps)
        return super().check_action(action, parameters)

    # Binding and undoing

    def action_choose(self, number: int) -> None:
        if (name := self.current) is not None and number <= len(self.offers):
            self._bind(name, self.offers[number - 1].target)

    def command_own(self) -> None:
        """Record a provider of this name."""
        if (name := self.current) is not None:
            self._bind(name, name.name)

    def command_other(self) -> None:
        """Ask for the provider's name."""
        name = self.current
        if name is None:
            return

        def typed(name_typed: str | None) -> None:
            if name_typed and name_typed.strip():
                self._bind(name, name_typed)

        asked = AskLine(
            "Which provider is it?",
            f"“{name.name}” then counts as the provider with the name or ODS code that you type. "
            "A name that no provider has is recorded as a new provider.",
        )
        self.app.push_screen(asked, typed)

    def command_separate(self) -> None:
        """Unbind the name from its provider."""
        if (name := self.current) is not None:
            self._save(lambda kit: unbind(kit, name.name), name.name, goes_on=False)

    def _bind(self, name: NameInUse, provider: str) -> None:
        self._save(lambda kit: bind(kit, name.name, provider), name.name)

    @in_background
    async def _save(self, work: Callable[[Kit], Bound], name: str, *, goes_on: bool = True) -> None:
        at, names = self._at or 0, [each.name for each in self._list.names]
        bound = await self.kit_work(work, "saving which provider it is", saving=True)
        if bound.refs:
            self._steps.append((bound, name))
        undoing = with_keys(" Press {provider-names[undo]} to undo it.") if bound.refs else ""
        self.show_notice(bound.sentence + undoing)
        self._read(name, rather=(*names[at + 1 :], *names[:at]) if goes_on else ())

    @in_background
    async def command_undo(self) -> None:
        """Undo the last step of this screen."""
        if not self._steps:
            return
        (bound, name), cancelled = self._steps.pop(), self._cancelled
        try:
            changed = await self.kit_work(lambda kit: undo(kit, bound, cancelled), "undoing it", saving=True)
        except FieldkitError:
            self._steps.append((bound, name))
            raise
        if changed:
            self.show_notice(f"Undone: “{name}” is as it was before.")
        else:
            self.show_notice("Not undone: somebody has changed this provider since.", "warning")
        self._read(name)


def _heading(name: NameInUse, width: int, *, offered: bool = True) -> Content:
    spellings = f", also written {'; '.join(name.spellings)}" if name.spellings else ""
    if name.provider_id:
        question = "One of these as well? Its number makes both one." if offered else ""
    else:
        question = "Which provider is it? Press the number." if offered else "Is it a provider of its own?"
    means = ended(f"Counts as {name.provider}") if name.provider_id else "Counts as no provider yet."
    records = plural(name.records, "1 record", "{n} records")
    return Content.assemble(
        (fit(name.name, width), "bold"),
        "\n",
        plain(fit(records + spellings, width), "$text-muted"),
        "\n",
        plain("\n".join(first_lines(means, width, 2))),
        "\n",
        plain(fit(question, width)),
    )


def _meant(name: NameInUse | None, offers: Sequence[Offer], width: int) -> str:
    """What is said beside each name that is no provider: all of it where every such name stays whole."""
    long = "  (a name in feedback; it becomes the provider)"
    known = name is not None and name.provider_id
    room = all(offer.provider_id or cells(offer.name) + len(long) <= width for offer in offers)
    return long if room and not known else "  (a name in feedback)"


def _offered(offer: Offer, meant: str, width: int) -> str:
    if offer.provider_id:
        return fit(offer.name, width)
    return fit(offer.name, max(10, width - len(meant))) + meant
