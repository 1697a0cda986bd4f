"""Attributions of a question-answering model: by transformers-interpret itself, and by captum with a fixed target."""

from contextlib import contextmanager
from dataclasses import dataclass

import torch
from captum.attr import IntegratedGradients, LayerIntegratedGradients
from transformers import BertForQuestionAnswering, PreTrainedTokenizerBase
from transformers_interpret import QuestionAnsweringExplainer

from .writing import number_list

LONGEST_ANSWER = 30
HEADS = ("start", "end")
DTYPES = {"f32": torch.float32, "f64": torch.float64}
RULES = ("gausslegendre", "riemann_left", "riemann_right", "riemann_middle", "riemann_trapezoid")


@dataclass(frozen=True)
class Pair:
    """`[CLS] question [SEP] context [SEP]` with right segment ids, unpadded; every tensor is (1,T)."""

    question: str
    context: str
    ids: torch.Tensor
    type_ids: torch.Tensor
    positions: torch.Tensor
    mask: torch.Tensor
    fixed: torch.Tensor
    tokens: list[str]
    offsets: list[list[int] | None]

    @property
    def forward_args(self) -> tuple[torch.Tensor, ...]:
        return self.type_ids, self.positions, self.mask

    @property
    def context_range(self) -> range:
        return range(int((self.type_ids == 0).sum()), self.ids.shape[1] - 1)


def pair(tokenizer: PreTrainedTokenizerBase, question: str, context: str) -> Pair:
    """Offsets are code points of the question or of the context, None for the three tokens that are neither."""
    row = tokenizer(question, context, return_offsets_mapping=True, verbose=False)
    sequence = row.sequence_ids()
    ids = torch.tensor([row["input_ids"]])
    apart = [tokenizer.encode(text, add_special_tokens=False, verbose=False) for text in (question, context)]
    cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
    assert ids[0].tolist() == [cls, *apart[0], sep, *apart[1], sep], "pair and single encodings differ"
    return Pair(
        question=question, context=context, ids=ids,
        type_ids=torch.tensor([row["token_type_ids"]]),
        positions=torch.arange(ids.shape[1])[None],
        mask=torch.ones_like(ids),
        fixed=torch.tensor([[s is None for s in sequence]]),
        tokens=tokenizer.convert_ids_to_tokens(ids[0].tolist()),
        offsets=[None if s is None else list(span) for s, span in zip(sequence, row["offset_mapping"])],
    )


def _logits(model: BertForQuestionAnswering, ids, type_ids, positions, mask) -> tuple[torch.Tensor, torch.Tensor]:
    output = model(input_ids=ids, token_type_ids=type_ids, position_ids=positions, attention_mask=mask)
    return output.start_logits, output.end_logits


def predict(model: BertForQuestionAnswering, p: Pair) -> dict:
    """The best start + end logit over context tokens with start <= end and at most 30 tokens."""
    with torch.no_grad():
        start, end = (logits[0].tolist() for logits in _logits(model, p.ids, *p.forward_args))
    first, last = p.context_range.start, p.context_range.stop
    spans = ((s, e) for s in range(first, last) for e in range(s, min(last, s + LONGEST_ANSWER)))
    s, e = max(spans, key=lambda span: start[span[0]] + end[span[1]])
    answer = p.context[p.offsets[s][0]:p.offsets[e][1]]
    return {"start": s, "end": e, "startLogit": start[s], "endLogit": end[e], "answer": answer}


def _normalised(raw: torch.Tensor) -> torch.Tensor:
    return raw / torch.norm(raw)


