#!/usr/bin/env python3
"""Times what others explain, on the weights and inputs that `bench.jar --write-checkpoint DIR` wrote.

Rows: `rates` (the device's own matrix products), `interpret` (transformers-interpret as installed, float32), `captum` (captum as installed, float32),
`pytorch-f32` and `pytorch-tf32` (our own PyTorch, for the numbers), `pytorch-bf16` (the same in bfloat16, in every variant of peers/variants.py; the
fastest counts). Each prints a line of JSON; attributions go to `DIR/ROW-SHAPE.safetensors`. Needs torch, transformers, safetensors, and on the path captum and
transformers-interpret for the rows of those names.
"""

import argparse
import gc
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import torch
import transformers
from safetensors.torch import load_file, save_file

from peers import installed, variants
from peers.encoder import BertExplanation, Rule, ViTExplanation
from peers.measuring import Clock, flops, gemm_rates

ROWS = ("rates", "interpret", "captum", "pytorch-f32", "pytorch-tf32", "pytorch-bf16")
WRONG = 0.1  # no rounding to bfloat16 comes near it
TINY = ("bert-tiny-16", "vit-tiny")
SHAPES = ("bert-large-48", "bert-large-384", "vit-base")


class Subject:
    """A shape's folder: `config`, and `inputs` on the device."""

    def __init__(self, checkpoints: Path, shape: str, device: torch.device):
        self.shape, self.image = shape, shape.startswith("vit")
        self.folder = checkpoints / (shape if self.image else shape.rsplit("-", 1)[0])
        if not (self.folder / "model.safetensors").exists():
            raise SystemExit(f"time_peers: {self.folder} has no model.safetensors; write it with "
                             f"java -jar bench.jar --write-checkpoint {checkpoints} --shapes {shape}")
        self.config = json.loads((self.folder / "config.json").read_text())
        self.inputs = json.loads((self.folder / "inputs.json").read_text())
        if self.image:
            self.inputs |= load_file(self.folder / "pixels.safetensors", device=str(device))
            self.tokens = (self.config["image_size"] // self.config["patch_size"]) ** 2 + 1
        else:
            self.inputs = self.inputs[shape.rsplit("-", 1)[1]]
            self.tokens = len(self.inputs["input_ids"])
        self.device = device

    def weights(self) -> dict[str, torch.Tensor]:
        return load_file(self.folder / "model.safetensors", device=str(self.device))

    def flops(self, nodes: int) -> float:
        c = self.config
        return flops(c["num_hidden_layers"], self.tokens, c["hidden_size"], c["intermediate_size"],
                     1 if self.image else 2, nodes)


class Bench:
    def __init__(self, options):
        self.options = options
        self.device = torch.device(options.device)
        self.clock = Clock(self.device)
        self.rates = {}
        self.exact = {}
        self.ends = time.monotonic() + options.seconds

    def run(self) -> None:
        if "rates" in self.options.rows:
            size = self.options.gemm_size or (8192 if self.device.type == "cuda" else 512)
            self.rates = gemm_rates(self.device, size, self.options.rounds)
            self.line({"row": "rates", "size": size, "gigaflops": self.rates})
        for shape in self.options.shapes:
            subject = Subject(self.options.checkpoint, shape, self.device)
            for row in self.options.rows:
                if row in ("interpret", "captum"):
                    self.installed(row, subject)
                elif row.startswith("pytorch"):
                    self.pytorch(row, subject)

    def installed(self, row: str, subject: Subject) -> None:
        if row == "interpret" and subject.image:
            return
        kind = installed.Interpreted if row == "interpret" else installed.CaptumViT if subject.image else installed.CaptumQa
        peer = kind(subject.folder, subject.inputs, self.options.nodes, self.device)
        last = {}
        times = self.clock.measure(lambda: last.update(peer.explain()), self.options.warm_up, self.options.rounds)
        self.save(f"{row}-{subject.shape}", last)
        self.line({"row": row, "shape": subject.shape, "precision": "f32", "attention": peer.attention,
                   "float32MatmulPrecision": torch.get_float32_matmul_precision(), **times})
        del peer, last
        self.clear()

    def pytorch(self, row: str, subject: Subject) -> None:
        precision = row.removeprefix("pytorch-")
        dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        torch.set_float32_matmul_precision("high" if precision == "tf32" else "highest")
        wanted = self.options.variants if precision == "bf16" else "eager"
        for name in variants.names(self.device, wanted):
            line = {"row": row, "shape": subject.shape, "precision": precision, "variant": name}
            if time.monotonic() > self.ends:
                self.line(line | {"skipped": f"the {self.options.seconds} s of --seconds were over"})
                continue
            try:
                self.line(line | self.variant(row, subject, dtype, name))
            except Exception as failure:  # one way to run it that fails must not end the others; the line says so
                self.line(line | {"failed": f"{type(failure).__name__}: {str(failure).splitlines()[0][:300]}"})
            self.clear()
        torch.set_float32_matmul_precision("highest")

    def variant(self, row: str, subject: Subject, dtype: torch.dtype, name: str) -> dict:
        kind = ViTExplanation if subject.image else BertExplanation
        began = time.perf_counter()
        rule = Rule.of(self.options.nodes, self.device)
        explanation = kind(subject.weights(), subject.config, subject.inputs, rule, dtype)
        work = variants.prepare(explanation, name)
        last = []
        times = self.clock.measure(lambda: last.__setitem__(slice(None), [work().float().cpu()]),
                                   max(3, self.options.warm_up), self.options.rounds)
        values = last[0]
        if not bool(torch.isfinite(values).all()):
            raise ArithmeticError("attributions that are not finite")
        exact = self.exact.setdefault(subject.shape, values) if row == "pytorch-f32" else self.exact.get(subject.shape)
        difference = None if exact is None else float((values - exact).abs().max() / exact.abs().max())
        if difference is not None and difference > WRONG:
            raise ArithmeticError(f"attributions that differ from those in float32 by {difference:.3f} of the largest")
        self.save(f"{row}-{subject.shape}", dict(zip(kind.targets, values)))
        seconds = times["eventSeconds"] or times["seconds"]
        reached = subject.flops(self.options.nodes) / seconds / 1e9
        rate = self.rates.get(row.removeprefix("pytorch-"))
        return {"gigaflops": reached, "shareOfGemm": reached / rate if rate else None, "largestDifference": difference,
                "preparationSeconds": time.perf_counter() - began, **times}

    def save(self, name: str, tensors: dict[str, torch.Tensor]) -> None:
        if self.options.attributions:
            self.options.attributions.mkdir(parents=True, exist_ok=True)
            save_file({key: value.detach().float().cpu().flatten().contiguous() for key, value in tensors.items()},
                      self.options.attributions / f"{name}.safetensors")

    def clear(self) -> None:
        gc.collect()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def line(self, content: dict) -> None:
        machine = {"device": torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else "cpu",
                   "torch": torch.__version__, "transformers": transformers.__version__, "nodes": self.options.nodes}
        print(json.dumps(content | machine), file=self.options.out, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True, help="the folder that --write-checkpoint wrote")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--rows", default=",".join(ROWS), help="comma-separated (default: %(default)s)")
    parser.add_argument("--shapes", help=f"comma-separated (default: {','.join(SHAPES)})")
    parser.add_argument("--tiny", action="store_true", help=f"the shapes {','.join(TINY)}, few rounds: to try it out")
    parser.add_argument("--variants", default="quick", help="quick, all, or names with ; between them")
    parser.add_argument("--nodes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--gemm-size", type=int)
    parser.add_argument("--seconds", type=float, default=1e9, help="start no further variant after so many seconds")
    parser.add_argument("--attributions", type=Path, help="a folder")
    parser.add_argument("--out", type=argparse.FileType("a"), default=sys.stdout)
    options = parser.parse_args()
    options.rows = options.rows.split(",")
    for row in options.rows:
        if row not in ROWS:
            parser.error(f"there is no row '{row}'; there are {', '.join(ROWS)}")
    options.shapes = options.shapes.split(",") if options.shapes else TINY if options.tiny else SHAPES
    options.rounds = min(options.rounds, 3) if options.tiny else options.rounds
    if options.device.startswith("cuda") and not torch.cuda.is_available():
        raise SystemExit("time_peers: torch sees no CUDA device; run it where there is one, or with --device cpu")
    Bench(options).run()


if __name__ == "__main__":
    main()
