"""Times of work on a device, and the device's own rate."""

import statistics
import time

import torch

RATES = {"f32": (torch.float32, "highest"), "tf32": (torch.float32, "high"), "bf16": (torch.bfloat16, "highest")}


class Clock:
    """Wall time, and on CUDA the time between two events, in seconds."""

    def __init__(self, device: torch.device):
        self.cuda = device.type == "cuda"

    def once(self, work) -> tuple[float, float | None]:
        if not self.cuda:
            start = time.perf_counter()
            work()
            return time.perf_counter() - start, None
        before, after = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        torch.cuda.synchronize()
        start = time.perf_counter()
        before.record()
        work()
        after.record()
        torch.cuda.synchronize()
        return time.perf_counter() - start, before.elapsed_time(after) / 1e3

    def measure(self, work, warm_up: int, rounds: int) -> dict:
        """`seconds` and `eventSeconds` are medians over the rounds."""
        first = self.once(work)[0]
        for _ in range(warm_up - 1):
            work()
        times = [self.once(work) for _ in range(rounds)]
        events = [event for _, event in times if event is not None]
        walls = [wall for wall, _ in times]
        return {
            "firstSeconds": first, "seconds": statistics.median(walls), "bestSeconds": min(walls),
            "eventSeconds": statistics.median(events) if events else None, "warmUp": warm_up, "rounds": rounds,
        }


def gemm_rates(device: torch.device, size: int, rounds: int) -> dict[str, float]:
    """The rate of square products of random matrices, in GFLOP/s, for each kind of number."""
    clock = Clock(device)
    rates = {}
    before = torch.get_float32_matmul_precision()
    for name, (dtype, matmul_precision) in RATES.items():
        torch.set_float32_matmul_precision(matmul_precision)
        generator = torch.Generator(device).manual_seed(1)
        x, weight = (torch.rand(size, size, device=device, generator=generator).sub_(0.5).to(dtype) for _ in range(2))
        y = torch.empty(size, size, device=device, dtype=dtype)

        def multiply():
            for _ in range(10):
                torch.mm(x, weight.T, out=y)

        seconds = clock.measure(multiply, 2, rounds)
        assert bool(torch.isfinite(y).all()) and bool((y != 0).any())
        rates[name] = 10 * 2 * size**3 / (seconds["eventSeconds"] or seconds["seconds"]) / 1e9
    torch.set_float32_matmul_precision(before)
    return rates


def flops(layers: int, tokens: int, hidden: int, intermediate: int, targets: int, nodes: int) -> float:
    """All matrix products of a forward pass and a backward pass for each target, as bench.jar counts them."""
    dense = 2 * tokens * (4 * hidden * hidden + 2 * hidden * intermediate)
    attention = 4 * tokens * tokens * hidden
    return float(nodes * layers * ((1 + targets) * dense + (1 + 2 * targets) * attention))
