package dev.limpid.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Model directories of all sorts give the ids and spans that transformers gives with them. */
class ModelDirectoryTest {
    private static final List<String> NAMES = Fixtures.rows("directories.jsonl.gz").stream()
            .map(row -> row.get("name").textValue()).toList();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @FieldSource("NAMES")
    void everyTextIsEqual(String name) throws IOException {
        JsonNode row = Fixtures.rows("directories.jsonl.gz").get(NAMES.indexOf(name));
        for (var file : row.get("files").properties()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue().textValue());
        }
        Tokenizer tokenizer = Tokenizer.load(directory);
        for (JsonNode expected : row.get("texts")) {
            String text = expected.get("text").textValue();
            ReferenceRow found = ReferenceRow.of(tokenizer.encode(text), text, null);
            assertThat(found.ids()).as("%s: ids of %s", name, text).isEqualTo(expected.get("ids").textValue());
            assertThat(found.spans()).as("%s: spans of %s", name, text).isEqualTo(expected.get("spans").textValue());
        }
        JsonNode length = row.get("maxLength");
        assertThat(tokenizer.modelMaxLength())
                .isEqualTo(length.isNull() ? OptionalInt.empty() : OptionalInt.of(length.intValue()));
    }
}
