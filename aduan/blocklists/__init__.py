"""What operators receive and answer: immutable signed lists, downloads, outcomes.

Built from decisions in cases, never from raw complaints.
"""
