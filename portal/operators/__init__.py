"""The door for operators' people."""
