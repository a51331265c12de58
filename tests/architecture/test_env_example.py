"""The example environment names every variable that the product reads."""

import re

from scripts import env_example


def test_the_example_is_what_the_settings_page_gives() -> None:
    """It lacked at least fifteen variables. Write it again: python -m scripts.env_example."""
    assert env_example.TARGET.read_text(encoding="utf-8") == env_example.text()


def test_no_variable_is_left_out() -> None:
    page = "\n".join(path.read_text(encoding="utf-8") for path in env_example.SETTINGS)
    read = set(re.findall(r"""(?:env\.\w+|secret)\(\s*["'](\w+)""", page))
    named = {name.removesuffix("_FILE") for name in re.findall(r"^(?:# )?(\w+)=", env_example.text(), re.M)}
    assert len(read) > 40
    assert read - named == env_example.NOT_IN_PRODUCTION
