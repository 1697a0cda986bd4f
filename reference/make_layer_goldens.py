"""Writes the tiny checkpoints, their activations and their gradients to bert/src/test/resources/golden/<name>/."""

from limpid_reference import BERT_GOLDEN
from limpid_reference.checkpoints import RECIPES, Recipe
from limpid_reference.layers import Target, batch, goldens
from limpid_reference.writing import versions, write_json, write_tensors

TEXTS = {
    "qa": [
        ("Who built the tower?", "The tower in Paris was built by Gustave Eiffel."),
        ("Where?", "In London."),
        ("What is the capital of France", "Paris is the capital (and the most peopled city)"),
    ],
    "sequence-1": [
        ("I love you, I like you", None),
        ("Bad.", None),
        ("The plot was good", "the acting was not great"),
    ],
    "sequence-2": [
        ("The film was great!", None),
        ("It is one of the most boring movies, is it not?", None),
        ("Alice found the river", "Bob lived in the city; he died"),
    ],
    "sequence-5": [
        ("What a bad movie", None),
        ("One, two, three...", "and 4 more"),
        ("you", None),
    ],
    "token": [
        ("Alice lived in London with Bob.", None),
        ("Gustave Eiffel, born in France, built the Eiffel Tower", None),
        ("the king", "of Europe"),
    ],
    "masked-lm": [
        ("Paris is the [MASK] of France.", None),
        ("I [MASK] you", None),
        ("who wrote it?", "a [MASK] machine [MASK]"),
    ],
}


def targets(recipe: Recipe, ids: list[list[int]], mask_id: int) -> list[Target]:
    """The scalars whose gradients are stored, by head."""
    if recipe.name == "qa":
        return [
            Target("start", "start logit at the position given by row", ((9, 0), (4, 0), (12, 0))),
            Target("end", "end logit at the position given by row", ((15, 1), (5, 1), (1, 1))),
        ]
    if recipe.name.startswith("sequence"):
        return [
            Target(f"class-{c}", f"logit of class {c} ({label})", ((c,),) * len(ids))
            for c, label in enumerate(recipe.labels)
        ]
    if recipe.name == "token":
        return [
            Target("first", "logit of (position, class) given by row", ((1, 1), (4, 0), (2, 6))),
            Target("second", "logit of (position, class) given by row", ((5, 3), (0, 4), (4, 2))),
        ]
    at_mask = tuple((row.index(mask_id), 120 + 7 * i) for i, row in enumerate(ids))
    elsewhere = ((0, 3), (2, 200), (1, 77))
    return [
        Target("masked", "logit of (position of the first [MASK], vocabulary id) given by row", at_mask),
        Target("elsewhere", "logit of (position, vocabulary id) given by row", elsewhere),
    ]


def describe(recipe: Recipe, chosen: list[Target]) -> dict:
    logits = {
        "qa": "(B,T,2): start logits, then end logits, on the last axis",
        "token": "(B,T,labels)",
        "masked-lm": "(B,T,V)",
    }.get(recipe.name, "(B,labels)")
    return {
        "architecture": recipe.architecture.__name__,
        "versions": versions("torch", "transformers", "safetensors", "tokenizers"),
        "texts": [[first] if second is None else [first, second] for first, second in TEXTS[recipe.name]],
        "shapes": "B rows of the batch, T padded length, C hidden size, V vocabulary size",
        "tensors": {
            "ids, typeIds, attentionMask": "(B,T) int64; rows padded on the right with the [PAD] id, type 0, mask 0",
            "<f32|f64>.embeddings.sum": "(B,T,C) word + token type + position vectors, before the LayerNorm",
            "<f32|f64>.embeddings": "(B,T,C) output of the embeddings block, after its LayerNorm",
            "<f32|f64>.layer.<i>": "(B,T,C) output of encoder layer i, counted from 0",
            "<f32|f64>.layer.<i>.key": "(B,T,C) key projection of layer i with its bias, heads side by side on C",
            "<f32|f64>.logits": logits,
            "f64.grad.<target>.<tensor>": "gradient of the target, added over the rows, with respect to that tensor"
            " (embeddings.sum, embeddings, layer.<i>)",
        },
        "comparing": "Hidden states, and logits that belong to a token, at positions whose attentionMask is 0 are what"
        " one implementation happens to compute: compare the other positions only. Gradients are exact everywhere: at"
        " padding they are 0.",
        "keyBias": "attention.self.key.bias adds the same number to all scores of a query, which the softmax cancels:"
        " only layer.<i>.key depends on it beyond rounding, so only that tensor can show a wrong one.",
        "dtypes": "f32 and f64 compute with the same parameters, those of model.safetensors (F32)",
        "targets": {t.name: {"meaning": t.meaning, "indexByRow": [list(i) for i in t.index_by_row]} for t in chosen},
    }


def main() -> None:
    for recipe in RECIPES.values():
        folder = BERT_GOLDEN / recipe.name
        recipe.save(folder)
        tokenizer = recipe.tokenizer()
        inputs = batch(tokenizer, TEXTS[recipe.name])
        chosen = targets(recipe, inputs["input_ids"].tolist(), tokenizer.mask_token_id)
        arrays = goldens(recipe.model(), inputs, chosen)
        padding = arrays["attentionMask"] == 0
        for target in chosen:
            for row, index in enumerate(target.index_by_row):
                if not recipe.name.startswith("sequence"):
                    assert not padding[row, index[0]], f"{recipe.name}: target {target.name} of row {row} is padding"
        write_tensors(folder / "golden.safetensors", arrays)
        write_json(folder / "golden.json", describe(recipe, chosen))
        print(recipe.name, inputs["attention_mask"].sum(1).tolist(), "tokens a row")


if __name__ == "__main__":
    main()
