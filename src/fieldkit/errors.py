"""The family of errors that reach a person: what happened, what was kept, what to do."""

from __future__ import annotations


class FieldkitError(Exception):
    """An error in the user's words.

    `message` says what happened, `kept` what is safe, `hint` what to do next. `exit_code` is what a command ends with: 1 failed,
    2 misused, 3 done but something was refused or quarantined.
    """

    title = "That did not work"
    exit_code = 1

    def __init__(self, message: str, *, kept: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.kept = kept
        self.hint = hint

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.kept, self.hint) if part)


class Misuse(FieldkitError):
    """The kit does not know the command or its arguments."""

    title = "That is not something the kit can do"
    exit_code = 2


class UnusableFile(Misuse):
    """A file that is no table, or not one that can be read."""

    title = "That file can't be used"


class WrongCode(Misuse):
    """What was typed can't be a receipt code, or one of its letters is wrong."""

    title = "That code does not fit"


class InvalidRecord(FieldkitError):
    """Values that break a rule of their kind. `problems` maps each field name to its sentence."""

    title = "Something needs another look"

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class NotFound(FieldkitError):
    """No record, kind, file or device has that name."""

    title = "Not found"


class SeveralRecords(NotFound):
    """Records of several kinds have this id."""


class VaultError(FieldkitError):
    """The kit's encrypted file could not be made, opened or unlocked."""

    title = "The kit could not be opened"


class WrongPassphrase(VaultError):
    """Neither the passphrase nor the recovery code opens this kit."""


class StorageError(FieldkitError):
    """Something could not be written or read where it should be: the disk refused, or the place."""

    title = "The disk would not take that"


class DiskFull(StorageError):
    """There is no room left on the disk."""

    title = "There is no room"


class PlaceRefused(StorageError):
    """Files can't be at a path: it does not exist, is closed to this user, or is something else than was meant."""

    title = "That place can't be used"


class InUse(FieldkitError):
    """The kit is open in another window, so this one only reads."""

    title = "Open in another window"


class KitReplaced(InUse):
    """The folder holds another kit than the one that this window opened."""

    title = "This kit was replaced"


class BundleRefused(FieldkitError):
    """A bundle, invitation or receipt that can't be accepted.

    `reason` is the code of a `quarantine_reasons.Reason`, or says that the file is not a bundle at all.
    """

    title = "That file was quarantined"
    exit_code = 3

    def __init__(self, reason: str, message: str, *, kept: str = "", hint: str = "") -> None:
        super().__init__(message, kept=kept, hint=hint)
        self.reason = reason
