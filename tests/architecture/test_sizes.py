"""What does not fit in a head is split."""

from scripts import sizes


def test_files_and_functions_keep_their_size() -> None:
    assert sizes.faults() == []


def test_a_long_file_is_caught() -> None:
    path = sizes.PROJECT / "portal" / "common" / "errors.py"
    assert sizes.too_long(path, "x = 1\n" * 301) == ["portal/common/errors.py: 301 lines, more than 300"]


def test_a_long_function_is_caught_whatever_its_docstring() -> None:
    body = "    x = 1\n" * 41
    path = sizes.PROJECT / "portal" / "common" / "errors.py"
    assert sizes.too_long(path, f'def f() -> None:\n    """Long."""\n{body}') == [
        "portal/common/errors.py:1: f has 41 lines"
    ]
    kept = f'def f() -> None:\n    """{"Long. " * 9}\n\n\n\n\n    """\n' + "    x = 1\n" * 40
    assert sizes.too_long(path, kept) == []
