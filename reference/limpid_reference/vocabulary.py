"""A vocabulary of about 250 entries in which every ASCII line can be written."""

import string

SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

WORDS = """
the a an of in on at to is was are were be who what where when why how many which and or not it he she they we you i
this that with by for from as has had have did do does one two three more most new old good bad great film city river
tower bank capital country world war king queen year century day time first last name people man woman
language machine learning model network process understand human built made wrote born lived died found call
paris london france eiffel gustave alice bob europe love like plot acting movie
""".split()

SUFFIXES = """
s es ed ing er est ly ness ion tion al ful able ment ity th st nd rd ight ough ive ous ent ance re le
""".split()


def tokens(specials_first: bool = True) -> list[str]:
    """The entries in id order; with `specials_first` false the special tokens sit at ids nobody would guess."""
    plain = list(string.punctuation) + list(string.digits) + list(string.ascii_lowercase)
    plain += ["##" + c for c in string.digits + string.ascii_lowercase]
    plain += [w for w in dict.fromkeys(WORDS) if len(w) > 1]
    plain += ["##" + s for s in SUFFIXES if len(s) > 1]
    plain += ["€", "中", "文"]
    if specials_first:
        return SPECIALS + plain
    return ["[UNK]", "[unused0]", "[SEP]", "[PAD]"] + plain[:40] + ["[MASK]", "[unused1]", "[CLS]"] + plain[40:]
