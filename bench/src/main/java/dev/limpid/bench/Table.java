package dev.limpid.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measured rows under column headings.
 *
 * @param rows as many cells as there are columns: text, whole numbers, a {@link Figure}, or a double, printed with one decimal, or as -
 *       where it is NaN
 * @param notes sentences printed below
 */
public record Table(String title, List<String> columns, List<List<Object>> rows, List<String> notes) {
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        notes = List.copyOf(notes);
        for (List<Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "table '" + title + "' has " + columns.size() + " columns, a row has " + row.size());
            }
        }
    }

    /** The table as lines of text, the first column left-aligned and the others to the right. */
    public List<String> lines() {
        List<List<String>> cells = new ArrayList<>();
        cells.add(columns);
        rows.forEach(row -> cells.add(row.stream().map(Table::text).toList()));
        int[] widths = new int[columns.size()];
        for (List<String> row : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(title);
        for (List<String> row : cells) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? row.get(i) + padding : "  " + padding + row.get(i));
            }
            lines.add(line.toString());
        }
        lines.addAll(notes);
        return lines;
    }

    /** A cell as it is printed. */
    static String text(Object cell) {
        if (cell instanceof Double number) {
            return number.isNaN() ? "-" : String.format(Locale.ROOT, "%.1f", number);
        }
        return cell.toString();
    }
}
