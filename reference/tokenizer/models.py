"""The tokenizers that the fixtures are made with, as the pinned library builds them."""

import json
import pathlib
import re

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from hostile import SPECIAL

HERE = pathlib.Path(__file__).parent


def sentences():
    return (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()


def cased_vocabulary():
    """A small cased vocabulary: letters of many scripts, alone and continuing, and the words of the sentences."""
    text = "\n".join(sentences())
    letters = sorted({c for c in text if not c.isspace()} | set(map(chr, range(0x21, 0x7F))) | set("ÀÉÎÕÜàéîõüßſςσΣ中文가각İıǄǅ"))
    tokens = SPECIAL[2:3] + SPECIAL[3:4] + SPECIAL[:2] + SPECIAL[4:] + [f"[unused{i}]" for i in range(5)]
    tokens += letters + ["##" + c for c in letters]
    words = sorted(set(re.findall(r"[^\W\d_]{2,}", text)))
    tokens += [w for i, w in enumerate(words) if i % 3 != 0]
    tokens += sorted({"##" + w[k:] for w in words for k in (2, 3) if len(w) > k + 1})[::2]
    # Marks that accent stripping leaves, so that their places can be seen.
    tokens += [p + c for c in "\u302e\u1b44\U0001d165\U0001d16d" for p in ("", "##")] + ["##e", "e"]
    tokens += ["un", "##un", "##un##", "##aff", "##able", "a\u0301", "##\u0301", "e\u0323", "\u1100\u1161", "i\u0307", "##i\u0307"]
    return list(dict.fromkeys(tokens))


def standard_template():
    return dict(single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1")


def build(tokens, clean=True, chinese=True, strip=None, lower=True, added=(), template=None, bert=False,
          unknown="[UNK]", prefix="##", max_chars=100, special=SPECIAL):
    vocab = {token: i for i, token in enumerate(tokens)}
    model = models.WordPiece(vocab, unk_token=unknown, max_input_chars_per_word=max_chars, continuing_subword_prefix=prefix)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=clean, handle_chinese_chars=chinese, strip_accents=strip, lowercase=lower)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix=prefix)
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in special])
    tokenizer.add_tokens(list(added))
    # The first two of `special` are the tokens around a text.
    cls, sep = (special[0], vocab[special[0]]), (special[1], vocab[special[1]])
    if bert:
        tokenizer.post_processor = processors.BertProcessing(sep, cls)
    else:
        tokenizer.post_processor = processors.TemplateProcessing(special_tokens=[cls, sep], **(template or standard_template()))
    return tokenizer


ADDED = [
    AddedToken("<plain>", normalized=False),
    AddedToken("<word>", normalized=False, single_word=True),
    AddedToken("<left>", normalized=False, lstrip=True),
    AddedToken("<right>", normalized=False, rstrip=True),
    AddedToken("<both>", normalized=False, lstrip=True, rstrip=True, special=True),
    AddedToken("Über", normalized=True),
    AddedToken("ÜberAll", normalized=True, single_word=True),
    AddedToken("New York", normalized=True, single_word=True),
    AddedToken("New", normalized=False, single_word=True),
    AddedToken("中文", normalized=True),
    AddedToken("Mid", normalized=True, lstrip=True, rstrip=True),
    AddedToken(" spaced ", normalized=False),
    AddedToken("[SEP]]", normalized=False),
    AddedToken("\U0001f600", normalized=False, rstrip=True),
    AddedToken("un", normalized=True, single_word=True),
]


ODD_SPECIAL = ["<cls>", "<sep>", "<pad>", "<unk>", "<mask>"]


def odd_vocabulary():
    tokens = ["<pad>", "<unk>", "<cls>", "<sep>", "<mask>"]
    letters = "abcdefghijklmnopqrstuvwxyz.,!?中é"
    return tokens + list(letters) + ["@@" + c for c in letters] + ["the", "@@ing", "un", "@@a@@"]


def all_models(uncased):
    cased = cased_vocabulary()
    return {
        "uncased": ("uncased", build(uncased)),
        "uncased-accents": ("uncased", build(uncased, strip=False)),
        "cased": ("cased", build(cased, lower=False)),
        "cased-stripped": ("cased", build(cased, lower=False, strip=True)),
        "unclean": ("uncased", build(uncased, clean=False, chinese=False)),
        "bare": ("cased", build(cased, clean=False, chinese=False, strip=False, lower=False)),
        "added": ("cased", build(cased, added=ADDED, bert=True)),
        "added-cased": ("cased", build(cased, lower=False, added=ADDED)),
        "odd": ("odd", build(odd_vocabulary(), unknown="<unk>", prefix="@@", max_chars=12,
                             special=ODD_SPECIAL,
                             template=dict(single="<cls>:3 <cls>:4 $A:5", pair="$B:2 <sep>:1 $A:7 <sep>:2 <cls>:0"))),
    }


def shell(tokenizer):
    """The tokenizer's own serialization without its vocabulary."""
    out = json.loads(tokenizer.to_str())
    out["model"]["vocab"] = {}
    return out


def config(name):
    """What tokenizer_config.json has to say for the model: the tokens with a role, where they are not BERT's."""
    roles = ["cls_token", "sep_token", "pad_token", "unk_token", "mask_token"]
    return dict(zip(roles, ODD_SPECIAL)) if name == "odd" else {}
