package dev.limpid.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The results of {@code --markdown}: the command, the machine, and every table, to be kept under {@code bench/results}. */
final class MarkdownReport {
    private MarkdownReport() {}

    /**
     * The report as text.
     *
     * @param arguments the command's; of a path the last name is kept
     * @param results tables by benchmark
     */
    static String of(List<String> arguments, Map<String, List<Table>> results) {
        List<String> lines = new ArrayList<>();
        lines.add("# " + String.join(", ", results.keySet()));
        lines.add("");
        lines.add("`java -jar bench.jar " + arguments.stream().map(MarkdownReport::lastName)
                .collect(Collectors.joining(" ")) + "`");
        lines.add("");
        lines.add(Machine.description());
        results.values().forEach(tables -> tables.forEach(table -> add(table, lines)));
        return String.join("\n", lines) + "\n";
    }

    private static String lastName(String argument) {
        return argument.substring(argument.lastIndexOf('/') + 1);
    }

    private static void add(Table table, List<String> lines) {
        lines.addAll(List.of("", "## " + table.title(), ""));
        lines.add(row(table.columns()));
        lines.add("| --- " + String.join("", Collections.nCopies(table.columns().size() - 1, "| ---: ")) + "|");
        table.rows().forEach(row -> lines.add(row(row.stream().map(Table::text).toList())));
        for (String note : table.notes()) {
            lines.addAll(List.of("", note));
        }
    }

    private static String row(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |"));
    }
}
