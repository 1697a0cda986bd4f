"""Writes the trained transformer as a Hugging Face folder with F16 weights and measures what was written.

    python export_vit.py --images cifar10-jpeg --work work --out vit-cifar10 --photo chelsea.png

The folder gets model.safetensors, config.json, preprocessor_config.json and README.md (the model card). Every number
on the card comes from the written files, read back by the plain transformers classes and run in F32.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import DeiTImageProcessorPil, ViTForImageClassification

import cifar
from vit import Shape, ViT, hugging_face_state

CARD = """---
license: apache-2.0
library_name: transformers
pipeline_tag: image-classification
---

# A small vision transformer for CIFAR-10

`ViTForImageClassification`, {parameters:,} parameters: images of {image_size}×{image_size}, patches of
{patch_size}×{patch_size}, {layers} layers, hidden size {hidden}, {heads} heads, feed-forward size
{intermediate}; weights in F16.
It tells apart ten things: {labels}.

It is here so that the first command works offline and its explanation can be looked at. It is not a good classifier
of photos: it sees the middle of them at {image_size}×{image_size} pixels, knows ten labels only and
gives every picture one of them. A map of its attributions has {image_size}×{image_size} pixels and {patches}
patches, which is coarse.

## Accuracy

CIFAR-10 test split ({test_count:,} images, the JPEG copies), this F16 file read by transformers and run in F32:
**{test:.2%}**.

| label | share of its {per_label:,} test images named rightly |
|---|---|
{table}

Held-out part of the training split ({held_count:,} images, never trained on): {held:.2%}. Nothing was chosen by the test split.
{photo}
## Training

{epochs:.1f} epochs on {training_count:,} images of the training split, {steps:,} steps of Muon (matrices of the
blocks) and AdamW (the rest), in bf16 on a CPU; the weights are the moving average at the end of the schedule. Learned
from the labels and from the answers of a residual network trained on the same images (distillation). The script is
`reference/train/train_vit.py` in the Limpid repository.

## Files

| file | what |
|---|---|
| `model.safetensors` | {tensors} tensors, F16, {megabytes:.2f} MB |
| `config.json` | the architecture and the labels |
| `preprocessor_config.json` | shortest side to {image_size} (bicubic), middle {image_size}×{image_size}, 1/255, minus {mean}, by {std} |
"""

PHOTO = """
The photo `{name}`, resized by `preprocessor_config.json`:

| label | probability |
|---|---|
{rows}
"""


def config(shape: Shape, names):
    """config.json of the checkpoint."""
    return {
        "architectures": ["ViTForImageClassification"],
        "attention_probs_dropout_prob": 0.0,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.0,
        "hidden_size": shape.hidden_size,
        "id2label": {str(index): name for index, name in enumerate(names)},
        "image_size": shape.image_size,
        "initializer_range": 0.02,
        "intermediate_size": shape.intermediate_size,
        "label2id": {name: index for index, name in enumerate(names)},
        "layer_norm_eps": shape.layer_norm_eps,
        "model_type": "vit",
        "num_attention_heads": shape.num_attention_heads,
        "num_channels": 3,
        "num_hidden_layers": shape.num_hidden_layers,
        "patch_size": shape.patch_size,
        "problem_type": "single_label_classification",
        "qkv_bias": True,
        "torch_dtype": "float16",
    }


def preprocessor(shape: Shape):
    """preprocessor_config.json of the checkpoint: DeiT's, which cuts the middle out of a photo instead of squashing it."""
    side = shape.image_size
    return {
        "crop_size": {"height": side, "width": side},
        "do_center_crop": True,
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": list(cifar.MEAN),
        "image_processor_type": "DeiTImageProcessor",
        "image_std": list(cifar.STD),
        "resample": 3,
        "rescale_factor": 1 / 255,
        "size": {"shortest_edge": side},
    }


