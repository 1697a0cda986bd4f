"""captum on many texts of different length: one after the other, and in padded batches."""

from pathlib import Path

import torch
from captum.attr import LayerIntegratedGradients
from torch.nn.utils.rnn import pad_sequence
from transformers import BertForQuestionAnswering


class _Texts:
    """The start logits at given positions. A text is a dict with input_ids, baseline_ids, token_type_ids and start."""

    def __init__(self, folder: Path, texts: list[dict], nodes: int):
        self.model = BertForQuestionAnswering.from_pretrained(folder, dtype=torch.float32).eval()
        self.attention = self.model.config._attn_implementation
        self.texts, self.nodes = texts, nodes
        self.method = LayerIntegratedGradients(self._logits, self.model.bert.embeddings)

    def _logits(self, ids, type_ids, mask, starts):
        logits = self.model(input_ids=ids, token_type_ids=type_ids, attention_mask=mask).start_logits
        return logits.gather(1, starts[:, None])[:, 0]

    def _attribute(self, texts: list[dict]) -> list[torch.Tensor]:
        ids, baseline, types = (pad_sequence([torch.tensor(text[key]) for text in texts], batch_first=True)
                                for key in ("input_ids", "baseline_ids", "token_type_ids"))
        lengths = [len(text["input_ids"]) for text in texts]
        mask = pad_sequence([torch.ones(length, dtype=torch.long) for length in lengths], batch_first=True)
        starts = torch.tensor([text["start"] for text in texts])
        values = self.method.attribute(ids, baseline, additional_forward_args=(types, mask, starts), n_steps=self.nodes,
                                       method="gausslegendre", return_convergence_delta=True)[0].sum(dim=2)
        return [row[:length] for row, length in zip(values, lengths)]


class OneByOne(_Texts):
    """A call for each text, nothing padded."""

    def explain(self) -> dict[str, torch.Tensor]:
        return {str(i): self._attribute([text])[0] for i, text in enumerate(self.texts)}


class PaddedBatches(_Texts):
    """A call for every sixteen texts in their order, padded to the longest of them, all nodes at once."""

    SIZE = 16

    def explain(self) -> dict[str, torch.Tensor]:
        values = [row for at in range(0, len(self.texts), self.SIZE)
                  for row in self._attribute(self.texts[at:at + self.SIZE])]
        return {str(i): row for i, row in enumerate(values)}
