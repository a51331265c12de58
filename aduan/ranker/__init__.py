"""The shadow ranker: learns from the ministry's own decisions which open cases will be blocked.

Here: what it reads of decided and of open cases, the learning itself, and its night. Not here: what its word
is worth and whether it orders the queue (cases). It decides nothing and hides nothing. scikit-learn is an
extra of the worker (requirements-ranker.txt); without it a night is recorded as one without.
"""
