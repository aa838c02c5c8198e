"""Writes what CPython prints for the programs of moduleAttributes.py: several files each, about attributes of modules.

    python3.11 test/truth/python/make_module_attribute_truth.py

A case begins with a line "# --- title", its files with lines "# file: name"; `main.py` runs, after PRELUDE.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from make_object_truth import DATA, HERE, PRELUDE


def files_of(text):
    parts = text.split("# file: ")[1:]
    return {name: body for name, _, body in (part.partition("\n") for part in parts)}


def printed_by(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(PRELUDE + text if name == "main.py" else text)
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "main.py"], cwd=folder, capture_output=True, text=True, timeout=60
        )
        last = done.stderr.strip().splitlines()[-1:] if done.returncode else []
        return done.stdout + "".join(f"!! {line}\n" for line in last)


if __name__ == "__main__":
    made = []
    for part in (HERE / "moduleAttributes.py").read_text().split("# --- ")[1:]:
        title, _, text = part.partition("\n")
        files = files_of(text)
        made.append({"title": title, "files": files, "printed": printed_by(files)})
    lines = ",\n  ".join(json.dumps(case) for case in made)
    version = sys.version.split()[0]
    text = f'{{"python": "{version}", "prelude": {json.dumps(PRELUDE)}, "cases": [\n  {lines}\n]}}\n'
    (DATA / "moduleAttributes.json").write_text(text)
    print(f"{len(made)} cases -> moduleAttributes.json")
