package dev.limpid.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All 1,112,064 Unicode scalars: what each is normalised to, and the ids and spans where it stands between letters. */
class EveryScalarTest {
    private static final int SCALARS = 0x110000 - 0x800;
    private static final int PER_TEXT = 256;

    @TempDir
    private Path directory;

    /** Scalars from {@code first} to {@code last} with equal expectations. */
    private record Run(int first, int last, String normalized, String ids, String spans) {

        static Run parse(String line) {
            String[] fields = line.split("\t", -1);
            return new Run(Integer.parseInt(fields[0], 16), Integer.parseInt(fields[1], 16), fields[2], fields[3],
                    fields[4]);
        }

        /** The normal form of one of the scalars. */
        String normalized(int scalar) {
            return Arrays.stream(normalized.split("\\+")).filter(part -> !part.isEmpty())
                    .map(part -> part.equals("=") ? Integer.toHexString(scalar) : part)
                    .collect(Collectors.joining("+"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncased", "uncased-accents", "cased", "cased-stripped", "bare"})
    void everyScalarIsEqual(String model) {
        Tokenizer tokenizer = Fixtures.load(model, directory);
        Normalizer normalizer = TokenizerDefinition.read(directory).normalizer();
        List<Run> runs = Fixtures.lines("scalars-" + model + ".tsv.gz").stream().map(Run::parse).toList();
        int[] scalars = new int[PER_TEXT];
        Run[] expected = new Run[PER_TEXT];
        int size = 0;
        int seen = 0;
        for (Run run : runs) {
            for (int scalar = run.first(); scalar <= run.last(); scalar++) {
                if (scalar >= Character.MIN_SURROGATE && scalar <= Character.MAX_SURROGATE) {
                    continue;
                }
                scalars[size] = scalar;
                expected[size++] = run;
                seen++;
                if (size == PER_TEXT || seen == SCALARS) {
                    check(tokenizer, normalizer, scalars, expected, size);
                    size = 0;
                }
            }
        }
        assertThat(seen).isEqualTo(SCALARS);
    }

    /** Encodes many scalars in one text, {@code aXb aYb ...}, and takes the tokens of each by where they stand. */
    private static void check(Tokenizer tokenizer, Normalizer normalizer, int[] scalars, Run[] expected, int size) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            text.append('a').appendCodePoint(scalars[i]).append("b ");
        }
        Encoding encoding = tokenizer.encode(text.toString(), EncodeOptions.DEFAULT.withSpecialTokens(false));
        int start = 0;
        int token = 0;
        for (int i = 0; i < size; i++) {
            int end = start + 3 + Character.charCount(scalars[i]);
            StringBuilder ids = new StringBuilder();
            StringBuilder spans = new StringBuilder();
            for (; token < encoding.length() && encoding.span(token).start() < end; token++) {
                String separator = ids.isEmpty() ? "" : " ";
                Span span = encoding.span(token);
                int from = span.start() - start;
                int to = span.end() - start;
                int extra = Character.charCount(scalars[i]) - 1;
                ids.append(separator).append(encoding.id(token));
                spans.append(separator).append(from > 1 ? from - extra : from).append(',')
                        .append(to > 1 ? to - extra : to);
            }
            checkOne(scalars[i], expected[i], normalForm(normalizer, scalars[i]), ids.toString(), spans.toString());
            start = end;
        }
    }

    private static void checkOne(int scalar, Run expected, String normalized, String ids, String spans) {
        String normal = expected.normalized().equals("=") ? Integer.toHexString(scalar) : expected.normalized(scalar);
        if (!normalized.equals(normal) || !ids.equals(expected.ids()) || !spans.equals(expected.spans())) {
            String form = "U+%04X becomes [%s], and between a and b has ids [%s] at [%s]";
            assertThat(form.formatted(scalar, normalized, ids, spans))
                    .isEqualTo(form.formatted(scalar, normal, expected.ids(), expected.spans()));
        }
    }

    /** Which scalars keep {@code <word>} behind them from being found, and which {@code <left>} takes along. */
    @Test
    void everyScalarBesideAnAddedTokenIsEqual() {
        Tokenizer tokenizer = Fixtures.load("added", directory);
        int word = tokenizer.id("<word>").orElseThrow();
        int left = tokenizer.id("<left>").orElseThrow();
        int seen = 0;
        for (String line : Fixtures.lines("scalars-beside.tsv.gz")) {
            String[] fields = line.split("\t", -1);
            int last = Integer.parseInt(fields[1], 16);
            for (int scalar = Integer.parseInt(fields[0], 16); scalar <= last; scalar++) {
                if (scalar >= Character.MIN_SURROGATE && scalar <= Character.MAX_SURROGATE) {
                    continue;
                }
                seen++;
                String text = Character.toString(scalar);
                boolean found = Arrays.stream(tokenizer.encode(text + "<word>").ids()).anyMatch(id -> id == word);
                Encoding taken = tokenizer.encode(text + "<left>");
                boolean right = found == fields[2].equals("1") && taken.id(taken.length() - 2) == left
                        && (taken.span(taken.length() - 2).start() == 0) == fields[3].equals("0");
                if (!right) {
                    assertThat(taken.tokens()).as("U+%04X: <word> found %s, line %s", scalar, found, line).isNull();
                }
            }
        }
        assertThat(seen).isEqualTo(SCALARS);
    }

    /** Every combining mark among marks that accent stripping leaves: a wrong combining class moves their spans. */
    @Test
    void everyCombiningMarkIsOrdered() {
        Tokenizer tokenizer = Fixtures.load("cased-stripped", directory);
        List<String> lines = Fixtures.lines("marks.tsv.gz");
        assertThat(lines).hasSizeGreaterThan(6000);
        for (String line : lines) {
            String[] fields = line.split("\t", -1);
            String text = Arrays.stream(fields[0].split("\\+"))
                    .map(code -> Character.toString(Integer.parseInt(code, 16)))
                    .collect(Collectors.joining());
            ReferenceRow found = ReferenceRow
                    .of(tokenizer.encode(text, EncodeOptions.DEFAULT.withSpecialTokens(false)), text, null);
            assertThat(fields[0] + "\t" + found.ids() + "\t" + found.spans()).isEqualTo(line);
        }
    }

    private static String normalForm(Normalizer normalizer, int scalar) {
        AlignedText normal = normalizer.normalize(AlignedText.of(Character.toString(scalar)), 0, 1);
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < normal.length(); i++) {
            form.append(i == 0 ? "" : "+").append(Integer.toHexString(normal.codePoint(i)));
        }
        return form.toString();
    }
}
