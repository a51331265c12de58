"""Decision records (docs/adr): each has the same parts, and the index names each.

`python -m scripts.checks.adr --write` writes the index from the records.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from scripts.checks.sources import PROJECT

FOLDER = PROJECT / "docs" / "adr"
INDEX = FOLDER / "README.md"
PARTS = ("Context", "Decision", "Consequences", "What would change our mind")
STATUS = re.compile(r"^(?:proposed|accepted|superseded by \[\d{4}\]\(\d{4}-[\w-]+\.md\)|rejected)$")
HEAD = re.compile(r"\A# (\d{4}) · (.+)\n\n- Status: (.+)\n- Date: (\d{4}-\d\d-\d\d)\n")
INTRODUCTION = """# Architecture decision records

One page per decision: why the code is as it is, what follows from it, what would change our mind. A new
record takes the next number and the parts of the others; `python -m scripts.checks.adr --write` adds it to
this table, and `make check` refuses a record without them. A decision that no longer holds is not rewritten:
a new record supersedes it.

| number | decision | status | date |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Record:
    name: str
    text: str

    @property
    def row(self) -> str:
        head = HEAD.match(self.text)
        number, title, status, date = head.groups() if head else ("?", self.name, "?", "?")
        return f"| [{number}]({self.name}) | {title} | {status} | {date} |"

    def faults(self) -> list[str]:
        """What is missing: the head, its number, its status, a part, or the order of parts."""
        head = HEAD.match(self.text)
        if head is None:
            return [f"{self.name}: begins with '# NNNN · title', '- Status: …' and '- Date: YYYY-MM-DD'"]
        found = []
        if not self.name.startswith(f"{head[1]}-"):
            found.append(f"{self.name}: its number is {head[1]}")
        if not STATUS.match(head[3]):
            found.append(
                f"{self.name}: status {head[3]!r} is none of proposed, accepted, superseded, rejected"
            )
        parts = re.findall(r"^## (.+)$", self.text, re.MULTILINE)
        if [part for part in parts if part in PARTS] != list(PARTS):
            found.append(f"{self.name}: has the parts {parts}, not {list(PARTS)}")
        found += [
            f"{self.name}: {part} is empty"
            for part in PARTS
            if re.search(rf"^## {part}\s*(?:\Z|^## )", self.text, re.MULTILINE)
        ]
        return found


def records() -> list[Record]:
    return [Record(path.name, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("[0-9]*.md"))]


def index(of: Iterable[Record]) -> str:
    return INTRODUCTION + "".join(f"{record.row}\n" for record in of)


def faults() -> list[str]:
    all_records = records()
    found = [fault for record in all_records for fault in record.faults()]
    numbers = [record.name[:4] for record in all_records]
    found += [f"{number}: given twice" for number in sorted(set(numbers)) if numbers.count(number) > 1]
    if not INDEX.is_file() or INDEX.read_text(encoding="utf-8") != index(all_records):
        found.append("docs/adr/README.md: not the index; run `python -m scripts.checks.adr --write`")
    return found


def main(arguments: list[str]) -> int:
    if arguments == ["--write"]:
        INDEX.write_text(index(records()), encoding="utf-8")
    wrong = faults()
    print("\n".join(wrong) or "decision records: complete")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
