"""Writes attribution/src/test/resources/golden/vit-attributions.{json,safetensors}: maps of tiny ViTs and a DeiT."""

import numpy as np
import torch
from limpid_reference import ATTRIBUTION_GOLDEN
from limpid_reference.image_attributions import (
    NODES,
    NOISE_TYPES,
    SAMPLES,
    Subject,
    idgi,
    infidelities,
    input_x_gradient,
    integrate,
    interpret,
    occlude,
    saliency,
    smooth,
)
from limpid_reference.vision import VISION_RECIPES, VisionRecipe
from limpid_reference.writing import versions, write_json, write_tensors
from PIL import Image

CHECKPOINTS = ("vit-plain", "vit-oblong", "deit-distilled")
DTYPES = {"f64": torch.float64, "f32": torch.float32}
RULES = ("riemann_left", "riemann_right", "riemann_middle", "riemann_trapezoid")


def drawn(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def inputs(recipe: VisionRecipe) -> dict[str, torch.Tensor]:
    """Float32 pixels (those of the checkpoint's first golden row), a baseline that differs from pixel to pixel, noise
    of a NoiseTunnel and small perturbations."""
    pixels = recipe.pixels(1)[0]
    return {
        "pixels": pixels,
        "baseline": 0.5 * drawn(recipe.seed + 2000, *pixels.shape),
        "noise": drawn(recipe.seed + 3000, SAMPLES, *pixels.shape),
        "perturbations": 0.1 * drawn(recipe.seed + 4000, SAMPLES, *pixels.shape),
    }


def targets(recipe: VisionRecipe, pixels: torch.Tensor) -> list[int]:
    """The predicted class, then the least likely one."""
    with torch.no_grad():
        logits = recipe.model(torch.float64)(pixels[None].double()).logits[0]
    return [int(logits.argmax()), int(logits.argmin())]


def records(subject: Subject, given: dict[str, torch.Tensor], patch: tuple[int, int], every: bool):
    """Records of one logit, each with its map; with `every` those of all methods, else integrated gradients only."""
    pixels = subject.pixels
    baselines = {"zero": torch.zeros_like(pixels), "tensor": given["baseline"][None].to(pixels.dtype)}
    at_zero = {"baseline": "zero", "baselineScore": subject.score(baselines["zero"])}

    def record(name, method, values, **more):
        yield {"name": name, "method": method} | more | {"score": subject.score(pixels)}, values[0]

    def integrated(rule, steps, baseline):
        values, delta = integrate(subject, baselines[baseline], rule, steps)
        yield from record(
            f"ig-{rule}-{steps}-{baseline}", "integrated-gradients", values, quadrature=rule, steps=steps,
            baseline=baseline, baselineScore=subject.score(baselines[baseline]), delta=delta)

    yield from integrated("gausslegendre", 50, "zero")
    if not every:
        return
    yield from integrated("gausslegendre", 50, "tensor")
    for rule in RULES:
        yield from integrated(rule, 7, "zero")
    yield from record("saliency", "saliency", saliency(subject, absolute=True), absolute=True)
    yield from record("gradient", "saliency", saliency(subject, absolute=False), absolute=False)
    yield from record("input-x-gradient", "input-x-gradient", input_x_gradient(subject))
    for name, baseline in baselines.items():
        yield from record(
            f"occlusion-{name}", "occlusion", occlude(subject, baseline, patch), window=list(patch), baseline=name,
            baselineScore=subject.score(baseline))
    for kind in NOISE_TYPES:
        values = smooth(subject, given["noise"], kind, "integrated-gradients")
        yield from record(
            f"nt-ig-{kind}", "noise-tunnel", values, of="integrated-gradients", type=kind, samples=SAMPLES,
            quadrature="gausslegendre", steps=NODES, **at_zero)
    for kind in NOISE_TYPES:
        values = smooth(subject, given["noise"], kind, "saliency")
        yield from record(
            f"nt-saliency-{kind}", "noise-tunnel", values, of="saliency", absolute=True, type=kind, samples=SAMPLES)
    for steps, baseline in ((50, "zero"), (7, "tensor")):
        values = idgi(subject, baselines[baseline], steps)
        base = subject.score(baselines[baseline])
        delta = float(values.sum()) - (subject.score(pixels) - base)
        yield from record(
            f"idgi-{steps}-{baseline}", "idgi", values, steps=steps, baseline=baseline, baselineScore=base, delta=delta)


def checkpoint(name: str, tensors: dict) -> dict:
    """All records of one checkpoint; their maps go into `tensors` under `<checkpoint>.<dtype>.<class>.<record>`."""
    recipe = VISION_RECIPES[name]
    given = inputs(recipe)
    tensors.update({f"{name}.{what}": values for what, values in given.items()})
    patch_size = recipe.sizes["patch_size"]
    predicted, least = targets(recipe, given["pixels"])
    rows, metrics = [], []
    for label, dtype in DTYPES.items():
        model = recipe.model(dtype)
        pixels = given["pixels"][None].to(dtype)
        for target in (predicted, least):
            subject = Subject(model, pixels, target)
            for row, values in records(subject, given, (patch_size, patch_size), every=target == predicted):
                key = f"{name}.{label}.{target}.{row.pop('name')}"
                tensors[key] = values
                rows.append({"map": key, "dtype": label, "target": target} | row)
        if label == "f64":
            subject = Subject(model, pixels, predicted)
            for key in (f"{name}.f64.{predicted}.ig-gausslegendre-50-zero", f"{name}.f64.{predicted}.gradient"):
                found = infidelities(
                    subject, tensors[key][None], given["perturbations"].to(dtype), torch.zeros_like(pixels))
                metrics += [{"map": key, "dtype": label, "target": predicted} | row for row in found]
    print(name, "predicts", predicted, "maps", len(rows))
    return {"checkpoint": name, "predicted": predicted, "attributions": rows, "infidelity": metrics}


def explainer(tensors: dict) -> dict:
    """transformers-interpret's explainer on a random photo of the size of `vit-plain`."""
    recipe = VISION_RECIPES["vit-plain"]
    size = recipe.sizes["image_size"]
    image = Image.fromarray(np.random.default_rng(5000).integers(0, 256, (size, size, 3), dtype=np.uint8))
    found = interpret(recipe.model(), image, tensors["vit-plain.noise"])
    tensors["transformers-interpret.pixels"] = found["pixels"]
    tensors.update({f"transformers-interpret.{name}": values for name, values in found["maps"].items()})
    return {
        "checkpoint": "vit-plain", "noise": "vit-plain.noise", "dtype": "f32", "target": found["target"],
        "delta": found["delta"], "maps": [f"transformers-interpret.{name}" for name in found["maps"]],
    }


def main() -> None:
    used = versions("torch", "transformers", "captum", "transformers-interpret", "pillow")
    tensors: dict = {}
    rows = [checkpoint(name, tensors) for name in CHECKPOINTS]
    interpreted = explainer(tensors)
    write_tensors(ATTRIBUTION_GOLDEN / "vit-attributions.safetensors", tensors)
    write_json(ATTRIBUTION_GOLDEN / "vit-attributions.json", {
        "checkpoints": "golden/<checkpoint> of the module vit",
        "versions": used,
        "about": {
            "<checkpoint>.pixels": "(channels,height,width) F32: row 0 of the checkpoint's golden.safetensors",
            "<checkpoint>.baseline": "(channels,height,width) F32: the baseline `tensor`; `zero` is 0 everywhere",
            "<checkpoint>.noise": "(samples,channels,height,width) F32: sample s of a noise tunnel explains pixels +"
            " noise[s]",
            "<checkpoint>.perturbations": "(samples,channels,height,width) F32, used by infidelity",
            "<checkpoint>.<f32|f64>.<class>.<record>": "(channels,height,width): a map, in the dtype of the model",
            "score, baselineScore": "the logit `target` for the pixels and for the baseline",
            "delta": "sum of the map - (score - baselineScore)",
            "saliency": "the gradient of the logit; its magnitude where `absolute`",
            "occlusion": "score - the score with one patch, all channels, replaced by the baseline; captum's maps are"
            " float32 whatever the dtype of the model",
            "noise-tunnel": "over `of`; standard deviation 1; smoothgrad: mean, smoothgrad_sq: mean of squares,"
            " vargrad: smoothgrad_sq - smoothgrad squared",
            "idgi": "by its formula, from `steps` + 1 equally spaced points, the gradient at the first of each two",
            "quadrature": "captum's rules: the weights of riemann_trapezoid add up to (steps - 1) / steps",
            "dtype": "of the model; captum's quadrature weights are float32 in both",
            "infidelity": "captum's; perturbed pixels are pixels - perturbations[s]; `plain`: the map is multiplied"
            " with the perturbation; `divided`: with the perturbation / pixels (the baseline is 0)",
            "transformersInterpret": "ImageClassificationExplainer with IG and IGNT, on pixels that its processor gave;"
            " it equalled captum's call to the bit",
        },
        "images": rows,
        "transformersInterpret": interpreted,
    })


if __name__ == "__main__":
    main()
