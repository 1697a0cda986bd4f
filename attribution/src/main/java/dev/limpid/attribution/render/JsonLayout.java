package dev.limpid.attribution.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.Instantiatable;
import java.io.IOException;

/**
 * Lays a document out for people: a line for each key of the document and of an explanation, and one for each token.
 *
 * <p>Spread over lines are objects down to a depth, such as 3 (document 1, prediction 2, explanation 3), and the arrays in and on them at even
 * depths (explanations 2, tokens 4); everything else stays on its line.
 */
final class JsonLayout implements PrettyPrinter, Instantiatable<JsonLayout> {
    private final int deepestObject;
    private int depth;

    /** A layout that spreads objects down to this depth. */
    JsonLayout(int deepestObject) {
        this.deepestObject = deepestObject;
    }

    /** A layout for one document: it counts the depth it is at. */
    @Override
    public JsonLayout createInstance() {
        return new JsonLayout(deepestObject);
    }

    private boolean spreadsObject() {
        return depth <= deepestObject;
    }

    private boolean spreadsArray() {
        return depth % 2 == 0 && depth <= deepestObject + 1;
    }

    private void newLine(JsonGenerator g) throws IOException {
        g.writeRaw("\n" + "  ".repeat(depth));
    }

    @Override
    public void writeRootValueSeparator(JsonGenerator g) throws IOException {
        g.writeRaw("\n");
    }

    @Override
    public void writeStartObject(JsonGenerator g) throws IOException {
        g.writeRaw("{");
        depth++;
    }

    @Override
    public void beforeObjectEntries(JsonGenerator g) throws IOException {
        if (spreadsObject()) {
            newLine(g);
        }
    }

    @Override
    public void writeObjectFieldValueSeparator(JsonGenerator g) throws IOException {
        g.writeRaw(": ");
    }

    @Override
    public void writeObjectEntrySeparator(JsonGenerator g) throws IOException {
        g.writeRaw(spreadsObject() ? "," : ", ");
        beforeObjectEntries(g);
    }

    @Override
    public void writeEndObject(JsonGenerator g, int entries) throws IOException {
        boolean spread = entries > 0 && spreadsObject();
        depth--;
        if (spread) {
            newLine(g);
        }
        g.writeRaw("}");
    }

    @Override
    public void writeStartArray(JsonGenerator g) throws IOException {
        g.writeRaw("[");
        depth++;
    }

    @Override
    public void beforeArrayValues(JsonGenerator g) throws IOException {
        if (spreadsArray()) {
            newLine(g);
        }
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator g) throws IOException {
        g.writeRaw(spreadsArray() ? "," : ", ");
        beforeArrayValues(g);
    }

    @Override
    public void writeEndArray(JsonGenerator g, int values) throws IOException {
        boolean spread = values > 0 && spreadsArray();
        depth--;
        if (spread) {
            newLine(g);
        }
        g.writeRaw("]");
    }
}
