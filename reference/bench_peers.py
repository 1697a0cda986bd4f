#!/usr/bin/env python3
"""Runs transformers-interpret and captum for `bench.jar --peers`, on weights and inputs that it wrote.

Takes a request on each line of the standard input and answers with a line, both JSON:

    {"do": "versions"}
    {"do": "open", "name": …, "kind": …, "folder": …, "tokens": …, "nodes": …}   loads a model; kinds are in KINDS
    {"do": "run", "name": …, "out": FILE or nothing}                             explains once: {"seconds": …}
    {"do": "close", "name": …}
    {"do": "peak"}                                                               largest resident memory in bytes
    {"do": "limit", "bytes": …}                                                  refuses to allocate more

A request that fails gets {"error": …}. The number of threads is that of OMP_NUM_THREADS.
"""

import json
import os
import platform
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import torch
from safetensors.torch import load_file, save_file

from peers import installed
from peer_texts import OneByOne, PaddedBatches

CPU = torch.device("cpu")


def inputs(folder: Path, tokens: int | None) -> dict:
    content = json.loads((folder / "inputs.json").read_text())
    pixels = folder / "pixels.safetensors"
    return content | load_file(pixels) if pixels.exists() else content[str(tokens)]


def one(kind):
    def open_it(request: dict):
        folder = Path(request["folder"])
        peer = kind(folder, inputs(folder, request.get("tokens")), request["nodes"], CPU)
        if "internalBatchSize" in request:
            peer.internal_batch_size = request["internalBatchSize"]
        return peer
    return open_it


def many(kind):
    return lambda request: kind(Path(request["folder"]), request["texts"], request["nodes"])


KINDS = {
    "interpret": one(installed.Interpreted), "captum-qa": one(installed.CaptumQa),
    "captum-image": one(installed.CaptumViT), "captum-texts": many(OneByOne), "captum-padded": many(PaddedBatches),
}


def versions() -> dict:
    from importlib.metadata import PackageNotFoundError, version

    def known(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            module = __import__(name.replace("-", "_"))
            return getattr(module, "__version__", "from a folder")

    names = ("torch", "transformers", "captum", "transformers-interpret", "tokenizers")
    return {"python": platform.python_version(), "threads": torch.get_num_threads()} | {n: known(n) for n in names}


def run(peer, out: str | None) -> dict:
    start = time.perf_counter()
    values = peer.explain()
    seconds = time.perf_counter() - start
    if out:
        save_file({k: v.detach().float().flatten().contiguous() for k, v in values.items()}, out)
    return {"seconds": seconds}


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def answer(request: dict, opened: dict) -> dict:
    match request["do"]:
        case "versions":
            return versions()
        case "open":
            peer = opened[request["name"]] = KINDS[request["kind"]](request)
            return {"attention": peer.attention}
        case "run":
            return run(opened[request["name"]], request.get("out"))
        case "close":
            del opened[request["name"]]
            return {}
        case "peak":
            return {"bytes": peak()}
        case "limit":
            resource.setrlimit(resource.RLIMIT_DATA, (request["bytes"], request["bytes"]))
            return {}
        case unknown:
            return {"error": f"there is no request '{unknown}'"}


def main() -> None:
    # What libraries print must not get among the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", torch.get_num_threads())))
    opened = {}
    for line in sys.stdin:
        try:
            result = answer(json.loads(line), opened)
        except Exception as failure:  # the answer says so, and bench.jar decides
            result = {"error": f"{type(failure).__name__}: {str(failure).splitlines()[0][:300] if str(failure) else ''}"}
        print(json.dumps(result), file=answers, flush=True)


if __name__ == "__main__":
    main()
