package dev.limpid.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are missing, malformed or of another tokenizer are refused in one sentence that names them. */
class BadModelDirectoryTest {
    private static final String VOCABULARY = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\n";

    @TempDir
    private Path directory;

    private void refused(String... parts) {
        assertThatThrownBy(() -> Tokenizer.load(directory)).isInstanceOf(TokenizerException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    @Test
    void aFolderWithoutTokenizerFiles() {
        refused(directory.toString(), "neither tokenizer.json nor vocab.txt");
    }

    @Test
    void noFolder() throws IOException {
        Path file = Files.writeString(directory.resolve("vocab.txt"), VOCABULARY);
        assertThatThrownBy(() -> Tokenizer.load(file)).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("is not a directory");
        assertThatThrownBy(() -> Tokenizer.load(directory.resolve("none"))).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("none is not a directory");
    }

    @ParameterizedTest
    @CsvSource({"[UNK],unk_token", "[CLS],cls_token", "[SEP],sep_token", "[PAD],pad_token"})
    void aVocabularyWithoutASpecialToken(String token, String role) throws IOException {
        Files.writeString(directory.resolve("vocab.txt"), VOCABULARY.replace(token + "\n", ""));
        refused("vocab.txt", "no token " + token, role);
    }

    @Test
    void anEmptyVocabulary() throws IOException {
        Files.writeString(directory.resolve("vocab.txt"), "");
        refused("vocab.txt", "no token [UNK] among its 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"})
    void bytesThatAreNotUtf8(String name) throws IOException {
        Files.writeString(directory.resolve("vocab.txt"), VOCABULARY);
        byte[] bytes = "{\"caf?\": 1}".getBytes(StandardCharsets.UTF_8);
        bytes[5] = (byte) 0xE9;
        Files.write(directory.resolve(name), bytes);
        refused(name, "not valid UTF-8 at byte 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1, 2", "{\"a\": 1} x", "nonsense"})
    void textThatIsNotJson(String content) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), content);
        refused("tokenizer.json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"tokenizer_class | \"RobertaTokenizer\" | RobertaTokenizer",
            "do_lower_case | \"yes\" | true or false", "cls_token | 7 | a token",
            "mask_token | {\"lstrip\": true} | a string", "model_max_length | -3 | a whole number",
            "model_max_length | \"long\" | a whole number", "added_tokens_decoder | [] | an object",
            "added_tokens_decoder | {\"x\": {\"content\": \"x\"}} | keys are ids",
            "additional_special_tokens | [1] | a token", "pad_token | \"<none>\" | no token <none>"})
    void aConfigurationThatIsWrong(String field, String value, String expected) throws IOException {
        Files.writeString(directory.resolve("vocab.txt"), VOCABULARY);
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"" + field + "\": " + value + "}");
        refused(expected);
    }

    /** One change each to a valid {@code tokenizer.json}, and what the refusal says. */
    static final List<Arguments> CHANGES = List.of(change("version", root -> root.put("version", "2.0"), "\"1.0\""),
            change("no model", root -> root.remove("model"), "\"model\"", "an object"),
            change("other model", root -> object(root, "model").put("type", "BPE"), "model.type", "\"BPE\""),
            change("merges", root -> {
                object(root, "model").remove("type");
                object(root, "model").putArray("merges");
            }, "model.type"),
            change("no vocabulary", root -> object(root, "model").remove("vocab"), "model.vocab"),
            change("vocabulary list", root -> object(root, "model").putArray("vocab"), "model.vocab", "an object"),
            change("negative id", root -> object(root, "model", "vocab").put("x", -1), "model.vocab.x", "-1"),
            change("fractional id", root -> object(root, "model", "vocab").put("x", 1.5), "model.vocab.x", "1.5"),
            change("huge id", root -> object(root, "model", "vocab").put("x", 1L << 40), "model.vocab.x"),
            change("no unknown token", root -> object(root, "model").remove("unk_token"), "model.unk_token"),
            change("unknown not there", root -> object(root, "model").put("unk_token", "<unk>"), "no token <unk>"),
            change("no length", root -> object(root, "model").remove("max_input_chars_per_word"), "whole number"),
            change("other normalizer", root -> object(root, "normalizer").put("type", "NFC"), "\"NFC\""),
            change("no normalizer", root -> root.putNull("normalizer"), "\"normalizer\""),
            change("no clean_text", root -> object(root, "normalizer").remove("clean_text"), "normalizer.clean_text"),
            change("other pre-tokenizer", root -> object(root, "pre_tokenizer").put("type", "Metaspace"), "Metaspace"),
            change("other processor", root -> object(root, "post_processor").put("type", "RobertaProcessing"),
                    "RobertaProcessing"),
            change("two first texts", root -> ((ArrayNode) root.at("/post_processor/single"))
                    .add(root.at("/post_processor/single/1").deepCopy()), "post_processor.single"),
            change("no second text", root -> ((ArrayNode) root.at("/post_processor/pair")).remove(3), "A and B"),
            change("third text", root -> object(root, "post_processor", "pair", "3", "Sequence").put("id", "C"),
                    "\"A\" or \"B\""),
            change("unknown special", root -> object(root, "post_processor", "special_tokens").remove("[SEP]"),
                    "post_processor.special_tokens.[SEP]"),
            change("ids without tokens",
                    root -> object(root, "post_processor", "special_tokens", "[SEP]").putArray("tokens"), "as many"),
            change("added tokens no list", root -> root.put("added_tokens", 3), "added_tokens", "an array"),
            change("added token no flag", root -> object(root, "added_tokens", "0").remove("lstrip"), "lstrip"),
            change("added token of nothing", root -> object(root, "added_tokens", "0").put("content", "\u200b")
                    .put("normalized", true), "nothing once it is normalised"));

    private static Arguments change(String name, Consumer<ObjectNode> change, String... parts) {
        return Arguments.of(name, change, parts);
    }

    private static ObjectNode object(ObjectNode root, String... path) {
        return (ObjectNode) root.at("/" + String.join("/", path));
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("CHANGES")
    void aSerializedTokenizerThatIsWrong(String name, Consumer<ObjectNode> change, String[] parts)
            throws IOException {
        Path file = Fixtures.write("cased", directory);
        Tokenizer.load(directory);
        ObjectNode root = (ObjectNode) Fixtures.json(Files.readString(file));
        change.accept(root);
        Files.writeString(file, Fixtures.MAPPER.writeValueAsString(root));
        refused(parts);
        assertThat(name).isNotEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void damagedFilesAreReadOrRefusedButNeverCrash(long seed) throws IOException {
        Random random = new Random(seed);
        Path file = Fixtures.write("odd", directory);
        byte[] bytes = Files.readAllBytes(file);
        for (int round = 0; round < 100; round++) {
            byte[] damaged = bytes.clone();
            for (int k = 0; k <= random.nextInt(4); k++) {
                damaged[random.nextInt(damaged.length)] = (byte) "{}[]\",:x0-\u00ff \\".charAt(random.nextInt(13));
            }
            int length = random.nextInt(10) == 0 ? random.nextInt(damaged.length) : damaged.length;
            Files.write(file, Arrays.copyOf(damaged, length));
            try {
                assertThat(Tokenizer.load(directory).encode("the unending").length()).isPositive();
            } catch (TokenizerException e) {
                assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
            }
        }
    }
}
