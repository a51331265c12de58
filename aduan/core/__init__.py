"""What every room uses: domain errors, months in Asia/Jakarta, the vault, the audit ledger, the job ledger.

No rule of the field belongs here."""
