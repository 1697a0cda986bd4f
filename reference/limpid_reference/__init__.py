"""What the fixture scripts share: folders, tiny checkpoints, captures, attributions and byte-stable writing."""

import os
import warnings
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch  # noqa: E402

warnings.filterwarnings("ignore", message="Setting backward hooks on ReLU")

# Two threads, always: the order of the additions, and so the last bits, depend on their number.
torch.set_num_threads(2)

REPOSITORY = Path(__file__).resolve().parents[2]
BERT_GOLDEN = REPOSITORY / "bert" / "src" / "test" / "resources" / "golden"
VIT_GOLDEN = REPOSITORY / "vit" / "src" / "test" / "resources" / "golden"
ATTRIBUTION_GOLDEN = REPOSITORY / "attribution" / "src" / "test" / "resources" / "golden"
