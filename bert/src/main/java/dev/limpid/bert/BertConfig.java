package dev.limpid.bert;

import dev.limpid.nn.ConfigFields;
import dev.limpid.nn.ModelException;
import dev.limpid.tensor.Activation;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code config.json} says of a BERT checkpoint. Nothing is guessed: a value that is not supported is refused by name.
 *
 * @param architecture the first that the file lists, or {@code BertModel} where none is named
 * @param vocabSize V
 * @param hiddenSize C
 * @param layers number of encoder layers
 * @param heads H
 * @param intermediateSize size between the two dense layers of a block
 * @param maxPositions longest sequence the position embeddings reach
 * @param typeVocabSize number of segments
 * @param layerNormEpsilon added to variances
 * @param activation of the block
 * @param padTokenId id of the padding token
 * @param labels label of each class, by id
 * @param problemType {@code problem_type}, or null
 */
public record BertConfig(String architecture, int vocabSize, int hiddenSize, int layers, int heads,
        int intermediateSize,
        int maxPositions, int typeVocabSize, double layerNormEpsilon, Activation activation, int padTokenId,
        List<String> labels, String problemType) {
    public BertConfig {
        labels = List.copyOf(labels);
        if (hiddenSize % heads != 0) {
            throw new ModelException(
                    "hidden_size " + hiddenSize + " is not a multiple of num_attention_heads " + heads);
        }
    }

    /** Size D of a head. */
    public int headSize() {
        return hiddenSize / heads;
    }

    /**
     * Reads {@code config.json} in a model directory.
     *
     * @throws ModelException if it is missing, is not JSON, lacks a field, or asks for something that is not supported
     */
    public static BertConfig read(Path directory) {
        return of(ConfigFields.read(directory));
    }

    /** As {@link #read}, from fields that have been read. */
    public static BertConfig of(ConfigFields fields) {
        fields.require("model_type", "bert", "only BERT encoders are supported here");
        fields.require("position_embedding_type", "absolute", "only absolute positions are supported");
        fields.requireFalse("is_decoder");
        fields.requireFalse("add_cross_attention");
        return new BertConfig(fields.architecture("BertModel"), fields.positive("vocab_size"),
                fields.positive("hidden_size"), fields.positive("num_hidden_layers"),
                fields.positive("num_attention_heads"), fields.positive("intermediate_size"),
                fields.positive("max_position_embeddings"), fields.positive("type_vocab_size"),
                fields.epsilon("layer_norm_eps", 1e-12), fields.activation("hidden_act"),
                fields.integer("pad_token_id", 0), fields.labels(), fields.text("problem_type", null));
    }
}