def interpret(model, tokenizer, p: Pair, embedding_type: int, steps: int = 50, batch: int | None = None) -> dict:
    """What transformers-interpret's QuestionAnsweringExplainer says, quirks included; targets move along the path."""
    explainer = QuestionAnsweringExplainer(model, tokenizer)
    words = explainer(p.question, p.context, embedding_type=embedding_type, n_steps=steps, internal_batch_size=batch)
    result = {
        "embeddingType": embedding_type,
        "startPos": explainer.start_pos,
        "endPos": explainer.end_pos,
        "predictedAnswer": explainer.predicted_answer,
    }
    for position, head in enumerate(HEADS):
        explainer.position = position
        lig = (explainer.start_attributions, explainer.end_attributions)[position]
        assert [token for token, _ in words[head]] == p.tokens
        with torch.no_grad():
            score = explainer._forward(
                explainer.input_ids, explainer.token_type_ids, explainer.position_ids, explainer.attention_mask)
            base = explainer._forward(
                explainer.ref_input_ids, explainer.ref_token_type_ids, explainer.ref_position_ids,
                explainer.attention_mask)
        result[head] = {
            "score": float(score),
            "baselineScore": float(base),
            "delta": float(lig.delta),
            "attributionSum": float(lig.attributions_sum.sum()),
            "raw": number_list(lig._attributions.sum(dim=2)),
            "attribution": [value for _, value in words[head]],
        }
    return result


@contextmanager
def _output_replaced(module: torch.nn.Module, replacement):
    """While open, `module` gives `replacement(its own output)`."""
    handle = module.register_forward_hook(lambda _module, _args, output: replacement(output))
    try:
        yield
    finally:
        handle.remove()


def _embeddings(model, p: Pair) -> torch.Tensor:
    return model.bert.embeddings(input_ids=p.ids, token_type_ids=p.type_ids, position_ids=p.positions)


def _tensor_baseline(model, p: Pair, baseline: str) -> torch.Tensor:
    """`zero`: rows of the embeddings output are 0; `mean`: the word vector is the mean row of the table."""
    fixed = p.fixed[:, :, None]
    with torch.no_grad():
        if baseline == "zero":
            return torch.where(fixed, _embeddings(model, p), 0.0)
        words = model.bert.embeddings.word_embeddings
        with _output_replaced(words, lambda output: torch.where(fixed, output, words.weight.mean(dim=0))):
            return _embeddings(model, p)


def integrate(
    model, tokenizer, p: Pair, head: str, index: int, *, baseline: str = "pad", method: str = "gausslegendre",
    steps: int = 50, path: str = "embeddings", batch: int | None = None,
) -> dict:
    """captum's layer integrated gradients of one fixed logit, everything but the tokens equal along the path.

    `path`: `embeddings`, the output of the embeddings block; `word-embeddings`, that of the word table (which gives
    what the sum before the LayerNorm gives, since the two other terms do not move).
    """
    def fixed_logit(ids, *args):
        return _logits(model, ids, *args)[HEADS.index(head)][:, index]

    options = dict(n_steps=steps, method=method, internal_batch_size=batch, return_convergence_delta=True)
    if baseline in ("pad", "mask"):
        replacement = {"pad": tokenizer.pad_token_id, "mask": tokenizer.mask_token_id}[baseline]
        start_ids = torch.where(p.fixed, p.ids, replacement)
        block = model.bert.embeddings
        layer = {"embeddings": block, "word-embeddings": block.word_embeddings}[path]
        values, delta = LayerIntegratedGradients(fixed_logit, layer).attribute(
            p.ids, start_ids, additional_forward_args=p.forward_args, **options)
        with torch.no_grad():
            score, base = fixed_logit(p.ids, *p.forward_args), fixed_logit(start_ids, *p.forward_args)
    else:
        def from_embeddings(x, *args):
            with _output_replaced(model.bert.embeddings, lambda output: x):
                return fixed_logit(*args)

        with torch.no_grad():
            x, x0 = _embeddings(model, p), _tensor_baseline(model, p, baseline)
        args = (p.ids, *p.forward_args)
        values, delta = IntegratedGradients(from_embeddings).attribute(
            x, x0, additional_forward_args=args, **options)
        with torch.no_grad():
            score, base = from_embeddings(x, *args), from_embeddings(x0, *args)
    raw = values.detach().sum(dim=2)[0]
    return {
        "path": path, "baseline": baseline, "method": method, "steps": steps, "target": head, "index": index,
        "score": float(score), "baselineScore": float(base), "delta": float(delta),
        "attributionSum": float(_normalised(raw).sum()),
        "raw": number_list(raw), "attribution": number_list(_normalised(raw)),
    }
