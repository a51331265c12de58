"""Asks operators' interfaces whether a number has changed hands, before a block and every day after it."""
