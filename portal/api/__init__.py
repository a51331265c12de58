"""The door for operators' machines."""
