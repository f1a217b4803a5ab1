"""What the documents must keep up with: links, config keys, the list of tests that prove the manual."""

from __future__ import annotations

import re
from pathlib import Path

MANUALS = ("docs/en/manual.md", "docs/zh/manual.md")
# Tables whose second column names the tests that prove the first.
PROOFS = ("tests/manual.md", "tests/faults.md")
_HEADINGS = ("sentence", "fault")
_KEY = re.compile(r'reader\.add_\w+\(\s*"(\w+)"')
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def violations(root: Path) -> list[str]:
    return [*_broken_links(root), *_missing_keys(root), *(line for proof in PROOFS for line in _missing_tests(root, proof))]


def _documents(root: Path) -> list[Path]:
    return sorted([*root.glob("*.md"), *root.glob("docs/**/*.md"), *(root / proof for proof in PROOFS)])


def _anchor(heading: str) -> str:
    """As GitHub makes it: lower case, punctuation dropped, blanks to hyphens."""
    text = re.sub(r"[`*]", "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def _anchors(path: Path) -> set[str]:
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    return {_anchor(heading) for heading in re.findall(r"^#+ +(.+)$", text, re.MULTILINE)}


def _broken_links(root: Path) -> list[str]:
    wrong = []
    for document in _documents(root):
        for target in _LINK.findall(_FENCE.sub("", document.read_text(encoding="utf-8"))):
            if "://" in target:
                continue
            file, _, anchor = target.partition("#")
            path = document.parent / file if file else document
            name = document.relative_to(root)
            if not path.exists():
                wrong.append(f"{name}: the link {target} leads nowhere")
            elif anchor and path.suffix == ".md" and anchor not in _anchors(path):
                wrong.append(f"{name}: the link {target} names no heading")
    return wrong


def _missing_keys(root: Path) -> list[str]:
    keys = sorted({key for source in (root / "src" / "plugin").glob("*.cpp") for key in _KEY.findall(source.read_text(encoding="utf-8"))})
    if not keys:
        return ["no config key was found in src/plugin: has their registration changed?"]
    wrong = []
    for manual in MANUALS:
        text = (root / manual).read_text(encoding="utf-8")
        wrong += [f"{manual}: no row for the key {key}" for key in keys if not re.search(rf"^\| *(\w+, )*{key}\b", text, re.MULTILINE)]
    return wrong


def _is_run(folder: Path, test: str) -> bool:
    """Whether a program of tests/faults or tests/soak has a fault or part of that name."""
    return any(re.search(rf"^def {test}\((stage: Stage|cluster: Cluster)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
               for path in folder.glob("*.py"))


def _missing_tests(root: Path, proof: str) -> list[str]:
    """Every test that the proof names, in backquotes in the second column, must exist under that name."""
    sources = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in sorted((root / "tests").rglob("*"))
                        if path.suffix in (".cpp", ".txt", ".py") or path.name == "run")
    wrong = []
    rows = 0
    for line in (root / proof).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 2 or set(cells[1]) <= set("-"):
            continue
        names = re.findall(r"`([^`]+)`", cells[1])
        if cells[0] in _HEADINGS:
            continue
        rows += 1
        if not names:
            wrong.append(f"{proof}: nothing proves {cells[0]!r}")
        for name in names:
            suite, _, test = name.rpartition(".")
            if name.startswith("fuzz_corpus."):
                found = (root / "tests" / "fuzz" / "targets" / f"{test}.cpp").exists()
            elif name.startswith(("faults.", "soak.")):
                found = _is_run(root / "tests" / suite / "lib", test)
            elif name == "simulation":
                found = (root / "tests" / "simulation" / "simulation.cpp").exists()
            elif name.endswith(".dos"):
                found = (root / "examples" / name).exists()
            elif suite and " " not in name:
                found = re.search(rf"TEST(_[FP])?\(\s*{suite},\s*{test}\b", sources) is not None
            else:
                found = f'"{name}"' in sources
            if not found:
                wrong.append(f"{proof}: there is no test {name}")
    if not rows:
        wrong.append(f"{proof}: no row was found")
    return wrong
