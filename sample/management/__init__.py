"""Commands of the sample: not installed in production."""
