"""Changes passphrases and dies on the way: each line of input is `FOLDER NEW CODE STEP`, each line of output an exit status.

The kit is opened with its first passphrase, OLD. The child dies at the STEP-th step below FOLDER.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dying import dies_at
from fieldkit.store.db import scrypt_process
from fieldkit.store.db.vault import Vault
from quick_locks import unwrap, wrap

OLD = "the passphrase until now"

if __name__ == "__main__":
    scrypt_process.wrap, scrypt_process.unwrap = wrap, unwrap
    for line in sys.stdin:
        folder, new, code, step = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            vault = Vault(Path(folder))
            key = vault.unlock(OLD)
            dies_at(int(step), folder)
            vault.change_passphrase(key, new, code)
            os._exit(0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()
