"""Writes tiny ViT and DeiT checkpoints, their activations and gradients to vit/src/test/resources/golden/<name>/."""

from limpid_reference import VIT_GOLDEN
from limpid_reference.layers import Target
from limpid_reference.vision import VISION_RECIPES, VisionRecipe, goldens
from limpid_reference.writing import versions, write_json, write_tensors

ROWS = 2


def targets(recipe: VisionRecipe) -> list[Target]:
    """Two classes for each row, no two rows the same one."""
    labels = len(recipe.labels)
    by_row = [tuple(((start + row) % labels,) for row in range(ROWS)) for start in (0, labels - 1)]
    return [
        Target(name, "logit of the class given by row", indices) for name, indices in zip(("first", "second"), by_row)
    ]


def describe(recipe: VisionRecipe, chosen: list[Target]) -> dict:
    tensors = {
        "pixels": "(B,channels,height,width) F32: what the model is given",
        "f64.patches": "(B,P,C) output of the patch projection, before tokens and positions; patches row by row",
        "f64.embeddings": "(B,T,C) output of the embeddings block: [CLS] (DeiT: then the distillation token), patches",
        "f64.layer.<i>": "(B,T,C) output of encoder layer i, counted from 0",
        "f64.layer.<i>.key": "(B,T,C) key projection of layer i, heads side by side on C",
        "f64.normalised": "(B,T,C) output of the LayerNorm after the last layer",
        "<f32|f64>.logits": "(B,labels)",
        "f64.grad.<target>.<tensor>": "gradient of the target, added over the rows, with respect to that tensor"
        " (pixels, patches, embeddings, layer.<i>)",
    }
    if recipe.name == "deit-distilled":
        tensors["<f32|f64>.logits"] += ", the mean of cls_logits and distillation_logits"
        tensors["<f32|f64>.<cls_logits|distillation_logits>"] = "(B,labels) of one head"
    about = {
        "architecture": recipe.architecture.__name__,
        "versions": versions("torch", "transformers", "safetensors"),
        "shapes": "B rows of the batch, P patches, T tokens (P + 1; DeiT: P + 2), C hidden size",
        "tensors": tensors,
        "keyBias": "attention.attention.key.bias adds the same number to all scores of a query, which the softmax"
        " cancels: only layer.<i>.key depends on it beyond rounding, so only that tensor can show a wrong one.",
        "dtypes": "f32 and f64 compute with the same parameters, those of model.safetensors (F32)",
        "targets": {t.name: {"meaning": t.meaning, "indexByRow": [list(i) for i in t.index_by_row]} for t in chosen},
    }
    if recipe.pooler:
        about["pooler"] = "model.safetensors holds vit.pooler.dense.*, which a classifier does not use"
    if recipe.name == "vit-remainder":
        about["remainder"] = "the patches do not reach the last row and the last two columns: their gradient is 0"
    return about


def main() -> None:
    for recipe in VISION_RECIPES.values():
        folder = VIT_GOLDEN / recipe.name
        recipe.save(folder)
        chosen = targets(recipe)
        arrays = goldens(recipe.model(), recipe.pixels(ROWS), chosen)
        write_tensors(folder / "golden.safetensors", arrays)
        write_json(folder / "golden.json", describe(recipe, chosen))
        print(recipe.name, "logits", arrays["f64.logits"].round(3).tolist())


if __name__ == "__main__":
    main()
