"""`manage.py doctor`: everything that a first-aider looks at, each with what to do about it.

A check yields `Observation`s and raises what it likes: a part that is away is one as well. Not here: what
counts as an incident (aduan.monitoring), and what can be seen from outside (portal.management.watchdog).
"""
