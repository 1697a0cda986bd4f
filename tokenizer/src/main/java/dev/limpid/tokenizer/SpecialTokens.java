package dev.limpid.tokenizer;

/**
 * The names of the tokens with a role, as the model's files give them or BERT's customary ones.
 *
 * @param unknown stands for words without pieces
 * @param cls begins every encoding
 * @param sep ends every sequence
 * @param pad fills encodings up
 * @param mask stands for a word to be guessed
 */
record SpecialTokens(String unknown, String cls, String sep, String pad, String mask) {}
