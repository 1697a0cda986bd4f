"""Writes attribution/src/test/resources/golden/embedded-vit.{json,safetensors}: the embedded ViT on the bundled photo.

usage: make_embedded_vit.py MODEL PHOTO [FOLDER]
  MODEL   folder with config.json, preprocessor_config.json and model.safetensors
  PHOTO   the bundled photo, chelsea.png
  FOLDER  where to write instead
"""

import sys
from pathlib import Path

import numpy as np
import torch
from limpid_reference import ATTRIBUTION_GOLDEN
from limpid_reference.image_attributions import Subject, integrate
from limpid_reference.writing import versions, write_json, write_tensors
from PIL import Image
from transformers import DeiTImageProcessorPil, ViTForImageClassification
from transformers.utils.logging import disable_progress_bar

disable_progress_bar()

STEPS = 50
DTYPES = {"f64": torch.float64, "f32": torch.float32}


def load(folder: Path, dtype: torch.dtype) -> ViTForImageClassification:
    """The model with the parameters of the checkpoint (F16, widened), computing in `dtype`.

    Attention is PyTorch's own (sdpa): the eager one takes its softmax in float32 whatever the model's dtype.
    """
    model, report = ViTForImageClassification.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="sdpa", output_loading_info=True)
    if report["missing_keys"] or report["unexpected_keys"]:
        raise SystemExit(f"{folder}: the tensors are not those of a ViTForImageClassification: {report}")
    return model.to(dtype).eval().requires_grad_(False)


def main(model_folder: Path, photo: Path, folder: Path) -> None:
    torch.set_num_threads(1)
    used = versions("torch", "transformers", "captum", "pillow", "safetensors")
    processor = DeiTImageProcessorPil.from_pretrained(model_folder)
    image = Image.open(photo).convert("RGB")
    resized = processor(image, do_rescale=False, do_normalize=False, return_tensors="np")["pixel_values"][0]
    pixels = processor(image, return_tensors="pt")["pixel_values"]
    tensors = {"resized": resized.transpose(1, 2, 0).astype(np.uint8), "pixels": pixels[0].numpy()}
    assert np.array_equal(tensors["resized"].transpose(2, 0, 1), resized), "resizing does not give bytes"
    target, rows = None, {}
    for label, dtype in DTYPES.items():
        model = load(model_folder, dtype)
        with torch.no_grad():
            logits = model(pixels.to(dtype)).logits[0]
        if target is None:
            target = int(logits.argmax())
        subject = Subject(model, pixels.to(dtype), target)
        baseline = torch.zeros_like(subject.pixels)
        values, delta = integrate(subject, baseline, "gausslegendre", STEPS)
        tensors[f"{label}.logits"], tensors[f"{label}.attributions"] = logits.numpy(), values[0].numpy()
        rows[label] = {
            "score": subject.score(subject.pixels), "baselineScore": subject.score(baseline), "delta": delta,
        }
    name = model.config.id2label[target]
    write_tensors(folder / "embedded-vit.safetensors", tensors)
    write_json(folder / "embedded-vit.json", {
        "photo": photo.name,
        "versions": used,
        "about": {
            "resized": "(height,width,3) U8: the photo as transformers' Pillow processor resizes it, not normalised",
            "pixels": "(3,height,width) F32: what the model is given",
            "<f64|f32>.logits": "(labels)",
            "<f64|f32>.attributions": "(3,height,width): captum's integrated gradients of the logit `target`, from"
            " baseline 0, Gauss-Legendre; captum's weights are float32 in both",
            "score, baselineScore, delta": "the logit for the pixels and for the baseline; sum of the map - (score -"
            " baselineScore)",
        },
        "target": target, "label": name, "quadrature": "gausslegendre", "steps": STEPS, "attributions": rows,
    })
    print(name, tensors["f64.logits"].round(4).tolist(), rows)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) == 4 else ATTRIBUTION_GOLDEN)
