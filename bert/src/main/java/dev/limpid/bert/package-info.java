/**
 * BERT (Devlin et al. 2018, arXiv 1810.04805) as Hugging Face's {@code modeling_bert.py} defines it: post-layer-norm encoder and task heads,
 * forward and backward to the embeddings.
 *
 * <p>A pass goes {@link dev.limpid.bert.BertEmbeddings} → {@link dev.limpid.bert.BertLayer}s → a {@link dev.limpid.bert.TaskHead};
 * {@link dev.limpid.bert.BertModel} holds them together.
 */
package dev.limpid.bert;
