package dev.limpid.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.limpid.safetensors.SafetensorsException.Reason;
import dev.limpid.tensor.DType;
import java.io.CharArrayReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Parses the JSON header of a safetensors file, rule by rule.
 *
 * <p>Source: the format's description in huggingface/safetensors, README.md. It forbids duplicate keys and wants the
 * header to begin with a brace; the Rust implementation (0.8.0) lets both pass, this parser does not.
 */
final class HeaderParser {

    /** What a header holds; the tensors are in the header's own order. */
    record Header(Map<String, String> metadata, List<TensorInfo> tensors) {}

    /** The header's objects are three deep; anything below is an attack or another format. */
    private static final int MAX_DEPTH = 8;

    private static final JsonFactory JSON = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH).maxStringLength(Integer.MAX_VALUE).maxNameLength(Integer.MAX_VALUE).build())
            .build();

    private final Path file;
    private final JsonParser json;

    private HeaderParser(Path file, JsonParser json) {
        this.file = file;
        this.json = json;
    }

    /** Parses the header's bytes; {@code file} is for messages only. */
    static Header parse(Path file, ByteBuffer utf8) {
        char[] text = decode(file, utf8.duplicate());
        if (text.length == 0 || text[0] != '{') {
            throw new SafetensorsException(Reason.HEADER_START, file + ": the header must begin with '{' but "
                    + (text.length == 0 ? "is empty" : "begins with '" + printable(text[0]) + "'")
                    + "; is this a safetensors file?");
        }
        try (JsonParser parser = JSON.createParser(new CharArrayReader(text))) {
            return new HeaderParser(file, parser).header();
        } catch (StreamConstraintsException e) {
            throw new SafetensorsException(Reason.HEADER_JSON,
                    file + ": the header's JSON exceeds a limit: " + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw new SafetensorsException(Reason.HEADER_JSON, file + ": the header is not valid JSON, at character "
                    + (e.getLocation() == null ? 0 : e.getLocation().getCharOffset()) + ": " + e.getOriginalMessage(),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static char[] decode(Path file, ByteBuffer utf8) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer chars = CharBuffer.allocate(utf8.remaining());
        CoderResult result = decoder.decode(utf8, chars, true);
        if (!result.isUnderflow()) {
            try {
                result.throwException();
            } catch (CharacterCodingException e) {
                throw new SafetensorsException(Reason.HEADER_NOT_UTF8,
                        file + ": the header is not valid UTF-8 at byte " + utf8.position(), e);
            }
        }
        return Arrays.copyOf(chars.array(), chars.position());
    }

    private Header header() throws IOException {
        json.nextToken();
        Map<String, String> metadata = null;
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = wellFormed(json.currentName());
            json.nextToken();
            if (name.equals("__metadata__")) {
                requireFirst(metadata == null, name, "the header");
                metadata = metadata();
            } else {
                requireFirst(!tensors.containsKey(name), name, "the header");
                tensors.put(name, tensor(name));
            }
        }
        if (json.nextToken() != null) {
            throw bad(Reason.HEADER_JSON, "the header goes on after its closing brace");
        }
        return new Header(metadata == null ? Map.of() : metadata, List.copyOf(tensors.values()));
    }

    private Map<String, String> metadata() throws IOException {
        // Some writers put null where there is no metadata, and the reference takes it.
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return Map.of();
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw bad(Reason.BAD_METADATA, "__metadata__ must be an object of strings but is " + found());
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = wellFormed(json.currentName());
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw bad(Reason.BAD_METADATA, "__metadata__ entry '" + key + "' must be a string but is " + found());
            }
            requireFirst(metadata.put(key, wellFormed(json.getText())) == null, key, "__metadata__");
        }
        return metadata;
    }

    private TensorInfo tensor(String name) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw bad(Reason.HEADER_JSON, "tensor '" + name + "' must be described by an object but is " + found());
        }
        DType dtype = null;
        long[] shape = null;
        long[] offsets = null;
        Set<String> seen = new HashSet<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            requireFirst(seen.add(field), field, "tensor '" + name + "'");
            json.nextToken();
            switch (field) {
                case "dtype" -> dtype = dtype(name);
                case "shape" -> shape = numbers(name, field);
                case "data_offsets" -> offsets = numbers(name, field);
                default -> throw bad(Reason.UNKNOWN_FIELD,
                        "tensor '" + name + "' has the field '" + field
                                + "'; only dtype, shape and data_offsets exist");
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            throw bad(Reason.MISSING_FIELD, "tensor '" + name + "' has no "
                    + (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
        }
        if (offsets.length != 2) {
            throw bad(Reason.HEADER_JSON,
                    "tensor '" + name + "': data_offsets must hold 2 numbers but holds " + offsets.length);
        }
        return new TensorInfo(name, dtype, shape, offsets[0], offsets[1]);
    }

    private DType dtype(String name) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw bad(Reason.UNKNOWN_DTYPE, "tensor '" + name + "': dtype must be a string but is " + found());
        }
        String text = json.getText();
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(text)) {
                return dtype;
            }
        }
        throw bad(Reason.UNKNOWN_DTYPE, "tensor '" + name + "' has the dtype '" + text + "'; supported are "
                + Arrays.toString(DType.values()));
    }

    private long[] numbers(String name, String field) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw bad(Reason.HEADER_JSON,
                    "tensor '" + name + "': " + field + " must be an array of integers but is " + found());
        }
        List<Long> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            boolean fits = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER && json.getText().charAt(0) != '-';
            if (!fits) {
                throw bad(Reason.BAD_NUMBER, "tensor '" + name + "': " + field
                        + " must hold integers from 0 to 2^63-1 but holds " + found());
            }
            values.add(json.getLongValue());
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private void requireFirst(boolean first, String key, String where) {
        if (!first) {
            throw bad(Reason.DUPLICATE_KEY, "the key '" + key + "' appears twice in " + where);
        }
    }

    /** JSON can spell half of a surrogate pair, which is no text; the reference refuses it too. */
    private String wellFormed(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw bad(Reason.HEADER_JSON, "the header holds a string with an unpaired surrogate");
        }
        return text;
    }

    private String found() throws IOException {
        JsonToken token = json.currentToken();
        if (token == null) {
            return "the end of the header";
        }
        return token.isScalarValue() ? json.getText() : token.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String printable(char c) {
        return Character.isISOControl(c) ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c);
    }

    private SafetensorsException bad(Reason reason, String what) {
        return new SafetensorsException(reason, file + ": " + what);
    }
}
