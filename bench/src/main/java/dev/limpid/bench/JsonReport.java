package dev.limpid.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** The results of {@code --json}: the machine, and every table with its rows as objects keyed by column. */
final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    static String of(Map<String, List<Table>> results) throws JsonProcessingException {
        ObjectNode report = JSON.createObjectNode();
        ObjectNode machine = report.putObject("machine");
        machine.put("os", System.getProperty("os.name"));
        machine.put("architecture", System.getProperty("os.arch"));
        machine.put("processor", Machine.processor());
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("java", Runtime.version().toString());
        ArrayNode benchmarks = report.putArray("benchmarks");
        results.forEach((name, tables) -> {
            ObjectNode benchmark = benchmarks.addObject().put("name", name);
            ArrayNode list = benchmark.putArray("tables");
            tables.forEach(table -> add(list.addObject(), table));
        });
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report);
    }

    private static void add(ObjectNode json, Table table) {
        json.put("title", table.title());
        ArrayNode rows = json.putArray("rows");
        for (List<Object> row : table.rows()) {
            ObjectNode cells = rows.addObject();
            for (int i = 0; i < row.size(); i++) {
                Object cell = row.get(i) instanceof Figure figure ? figure.value() : row.get(i);
                cells.set(table.columns().get(i),
                        JSON.valueToTree(Double.valueOf(Double.NaN).equals(cell) ? null : cell));
            }
        }
        ArrayNode notes = json.putArray("notes");
        table.notes().forEach(notes::add);
    }
}
