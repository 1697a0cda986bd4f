package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizeCommandTest {
    @TempDir
    Path folder;

    @Test
    void aPairAsJson() throws IOException {
        Run run = Run.limpid("tokenize", "--text", "Hé", "--pair", "\uD83D\uDE00 natural language", "--json", "-");
        assertThat(run.err()).isEmpty();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("tokens").toString())
                .isEqualTo("[\"[CLS]\",\"he\",\"[SEP]\",\"[UNK]\",\"natural\",\"language\",\"[SEP]\"]");
        assertThat(json.get("ids").toString()).isEqualTo("[101,2002,102,100,3019,2653,102]");
        assertThat(json.get("typeIds").toString()).isEqualTo("[0,0,0,1,1,1,1]");
        assertThat(json.get("offsets").toString()).as("code points")
                .isEqualTo("[null,[0,2],null,[0,1],[2,9],[10,18],null]");
    }

    @Test
    void aTable() {
        Run run = Run.limpid("tokenize", "--model", Run.QA.toString(), "--text", "the river");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines().map(String::strip)).containsExactly("id  type  offsets    token",
                "46     0             [CLS]", idOf("the") + "     0  0-3        the",
                idOf("river") + "     0  4-9        river",
                "2     0             [SEP]");
    }

    @Test
    void anEmptyTextHasItsSpecialTokens() {
        assertThat(Run.limpid("tokenize", "--text", "", "--json", "-").out())
                .isEqualTo(
                        "{\"ids\":[101,102],\"tokens\":[\"[CLS]\",\"[SEP]\"],\"typeIds\":[0,0],\"offsets\":[null,null]}\n");
    }

    @Test
    void aFile() {
        Path file = folder.resolve("tokens.json");
        Run run = Run.limpid("tokenize", "--text", "", "--json", file.toString());
        assertThat(run.out()).isEmpty();
        assertThat(file).content().startsWith("{\"ids\":[101,102]").endsWith("}\n");
    }

    private static int idOf(String word) {
        return dev.limpid.tokenizer.Tokenizer.load(Run.QA).id(word).orElseThrow();
    }
}
