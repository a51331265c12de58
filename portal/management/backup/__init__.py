"""Backup and restore: base backups, WAL, files, keys and the journal, all encrypted to an offline key.

`manage.py backup` needs only the public half of the key; `manage.py restore` is given the other half.
PostgreSQL is saved by its own tools. What must hold also after a restore of an older state (erasures,
releases) stands in a journal that lies apart from the backup set, and is replayed.
"""
