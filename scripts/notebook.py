"""Run the code cells of a notebook in order and keep what they answer, without Jupyter.

`PYTHONPATH=client/src .venv/bin/python -m scripts.notebook client/examples/keep_points_in_step.ipynb` writes
the outputs into the file. It asks the catalogue at CATALOGUE_URL, else that at http://localhost:8000, which
has to hold the reference case as `make run` loads it. The tests run the notebook in the same way.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What Jupyter asks of a result, as the names of methods and of media types.
_SHOWN = (("_repr_html_", "text/html"), ("_repr_svg_", "image/svg+xml"))
Before = Callable[[int], None]


def run(notebook: dict[str, Any], *, before: Before = lambda _number: None) -> dict[str, Any]:
    """The notebook with the outputs of this run. `before` is called with each code cell's number, from 1.

    A cell that fails raises as it does anywhere: a notebook with an error in it is not kept.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    cells, number = [], 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            number += 1
            before(number)
            outputs = _outputs("".join(cell["source"]), names, number)
            cell = {**cell, "execution_count": number, "outputs": outputs}
        cells.append(cell)
    return {**notebook, "cells": cells}


def _outputs(source: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    parsed = ast.parse(source)
    last = parsed.body.pop() if parsed.body and isinstance(parsed.body[-1], ast.Expr) else None
    printed, result = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        # The notebook is a file of this repository, and running it is the point.
        exec(compile(parsed, f"<cell {number}>", "exec"), names)  # noqa: S102
        if isinstance(last, ast.Expr):
            result = eval(compile(ast.Expression(last.value), f"<cell {number}>", "eval"), names)  # noqa: S307
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": _lines(printed.getvalue())})
    if result is not None:
        outputs.append(
            {
                "data": _shown(result),
                "execution_count": number,
                "metadata": {},
                "output_type": "execute_result",
            }
        )
    return outputs


def _shown(result: Any) -> dict[str, list[str]]:
    shown = {"text/plain": _lines(repr(result))}
    for method, media_type in _SHOWN:
        made = getattr(result, method, lambda: None)()
        if made:
            shown[media_type] = _lines(made)
    return shown


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def main() -> None:
    path = Path(sys.argv[1])
    ran = run(json.loads(path.read_text(encoding="utf-8")))
    path.write_text(json.dumps(ran, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
