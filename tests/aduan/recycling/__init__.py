"""Tests of the package recycling."""
