"""Runs the programs of test/evaluation/fixtures/imports with the Python that runs this, and writes what they print below `==>`.

    python3 test/truth/evaluation/make_import_outputs.py

A program is a text of files, each after a line "# file: NAME"; main.py is started.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).parents[2] / "evaluation" / "fixtures" / "imports"


def output_of(program: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in re.findall(r"# file: (.+)\n((?:(?!# file: ).*\n)*)", program):
            file = pathlib.Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        run = subprocess.run([sys.executable, "-I", "-c", START.format(folder)], capture_output=True, text=True)
        if run.returncode != 0:
            raise SystemExit(f"{program}\n{run.stderr}")
        return run.stdout


# As `python main.py`, but with the name that the module has when it is imported.
START = "import sys; sys.path.insert(0, {0!r}); import main"

for path in sorted(FOLDER.glob("*.txt")):
    program = path.read_text().split("==>\n")[0]
    path.write_text(f"{program}==>\n{output_of(program)}")
