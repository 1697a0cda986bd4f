"""Model directories as they are found in the wild, and what transformers makes of some texts with each of them."""

import json
import pathlib
import tempfile

from tokenizers import AddedToken

from models import build

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "The", "cafe", "café", "Café", "中", "文", "##文", "un", "##able",
         "a", "A", "##b", "é", "e", ".", "[", "]", "mask", "##s", "new", "<", ">", "ent", "x"]
TEXTS = ["The Café the cafe, CAFÉ!", "中文 中 文 unable", "a[MASK]b [mask] x [SEP] the", " <ent>  [ENT] the<ent>.", "new\u00a0the  New",
         "<mask> <cls> [CLS][PAD]", ""]


def token(content, **flags):
    fields = dict(content=content, lstrip=False, normalized=False, rstrip=False, single_word=False)
    return fields | flags


def lines(words, end="\n"):
    return end.join(words) + end


def named(prefix, suffix):
    return [prefix + w.strip("[]").lower() + suffix for w in WORDS[:5]] + WORDS[5:]


def roles(prefix, suffix, **changes):
    names = dict(pad_token="pad", unk_token="unk", cls_token="cls", sep_token="sep", mask_token="mask")
    return {role: prefix + name + suffix for role, name in names.items()} | changes


def serialized(**options):
    return build(WORDS, special=["[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"], **options).to_str()


def cases():
    """Name, class to load with, and the files."""
    vocab = {"vocab.txt": lines(WORDS)}
    bert = {"tokenizer_class": "BertTokenizer"}

    def config(**values):
        return {"tokenizer_config.json": json.dumps(bert | values)}

    yield "vocabulary alone", vocab
    yield "empty configuration", vocab | {"tokenizer_config.json": "{}"}
    yield "cased", vocab | config(do_lower_case=False)
    yield "accents kept", vocab | config(strip_accents=False)
    yield "accents stripped, cased", vocab | config(strip_accents=True, do_lower_case=False)
    yield "accents unsaid", vocab | config(strip_accents=None, do_lower_case=False)
    yield "ideographs not split", vocab | config(tokenize_chinese_chars=False)
    yield "lengths", vocab | config(model_max_length=128)
    yield "lengths without bound", vocab | config(model_max_length=1000000000000000019884624838656)
    yield "other names", {"vocab.txt": lines(named("<", ">"))} | config(**roles("<", ">"))
    yield "other names as objects", {"vocab.txt": lines(named("<", ">"))} | config(
        **{role: token(name) | {"__type": "AddedToken"} for role, name in roles("<", ">").items()})
    yield "mask strips", vocab | config(mask_token=token("[MASK]", lstrip=True, normalized=False) | {"__type": "AddedToken"})
    yield "mask in the map", vocab | {"special_tokens_map.json": json.dumps(roles("[", "]") | {
        "pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]",
        "mask_token": token("[MASK]", lstrip=True, rstrip=True)})}
    yield "names in the map", {"vocab.txt": lines(named("<", ">")), "special_tokens_map.json": json.dumps(roles("<", ">"))}
    yield "listed tokens", vocab | config(added_tokens_decoder={
        str(i): token(WORDS[i]) | {"special": True} for i in range(5)} | {
        "31": token("<ent>", normalized=True) | {"special": False}, "30": token("[ENT]", lstrip=True) | {"special": True}})
    yield "more special tokens", vocab | config(additional_special_tokens=["<ent>", "[ENT]"])
    yield "extra special tokens", vocab | config(extra_special_tokens=["<ent>"])
    yield "no mask", {"vocab.txt": lines([w for w in WORDS if w != "[MASK]"])}
    yield "equal lines", {"vocab.txt": lines(WORDS + ["the", "the", "##b"])}
    yield "blank lines", {"vocab.txt": lines(WORDS[:5] + ["", ""] + WORDS[5:] + ["", "new york"])}
    yield "carriage returns", {"vocab.txt": lines(WORDS, "\r\n")}
    yield "no last newline", {"vocab.txt": "\n".join(WORDS)}
    yield "white space behind tokens", {"vocab.txt": lines([w + " \t\u3000" for w in WORDS])}
    yield "white space before tokens", {"vocab.txt": lines(WORDS[:9] + [" " + w for w in WORDS[9:]])}
    yield "line separators inside", {"vocab.txt": lines(WORDS[:9] + ["q\u2028r\u0085s\x0bt"] + WORDS[9:])}
    yield "serialized", {"tokenizer.json": serialized()}
    yield "serialized, cased", {"tokenizer.json": serialized(lower=False)} | config(do_lower_case=False)
    yield "serialized, configuration differs", {"tokenizer.json": serialized()} | config(
        do_lower_case=False, tokenize_chinese_chars=False, strip_accents=None)
    yield "serialized, accents differ", {"tokenizer.json": serialized()} | config(strip_accents=False)
    yield "serialized, generic class", {"tokenizer.json": serialized(), "tokenizer_config.json": json.dumps(
        {"tokenizer_class": "PreTrainedTokenizerFast", "do_lower_case": False})}
    yield "serialized with tokens", {"tokenizer.json": serialized(added=[
        AddedToken("<ent>", normalized=True, single_word=True), AddedToken("[ENT]", rstrip=True, normalized=False, special=True)])}
    yield "serialized beside vocabulary", {"tokenizer.json": serialized(), "vocab.txt": lines(WORDS[::-1])}
    yield "serialized, mask named", {"tokenizer.json": serialized()} | config(mask_token="[MASK]", additional_special_tokens=["<ent>"])

    padless = [w for w in WORDS if w != "[PAD]"]
    pad = AddedToken("[PAD]", special=True, normalized=False)
    yield "serialized, padding added", {"tokenizer.json": build(
        padless, special=["[CLS]", "[SEP]", "[UNK]", "[MASK]"], added=[AddedToken("<ent>", normalized=False), pad]).to_str()}
    yield "padding listed", {"vocab.txt": lines(padless)} | config(
        added_tokens_decoder={str(len(padless)): token("[PAD]") | {"special": True}})


def rows():
    from transformers import AutoTokenizer, BertTokenizer

    out = []
    for name, files in cases():
        with tempfile.TemporaryDirectory() as folder:
            for file, content in files.items():
                (pathlib.Path(folder) / file).write_text(content, encoding="utf-8", newline="")
            generic = "PreTrainedTokenizerFast" in files.get("tokenizer_config.json", "")
            tokenizer = (AutoTokenizer if generic else BertTokenizer).from_pretrained(folder)
            results = []
            for text in TEXTS:
                encoding = tokenizer(text, return_offsets_mapping=True, return_special_tokens_mask=True)
                spans = ["-" if special else f"{start},{end}" for (start, end), special in
                         zip(encoding["offset_mapping"], encoding["special_tokens_mask"])]
                results.append({"text": text, "ids": " ".join(map(str, encoding["input_ids"])), "spans": " ".join(spans)})
            limit = tokenizer.model_max_length
            out.append({"name": name, "files": files, "texts": results, "maxLength": limit if limit < 2 ** 31 else None})
    return out
