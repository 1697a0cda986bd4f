#!/usr/bin/env python3
"""Makes `table.md` and `results.json` of what `run.sh bench` (tools/gpu-check.sh) left in a folder; a row without measurements says "not run".

In the folder: `limpid-*.json` (bench.jar --json), `peers*.jsonl` (time_peers.py), `attributions/*.safetensors`, `machine.txt`; all may be missing.
"""

import argparse
import json
import statistics
from dataclasses import dataclass
from pathlib import Path

NOT_RUN = "not run"


@dataclass(frozen=True)
class Row:
    """Explanations of `shape`: ours in `precision` against a peer; the bar is how many times faster."""

    work: str
    shape: str
    precision: str
    peer: str
    against: str
    bar: float
    aim: float | None = None


def rows(large: str, base: str, lengths: tuple[int, ...]) -> list[Row]:
    interpreted = "transformers-interpret as installed (F32)"
    best = "the best PyTorch bf16 (SDPA, one forward pass for both targets, compiled, CUDA graph)"
    result = []
    for tokens in lengths:
        shape, work = f"{large}-{tokens}", f"{large}, {tokens} tokens, IG n=50, start and end"
        result.append(Row(work, shape, "tf32", "interpret", interpreted, 5))
        if tokens == lengths[0]:
            result.append(Row(work, shape, "f32", "interpret", interpreted, 1.4))
        result.append(Row(work, shape, "bf16", "pytorch-bf16", best, 1, 1.2))
    work = f"{base}, IG n=50, one class"
    result.append(Row(work, base, "tf32", "captum", "captum as installed (F32)", 5))
    result.append(Row(work, base, "bf16", "pytorch-bf16", best, 1, 1.2))
    return result


class Results:
    def __init__(self, folder: Path):
        self.folder = folder
        self.ours = {}
        for file in sorted(folder.glob("limpid-*.json")):
            precision = file.stem.split("-")[1]
            for benchmark in json.loads(file.read_text())["benchmarks"]:
                for table in benchmark["tables"]:
                    for row in table["rows"]:
                        self.ours.setdefault((row["shape"], precision), []).append(row)
        lines = [json.loads(line) for file in sorted(folder.glob("peers*.jsonl"))
                 for line in file.read_text().splitlines() if line.startswith("{")]
        self.rates = {}
        for line in lines:
            if line["row"] == "rates":
                self.rates = line["gigaflops"]
        self.peers = [line for line in lines if line["row"] != "rates"]

    def seconds(self, shape: str, precision: str) -> float | None:
        found = self.ours.get((shape, precision))
        return statistics.median(row["median s"] for row in found) if found else None

    def gigaflops(self, shape: str, precision: str) -> float | None:
        found = self.ours.get((shape, precision))
        return statistics.median(row["GFLOP/s"] for row in found) if found else None

    def best(self, peer: str, shape: str) -> dict | None:
        """The fastest variant, by wall time."""
        found = [line for line in self.peers if line["row"] == peer and line["shape"] == shape and "seconds" in line]
        return min(found, key=lambda line: line["seconds"]) if found else None

    def agreement(self, shape: str, precision: str, other: str) -> tuple[float, float] | None:
        """Largest difference relative to the largest attribution, and rank correlation, the worst of all targets."""
        files = [self.folder / "attributions" / f"{name}.safetensors"
                 for name in (f"limpid-{shape}-{precision}", f"{other}-{shape}")]
        if not all(file.exists() for file in files):
            return None
        import numpy
        from safetensors.numpy import load_file

        ours, theirs = (load_file(file) for file in files)
        largest, correlation = 0.0, 1.0
        for name, values in theirs.items():
            mine = ours[name]
            largest = max(largest, float(numpy.abs(mine - values).max() / numpy.abs(values).max()))
            ranks = [v.argsort(kind="stable").argsort(kind="stable") for v in (mine, values)]
            correlation = min(correlation, float(numpy.corrcoef(*ranks)[0, 1]))
        return largest, correlation


def number(value: float | None, form: str) -> str:
    return NOT_RUN if value is None else format(value, form)


