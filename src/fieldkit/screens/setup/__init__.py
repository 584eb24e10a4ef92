"""First run, unlocking, passphrase."""
