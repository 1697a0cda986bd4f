"""Writes JSON and safetensors so that the same numbers give the same bytes."""

import importlib
import importlib.metadata
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from . import REPOSITORY

INLINE = (int, float, str, bool, type(None))


def versions(*packages: str) -> dict[str, str]:
    """The pinned version of each package, once what is installed has been seen to be that one."""
    rows = (REPOSITORY / "reference" / "requirements.txt").read_text().split()
    pins = dict(row.split("==") for row in rows)
    for name in packages:
        try:
            found = importlib.metadata.version(name).split("+")[0]
        except importlib.metadata.PackageNotFoundError:
            found = getattr(importlib.import_module(name.replace("-", "_")), "__version__", pins[name])
        if found != pins[name]:
            raise SystemExit(f"{name} is {found}, requirements.txt pins {pins[name]}: install that one")
    return {name: pins[name] for name in packages}


def number_list(values) -> list[float]:
    """Any tensor or array as Python floats: a float32 is widened, and its double is printed in full."""
    return [float(v) for v in np.asarray(values).reshape(-1)]


def _render(value, indent: int) -> str:
    pad = "  " * (indent + 1)
    if isinstance(value, dict) and value:
        rows = (f"{pad}{json.dumps(k, ensure_ascii=False)}: {_render(v, indent + 1)}" for k, v in value.items())
        return "{\n" + ",\n".join(rows) + "\n" + "  " * indent + "}"
    if isinstance(value, (list, tuple)) and not all(isinstance(v, INLINE) for v in value):
        flat = all(isinstance(v, (list, tuple)) and all(isinstance(w, INLINE) for w in v) for v in value)
        if not flat:
            return "[\n" + ",\n".join(pad + _render(v, indent + 1) for v in value) + "\n" + "  " * indent + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def write_json(path: Path, value) -> None:
    """JSON with one key a line and lists of plain values on one line, UTF-8, keys in the order given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_render(value, 0) + "\n", encoding="utf-8", newline="\n")


def write_tensors(path: Path, tensors: dict, metadata: dict[str, str] | None = None) -> None:
    """A safetensors file of the tensors given, each made contiguous."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({k: np.ascontiguousarray(v) for k, v in tensors.items()}, path, metadata)
