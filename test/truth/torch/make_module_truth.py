"""Writes what PyTorch prints for the cases of moduleModel/*.py: hooks, calls and attributes of nn.Module.

    python test/truth/torch/make_module_truth.py   # needs torch

A case begins with a line "# --- title"; see test/truth/python/make_object_truth.py, which runs them.
"""

import json
import pathlib
import sys
import warnings

import torch

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "python"))
from make_object_truth import PRELUDE, printed_by, written_cases  # noqa: E402

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    made = [
        {"title": title, "text": text, "printed": printed_by(text)}
        for title, text in written_cases(HERE / "moduleModel")
    ]
    lines = ",\n  ".join(json.dumps(case) for case in made)
    target = HERE.parent / "data" / "torch" / "moduleModel.json"
    text = f'{{"torch": "{torch.__version__}", "prelude": {json.dumps(PRELUDE)}, "cases": [\n  {lines}\n]}}\n'
    target.write_text(text)
    print(f"{len(made)} cases -> {target.name}")
