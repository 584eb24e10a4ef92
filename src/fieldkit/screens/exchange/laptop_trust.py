"""Trusting a laptop, from any screen: its six words are compared, and what it sent is merged."""

from __future__ import annotations

from fieldkit.presentation.wording import counted, trust_question
from fieldkit.screens.base.work_screen import WorkScreen
from fieldkit.store.kit import Progress
from fieldkit.sync.merge.report import MergeReport
from fieldkit.sync.network.roster import Member, Roster
from fieldkit.sync.setup import trust
from fieldkit.text import cut_to_store, quoted
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.confirm import Confirm

_NAME_WORDS = "A name for this laptop, for everybody. Leave it empty to keep its own name."


async def trust_laptop(
    screen: WorkScreen,
    fingerprint: str,
    *,
    file: str = "",
    name: str | None = None,
) -> MergeReport | None:
    """Ask whether the six words agree, then trust the laptop and return what was merged of what it had sent; None if they do not
    agree.

    `fingerprint` may be its whole public key, if the kit has nothing from it yet. `file` is one that it sent, as the screen
    shows it. `name` is the suggested name for it, which can be changed; None does not ask. Await it in a worker of the screen.

    Raises:
        FieldkitError: it can't be trusted.
        Stopped: by the person.
    """
    kit, me = screen.kit, screen.me
    member = await screen.kit_work(lambda kit: Roster(kit, me).find(fingerprint), "looking up the laptop")
    if not await screen.app.push_screen_wait(_question(member, file)):
        return None
    named: str | None = ""
    if name is not None:
        named = await screen.app.push_screen_wait(
            AskLine("Its name", _NAME_WORDS, value=name, may_be_empty=True)
        )
    if named is None:
        return None
    new_name = named

    def work(on_progress: Progress) -> tuple[str, MergeReport]:
        member, report = trust(kit, me, fingerprint, name=cut_to_store(new_name, 80), on_progress=on_progress)
        # Until its bundle is merged, a laptop without a name is called by its six words.
        return member.shown if member.named else "The laptop", report

    called, report = await screen.do("merging", work, saving=True)
    screen.show_notice(_trusted_sentence(called, report))
    return report


def _question(member: Member, file: str) -> Confirm:
    """Which laptop it is comes first: by its name, or by the file that it sent."""
    sent = f" It sent {quoted(file)}." if file else ""
    return Confirm(
        f"Trust {quoted(member.shown)}?" if member.named else "Trust this laptop?",
        ("" if member.named else f"It has no name here yet.{sent}\n\n")
        + trust_question(member.key.six_words),
        yes="they agree: trust it",
        no="no",
        careful=True,
    )


def _trusted_sentence(name: str, report: MergeReport) -> str:
    if not report.files:
        return f"{name} is trusted now."
    conflicts, refused = report.total("new_conflicts"), len(report.quarantined)
    also = f", with {counted(conflicts, 'conflict', 'conflicts')} to look at" if conflicts else ""
    rest = f" {counted(refused, 'file')} of it can't be accepted for another reason." if refused else ""
    return (
        f"{name} is trusted now, and {counted(report.total('new_ops'), 'change')} of it came in{also}.{rest}"
    )
