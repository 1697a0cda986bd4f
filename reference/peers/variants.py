"""Ways to run an `Explanation`: as it is, compiled, in a CUDA graph. The fastest counts."""

import torch
from torch._functorch import config as functorch_config

from .encoder import Explanation

# name: (mode of torch.compile or None, whether the whole explanation is captured in a CUDA graph, whether the encoder is compiled in one piece)
VARIANTS = {
    "eager": (None, False, False),
    "eager, CUDA graph": (None, True, False),
    "compile default": ("default", False, False),
    "compile default, CUDA graph": ("default", True, False),
    "compile max-autotune, CUDA graph": ("max-autotune-no-cudagraphs", True, False),
    "compile default, whole encoder, CUDA graph": ("default", True, True),
    "compile max-autotune, whole encoder, CUDA graph": ("max-autotune-no-cudagraphs", True, True),
    "compile max-autotune, whole encoder, its own CUDA graphs": ("max-autotune", False, True),
    "compile reduce-overhead, whole encoder, its own CUDA graphs": ("reduce-overhead", False, True),
}
QUICK = [name for name in VARIANTS if "whole" not in name]


def names(device: torch.device, wanted: str) -> list[str]:
    """`quick`: layers compiled one by one, which are all alike and so compiled once; `all`: the whole encoder in one piece, too (minutes)."""
    chosen = QUICK if wanted == "quick" else list(VARIANTS) if wanted == "all" else wanted.split(";")
    for name in chosen:
        if name not in VARIANTS:
            raise SystemExit(f"time_peers: there is no variant '{name}'; there are {'; '.join(VARIANTS)}")
    return [name for name in chosen if device.type == "cuda" or not VARIANTS[name][1]]


def prepare(explanation: Explanation, name: str):
    """A function of nothing that explains once, and gives the attributions."""
    mode, graph, whole = VARIANTS[name]
    if mode is not None:
        # The graph of the forward pass is walked back once for each target.
        functorch_config.donated_buffer = False
        torch._dynamo.reset()
        torch._dynamo.config.cache_size_limit = 64
        if whole:
            explanation.layers = [torch.compile(torch.nn.Sequential(*explanation.layers), mode=mode)]
        else:
            for layer in explanation.layers:
                layer.compile(mode=mode)
        explanation.points = torch.compile(explanation.points)
        explanation.totals = torch.compile(explanation.totals)
    if not graph:
        return explanation.explain if mode not in ("max-autotune", "reduce-overhead") else _stepping(explanation)
    return _captured(explanation)


def _stepping(explanation: Explanation):
    def explain():
        torch.compiler.cudagraph_mark_step_begin()
        return explanation.explain()

    return explain


def _captured(explanation: Explanation):
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            explanation.explain()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = explanation.explain()

    def replay():
        graph.replay()
        return result

    return replay
