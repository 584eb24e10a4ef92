"""`fieldkit join`: this laptop joins a network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.new_kit import ask_lead, check_names, new_kit_answer, new_or_begun
from fieldkit.cli.options import DeviceName, NoPassphrase, SafeguardingLead
from fieldkit.cli.output import iso_time
from fieldkit.cli.parameters import argument
from fieldkit.cli.run_session import Session, look_before_writing
from fieldkit.presentation.invitations import age_of_invitation
from fieldkit.sync import setup


@command()
def join(
    here: Session,
    as_json: bool,
    file: Annotated[Path, argument("FILE.fkn", "The invitation.")],
    name: DeviceName,
    no_passphrase: NoPassphrase = False,
    lead: SafeguardingLead = None,
) -> Answer:
    """Join a network with the invitation of its coordinator."""
    check_names(name)
    path = path_of(file)
    invitation = setup.read_invitation(path)
    kit, code = new_or_begun(here, no_passphrase, as_json, (name, invitation.network_name))
    with kit:
        me = setup.join(kit, path, name)
        ask_lead(kit, lead)
        look_before_writing(kit, asks=False)
        return new_kit_answer(
            here,
            me,
            code,
            f"This laptop has joined “{me.network_name}”.",
            [
                *age_of_invitation(invitation.made, kit.clock()),
                f"The coordinator's six words are: {invitation.six_words}",
                "Ask the coordinator to read theirs out. If they differ, this invitation is not from them.",
            ],
            {
                "coordinator": {"fingerprint": invitation.fingerprint, "words": invitation.six_words},
                "invitation_made": iso_time(invitation.made),
            },
        )
