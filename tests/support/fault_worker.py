"""A program that works on kits while the system refuses certain calls, for tests of what is left behind.

Each line that it reads is one run, a JSON object: `what` to do, the `kit`, a `path`, the `calls` to refuse and the `error`
that they return. A child process runs it under a kernel filter (seccomp), which covers the calls of every library. The
program itself stays alive, so that it imports modules only once.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import struct
import sys
from pathlib import Path

from fieldkit.errors import FieldkitError
from fieldkit.records.schema.kind import kinds
from fieldkit.store.backup import backup
from fieldkit.store.kit import Kit
from fieldkit.sync.export.export import export
from fieldkit.sync.merge.files import files_in
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.network.identity import identity
from fieldkit.sync.receipts.receipt_file import write_receipt
from import_steps import import_understood

#: The numbers of system calls by machine; the answer is sent with `writev`, which is never refused.
NUMBERS = {
    "x86_64": {"fsync": 74, "fdatasync": 75, "write": 1, "pwrite64": 18, "ftruncate": 77, "rename": 82},
    "aarch64": {"fsync": 82, "fdatasync": 83, "write": 64, "pwrite64": 68, "ftruncate": 46, "renameat": 38},
}
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000


def refuse(calls: list[str], error: int) -> None:
    """Make these system calls of this process fail with `error`, from now on and irrevocably."""
    numbers = [NUMBERS[platform.machine()][call] for call in calls]
    steps = [(_LOAD, 0, 0, 0)]
    steps += [(_JUMP_IF_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | error)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(_SECCOMP, _FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "no filter")


def _report(message: str, **more: object) -> None:
    os.writev(1, [json.dumps({"said": message, **more}).encode() + b"\n"])


def _do(what: str, kit: Kit, path: Path) -> object:
    me = identity(kit)
    match what:
        case "save":
            return kit.add("feedback", {"rating": "3", "experience": "under fault " * 20}).record_id
        case "import":
            return import_understood(kit, "feedback", path).stored
        case "export":
            return export(kit, me, path, full=True)[0].ops
        case "merge":
            return merge(kit, me, files_in([path])).total("new_ops")
        case "receipt":
            return str(write_receipt(kit, me, path))
        case _:
            return backup(kit, path).state_hash


def _life(what: str, kit: str, path: str, calls: list[str], error: int) -> None:
    with Kit.open(Path(kit)) as opened:
        # Load everything that is loaded late before calls are refused.
        opened.check()
        try:
            if calls:
                refuse(calls, error)
        except (OSError, KeyError) as problem:
            _report("no filter", why=str(problem))
            return
        try:
            _report("done", result=_do(what, opened, Path(path)))
        except FieldkitError as problem:
            _report("refused", kind=type(problem).__name__, words=str(problem))


def main() -> None:
    kinds()
    _report("ready")
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                _life(**asked)
            except BaseException as problem:
                _report("broke", words=repr(problem))
            finally:
                os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
