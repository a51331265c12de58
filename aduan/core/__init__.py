"""What every domain package uses: errors, months in Asia/Jakarta, encryption, the audit log, durable jobs.

No rule of the field belongs here.
"""
