"""Writes attribution/src/test/resources/golden/tiny-qa.json: attributions on the tiny question-answering checkpoint."""

from limpid_reference import ATTRIBUTION_GOLDEN
from limpid_reference.attributions import DTYPES, HEADS, RULES, integrate, interpret, pair, predict
from limpid_reference.checkpoints import RECIPES
from limpid_reference.writing import versions, write_json

LONG = (
    "The king of France had a tower built in Paris, and the queen had a bank by the river; who was first? "
    "Alice (born in 1889) wrote: not I, not you! Bob has lived in the capital for two years, in London"
)

PAIRS = [
    ("Who built the tower?", "The tower in Paris was built by Gustave Eiffel."),
    ("the the the", "the the the the the the the"),
    ("?!", "...!!! (?) -- \"a\" & <b>"),
    ("What is it", "river"),
    ("What is machine learning ?", "Machine learning\tis the process of learning a language.\nIt was old.\n"),
    ("Où est le café?", "Le CAFÉ coûte 42€ ☃ 中文, naïve people love it."),
    ("When was Alice born and how did she understand the network", "1889"),
    ("When did Alice live?", LONG),
]


def records(recipe, tokenizer, encoded) -> tuple[list[dict], list[dict]]:
    """All attributions of one pair: those of transformers-interpret, and those of the default convention."""
    theirs, ours = [], []
    expected = predict(recipe.model(), encoded)
    for dtype, torch_dtype in DTYPES.items():
        model = recipe.model(torch_dtype)
        for embedding_type in (0, 1, 2):
            theirs.append({"dtype": dtype} | interpret(model, tokenizer, encoded, embedding_type))
        prediction = predict(model, encoded)
        assert (prediction["start"], prediction["end"]) == (expected["start"], expected["end"])
        variants = [dict(baseline=b) for b in ("pad", "mask", "zero", "mean")]
        variants += [dict(path="word-embeddings")]
        variants += [dict(method=rule, steps=20) for rule in RULES]
        variants += [dict(steps=n) for n in (1, 2, 5)]
        for variant in variants:
            for head in HEADS:
                record = integrate(model, tokenizer, encoded, head, prediction[head], **variant)
                ours.append({"dtype": dtype} | record)
    return theirs, ours


def main() -> None:
    used = versions("torch", "transformers", "captum", "transformers-interpret")
    recipe = RECIPES["qa"]
    tokenizer = recipe.tokenizer()
    window = recipe.config().max_position_embeddings
    rows = []
    for question, context in PAIRS:
        encoded = pair(tokenizer, question, context)
        assert encoded.ids.shape[1] <= window, f"{encoded.ids.shape[1]} tokens, the window has {window}"
        theirs, ours = records(recipe, tokenizer, encoded)
        rows.append({
            "question": question, "context": context, "tokens": encoded.tokens, "ids": encoded.ids[0].tolist(),
            "offsets": encoded.offsets, "prediction": predict(recipe.model(), encoded),
            "transformersInterpret": theirs, "defaultConvention": ours,
        })
        print(len(encoded.tokens), "tokens:", question)
    write_json(ATTRIBUTION_GOLDEN / "tiny-qa.json", {
        "checkpoint": "golden/qa of the module bert",
        "versions": used,
        "about": {
            "transformersInterpret": "QuestionAnsweringExplainer, 50 Gauss-Legendre nodes; score and baselineScore are"
            " the largest logit over all positions, for the input and for its reference ids (types 0, positions 0)",
            "defaultConvention": "captum; the target is the fixed logit `index`; [CLS] and [SEP], segment ids,"
            " positions and mask of the input all along the path; path `word-embeddings` integrates before the"
            " LayerNorm of the embeddings",
            "raw, delta": "token sums of the attributions; delta = sum of raw - (score - baselineScore)",
            "attribution": "raw / its Euclidean norm; attributionSum is its sum",
            "dtype": "of the model; captum's quadrature weights are float32 in both, the nodes are not",
            "method": "riemann_trapezoid is captum's: its weights add up to (steps - 1) / steps",
            "offsets": "[start, end) in code points of the question or the context; null for [CLS] and [SEP]",
        },
        "pairs": rows,
    })


if __name__ == "__main__":
    main()
