"""What citizens tell us: complaints, evidence, contact, receipts. Personal data is encrypted in the vault.

Not here: decisions (cases).
"""
