package dev.limpid.bert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.nn.ModelException;
import dev.limpid.tensor.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BertConfigTest {
    private static final String BERT_BASE = """
            {"architectures": ["BertForMaskedLM"], "model_type": "bert", "vocab_size": 30522, "hidden_size": 768,
             "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072, "max_position_embeddings": 512,
             "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12, "pad_token_id": 0}
            """;

    @TempDir
    private Path directory;

    private BertConfig read(String json) throws IOException {
        Files.writeString(directory.resolve("config.json"), json);
        return BertConfig.read(directory);
    }

    @Test
    void theFieldsOfBertBase() throws IOException {
        BertConfig config = read(BERT_BASE);
        assertThat(config.hiddenSize()).isEqualTo(768);
        assertThat(config.headSize()).isEqualTo(64);
        assertThat(config.activation()).isEqualTo(Activation.GELU);
        assertThat(config.layerNormEpsilon()).isEqualTo(1e-12);
        assertThat(config.labels()).containsExactly("LABEL_0", "LABEL_1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "model_type | \"roberta\" | model_type is 'roberta'", //
            "hidden_act | \"swish\" | hidden_act 'swish' is not supported",
            "position_embedding_type | \"relative_key\" | position_embedding_type is 'relative_key'",
            "is_decoder | true | is_decoder is true", //
            "hidden_size | 0 | hidden_size must be a positive whole number, not 0",
            "hidden_size | \"768\" | hidden_size must be a positive whole number, not \"768\"",
            "hidden_size | 770 | hidden_size 770 is not a multiple of num_attention_heads 12",
            "layer_norm_eps | -1 | layer_norm_eps must be a number from 0 on, not -1",
            "id2label | {\"0\": \"A\", \"2\": \"B\"} | id2label has no label for class 1",
            "id2label | {\"a\": \"A\"} | id2label has the key 'a'",})
    void whatIsNotSupportedIsRefusedByName(String field, String value, String message) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = (ObjectNode) mapper.readTree(BERT_BASE);
        json.set(field, mapper.readTree(value));
        assertThatThrownBy(() -> read(json.toString())).isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aMissingOrBrokenFileIsNamed() throws IOException {
        assertThatThrownBy(() -> BertConfig.read(directory)).isInstanceOf(ModelException.class)
                .hasMessageContaining("has no config.json");
        assertThatThrownBy(() -> BertConfig.read(directory.resolve("nowhere")))
                .hasMessageContaining("is not a directory");
        assertThatThrownBy(() -> read("{\"model_type\": ")).isInstanceOf(ModelException.class)
                .hasMessageContaining("is not valid JSON");
        assertThatThrownBy(() -> read("[]")).isInstanceOf(ModelException.class).hasMessageContaining("vocab_size");
    }
}