def write(model, names, out):
    """The three files that transformers reads."""
    out.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.half().contiguous() for name, tensor in hugging_face_state(model).items()}
    if not all(torch.isfinite(tensor).all() for tensor in state.values()):
        raise SystemExit("a weight is not finite in F16: the checkpoint cannot be written")
    save_file(state, out / "model.safetensors", metadata={"format": "pt"})
    (out / "model.safetensors").chmod(0o644)
    contents = {"config.json": config(model.shape, names), "preprocessor_config.json": preprocessor(model.shape)}
    for name, content in contents.items():
        (out / name).write_text(json.dumps(content, indent=2) + "\n")
    return state


@torch.no_grad()
def _shares(classifier, pixels, labels, batch=500):
    """Share of images named rightly, over all and per label."""
    right = []
    for start in range(0, len(pixels), batch):
        logits = classifier(cifar.normalise(cifar.as_floats(pixels[start : start + batch]))).logits
        right.append(logits.argmax(-1).numpy() == labels[start : start + batch])
    right = np.concatenate(right)
    return right.mean(), [right[labels == label].mean() for label in np.unique(labels)]


@torch.no_grad()
def _photo(out, classifier, file):
    image = Image.open(file).convert("RGB")
    inputs = DeiTImageProcessorPil.from_pretrained(out)(image, return_tensors="pt")
    values, indices = classifier(**inputs).logits.softmax(-1)[0].topk(5)
    rows = [f"| {classifier.config.id2label[int(index)]} | {value:.4f} |" for value, index in zip(values, indices)]
    return PHOTO.format(name=file.name, rows="\n".join(rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="the folder that train_vit.py worked in")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--photo", type=Path, help="a photo whose five likeliest labels go on the card")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    data, names = cifar.load(options.images, options.work / "pixels.npz")
    stored = torch.load(options.work / "student.pt", weights_only=True)
    model = ViT(Shape())
    model.load_state_dict(stored["average"])
    state = write(model, names, options.out)

    classifier, report = ViTForImageClassification.from_pretrained(
        options.out, dtype=torch.float32, output_loading_info=True
    )
    if report["missing_keys"] or report["unexpected_keys"]:
        raise SystemExit(f"{options.out}: transformers does not read the names written: {report}")
    classifier.eval()
    _compare(model, classifier, data["test"][:200])
    training, held = cifar.held_out_split(data["train_labels"])
    test, shares = _shares(classifier, data["test"], data["test_labels"])
    shape = model.shape
    card = CARD.format(
        parameters=sum(tensor.numel() for tensor in state.values()),
        image_size=shape.image_size,
        patch_size=shape.patch_size,
        patches=(shape.image_size // shape.patch_size) ** 2,
        layers=shape.num_hidden_layers,
        hidden=shape.hidden_size,
        heads=shape.num_attention_heads,
        intermediate=shape.intermediate_size,
        labels=", ".join(names),
        test=test,
        test_count=len(data["test"]),
        per_label=len(data["test"]) // len(names),
        table="\n".join(f"| {name} | {share:.1%} |" for name, share in zip(names, shares)),
        held=_shares(classifier, data["train"][held], data["train_labels"][held])[0],
        held_count=len(held),
        photo=_photo(options.out, classifier, options.photo) if options.photo else "",
        epochs=stored["images"] / len(training),
        steps=stored["steps"],
        training_count=len(training),
        tensors=len(state),
        megabytes=(options.out / "model.safetensors").stat().st_size / 1e6,
        mean=cifar.MEAN[0],
        std=cifar.STD[0],
    )
    (options.out / "README.md").write_text(card)
    print(card)
    if stored["progress"] < 1:
        print(f"NOTE: the training had not ended: progress {stored['progress']:.3f}")


@torch.no_grad()
def _compare(model, classifier, pixels):
    """Stops if the written model does not compute what was trained, beyond the rounding of the weights to F16."""
    inputs = cifar.normalise(cifar.as_floats(pixels))
    ours, theirs = model(inputs), classifier(inputs).logits
    apart = float((ours - theirs).abs().max())
    if apart > 0.02 * max(1.0, float(ours.abs().max())):
        raise SystemExit(f"the written model's logits are {apart:.4f} away from the trained model's")
    print(f"largest difference of a logit to the trained F32 model: {apart:.5f}")


if __name__ == "__main__":
    main()
