"""Writes the character tables of the Java tokenizer by probing every Unicode scalar through the pinned library.

Nothing here comes from a Unicode database: the library's own tables belong to several Unicode versions, so the only
trustworthy source is what each scalar becomes. The single exception is the list of reference marks used to find out
combining classes, and it is checked against the library before use.
"""

import argparse
import pathlib
import unicodedata

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

PINNED = "0.23.2"
HANGUL = range(0xAC00, 0xD7A4)


def scalars():
    return (c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF)


def normalizer(**on):
    options = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    options.update(on)
    return normalizers.BertNormalizer(**options)


def changed(step):
    """Maps each scalar to what the step makes of it, where that is something else."""
    out = {}
    for c in scalars():
        text = step.normalize_str(chr(c))
        if text != chr(c):
            out[c] = text
    return out


def cleaned():
    removed, spaces = set(), set()
    for c, text in changed(normalizer(clean_text=True)).items():
        assert text in ("", " "), hex(c)
        (removed if text == "" else spaces).add(c)
    return removed, spaces | {0x20}


def chinese():
    out = set()
    for c, text in changed(normalizer(handle_chinese_chars=True)).items():
        assert text == f" {chr(c)} ", hex(c)
        out.add(c)
    return out


def split_classes():
    """Whitespace and punctuation as the pre-tokenizer sees them (it runs after the normalizer, or without one)."""
    bert = pre_tokenizers.BertPreTokenizer()
    whitespace, punctuation = set(), set()
    for c in scalars():
        pieces = [piece for piece, _ in bert.pre_tokenize_str(f"a{chr(c)}b")]
        if pieces == ["a", "b"]:
            whitespace.add(c)
        elif pieces == ["a", chr(c), "b"]:
            punctuation.add(c)
        else:
            assert pieces == [f"a{chr(c)}b"], hex(c)
    return whitespace, punctuation


def word_characters(whitespace):
    """The word characters (single_word) and white space (lstrip, rstrip) that added tokens look at."""
    def matcher(**options):
        tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]"))
        tokenizer.add_tokens([AddedToken("<t>", normalized=False, **options)])
        return tokenizer

    single, left, right = matcher(single_word=True), matcher(lstrip=True), matcher(rstrip=True)
    words = set()
    for c in scalars():
        before = len(single.encode(f"{chr(c)}<t>").ids) == 1
        after = len(single.encode(f"<t>{chr(c)}").ids) == 1
        assert before == after, hex(c)
        if before:
            words.add(c)
        assert (left.encode(f"{chr(c)}<t>").offsets == [(0, 4)]) == (c in whitespace), hex(c)
        assert (right.encode(f"<t>{chr(c)}").offsets == [(0, 4)]) == (c in whitespace), hex(c)
    return words


def decompositions():
    out = changed(normalizers.NFD())
    for c in HANGUL:
        s = c - 0xAC00
        jamo = [0x1100 + s // 588, 0x1161 + s % 588 // 28] + ([0x11A7 + s % 28] if s % 28 else [])
        assert out.pop(c) == "".join(map(chr, jamo)), hex(c)
    return out


def nonspacing(nfd):
    """Scalars that strip_accents removes. The step decomposes first, so only undecomposable scalars are probed."""
    marks = {c for c, text in changed(normalizer(strip_accents=True)).items() if text == "" and c not in nfd}
    for c, text in changed(normalizer(strip_accents=True)).items():
        if c not in nfd and c not in HANGUL:
            assert c in marks, hex(c)
        elif c in nfd:
            assert text == "".join(k for k in nfd[c] if ord(k) not in marks), hex(c)
    return marks


def combining_classes(nfd):
    """The canonical combining class of every scalar, found by watching how the library reorders it among known marks."""
    step = normalizers.NFD()

    def swaps(first, second):
        return first != second and step.normalize_str(f"a{first}{second}") == f"a{second}{first}"

    lowest, highest = "\u0334", "\u0345"      # classes 1 and 240

    def starter(mark):
        return not (swaps(mark, lowest) or swaps(highest, mark))

    reference = {}
    for c in scalars():
        known = unicodedata.combining(chr(c))
        if known and c not in nfd and known not in reference and not starter(chr(c)):
            reference[known] = chr(c)
    marks = sorted(reference.items())
    for i, (low, a) in enumerate(marks):
        for high, b in marks[i + 1:]:
            assert swaps(b, a) and not swaps(a, b), (low, high)
    out = {}
    for c in scalars():
        mark = chr(c)
        if c in nfd or c in HANGUL or starter(mark):
            continue
        equal = [k for k, ref in marks if not swaps(mark, ref) and not swaps(ref, mark)]
        assert len(equal) == 1, (hex(c), equal)
        out[c] = equal[0]
    return out


def runs(members):
    """Sorted code points as hexadecimal 'first-last' or 'single'."""
    out, ordered, i = [], sorted(members), 0
    while i < len(ordered):
        j = i
        while j + 1 < len(ordered) and (ordered[j + 1] == ordered[j] + 1 or (ordered[j], ordered[j + 1]) == (0xD7FF, 0xE000)):
            j += 1
        out.append(f"{ordered[i]:x}" if i == j else f"{ordered[i]:x}-{ordered[j]:x}")
        i = j + 1
    return out


def class_runs(classes):
    out = []
    for value in sorted(set(classes.values())):
        out.append(f"{value:x}:" + ",".join(runs(c for c, k in classes.items() if k == value)))
    return out


def mapping(table):
    return [f"{c:x}:" + "+".join(f"{ord(k):x}" for k in text) for c, text in sorted(table.items())]


def lower_runs(table):
    """Single-scalar mappings as 'first-last/step>delta' runs, the others as 'from:to+to'."""
    single = [(c, ord(text) - c) for c, text in sorted(table.items()) if len(text) == 1]
    out, i = [], 0
    while i < len(single):
        first, delta = single[i]
        step, j = 1, i
        if i + 1 < len(single) and single[i + 1] == (first + 2, delta):
            step = 2
        while j + 1 < len(single) and single[j + 1] == (single[j][0] + step, delta):
            j += 1
        sign = "+" if delta > 0 else "-"
        out.append(f"{first:x}-{single[j][0]:x}/{step}{sign}{abs(delta):x}")
        i = j + 1
    return out, mapping({c: text for c, text in table.items() if len(text) != 1})


def main():
    import tokenizers

    assert tokenizers.__version__ == PINNED, f"tokenizers {PINNED} is pinned, found {tokenizers.__version__}"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=pathlib.Path)
    output = parser.parse_args().output

    removed, cleaned_spaces = cleaned()
    whitespace, punctuation = split_classes()
    assert cleaned_spaces <= whitespace
    assert whitespace - removed == cleaned_spaces, "one white-space class serves both steps"
    nfd = decompositions()
    lower, lower_many = lower_runs(changed(normalizers.Lowercase()))
    sections = {
        "removed": runs(removed),
        "whitespace": runs(whitespace),
        "punctuation": runs(punctuation),
        "chinese": runs(chinese()),
        "nonspacing": runs(nonspacing(nfd)),
        "word": runs(word_characters(whitespace)),
        "combining": class_runs(combining_classes(nfd)),
        "lower": lower,
        "lowerMany": lower_many,
        "decomposition": mapping(nfd),
    }
    lines = [f"# Generated by reference/tokenizer/tables.py from tokenizers {PINNED}; hexadecimal code points."]
    lines += [name + "\t" + " ".join(values) for name, values in sections.items()]
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")
    for name, values in sections.items():
        print(name, len(values), len(" ".join(values)))


if __name__ == "__main__":
    main()