def line(results: Results, row: Row) -> tuple[dict, list[str]]:
    ours, peer = results.seconds(row.shape, row.precision), results.best(row.peer, row.shape)
    theirs = peer["seconds"] if peer else None
    ratio = theirs / ours if ours and theirs else None
    agreement = results.agreement(row.shape, row.precision, "pytorch-f32")
    bar = f"≥ {row.bar:g}×" + (f", aim {row.aim:g}×" if row.aim else "")
    verdict = NOT_RUN if ratio is None else f"{ratio:.2f}×" + ("" if ratio >= row.bar else ", below the bar")
    share = peer.get("shareOfGemm") if peer else None
    cells = [
        row.work, row.precision, row.against + (f": {peer['variant']}" if peer and "variant" in peer else ""),
        number(ours and ours * 1e3, ".2f"), number(theirs and theirs * 1e3, ".2f"), bar, verdict,
        number(share and share * 100, ".0f") if row.precision == "bf16" else "–",
        NOT_RUN if agreement is None else f"{agreement[0]:.1e}, {agreement[1]:.5f}",
    ]
    record = {"work": row.work, "shape": row.shape, "precision": row.precision, "against": row.against, "bar": row.bar,
              "aim": row.aim, "seconds": ours, "peerSeconds": theirs, "ratio": ratio, "peer": peer,
              "largestDifference": agreement and agreement[0], "rankCorrelation": agreement and agreement[1]}
    return record, cells


def whole_pass(results: Results, shape: str) -> tuple[dict, list[str]]:
    reached, rate = results.gigaflops(shape, "bf16"), results.rates.get("bf16")
    share = reached / rate if reached and rate else None
    verdict = NOT_RUN if share is None else f"{share:.1%}" + ("" if share >= 0.45 else ", below the bar")
    work = f"whole pass, bf16, {shape.rpartition('-')[0]} {shape.rpartition('-')[2]} tokens: GFLOP/s"
    return {"work": work, "gigaflops": reached, "gemmGigaflops": rate, "share": share, "bar": 0.45, "aim": 0.6}, [
        work, "bf16", "the machine's own large products (torch, bf16)", number(reached, ".0f"), number(rate, ".0f"),
        "≥ 45 %, aim 60 %", verdict, "–", "–"]


def overhead() -> tuple[dict, list[str]]:
    work = "host overhead per explanation, warm"
    return {"work": work, "bar": 0.001}, [work, "bf16", "wall minus device time", NOT_RUN, "–", "≤ 1 ms", NOT_RUN, "–", "–"]


def markdown(results: Results, title: str, table: list[list[str]]) -> str:
    heads = ["work", "precision", "against", "Limpid, ms", "peer, ms", "bar", "result", "peer's share of its GEMM rate, %",
             "largest difference and rank correlation with PyTorch in F32"]
    lines = [f"# {title}", ""]
    machine = results.folder / "machine.txt"
    if machine.exists():
        lines += ["```", machine.read_text().strip(), "```", ""]
    if results.rates:
        rates = ", ".join(f"{name} {rate / 1e3:.1f}" for name, rate in results.rates.items())
        lines += [f"Large products by torch, TFLOP/s: {rates}.", ""]
    lines += ["| " + " | ".join(cells) + " |" for cells in (heads, ["---"] * len(heads), *table)]
    failures = [each for each in results.peers if "failed" in each or "skipped" in each]
    if failures:
        lines += ["", "Variants of the peers that gave no time:", ""]
        lines += [f"- {each['shape']}, {each['variant']}: {each.get('failed') or each['skipped']}" for each in failures]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the results; an empty folder gives a table of what was not run")
    parser.add_argument("--title", default="Explanations on a GPU")
    parser.add_argument("--tiny", action="store_true", help="the rows of the tiny shapes")
    options = parser.parse_args()
    results = Results(options.folder)
    lengths = (16,) if options.tiny else (48, 384)
    large, base = ("bert-tiny", "vit-tiny") if options.tiny else ("bert-large", "vit-base")
    found = [line(results, row) for row in rows(large, base, lengths)]
    found += [whole_pass(results, f"{large}-{lengths[-1]}"), overhead()]
    (options.folder / "table.md").write_text(markdown(results, options.title, [cells for _, cells in found]))
    report = {"rates": results.rates, "rows": [record for record, _ in found], "peers": results.peers,
              "limpid": [{"shape": shape, "precision": precision, "runs": runs}
                         for (shape, precision), runs in results.ours.items()]}
    (options.folder / "results.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
