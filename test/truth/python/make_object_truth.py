"""Writes what CPython prints for the cases of objectModel/*.py, and for generated programs about classes.

    python3.11 test/truth/python/make_object_truth.py

A case begins with a line "# --- title". Each runs alone, after PRELUDE, as the module `case`.
Addresses of objects are left out.
"""

import contextlib
import io
import json
import pathlib
import re
import sys
import types

import generate_class_programs

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent / "data" / "python"
SEEDS = range(160)

PRELUDE = '''\
def show(thunk):
    try:
        value = thunk()
    except Exception as error:
        print(type(error).__name__)
    else:
        print(repr(value))
def tell(thunk):
    try:
        value = thunk()
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
    else:
        print(repr(value))
def tidy(thunk):
    try:
        value = thunk()
    except Exception as error:
        print(type(error).__name__)
    else:
        print(repr(value) if value is None or type(value) in (bool, int, float, str) else type(value).__name__)
'''


def printed_by(text):
    """What running the text as the module `case` prints; an exception at its top level ends the output."""
    module = types.ModuleType("case")
    sys.modules["case"] = module
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            exec(compile(PRELUDE + text, "case.py", "exec"), module.__dict__)
        except Exception as error:
            print(f"!! {type(error).__name__}: {error}")
    return re.sub(" at 0x[0-9a-f]+", " at 0x", output.getvalue())


def written_cases(folder):
    for path in sorted(folder.glob("*.py")):
        for part in path.read_text().split("# --- ")[1:]:
            title, _, text = part.partition("\n")
            yield f"{path.stem}: {title}", text


def generated_cases():
    for seed in SEEDS:
        yield f"generated: {seed}", generate_class_programs.program(seed)


def write(name, cases):
    made = [{"title": title, "text": text, "printed": printed_by(text)} for title, text in cases]
    lines = ",\n  ".join(json.dumps(case) for case in made)
    version = sys.version.split()[0]
    text = f'{{"python": "{version}", "prelude": {json.dumps(PRELUDE)}, "cases": [\n  {lines}\n]}}\n'
    (DATA / f"{name}.json").write_text(text)
    print(f"{len(made)} cases -> {name}.json")


if __name__ == "__main__":
    DATA.mkdir(parents=True, exist_ok=True)
    write("objectModel", written_cases(HERE / "objectModel"))
    write("classPrograms", generated_cases())
